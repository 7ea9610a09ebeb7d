/** How much a row of results is worth: by what the spectrum tells of the label, not by the absence of a complaint. */
import type { LabelFlag } from '../domain/fit.ts';
import type { ResultRow } from './rows.ts';

/** `measured`: the spectrum decides. `weak`: spectrum and prior decide together. `not measured`: something else than this spectrum decides, or the model cannot be trusted with it. */
export type Grade = 'measured' | 'weak' | 'not measured';

export const GRADES: readonly Grade[] = ['measured', 'weak', 'not measured'];

/** What each grade means, in a sentence. */
export const GRADE_MEANING: Readonly<Record<Grade, string>> = {
  measured: 'The spectrum decides the value.',
  weak: 'The spectrum helps, but the prior has a good part in the value: use it as a hint.',
  'not measured': 'The prior, a given value or a known fault of the model decides the value: do not use it as a measurement.',
};

/** Flags that say that this spectrum did not measure the label with a model that can be trusted. */
const NOT_MEASURED: readonly LabelFlag[] = [
  'unreliable',
  'not-converged',
  'out-of-range',
  'model-dominated',
  'prior-dominated',
  'fixed',
  'given',
];

/** Posterior over prior σ above which the prior has a good part in a value: of the information 1/σ², a quarter or more is the prior's. */
const WEAK_FRACTION = 0.5;

/** The grade of a row. */
export function gradeOf({ flags, priorFraction }: Pick<ResultRow, 'flags' | 'priorFraction'>): Grade {
  if (flags.some((flag) => NOT_MEASURED.includes(flag))) return 'not measured';
  return priorFraction !== null && priorFraction > WEAK_FRACTION ? 'weak' : 'measured';
}

/** The share of a row's information 1/σ² that is the prior's, 0 to 1; null where it is not known. */
export function priorShare({ priorFraction }: Pick<ResultRow, 'priorFraction'>): number | null {
  return priorFraction === null ? null : Math.min(1, priorFraction * priorFraction);
}

/** Rows by grade, best first, each in the order they came in; grades without rows are left out. */
export function byGrade<T extends Pick<ResultRow, 'flags' | 'priorFraction'>>(
  rows: readonly T[],
): readonly (readonly [grade: Grade, rows: readonly T[]])[] {
  return GRADES.map((grade) => [grade, rows.filter((row) => gradeOf(row) === grade)] as const).filter(([, some]) => some.length > 0);
}
