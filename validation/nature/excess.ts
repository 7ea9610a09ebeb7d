/** The variance that residuals have beside their noise, robustly, where some residuals are noisier than others. */

export interface Deviation {
  readonly square: number;
  /** Variance of its noise. */
  readonly noise: number;
  /** What the variance sought is counted in. */
  readonly unit: number;
  /** How much it counts. */
  readonly share: number;
}

/** Deviations beyond two σ count as two; of normal ones the mean of min(z², 4) is this. */
const CUT = 4;
const MEAN_CUT = 0.9205;
const RANGE = [1e-4, 1e3] as const;
const HALVINGS = 18;

/**
 * x ≥ 0 such that deviations have the variance noise + x unit: the root of Σ share unit/V² (min(square, 4 V) − 0.92 V), which is the slope of the normal likelihood with the
 * squares cut off, so that noisy deviations say little and wild ones nothing. 0 where the noise is enough; NaN where there is none to tell.
 */
export function excessVariance(deviations: readonly Deviation[]): number {
  const slope = (x: number): number => {
    let sum = 0;
    for (const { square, noise, unit, share } of deviations) {
      const v = noise + x * unit;
      sum += ((share * unit) / (v * v)) * (Math.min(square, CUT * v) - MEAN_CUT * v);
    }
    return sum;
  };
  if (deviations.length === 0) return NaN;
  let [low, high] = [Math.log(RANGE[0]), Math.log(RANGE[1])];
  if (!(slope(RANGE[0]) > 0)) return 0;
  for (let k = 0; k < HALVINGS; k++) {
    const middle = (low + high) / 2;
    if (slope(Math.exp(middle)) > 0) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
