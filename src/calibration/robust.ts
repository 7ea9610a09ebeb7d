import { robustSigma } from '../math/statistics.ts';
import { solveSymmetric } from '../math/symmetric.ts';

/** Quantile q in 0…1, linear between order statistics; NaN of nothing. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = q * (sorted.length - 1);
  const low = Math.floor(place);
  const from = sorted[low] ?? NaN;
  return from + (place - low) * ((sorted[low + 1] ?? from) - from);
}

/** Where Huber's weights start to fall, in σ (95 % efficient on Gaussian data). Huber (1964, Ann. Math. Statist. 35, 73). */
const HUBER_K = 1.345;
/** Where Tukey's bisquare ends, in σ (95 % efficient). Beaton & Tukey (1974, Technometrics 16, 147). */
const BISQUARE_C = 4.685;

const huberWeight = (u: number): number => Math.min(1, HUBER_K / Math.max(Math.abs(u), 1e-300));
const bisquareWeight = (u: number): number => (Math.abs(u) < BISQUARE_C ? (1 - (u / BISQUARE_C) ** 2) ** 2 : 0);

function weightedLeastSquares(rows: readonly (readonly number[])[], y: readonly number[], weights: readonly number[]): Float64Array | null {
  const n = rows[0]?.length ?? 0;
  const a = new Float64Array(n * n);
  const b = new Float64Array(n);
  rows.forEach((row, s) => {
    const w = weights[s] ?? 0;
    for (let i = 0; i < n; i++) {
      b[i] = (b[i] ?? 0) + w * (row[i] ?? 0) * (y[s] ?? 0);
      for (let j = 0; j < n; j++) a[i * n + j] = (a[i * n + j] ?? 0) + w * ((row[i] ?? 0) * (row[j] ?? 0));
    }
  });
  return solveSymmetric(a, b);
}

/**
 * Coefficients of y ≈ X β by iteratively reweighted least squares: Huber's weights to a safe start, then Tukey's bisquare with the scale
 * held, so that a wild star has no say at all, even where it stands at the end of a predictor. `rows` are the rows of X. Null where X is singular.
 */
export function robustRegression(rows: readonly (readonly number[])[], y: readonly number[]): Float64Array | null {
  const residualsOf = (beta: Float64Array): number[] =>
    rows.map((row, s) => (y[s] ?? 0) - row.reduce((sum, x, i) => sum + x * (beta[i] ?? 0), 0));
  let beta = weightedLeastSquares(
    rows,
    y,
    rows.map(() => 1),
  );
  let scale = 0;
  for (let iteration = 0; beta !== null && iteration < 60; iteration++) {
    const residuals = residualsOf(beta);
    if (iteration < 30) scale = robustSigma(residuals);
    if (scale === 0) return beta;
    const weight = iteration < 30 ? huberWeight : bisquareWeight;
    beta = weightedLeastSquares(
      rows,
      y,
      residuals.map((residual) => weight(residual / scale)),
    );
  }
  return beta;
}
