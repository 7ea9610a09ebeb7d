/** Median of the finite values; NaN where there are none. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const n = sorted.length;
  if (n === 0) return NaN;
  const upper = sorted[n >> 1] ?? NaN;
  return n % 2 === 1 ? upper : 0.5 * (upper + (sorted[(n >> 1) - 1] ?? NaN));
}

/** Robust σ: 1.4826 × the median absolute deviation from `centre` (default: the median). */
export function robustSigma(values: ArrayLike<number>, centre: number = median(values)): number {
  return 1.4826 * median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}

/** Linear interpolation through points of increasing `x`; constant beyond the ends. */
export function interpolateLinear(x: readonly number[], y: readonly number[], at: number): number {
  const last = x.length - 1;
  if (at <= (x[0] ?? 0)) return y[0] ?? NaN;
  if (at >= (x[last] ?? 0)) return y[last] ?? NaN;
  let i = 0;
  while ((x[i + 1] ?? Infinity) <= at) i++;
  const x0 = x[i] ?? 0;
  const t = (at - x0) / ((x[i + 1] ?? 1) - x0);
  return (1 - t) * (y[i] ?? NaN) + t * (y[i + 1] ?? NaN);
}
