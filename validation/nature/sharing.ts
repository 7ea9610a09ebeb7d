/** How far neighbouring points of the grid share the model's error. */
import type { StarResidual } from './residual.ts';

const FARTHEST = 8;
/** Residuals beyond so many σ count as that. */
const CUT = 4;
/** Correlations below this are not told from none. */
const LEAST = 0.05;

/**
 * 1 + 2 Σ_k ρ_k² in points of the grid, with ρ_k the correlation of the model's error over k points: by so much the variance of a label exceeds that of
 * independent points, where its derivative is shared by neighbours as the errors are. Noise, which neighbours are taken not to share, is left out of the
 * variance, and points count by how little of it they have.
 */
export function correlationOf(stars: readonly StarResidual[], left: readonly Float64Array[], sigmas: readonly Float64Array[]): number {
  const product = new Float64Array(FARTHEST + 1);
  const squares = new Float64Array(FARTHEST + 1);
  stars.forEach(({ noise }, s) => {
    const [residual, sigma] = [left[s] ?? new Float64Array(), sigmas[s] ?? new Float64Array()];
    const total = residual.map((_, i) => Math.sqrt((noise[i] ?? NaN) + (sigma[i] ?? NaN) ** 2));
    const own = residual.map((r, i) => Math.max(-CUT, Math.min(CUT, r / (total[i] ?? NaN))));
    const error = residual.map((_, i) => (sigma[i] ?? NaN) / (total[i] ?? NaN));
    for (let k = 1; k <= FARTHEST; k++)
      for (let i = 0; i + k < own.length; i++) {
        // Of the product of two normalised residuals the expectation is ρ a b, with a and b the share of the error in their σ.
        const [a, b] = [error[i] as number, error[i + k] as number];
        const value = (own[i] as number) * (own[i + k] as number);
        if (!Number.isFinite(value * a * b)) continue;
        product[k] = (product[k] ?? 0) + value * a * b;
        squares[k] = (squares[k] ?? 0) + (a * b) ** 2;
      }
  });
  let sum = 1;
  for (let k = 1; k <= FARTHEST; k++) {
    const rho = (product[k] ?? 0) / Math.max(1e-30, squares[k] ?? 0);
    if (!(rho > LEAST)) break;
    sum += 2 * Math.min(1, rho) ** 2;
  }
  return sum;
}
