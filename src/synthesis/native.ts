/** The grid and resolving power at which spectra are kept, and the convolution that brings a computed spectrum there. */
import { FWHM_PER_SIGMA } from '../domain/units.ts';
import type { LnGrid } from './opacity/lineContext.ts';

/** Resolving power and grid of the training spectra: λ_i = 3700·exp(i·lnStep) Å, three points per FWHM, up to 9100 Å. */
export const NATIVE_RESOLVING_POWER = 5000;
const COUNT = 13_500;
export const NATIVE_GRID: LnGrid = { lnStart: Math.log(3700), lnStep: Math.log(9100 / 3700) / COUNT, count: COUNT };

/** The points of the native grid within a range of wavelengths, both ends in Å; count 0 where there are none. */
export function nativeGridWithin([from, to]: readonly [number, number]): LnGrid {
  const { lnStart, lnStep, count } = NATIVE_GRID;
  const first = Math.max(0, Math.ceil((Math.log(from) - lnStart) / lnStep));
  const last = Math.min(count - 1, Math.floor((Math.log(to) - lnStart) / lnStep));
  return { lnStart: lnStart + first * lnStep, lnStep, count: Math.max(0, last - first + 1) };
}

export const gridWavelengths = (grid: LnGrid): Float64Array =>
  Float64Array.from({ length: grid.count }, (_, i) => Math.exp(grid.lnStart + i * grid.lnStep));

/** A Gaussian of FWHM λ/R applied to arrays on `from`, evaluated at the points of `to`. The kernel is cut at 5σ and normalised. */
export function convolver(from: LnGrid, to: LnGrid, resolvingPower: number): (values: ArrayLike<number>) => Float64Array {
  const sigma = 1 / (resolvingPower * FWHM_PER_SIGMA * from.lnStep);
  const reach = Math.ceil(5 * sigma);
  const size = 2 * reach + 1;
  const first = new Int32Array(to.count);
  const kernel = new Float64Array(to.count * size);
  for (let i = 0; i < to.count; i++) {
    const centre = (to.lnStart + i * to.lnStep - from.lnStart) / from.lnStep;
    const start = Math.round(centre) - reach;
    first[i] = start;
    let sum = 0;
    for (let j = 0; j < size; j++)
      sum += kernel[i * size + j] = start + j < 0 || start + j >= from.count ? 0 : Math.exp(-0.5 * ((start + j - centre) / sigma) ** 2);
    for (let j = 0; j < size; j++) kernel[i * size + j] /= sum;
  }
  return (values) => {
    const out = new Float64Array(to.count);
    for (let i = 0; i < to.count; i++) {
      const start = first[i];
      let sum = 0;
      const lo = Math.max(0, -start);
      const hi = Math.min(size, from.count - start);
      for (let j = lo; j < hi; j++) sum += kernel[i * size + j] * values[start + j];
      out[i] = sum;
    }
    return out;
  };
}

/** Sampling of the computation in km/s, fine enough for the narrowest lines (thermal + v_mic ≥ 0.5 km/s of heavy elements excepted). */
export const DEFAULT_STEP_KMS = 1.5;
