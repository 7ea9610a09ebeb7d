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
  /** Σ w d². */
  private readonly power: number;

  /** Pixels at `wavelength` (Å, increasing); `weight` is the inverse variance, 0 where unused; knots about `spacing` Å apart over the used range. */
  constructor(
    wavelength: Float64Array,
    private readonly data: Float64Array,
    private readonly weight: Float64Array,
    spacing: number,
  ) {
    const first = weight.findIndex((w) => w > 0);
    const last = weight.findLastIndex((w) => w > 0);
    this.basis = cubicBasis(wavelength, wavelength[Math.max(0, first)], wavelength[Math.max(0, last)], spacing);
    this.rhs = new Float64Array(this.basis.count);
    this.power = data.reduce((sum, d, p) => (weight[p] > 0 ? sum + weight[p] * d * d : sum), 0);
  }

  /** Normal matrix Σ w m² B Bᵀ with the gap penalty; null where it cannot be factored (no usable pixel). */
  private factorise(model: Float64Array): BandedMatrix | null {
    const { count, first, values } = this.basis;
    const matrix = bandedMatrix(count, 3);
    const { band } = matrix;
    const { weight } = this;
    for (let p = 0; p < model.length; p++) {
      const w = weight[p];
      if (w === 0) continue;
      const m = model[p];
      const wmm = w * m * m;
      const at = 4 * first[p];
      for (let a = 0; a < 4; a++) {
        const scaled = wmm * values[4 * p + a];
        // Element (a, b) of the block lies a − b below the diagonal: 4·(k + a) + a − b.
        for (let b = 0, i = at + 5 * a; b <= a; b++, i--) band[i] += scaled * values[4 * p + b];
      }
    }
    let trace = 0;
    for (let i = 0; i < count; i++) trace += band[4 * i];
    const stiffness = (GAP_STIFFNESS * trace) / count;
    if (!(stiffness > 0)) return null;
    for (let i = 2; i < count; i++) {
      // (c_i − 2 c_{i−1} + c_{i−2})²
      const add = (at: number, amount: number) => (band[at] += stiffness * amount);
      add(4 * i, 1);
      add(4 * i + 1, -2);
      add(4 * i + 2, 1);
      add(4 * (i - 1), 4);
      add(4 * (i - 1) + 1, -2);
      add(4 * (i - 2), 1);
    }
    for (let i = 0; i < count; i++) band[4 * i] += 1e-9 * stiffness;
    return factorBanded(matrix) ? matrix : null;
  }

  /** Σ_p w m y B_k for the right-hand side. */
  private gather(model: Float64Array, y: Float64Array): Float64Array {
    const { first, values } = this.basis;
    const { rhs, weight } = this;
    rhs.fill(0);
    for (let p = 0; p < model.length; p++) {
      const w = weight[p];
      if (w === 0) continue;
      const wmy = w * model[p] * y[p];
      const k = first[p];
      for (let a = 0; a < 4; a++) rhs[k + a] += wmy * values[4 * p + a];
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
      const w = this.weight[p];
      if (w === 0) continue;
      const r = this.data[p] - continuum[p] * model[p];
      chi2 += w * r * r;
    }
    return { continuum, chi2, factor };
  }

  /**
   * χ² of the best continuum alone, without the continuum: Σ w d² − cᵀ·b, with c the solution and b the right-hand side of the normal
   * equations. Half the work of `profile`; it loses the digits by which the data exceed their residuals. Infinity where nothing constrains it.
   */
  profiledChi2(model: Float64Array): number {
    const factor = this.factorise(model);
    if (factor === null) return Infinity;
    const rhs = this.gather(model, this.data);
    const coefficients = rhs.slice();
    solveBanded(factor, coefficients);
    return coefficients.reduce((chi2, c, k) => chi2 - c * rhs[k], this.power);
  }

  /** Subtracts from `y` (in place; data units) its weighted projection on {B_k · model}. */
  projectOut(fit: ContinuumFit, model: Float64Array, y: Float64Array): void {
    const coefficients = this.gather(model, y);
    solveBanded(fit.factor, coefficients);
    const { first, values } = this.basis;
    for (let p = 0; p < y.length; p++) {
      const k = first[p];
      let c = 0;
      for (let a = 0; a < 4; a++) c += values[4 * p + a] * coefficients[k + a];
      y[p] -= c * model[p];
    }
  }
}
