import type { LineTable } from '../../domain/lineTable.ts';
import { nearestStar, type LinesOfStar } from '../../plots/lineNames.ts';
import type { Entry } from '../../state/entries.ts';
import { shownLabels } from '../../state/shownLabels.ts';
import type { SessionState } from '../../state/store.ts';

/** One object per table and star: what is drawn by it is drawn anew when the star changes, and not with every step of a fit. */
const made = new WeakMap<LineTable, Map<number, LinesOfStar>>();

function linesOfStar(table: LineTable, star: number): LinesOfStar {
  const stars = made.get(table) ?? new Map<number, LinesOfStar>();
  made.set(table, stars);
  const lines = stars.get(star) ?? { table, star };
  stars.set(star, lines);
  return lines;
}

/** The table of lines for the star of the labels on show; null before table and model are there. */
export function linesOf({ lineTable, engine }: Pick<SessionState, 'lineTable' | 'engine'>, entry: Entry | null): LinesOfStar | null {
  if (lineTable === null || engine.kind !== 'ready') return null;
  const labels = shownLabels(engine.engine, entry);
  const value = (name: string): number => labels[engine.engine.info.labels.findIndex((label) => label.name === name)] ?? NaN;
  return linesOfStar(lineTable, nearestStar(lineTable, { teff: value('teff'), logg: value('logg'), feh: value('feh') }));
}
