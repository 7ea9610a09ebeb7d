import { nearestStar, type LinesOfStar } from '../../plots/lineNames.ts';
import type { Entry } from '../../state/entries.ts';
import { shownLabels } from '../../state/shownLabels.ts';
import type { SessionState } from '../../state/store.ts';

/** The table of lines for the star of the labels on show; null before table and model are there. */
export function linesOf({ lineTable, engine }: Pick<SessionState, 'lineTable' | 'engine'>, entry: Entry | null): LinesOfStar | null {
  if (lineTable === null || engine.kind !== 'ready') return null;
  const labels = shownLabels(engine.engine, entry);
  const value = (name: string): number => labels[engine.engine.info.labels.findIndex((label) => label.name === name)] ?? NaN;
  return { table: lineTable, star: nearestStar(lineTable, { teff: value('teff'), logg: value('logg'), feh: value('feh') }) };
}
