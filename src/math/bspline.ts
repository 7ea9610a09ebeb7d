/** A basis of uniform cubic B-splines, evaluated at fixed points: four values per point, the rest are zero. */
export interface SplineBasis {
  /** Number of basis functions: intervals + 3. */
  readonly count: number;
  /** Index of the first of the four functions that do not vanish at the point, [points]. */
  readonly first: Int32Array;
  /** Their values, [points × 4]; they sum to 1. */
  readonly values: Float64Array;
}

/**
 * Uniform cubic B-splines over [from, to] with intervals as close to `spacing` as a whole number of them allows, at points `x`
 * (de Boor 1978, closed form for equal knots). Points outside the interval take the value at its end.
 */
export function cubicBasis(x: ArrayLike<number>, from: number, to: number, spacing: number): SplineBasis {
  const intervals = Math.max(1, Math.round((to - from) / spacing));
  const step = (to - from) / intervals;
  const first = new Int32Array(x.length);
  const values = new Float64Array(4 * x.length);
  for (let p = 0; p < x.length; p++) {
    const position = Math.min(intervals, Math.max(0, (x[p] - from) / step));
    const cell = Math.min(intervals - 1, Math.floor(position));
    const t = position - cell;
    const s = 1 - t;
    first[p] = cell;
    values[4 * p] = (s * s * s) / 6;
    values[4 * p + 1] = (3 * t * t * t - 6 * t * t + 4) / 6;
    values[4 * p + 2] = (3 * s * s * s - 6 * s * s + 4) / 6;
    values[4 * p + 3] = (t * t * t) / 6;
  }
  return { count: intervals + 3, first, values };
}

/** Σ c_k B_k at the basis' points. */
export function evaluateSpline(basis: SplineBasis, coefficients: Float64Array): Float64Array {
  const { first, values } = basis;
  const out = new Float64Array(first.length);
  for (let p = 0; p < out.length; p++) {
    const k = first[p];
    let sum = 0;
    for (let q = 0; q < 4; q++) sum += values[4 * p + q] * coefficients[k + q];
    out[p] = sum;
  }
  return out;
}
