/** Median of the finite values; NaN where there are none. */
export function median(values: ArrayLike<number>): number {
  const finite = new Float64Array(values.length);
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value)) finite[n++] = value;
  }
  if (n === 0) return NaN;
  const middle = n >> 1;
  const upper = select(finite, n, middle);
  if (n % 2 === 1) return upper;
  let lower = -Infinity;
  for (let i = 0; i < middle; i++) lower = Math.max(lower, finite[i]);
  return 0.5 * (upper + lower);
}

/** The value at `rank` (from 0) of the first `n` in order; afterwards nothing before `rank` is larger. Hoare's selection: O(n). */
function select(values: Float64Array, n: number, rank: number): number {
  let left = 0;
  let right = n - 1;
  while (left < right) {
    const pivot = values[(left + right) >> 1];
    let i = left;
    let j = right;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const swap = values[i];
      values[i] = values[j];
      values[j] = swap;
      i++;
      j--;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return values[rank];
}

/** Robust σ: 1.4826 × the median absolute deviation from `centre` (default: the median). */
export function robustSigma(values: ArrayLike<number>, centre: number = median(values)): number {
  return 1.4826 * median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}

/** Linear interpolation through points of increasing `x`; constant beyond the ends. */
export function interpolateLinear(x: readonly number[], y: readonly number[], at: number): number {
  const last = x.length - 1;
  if (at <= x[0]) return y[0];
  if (at >= x[last]) return y[last];
  let i = 0;
  while (x[i + 1] <= at) i++;
  const x0 = x[i];
  const t = (at - x0) / (x[i + 1] - x0);
  return (1 - t) * y[i] + t * y[i + 1];
}
