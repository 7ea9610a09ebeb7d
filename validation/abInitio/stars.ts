/** The stars of the ab initio validation: the Sun over three ranges, and library stars with literature abundances, chosen by a rule. */
import { join } from 'node:path';
import { readCsvTable } from '../../cli/files/csvTable.ts';
import { LIBRARY_STARS_WITH_PART } from '../../cli/lines/miles.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';

export type StarKind = 'dwarf' | 'giant' | 'metal-poor';
export const KINDS: readonly StarKind[] = ['dwarf', 'giant', 'metal-poor'];

/** Elements with literature abundances in the libraries' tables, as columns `Fe_H`, …. */
export const JUDGED = ['Fe', 'C', 'O', 'Na', 'Mg', 'Al', 'Si', 'Ca', 'Sc', 'Ti', 'V', 'Cr', 'Mn', 'Co', 'Ni', 'Y'] as const;
export type Judged = (typeof JUDGED)[number];

export interface JudgedStar {
  readonly id: string;
  readonly survey: 'Sun' | 'MILES' | 'STELIB';
  readonly kind: StarKind;
  /** Path of the spectrum; of the Sun, its folder of data. */
  readonly file: string;
  /** Fitted wavelengths, Å vacuum. */
  readonly range: readonly [number, number];
  /** Literature [X/H], dex; absent where unknown. */
  readonly literature: Readonly<Partial<Record<Judged, number>>>;
}

export const RANGE = [3950, 8900] as const;
const SUN_RANGES: readonly (readonly [number, number])[] = [RANGE, [4500, 6800], [6000, 8900]];

/** The rule: T_eff of MILES (K) and literature [Fe/H] within these, and at least so many of the other fifteen elements known. */
const TEFF = [4500, 6500] as const;
const FEH = [-1.5, 0.3] as const;
const FEWEST_ELEMENTS = 8;
/** Metal-poor below this [Fe/H]; giants below this log g. */
const POOR = -0.7;
const GIANT = 3.5;

export const CHOICE = `MILES T_eff ${TEFF.join('–')} K, literature [Fe/H] −1.5 … +0.3, at least ${String(FEWEST_ELEMENTS)} of the other fifteen elements known; metal-poor: [Fe/H] < −0.7; giants: log g < ${String(GIANT)}; of each kind so many as said, evenly spaced in order of T_eff, less those that took part in the correction of lines`;

type Row = Readonly<Record<string, string>>;
const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));

const literatureOf = (row: Row): JudgedStar['literature'] =>
  Object.fromEntries(
    JUDGED.flatMap((element) => {
      const value = number(row[`${element}_H`]);
      return Number.isFinite(value) ? [[element, value] as const] : [];
    }),
  );

function kindOf(row: Row): StarKind | null {
  const [teff, logg, feh] = [number(row['teff_miles']), number(row['logg_miles']), number(row['Fe_H'])];
  const inside = teff >= TEFF[0] && teff <= TEFF[1] && feh >= FEH[0] && feh <= FEH[1];
  if (!inside || !Number.isFinite(logg) || Object.keys(literatureOf(row)).length - 1 < FEWEST_ELEMENTS) return null;
  return feh < POOR ? 'metal-poor' : logg < GIANT ? 'giant' : 'dwarf';
}

/** Evenly spaced ones of a list, in an order that is spread from the start on, so that a run that was cut short has all sorts. */
function spread<T>(list: readonly T[], count: number): T[] {
  const n = Math.min(count, list.length);
  const chosen = Array.from({ length: n }, (_, i) => Math.floor(((i + 0.5) * list.length) / n));
  const golden = (i: number): number => (i * 0.618_034) % 1;
  return chosen
    .map((place, i) => ({ place, order: golden(i + 1) }))
    .sort((a, b) => a.order - b.order)
    .flatMap(({ place }) => list[place] ?? []);
}

async function libraryStars(shared: string, survey: 'MILES' | 'STELIB', perKind: number): Promise<Result<readonly JudgedStar[]>> {
  const folder = join(shared, 'spectra', survey.toLowerCase());
  const rows = await readCsvTable(join(folder, 'labels.csv'));
  if (!rows.ok) return rows;
  const byKind = KINDS.map((kind) => {
    const ofKind = rows.value.filter((row) => kindOf(row) === kind).sort((a, b) => number(a['teff_miles']) - number(b['teff_miles']));
    // a star that lines were corrected by judges none of them
    const judges = spread(ofKind, perKind).filter((row) => !LIBRARY_STARS_WITH_PART.has(row['miles_name'] ?? ''));
    return judges.map((row): JudgedStar => {
      const file = row['file'] ?? '';
      return { id: file, survey, kind, file: join(folder, file), range: RANGE, literature: literatureOf(row) };
    });
  });
  const longest = Math.max(...byKind.map((list) => list.length));
  const stars = Array.from({ length: longest }, (_, i) => byKind.flatMap((list) => list[i] ?? [])).flat();
  return stars.length > 0 ? success(stars) : failed('NO_STARS', `No star of ${folder}/labels.csv meets the rule.`, `The rule: ${CHOICE}.`);
}

const SOLAR = Object.fromEntries(JUDGED.map((element) => [element, 0]));

/** The Sun's three ranges, then the libraries' stars. Failures `FILE_UNREADABLE`, `NO_STARS`. */
export async function judgedStars(
  shared: string,
  perKind: { readonly miles: number; readonly stelib: number },
): Promise<Result<readonly JudgedStar[]>> {
  const miles = perKind.miles > 0 ? await libraryStars(shared, 'MILES', perKind.miles) : success([]);
  if (!miles.ok) return miles;
  const stelib = perKind.stelib > 0 ? await libraryStars(shared, 'STELIB', perKind.stelib) : success([]);
  if (!stelib.ok) return stelib;
  const sun = SUN_RANGES.map((range): JudgedStar => ({
    id: `Sun ${range.join('–')} Å`,
    survey: 'Sun',
    kind: 'dwarf',
    file: shared,
    range,
    literature: SOLAR,
  }));
  return success([...sun, ...miles.value, ...stelib.value]);
}
