/** A fit in one sentence: what kind of star, how well seen, how many of its abundances are measured, and whether anything is doubtful. */
import type { CalibratedLabels, LabelFlag, ShownResult } from '../domain/fit.ts';
import { labelTitle, PARAMETERS } from '../domain/labels.ts';
import { givenSummary } from './given.ts';
import { gradeOf } from './grade.ts';
import { abundanceRows, parameterRows } from './rows.ts';

/** Main sequence: Pecaut & Mamajek (2013, ApJS 208, 9). T_eff in K. */
const DWARFS: readonly (readonly [type: string, teff: number])[] = [
  ['A8', 7500],
  ['F0', 7220],
  ['F2', 6820],
  ['F5', 6550],
  ['F8', 6180],
  ['G0', 5930],
  ['G2', 5770],
  ['G5', 5660],
  ['G8', 5480],
  ['K0', 5270],
  ['K2', 5100],
  ['K5', 4440],
  ['K7', 4050],
  ['M0', 3850],
];
/** Luminosity class III: Cox (2000, Allen's Astrophysical Quantities, 4th ed., table 15.7). T_eff in K. */
const GIANTS: readonly (readonly [type: string, teff: number])[] = [
  ['G5', 5050],
  ['G8', 4800],
  ['K0', 4660],
  ['K2', 4390],
  ['K5', 4050],
  ['M0', 3690],
];
/** log g (cgs) below which a star is called a giant, and a subgiant. */
const GIANT = 3.5;
const SUBGIANT = 4;
/** [Fe/H] (dex) below which a star is called metal-poor: Beers & Christlieb (2005, ARA&A 43, 531). */
const METAL_POOR = -1;

const EDGE: readonly LabelFlag[] = ['out-of-range', 'at-bound'];

export interface Verdict {
  readonly state: 'good' | 'doubtful' | 'spoilt';
  readonly text: string;
}

/** The kind of star by T_eff (K), log g (cgs) and [Fe/H] (dex), such as "metal-poor K2 giant": for orientation, no classification. */
export function kindOfStar(teff: number, logg: number, feh: number): string {
  const giant = logg < GIANT;
  const table = giant && teff < 5300 ? GIANTS : DWARFS;
  const [type] = table.reduce((best, one) => (Math.abs(one[1] - teff) < Math.abs(best[1] - teff) ? one : best));
  const size = giant ? 'giant' : logg < SUBGIANT ? 'subgiant' : 'dwarf';
  return `${feh < METAL_POOR ? 'metal-poor ' : ''}${type} ${size}`;
}

/** The sentence above the results. Calibrated values are used where there are any. */
export function verdictOf(result: ShownResult, calibrated: CalibratedLabels): Verdict {
  const parameters = parameterRows(result, calibrated);
  const [teff = NaN, logg = NaN, , feh = NaN] = PARAMETERS.map((name) => {
    const row = parameters.find((one) => one.name === name);
    return row?.calibrated ?? row?.value;
  });
  const rows = abundanceRows(result, calibrated, undefined, 'xh');
  const measured = rows.filter((row) => gradeOf(row) === 'measured');
  const weak = rows.filter((row) => gradeOf(row) === 'weak').length;
  const on = measured.filter((row) => row.calibrated !== null).length;
  const alerts = result.alerts ?? [];
  const spoilt = alerts.some(({ spoilsLabels }) => spoilsLabels) || !result.converged;
  const edges = parameters.filter(({ flags }) => flags.some((flag) => EDGE.includes(flag)));
  const doubts = [
    ...(result.converged ? [] : ['the fit has not converged']),
    ...(edges.length === 0 ? [] : [`${edges.map(({ name }) => labelTitle(name)).join(', ')} at the edge of the model`]),
    ...(alerts.length === 0 ? [] : [alerts.length === 1 ? 'one doubt, below' : `${String(alerts.length)} doubts, below`]),
  ];
  const head = `${kindOfStar(teff, logg, feh)}, S/N ${result.snr.toFixed(0)}`;
  const given = givenSummary(result);
  const known = given === '' ? '' : ` ${given};`;
  const count = `${String(measured.length)} of ${String(rows.length)} abundances measured${weak === 0 ? '' : ` (and ${String(weak)} weakly)`}, ${on === 0 ? 'none' : String(on)} calibrated`;
  return {
    state: spoilt ? 'spoilt' : doubts.length > 0 ? 'doubtful' : 'good',
    text: spoilt
      ? `${doubts.join('; ')}: do not use these labels`
      : `${head};${known} ${count}; ${doubts.length === 0 ? 'nothing doubtful' : doubts.join('; ')}`,
  };
}
