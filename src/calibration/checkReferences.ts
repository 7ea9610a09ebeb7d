/** Tables of reference labels as people give them: what each row means, and what cannot be meant. */
import { failed, success, type Result } from '../domain/result.ts';
import { median } from '../math/statistics.ts';
import { calibratedNameOf, calibratedTitle, type CalibratedName } from './names.ts';
import type { ReferenceLabel } from './references.ts';

/** One row of the table, as text. */
export interface ReferenceRow {
  readonly star: string;
  readonly source: string;
  readonly label: string;
  readonly value: string;
  readonly sigma: string;
}

export const REFERENCE_COLUMNS = ['star', 'source', 'label', 'value', 'sigma'] as const;

/** Rows as labels. `has` tells which labels the model has. Failures `REFERENCE_LABEL_UNKNOWN`, `REFERENCE_LABEL_NOT_IN_MODEL`, `REFERENCE_NOT_A_NUMBER`. */
export function readReferences(rows: readonly ReferenceRow[], has: (label: CalibratedName) => boolean): Result<ReferenceLabel[]> {
  const references: ReferenceLabel[] = [];
  for (const [i, { star, source, label: word, value, sigma }] of rows.entries()) {
    const line = `Row ${String(i + 1)} (${star}, ${word})`;
    const label = calibratedNameOf(word);
    if (label === null)
      return failed(
        'REFERENCE_LABEL_UNKNOWN',
        `${line}: "${word}" is no label that can be calibrated.`,
        'Labels are teff (K), logg, Fe_H, and X_H of elements such as Mg_H; convert [X/Fe] to [X/H] by adding [Fe/H].',
      );
    if (!has(label))
      return failed(
        'REFERENCE_LABEL_NOT_IN_MODEL',
        `${line}: this model has no ${calibratedTitle(label)}.`,
        'Leave its rows out, or choose another model with --model.',
      );
    const [number, error] = [Number(value), Number(sigma)];
    if (value.trim() === '') continue;
    if (!Number.isFinite(number) || sigma.trim() === '' || !(error > 0))
      return failed(
        'REFERENCE_NOT_A_NUMBER',
        `${line}: value "${value}", sigma "${sigma}".`,
        'Every row needs a number and an error above 0: a reference of unknown error cannot be weighed.',
      );
    references.push({ star, source: source.trim() === '' ? 'references' : source, label, value: number, sigma: error });
  }
  return success(references);
}

/** Medians within which the values of a label are in its unit. */
function unitProblem(label: CalibratedName, middle: number): string | null {
  if (label === 'teff')
    return middle < 100
      ? `a median of ${middle.toPrecision(3)} looks like kK`
      : middle < 2000
        ? `a median of ${middle.toPrecision(4)} K is no star's`
        : null;
  if (label === 'logg') return middle > 10 || middle < -1 ? `a median of ${middle.toPrecision(3)} is no log10 of cm s⁻²` : null;
  return middle > 1.5
    ? `a median of ${middle.toPrecision(3)} looks like log ε`
    : middle < -4
      ? `a median of ${middle.toPrecision(3)} is far below all stars`
      : null;
}

/** Failure `REFERENCE_UNITS` where the values of a label cannot be in its unit. */
export function checkUnits(references: readonly ReferenceLabel[]): Result<null> {
  for (const label of new Set(references.map((one) => one.label))) {
    const problem = unitProblem(label, median(references.filter((one) => one.label === label).map(({ value }) => value)));
    if (problem === null) continue;
    const unit =
      label === 'teff'
        ? 'T_eff is in K'
        : label === 'logg'
          ? 'log g is log10 of cm s⁻²'
          : 'abundances are [X/H] in dex against the Sun, not log ε';
    return failed('REFERENCE_UNITS', `${calibratedTitle(label)}: ${problem}.`, `Convert the column: ${unit}.`);
  }
  return success(null);
}

/** Beyond so many σ two values of one star exclude each other. */
const EXCLUDED = 5;
/** Share of the stars two sources have in common that may do so. */
const SHARE = 0.25;
const FEWEST = 4;

/**
 * Failure `REFERENCES_CONTRADICT` where one source says two things of a star, or where two sources exclude each other for more than a quarter of the stars they
 * share, their zero points apart.
 */
export function checkContradictions(references: readonly ReferenceLabel[]): Result<null> {
  const byStar = new Map<string, ReferenceLabel[]>();
  for (const one of references) {
    const key = `${one.label} ${one.star}`;
    byStar.set(key, [...(byStar.get(key) ?? []), one]);
  }
  const pairs = new Map<string, { difference: number; sigma: number; first: ReferenceLabel; second: ReferenceLabel }[]>();
  for (const list of byStar.values()) {
    for (const [i, first] of list.entries()) {
      for (const second of list.slice(i + 1)) {
        const [a, b] = first.source <= second.source ? [first, second] : [second, first];
        const difference = a.value - b.value;
        const sigma = Math.hypot(a.sigma, b.sigma);
        if (a.source === b.source && Math.abs(difference) > EXCLUDED * sigma)
          return failed(
            'REFERENCES_CONTRADICT',
            `${a.source} gives ${calibratedTitle(a.label)} of ${a.star} as ${String(a.value)} ± ${String(a.sigma)} and as ${String(b.value)} ± ${String(b.sigma)}.`,
            'Keep one of the two rows, or name two sources.',
          );
        const key = `${a.label}|${a.source}|${b.source}`;
        pairs.set(key, [...(pairs.get(key) ?? []), { difference, sigma, first: a, second: b }]);
      }
    }
  }
  for (const list of pairs.values()) {
    const zero = median(list.map(({ difference }) => difference));
    const wild = list.filter(({ difference, sigma }) => Math.abs(difference - zero) > EXCLUDED * sigma);
    const [worst] = wild.sort((a, b) => Math.abs(b.difference - zero) / b.sigma - Math.abs(a.difference - zero) / a.sigma);
    if (worst === undefined || list.length < FEWEST || wild.length <= SHARE * list.length) continue;
    const { first, second } = worst;
    return failed(
      'REFERENCES_CONTRADICT',
      `${first.source} and ${second.source} exclude each other in ${calibratedTitle(first.label)} for ${String(wild.length)} of ${String(list.length)} stars, ${first.star} worst: ${String(first.value)} ± ${String(first.sigma)} against ${String(second.value)} ± ${String(second.sigma)}.`,
      'Errors are too small, stars are mixed up, or one source is on another scale with a trend: leave one out, or raise its errors.',
    );
  }
  return success(null);
}
