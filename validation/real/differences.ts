/** Comparisons of measurements with one another and with a reference. */
import { robustRegression } from '../../src/calibration/robust.ts';
import { robustSigma } from '../../src/math/statistics.ts';

export interface Measurement {
  readonly value: number;
  readonly sigma: number;
}
export interface Difference {
  readonly value: number;
  /** σ of the difference. */
  readonly sigma: number;
}

/**
 * Each measurement minus the weighted mean of those before it (Helmert 1876): k measurements of one quantity give k − 1 independent
 * differences, each with the σ that theirs imply.
 */
export function independentDifferences(measurements: readonly Measurement[]): Difference[] {
  let weight = 0;
  let sum = 0;
  const out: Difference[] = [];
  for (const { value, sigma } of measurements) {
    if (weight > 0) out.push({ value: value - sum / weight, sigma: Math.sqrt(sigma * sigma + 1 / weight) });
    weight += 1 / (sigma * sigma);
    sum += value / (sigma * sigma);
  }
  return out;
}

export interface Trend {
  readonly offset: number;
  readonly slopes: readonly number[];
  /** Errors of the slopes, from the scatter about the trend. */
  readonly errors: readonly number[];
  /** Robust σ about the trend. */
  readonly scatter: number;
}

/** Robust linear trend of `y` in predictors; null where they do not determine it. Errors are those of least squares with the robust scatter. */
export function trendOf(predictors: readonly (readonly number[])[], y: readonly number[]): Trend | null {
  const rows = predictors.map((row) => [1, ...row]);
  const beta = rows.length > (rows[0]?.length ?? 0) + 2 ? robustRegression(rows, y) : null;
  if (beta === null) return null;
  const residuals = rows.map((row, s) => (y[s] ?? 0) - row.reduce((sum, x, i) => sum + x * (beta[i] ?? 0), 0));
  const scatter = robustSigma(residuals);
  const n = beta.length;
  const errors = Array.from({ length: n - 1 }, (_, k) => {
    // The error of one slope: scatter over the length of its predictor with the others regressed out.
    const target = rows.map((row) => row[k + 1] ?? 0);
    const others = rows.map((row) => row.filter((_, i) => i !== k + 1));
    const part = robustRegression(others, target);
    const left = target.map((x, s) => x - (others[s] ?? []).reduce((sum, o, i) => sum + o * (part?.[i] ?? 0), 0));
    return scatter / Math.sqrt(left.reduce((sum, x) => sum + x * x, 0));
  });
  return { offset: beta[0] ?? NaN, slopes: [...beta.slice(1)], errors, scatter };
}
