/**
 * A cubic B-spline continuum that multiplies the model and is profiled out: for every model it is solved for by banded weighted least
 * squares, so that extinction, flux calibration and units cancel. For derivatives the continuum's freedom is projected out (variable
 * projection, Golub & Pereyra 1973, in Kaufman's 1975 approximation).
 */
import type { BandedMatrix } from '../math/banded.ts';
import { bandedMatrix, factorBanded, solveBanded } from '../math/banded.ts';
import type { SplineBasis } from '../math/bspline.ts';
import { cubicBasis, evaluateSpline } from '../math/bspline.ts';

/** Relative weight of the second-difference penalty that carries the spline across masked gaps; too weak to bend it where there are data. */
const GAP_STIFFNESS = 1e-6;

export interface ContinuumFit {
  /** Continuum at every pixel, in the data's unit. */
  readonly continuum: Float64Array;
  /** Σ w (d − C·M)². */
  readonly chi2: number;
  /** Factor of the normal equations, for `projectOut`. */
  readonly factor: BandedMatrix;
}

export class ContinuumProfiler {
  readonly basis: SplineBasis;
  private readonly rhs: Float64Array;

  /** Pixels at `wavelength` (Å, increasing); `weight` is the inverse variance, 0 where unused; knots about `spacing` Å apart over the used range. */
  constructor(
    wavelength: Float64Array,
    private readonly data: Float64Array,
    private readonly weight: Float64Array,
    spacing: number,
  ) {
    const first = weight.findIndex((w) => w > 0);
    const last = weight.findLastIndex((w) => w > 0);
    this.basis = cubicBasis(wavelength, wavelength[Math.max(0, first)] ?? 0, wavelength[Math.max(0, last)] ?? 1, spacing);
    this.rhs = new Float64Array(this.basis.count);
  }

  /** Normal matrix Σ w m² B Bᵀ with the gap penalty; null where it cannot be factored (no usable pixel). */
  private factorise(model: Float64Array): BandedMatrix | null {
    const { count, first, values } = this.basis;
    const matrix = bandedMatrix(count, 3);
    const { band } = matrix;
    const { weight } = this;
    for (let p = 0; p < model.length; p++) {
      const w = weight[p] ?? 0;
      if (w === 0) continue;
      const m = model[p] ?? 0;
      const wmm = w * m * m;
      const k = first[p] ?? 0;
      for (let a = 0; a < 4; a++) {
        const scaled = wmm * (values[4 * p + a] ?? 0);
        const row = (k + a) * 4;
        for (let b = 0; b <= a; b++) band[row + a - b] = (band[row + a - b] ?? 0) + scaled * (values[4 * p + b] ?? 0);
      }
    }
    let trace = 0;
    for (let i = 0; i < count; i++) trace += band[4 * i] ?? 0;
    const stiffness = (GAP_STIFFNESS * trace) / count;
    if (!(stiffness > 0)) return null;
    for (let i = 2; i < count; i++) {
      // (c_i − 2 c_{i−1} + c_{i−2})²
      const add = (at: number, amount: number) => (band[at] = (band[at] ?? 0) + stiffness * amount);
      add(4 * i, 1);
      add(4 * i + 1, -2);
      add(4 * i + 2, 1);
      add(4 * (i - 1), 4);
      add(4 * (i - 1) + 1, -2);
      add(4 * (i - 2), 1);
    }
    for (let i = 0; i < count; i++) band[4 * i] = (band[4 * i] ?? 0) + 1e-9 * stiffness;
    return factorBanded(matrix) ? matrix : null;
  }

  /** Σ_p w m y B_k for the right-hand side. */
  private gather(model: Float64Array, y: Float64Array): Float64Array {
    const { first, values } = this.basis;
    const { rhs, weight } = this;
    rhs.fill(0);
    for (let p = 0; p < model.length; p++) {
      const w = weight[p] ?? 0;
      if (w === 0) continue;
      const wmy = w * (model[p] ?? 0) * (y[p] ?? 0);
      const k = first[p] ?? 0;
      for (let a = 0; a < 4; a++) rhs[k + a] = (rhs[k + a] ?? 0) + wmy * (values[4 * p + a] ?? 0);
    }
    return rhs;
  }

  /** The best continuum for a normalised model at the pixels; null where no pixel constrains it. */
  profile(model: Float64Array): ContinuumFit | null {
    const factor = this.factorise(model);
    if (factor === null) return null;
    const coefficients = this.gather(model, this.data);
    solveBanded(factor, coefficients);
    const continuum = evaluateSpline(this.basis, coefficients);
    let chi2 = 0;
    for (let p = 0; p < model.length; p++) {
      const w = this.weight[p] ?? 0;
      if (w === 0) continue;
      const r = (this.data[p] ?? 0) - (continuum[p] ?? 0) * (model[p] ?? 0);
      chi2 += w * r * r;
    }
    return { continuum, chi2, factor };
  }

  /** Subtracts from `y` (in place; data units) its weighted projection on {B_k · model}. */
  projectOut(fit: ContinuumFit, model: Float64Array, y: Float64Array): void {
    const coefficients = this.gather(model, y);
    solveBanded(fit.factor, coefficients);
    const { first, values } = this.basis;
    for (let p = 0; p < y.length; p++) {
      const k = first[p] ?? 0;
      let c = 0;
      for (let a = 0; a < 4; a++) c += (values[4 * p + a] ?? 0) * (coefficients[k + a] ?? 0);
      y[p] = (y[p] ?? 0) - c * (model[p] ?? 0);
    }
  }
}
