/** A star whose lines are compared with the synthesis: its spectrum on a grid in ln λ, and what is known of the star. */
import { FWHM_PER_SIGMA } from '../../domain/units.ts';
import type { LnGrid } from '../opacity/lineContext.ts';

/** What is known of a star before its lines are looked at, and how well. */
export interface KnownStar {
  readonly name: string;
  /** K, cgs, km/s, dex. `xh`: [X/H] by atomic number where it differs from [Fe/H]. */
  readonly teff: number;
  readonly logg: number;
  readonly vmic: number;
  readonly feh: number;
  readonly alphaM: number;
  readonly xh: ReadonlyMap<number, number>;
  /** Prior errors: K, km/s, dex of each [X/H]. 0 holds the value. */
  readonly sigmaTeff: number;
  readonly sigmaVmic: number;
  readonly sigmaXh: number;
}

/** A spectrum to compare: vacuum wavelengths in the star's rest frame. */
export interface ObservedStar {
  readonly star: KnownStar;
  /** Which file this is: one star may have several spectra. */
  readonly id: string;
  /** Å, vacuum, increasing. */
  readonly wavelength: Float64Array;
  /** Flux in any unit, NaN where it is not to be used. */
  readonly flux: Float64Array;
  /** FWHM of the instrument at a wavelength, Å. */
  readonly fwhm: (wavelength: number) => number;
  /** FWHM of rotation and macroturbulence to begin with, km/s. */
  readonly broadening: number;
  /** Å between the knots of the continuum. */
  readonly knots: number;
  /** Relative error of a pixel of the comparison's grid from noise alone. */
  readonly noise: number;
  readonly from: number;
  readonly to: number;
  /** Pixels of the comparison are this many steps of the computation's grid apart: some four to a resolution element. */
  readonly stride: number;
}

/** Mean flux of the file's pixels within each comparison pixel, linear interpolation where there is none; NaN where a pixel nearby is NaN. */
export function onGrid(observed: ObservedStar, grid: LnGrid): Float64Array {
  const { wavelength, flux, stride } = observed;
  const pixels = Math.floor(grid.count / stride);
  const out = new Float64Array(pixels).fill(NaN);
  const half = 0.5 * stride * grid.lnStep;
  let k = 0;
  for (let p = 0; p < pixels; p++) {
    const centre = grid.lnStart + p * stride * grid.lnStep;
    const [lo, hi, middle] = [Math.exp(centre - half), Math.exp(centre + half), Math.exp(centre)];
    while (k < wavelength.length && (wavelength[k] ?? 0) < lo) k++;
    let [sum, moment, n] = [0, 0, 0];
    for (let i = k; i < wavelength.length && (wavelength[i] ?? 0) < hi; i++) {
      sum += flux[i] ?? NaN;
      moment += wavelength[i] ?? NaN;
      n++;
    }
    if (n >= 3) {
      // the mean belongs to the mean wavelength of the pixels, which is not quite the centre
      const slope =
        k > 0 && k + n < flux.length
          ? ((flux[k + n] ?? 0) - (flux[k - 1] ?? 0)) / ((wavelength[k + n] ?? 1) - (wavelength[k - 1] ?? 0))
          : 0;
      out[p] = sum / n + slope * (middle - moment / n);
    } else if (k > 0 && k < wavelength.length) {
      let i = k;
      while (i < wavelength.length - 1 && (wavelength[i] ?? 0) < middle) i++;
      const [a, b] = [wavelength[i - 1] ?? NaN, wavelength[i] ?? NaN];
      if (b - a < 1.5) out[p] = (flux[i - 1] ?? NaN) + ((middle - a) / (b - a)) * ((flux[i] ?? NaN) - (flux[i - 1] ?? NaN));
    }
  }
  return out;
}

/** σ of the whole broadening at every comparison pixel, in steps of the grid; `broadening` is a FWHM in km/s. */
export function broadeningSteps(observed: ObservedStar, grid: LnGrid, broadening: number): Float64Array {
  return Float64Array.from({ length: Math.floor(grid.count / observed.stride) }, (_, p) => {
    const wavelength = Math.exp(grid.lnStart + p * observed.stride * grid.lnStep);
    return Math.hypot(observed.fwhm(wavelength) / wavelength, broadening / 299_792.458) / FWHM_PER_SIGMA / grid.lnStep;
  });
}

const kernels = new Map<number, Float64Array>();
/** A normalised Gaussian by distance 0, 1, 2 … in steps; σ is rounded to a hundredth of a step. */
function kernelOf(sigma: number): Float64Array {
  const key = Math.round(sigma * 100);
  let kernel = kernels.get(key);
  if (!kernel) {
    const s = key / 100;
    kernel = Float64Array.from({ length: Math.ceil(4.5 * s) + 1 }, (_, k) => Math.exp(-0.5 * (k / s) ** 2));
    const total = kernel.reduce((sum, v, k) => sum + (k === 0 ? v : 2 * v), 0);
    kernel = kernel.map((v) => v / total);
    kernels.set(key, kernel);
  }
  return kernel;
}

/** Convolves values on points first … of the grid (zero elsewhere, or their end values with `extend`) and samples them at comparison pixels. */
export function convolve(
  values: ArrayLike<number>,
  first: number,
  sigma: Float64Array,
  stride: number,
  extend = false,
): { readonly first: number; readonly values: Float64Array } {
  const end = first + values.length;
  const reachLo = 4.5 * (sigma[Math.min(Math.max(Math.floor(first / stride), 0), sigma.length - 1)] ?? 1) + 1;
  const reachHi = 4.5 * (sigma[Math.min(Math.floor(end / stride), sigma.length - 1)] ?? 1) + 1;
  const lo = extend ? 0 : Math.max(0, Math.ceil((first - reachLo) / stride));
  const hi = extend ? sigma.length : Math.min(sigma.length, Math.floor((end + reachHi) / stride) + 1);
  const out = new Float64Array(Math.max(hi - lo, 0));
  for (let p = lo; p < hi; p++) {
    const kernel = kernelOf(sigma[p] ?? 1);
    const centre = p * stride - first;
    let sum = 0;
    if (extend || (centre - kernel.length >= 0 && centre + kernel.length < values.length)) {
      const last = values.length - 1;
      sum = (kernel[0] ?? 0) * (values[Math.min(Math.max(centre, 0), last)] ?? 0);
      for (let k = 1; k < kernel.length; k++)
        sum +=
          (kernel[k] ?? 0) *
          ((values[Math.min(Math.max(centre - k, 0), last)] ?? 0) + (values[Math.min(Math.max(centre + k, 0), last)] ?? 0));
    } else {
      const from = Math.max(0, centre - kernel.length + 1);
      const to = Math.min(values.length - 1, centre + kernel.length - 1);
      for (let j = from; j <= to; j++) sum += (kernel[Math.abs(j - centre)] ?? 0) * (values[j] ?? 0);
    }
    out[p - lo] = sum;
  }
  return { first: lo, values: out };
}
