/** What others say of the development stars, with the errors that their values show among themselves. */
import { referenceErrors } from '../../cli/calibration/referenceErrors.ts';
import type { DevelopmentStar } from './stars.ts';

type Row = DevelopmentStar['literature'];

export const COMPARED = ['teff', 'logg', 'feh', 'Mg', 'Si', 'Ca', 'Ti', 'Cr', 'Ni'] as const;
export type Compared = (typeof COMPARED)[number];

const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));

/** Hypatia's column of a label: [X/H] for elements. */
const COLUMN: Readonly<Record<string, string>> = { teff: 'hypatia_teff', logg: 'hypatia_logg', feh: 'Fe_H' };
export const literatureOf = (row: Row, label: Compared): number => number(row[COLUMN[label] ?? `${label}_H`]);

/** σ of Hypatia's values, as the calibration takes them (`cli/calibration/referenceErrors.ts`); of [X/H] that of [X/Fe] ⊕ that of [Fe/H]. */
export function literatureErrors(rows: readonly Row[]): (label: Compared, row: Row) => number {
  const { sigmaOf } = referenceErrors(rows);
  return (label, row) => (Object.hasOwn(COLUMN, label) ? sigmaOf(label, row) : Math.hypot(sigmaOf(label, row), sigmaOf('feh', row)));
}
