/** Errors and draws of one fit on the scale that a page shows: elements as [X/H] or [X/Fe], values calibrated or raw. */
import type { CalibratedLabels } from '../domain/fit.ts';
import { isElement } from '../domain/labels.ts';
import { randomStream } from '../math/random.ts';
import { quantileOfSorted } from '../math/ranks.ts';
import { abundanceRows, parameterRows, type AbundanceScale, type FittedLabels, type ResultRow } from './rows.ts';

/** The rows of all labels of a fit, in its own order. */
export function rowsOnScale(
  result: FittedLabels,
  calibrated: CalibratedLabels,
  scale: AbundanceScale,
  truth?: Readonly<Record<string, number>>,
): readonly ResultRow[] {
  const rows = [...parameterRows(result, calibrated, truth), ...abundanceRows(result, calibrated, truth, scale)];
  return result.labels.flatMap(({ name }) => rows.find((row) => row.name === name) ?? []);
}

const placeOf = ({ labels }: FittedLabels, name: string): number => labels.findIndex((label) => label.name === name);

/** Whether a label is [X/H] on this scale: the sum of the fitted [X/Fe] and [Fe/H]. */
const isSum = (name: string, scale: AbundanceScale): boolean => scale === 'xh' && isElement(name);

/**
 * Correlation coefficients of `rows` (from `rowsOnScale`), row by row; NaN beside a label that was held. What a calibration adds to the σ of a label is taken
 * as that label's own, so that it lowers correlations: by σ/σ_calibrated for each of the two, where that is below 1.
 */
export function correlationOnScale(
  result: FittedLabels,
  rows: readonly ResultRow[],
  scale: AbundanceScale,
): readonly (readonly number[])[] {
  const n = result.labels.length;
  const iron = placeOf(result, 'feh');
  const fitted = (i: number, j: number): number => result.covariance[i * n + j] ?? NaN;
  const places = rows.map(({ name }) => ({ at: placeOf(result, name), sum: isSum(name, scale) }));
  const covariance = places.map((a) =>
    places.map(
      (b) =>
        fitted(a.at, b.at) +
        (a.sum ? fitted(iron, b.at) : 0) +
        (b.sum ? fitted(a.at, iron) : 0) +
        (a.sum && b.sum ? fitted(iron, iron) : 0),
    ),
  );
  const kept = rows.map(({ sigma, sigmaCalibrated }) =>
    sigma === null || sigmaCalibrated === null ? 1 : Math.min(1, sigma / sigmaCalibrated),
  );
  return rows.map((_, i) =>
    rows.map((__, j) => {
      const scaled = Math.sqrt((covariance[i]?.[i] ?? NaN) * (covariance[j]?.[j] ?? NaN));
      if (!(scaled > 0)) return NaN;
      return i === j ? 1 : ((covariance[i]?.[j] ?? NaN) / scaled) * (kept[i] ?? NaN) * (kept[j] ?? NaN);
    }),
  );
}

/** Two labels and their correlation coefficient. */
export interface Correlated {
  readonly pair: readonly [one: string, other: string];
  readonly coefficient: number;
}

/** The `most` pairs that are correlated most, of either sign, the strongest first. */
export function strongestPairs(rows: readonly ResultRow[], matrix: readonly (readonly number[])[], most: number): readonly Correlated[] {
  const pairs = rows.flatMap(({ name }, i) =>
    rows.slice(0, i).flatMap((other, j): readonly Correlated[] => {
      const coefficient = matrix[i]?.[j] ?? NaN;
      return Number.isFinite(coefficient) ? [{ pair: [other.name, name], coefficient }] : [];
    }),
  );
  return pairs.sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient)).slice(0, most);
}

/**
 * The kept draws of a row, in its unit; null where nothing was sampled. Of a calibrated row they are those of the fit, moved by the correction that its value
 * has, and given its σ: what a calibration adds is drawn for each label on its own (seeded, so that the same fit gives the same draws); where it takes away
 * from σ, the draws are drawn together. The correction is that at the star's labels, not at each draw's.
 */
export function drawsOnScale(result: FittedLabels, row: ResultRow, scale: AbundanceScale): Float64Array | null {
  const { posterior } = result;
  const drawsOf = (name: string) => posterior?.sample.draws[posterior.labels.findIndex((label) => label.name === name)];
  const [own, iron] = [drawsOf(row.name), drawsOf('feh')];
  if (own === undefined || iron === undefined) return null;
  const raw = isSum(row.name, scale) ? own.map((value, k) => value + (iron[k] ?? NaN)) : own;
  const { value, sigma, calibrated, sigmaCalibrated } = row;
  if (calibrated === null || sigmaCalibrated === null || sigma === null || !(sigma > 0)) return raw;
  const narrowed = Math.min(1, sigmaCalibrated / sigma);
  const added = Math.sqrt(Math.max(0, sigmaCalibrated ** 2 - (narrowed * sigma) ** 2));
  const random = randomStream(placeOf(result, row.name));
  return raw.map((draw) => calibrated + narrowed * (draw - value) + added * random.normal());
}

/** 16, 50 and 84 % of a row's draws: of all that were made where the row keeps them and is raw, else of those that are kept. */
export function bandOf({ quantiles, calibrated }: ResultRow, draws: Float64Array): readonly [number, number, number] {
  if (calibrated === null && quantiles !== null) return [quantiles[1] ?? NaN, quantiles[2] ?? NaN, quantiles[3] ?? NaN];
  const sorted = draws.slice().sort();
  const at = (share: number): number => quantileOfSorted(sorted, share);
  return [at(0.16), at(0.5), at(0.84)];
}
