/** Which lines of several stars are worth telling at low resolution, side by side. */
import { isElement } from '../../domain/labels.ts';
import type { LineTable } from '../../domain/lineTable.ts';
import type { Contribution } from './contributions.ts';

/** A line is kept where it makes at least this share of the depth and absorbs at least this much (mÅ) in some star … */
const LEAST_SHARE = 0.1;
const LEAST_WIDTH = 5;
/** … or is one of this many widest of its species there and absorbs this much (mÅ), where the element is a label: rare ones have no line of a tenth. */
const WIDEST = 40;
const LEAST_OF_WIDEST = 2;

type Columns = Pick<LineTable, 'species' | 'wavelength' | 'speciesOf' | 'share' | 'width'>;

/** The columns of a table of what lines contribute in each of several stars; where a line does nothing in a star it has 0. */
export function selectLines(stars: readonly (readonly Contribution[])[]): Columns {
  const kept = new Set(stars.flatMap((lines) => [...visible(lines), ...widest(lines)]));
  const byKey = new Map<string, (Contribution | undefined)[]>();
  stars.forEach((lines, s) => {
    for (const line of lines) {
      if (!kept.has(line.key)) continue;
      const row = byKey.get(line.key) ?? new Array<Contribution | undefined>(stars.length).fill(undefined);
      row[s] = line;
      byKey.set(line.key, row);
    }
  });
  const rows = [...byKey.values()]
    .map((row) => ({ row, species: row.find((line) => line !== undefined)?.species ?? '', wavelength: meanWavelength(row) }))
    .sort((a, b) => a.wavelength - b.wavelength);
  const species = [...new Set(rows.map((row) => row.species))].sort();
  return {
    species,
    wavelength: Float64Array.from(rows, ({ wavelength }) => Math.round(100 * wavelength) / 100),
    speciesOf: Uint8Array.from(rows, (row) => species.indexOf(row.species)),
    share: stars.map((_, s) => Uint8Array.from(rows, ({ row }) => Math.round(100 * Math.min(1, row[s]?.share ?? 0)))),
    width: stars.map((_, s) => Float64Array.from(rows, ({ row }) => Number((row[s]?.width ?? 0).toPrecision(2)))),
  };
}

const visible = (lines: readonly Contribution[]): string[] =>
  lines.filter(({ share, width }) => share >= LEAST_SHARE && width >= LEAST_WIDTH).map(({ key }) => key);

function widest(lines: readonly Contribution[]): string[] {
  const bySpecies = new Map<string, Contribution[]>();
  for (const line of lines) {
    if (line.width < LEAST_OF_WIDEST || !isElement(line.species.split(' ')[0] ?? '')) continue;
    const own = bySpecies.get(line.species) ?? [];
    own.push(line);
    bySpecies.set(line.species, own);
  }
  return [...bySpecies.values()].flatMap((own) =>
    own
      .sort((a, b) => b.width - a.width)
      .slice(0, WIDEST)
      .map(({ key }) => key),
  );
}

/** Weighted by width: the centre of a band differs a little from star to star. */
function meanWavelength(row: readonly (Contribution | undefined)[]): number {
  let [sum, total] = [0, 0];
  for (const line of row) {
    if (line === undefined) continue;
    sum += line.width * line.wavelength;
    total += line.width;
  }
  return sum / total;
}
