/**
 * What all pixels of a spectrum share of the model's error: shapes s_k whose amplitudes a_k are normal about 0 with σ = 1, marginalised like the
 * continuum. With residuals r, weights W and the continuum's freedom projected out of r and s, the best amplitudes are â = H⁻¹ Sᵀ W r, H = 1 + Sᵀ W S,
 * and χ² falls by âᵀ H â: −2 ln of the normal density of covariance W⁻¹ + S Sᵀ (Woodbury), whose determinant does not depend on the star.
 *
 * A column y of derivatives becomes y − S h, h = H⁻¹ Sᵀ W y, followed by the rows −h of the prior of the amplitudes, whose residuals are −â and whose weights
 * are 1: so that products of columns are the curvature of the marginalised χ², and those with the residuals its slope.
 */
import { invertSymmetric } from '../math/symmetric.ts';

/** The shapes at one model of the star. */
export interface SharedError {
  /** Of each shape, in σ of its prior. */
  readonly amplitudes: Float64Array;
  /** Σ_k â_k s_k, the continuum's freedom projected out, in the data set's unit of flux. */
  readonly flux: Float64Array;
  /** By how much they lower χ². */
  readonly gain: number;
}

interface SharedAt {
  readonly found: SharedError;
  /** A column without what the shapes could do as well, and the rows of their prior. */
  readonly freed: (column: Float64Array) => Float64Array;
}

export class SharedShapes {
  constructor(
    private readonly shapes: readonly Float64Array[],
    private readonly weight: Float64Array,
  ) {}

  get count(): number {
    return this.shapes.length;
  }

  /** `project` takes the continuum's freedom out of an array, in place; `residual` is free of it already. Null where the shapes cannot be told. */
  at(project: (y: Float64Array) => void, residual: Float64Array): SharedAt | null {
    const n = this.count;
    const shapes = this.shapes.map((shape) => {
      const own = shape.slice();
      project(own);
      return own;
    });
    const weighted = shapes.map((shape) => shape.map((value, p) => value * (this.weight[p] as number)));
    const h = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) h[i * n + j] = dot(weighted[i], shapes[j]) + (i === j ? 1 : 0);
    const inverse = invertSymmetric(h, n);
    if (inverse === null) return null;
    const amplitudesOf = (y: Float64Array): Float64Array => {
      const b = weighted.map((shape) => dot(shape, y));
      return Float64Array.from({ length: n }, (_, i) => b.reduce((sum, value, j) => sum + value * (inverse[i * n + j] as number), 0));
    };
    const amplitudes = amplitudesOf(residual);
    const flux = new Float64Array(residual.length);
    shapes.forEach((shape, k) => {
      addTimes(flux, amplitudes[k] as number, shape);
    });
    const gain = amplitudes.reduce((sum, a, k) => sum + a * dot(weighted[k], residual), 0);
    return {
      found: { amplitudes, flux, gain },
      freed: (column) => {
        const own = amplitudesOf(column);
        const out = withRows(
          column,
          own.map((a) => -a),
        );
        shapes.forEach((shape, k) => {
          addTimes(out, -(own[k] as number), shape);
        });
        return out;
      },
    };
  }
}

/** Values of pixels, followed by those of rows. */
export function withRows(pixels: Float64Array, rows: Float64Array): Float64Array {
  if (rows.length === 0) return pixels;
  const out = new Float64Array(pixels.length + rows.length);
  out.set(pixels);
  out.set(rows, pixels.length);
  return out;
}

/** Adds to the pixels of `to`, which may have rows behind them. */
function addTimes(to: Float64Array, amount: number, shape: Float64Array): void {
  for (let p = 0; p < shape.length; p++) to[p] = (to[p] as number) + amount * (shape[p] as number);
}

function dot(a: Float64Array | undefined, b: Float64Array | undefined): number {
  let sum = 0;
  if (a === undefined || b === undefined) return NaN;
  for (let p = 0; p < a.length; p++) sum += (a[p] as number) * (b[p] as number);
  return sum;
}
