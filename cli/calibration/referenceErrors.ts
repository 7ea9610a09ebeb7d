/**
 * What the literature's own errors are, found in the literature alone. Hypatia states none for a mean, so they are what its values scatter by: of T_eff, log g and
 * [Fe/H] against the MILES compilation, half the variance each; of [X/Fe] about a line in [Fe/H] for stars of one kind, less the cosmic scatter.
 */
import { ELEMENTS, isElement } from '../../src/domain/labels.ts';
import type { CalibratedName } from '../../src/calibration/names.ts';
import { robustRegression } from '../../src/calibration/robust.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';

type Row = Readonly<Record<string, string>>;
const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));

export const KINDS = ['dwarf', 'giant', 'metal-poor'] as const;
export type Kind = (typeof KINDS)[number];

/** Metal-poor below this [Fe/H], giants below this log g. */
const POOR = -0.7;
const GIANT = 3.6;
/** Cosmic scatter of [X/Fe] at one [Fe/H], dex: thin disc; thick disc and halo. */
const COSMIC: Readonly<Record<Kind, number>> = { dwarf: 0.04, giant: 0.04, 'metal-poor': 0.08 };
/** No mean of the literature is better than this, dex. */
const LEAST = 0.03;
/** Fewer stars than this give no scatter. */
const FEWEST = 12;

export const kindOf = (row: Row): Kind =>
  number(row['Fe_H']) < POOR ? 'metal-poor' : number(row['hypatia_logg']) < GIANT ? 'giant' : 'dwarf';

export interface ReferenceErrors {
  readonly sigmaOf: (label: CalibratedName, row: Row) => number;
  /** By label and kind; NaN where there are too few stars, and the median of the other kinds is taken. */
  readonly table: ReadonlyMap<CalibratedName, Readonly<Record<Kind, number>>>;
}

function scatterOfRatio(rows: readonly Row[], element: string): number {
  const points = rows.flatMap((row) => {
    const [x, fe] = [number(row[`${element}_H`]), number(row['Fe_H'])];
    return Number.isFinite(x + fe) ? [{ fe, ratio: x - fe }] : [];
  });
  if (points.length < FEWEST) return NaN;
  const ratios = points.map(({ ratio }) => ratio);
  const line = robustRegression(
    points.map(({ fe }) => [1, fe]),
    ratios,
  );
  if (line === null) return NaN;
  return robustSigma(points.map(({ fe, ratio }) => ratio - (line[0] ?? 0) - (line[1] ?? 0) * fe));
}

/** Errors of the literature by label and kind of star, from its own rows. */
export function referenceErrors(rows: readonly Row[]): ReferenceErrors {
  const of = (kind: Kind): Row[] => rows.filter((row) => kindOf(row) === kind);
  const table = new Map<CalibratedName, Record<Kind, number>>();
  const byKind = (sigma: (list: readonly Row[], kind: Kind) => number): Record<Kind, number> => ({
    dwarf: sigma(of('dwarf'), 'dwarf'),
    giant: sigma(of('giant'), 'giant'),
    'metal-poor': sigma(of('metal-poor'), 'metal-poor'),
  });
  const pair = (ours: string, theirs: string) => (list: readonly Row[]) =>
    robustSigma(list.map((row) => number(row[ours]) - number(row[theirs])).filter(Number.isFinite)) / Math.SQRT2;
  table.set('teff', byKind(pair('hypatia_teff', 'teff_miles')));
  table.set('logg', byKind(pair('hypatia_logg', 'logg_miles')));
  table.set('feh', byKind(pair('Fe_H', 'feh_miles')));
  for (const element of ELEMENTS) {
    const found = byKind((list, kind) => {
      const scatter = scatterOfRatio(list, element);
      return Number.isNaN(scatter) ? NaN : Math.max(LEAST, Math.sqrt(Math.max(0, scatter ** 2 - COSMIC[kind] ** 2)));
    });
    if (KINDS.some((kind) => Number.isFinite(found[kind]))) table.set(element, found);
  }
  const sigmaOf = (label: CalibratedName, row: Row): number => {
    const found = table.get(label);
    const own = found?.[kindOf(row)] ?? NaN;
    const usual = Number.isFinite(own) ? own : median(Object.values(found ?? {}));
    return Number.isFinite(usual) ? usual : isElement(label) ? 0.1 : NaN;
  };
  return { sigmaOf, table };
}
