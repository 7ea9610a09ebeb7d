/** What others say of the development stars, with the errors that their values show among themselves. */
import { robustRegression } from '../../src/calibration/robust.ts';
import { robustSigma } from '../../src/math/statistics.ts';
import type { DevelopmentStar } from './stars.ts';

type Row = DevelopmentStar['literature'];

export const COMPARED = ['teff', 'logg', 'feh', 'Mg', 'Si', 'Ca', 'Ti', 'Cr', 'Ni'] as const;
export type Compared = (typeof COMPARED)[number];

/** Cosmic scatter of [X/Fe] at one [Fe/H], and the least error of a mean of the literature, dex. */
const COSMIC = 0.05;
const LEAST = 0.04;

const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));

/** Hypatia's column of a label: [X/H] for elements. */
const COLUMN: Readonly<Record<string, string>> = { teff: 'hypatia_teff', logg: 'hypatia_logg', feh: 'Fe_H' };
export const literatureOf = (row: Row, label: Compared): number => number(row[COLUMN[label] ?? `${label}_H`]);

/**
 * σ of Hypatia's values, which states none: of T_eff, log g and [Fe/H] the scatter against the MILES compilation, half the variance each; of [X/H] that
 * of [X/Fe] about a line in [Fe/H], less the cosmic scatter, ⊕ that of [Fe/H].
 */
export function literatureErrors(rows: readonly Row[]): Readonly<Record<Compared, number>> {
  const pair = (ours: string, theirs: string): number =>
    robustSigma(rows.map((row) => number(row[ours]) - number(row[theirs])).filter(Number.isFinite)) / Math.SQRT2;
  const feh = pair('Fe_H', 'feh_miles');
  const element = (label: Compared): number => {
    const points = rows.flatMap((row) => {
      const [x, fe] = [literatureOf(row, label), literatureOf(row, 'feh')];
      return Number.isFinite(x + fe) ? [{ fe, ratio: x - fe }] : [];
    });
    const line = robustRegression(
      points.map(({ fe }) => [1, fe]),
      points.map(({ ratio }) => ratio),
    );
    const scatter = robustSigma(points.map(({ fe, ratio }) => ratio - (line?.[0] ?? 0) - (line?.[1] ?? 0) * fe));
    return Math.hypot(feh, Math.max(LEAST, Math.sqrt(Math.max(0, scatter ** 2 - COSMIC ** 2))));
  };
  return {
    ...{ teff: pair('hypatia_teff', 'teff_miles'), logg: pair('hypatia_logg', 'logg_miles'), feh },
    ...{ Mg: element('Mg'), Si: element('Si'), Ca: element('Ca') },
    ...{ Ti: element('Ti'), Cr: element('Cr'), Ni: element('Ni') },
  };
}
