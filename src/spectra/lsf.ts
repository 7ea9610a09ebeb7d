/**
 * From the native grid to the pixels of a spectrograph.
 *
 * The emulated spectrum lives on a uniform grid in ln λ (vacuum, rest frame) at a resolving power well above the data's. A Doppler
 * shift, the convolution that brings native to instrumental resolution and the sampling at the observed pixels are together one
 * linear operator with a narrow row per pixel; it is built once per velocity and width and applied to a spectrum and to all its
 * derivatives. Data are never resampled.
 *
 * Convolution: discrete Gaussian where its σ is at least `DIRECT_SIGMA` samples (aliasing < 1e-5 there); below that, Gauss–Hermite
 * quadrature of a ten-point Lagrange interpolant, which tends to plain interpolation as σ → 0. Nothing is ever sharpened.
 */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { Lsf } from '../domain/spectrum.ts';
import { FWHM_PER_SIGMA, SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { resolvingPowerAt } from './resolvingPower.ts';

export type NativeGrid = EmulatorInfo['grid'];

const DIRECT_SIGMA = 0.8;
/** Half-width of a row in σ; the neglected tail is 3e-5 of the area, and rows are normalised. */
const CUTOFF = 4.2;

/** σ of a Gaussian LSF in ln λ at a wavelength in Å. */
export function lsfSigma(lsf: Lsf, wavelength: number): number {
  return 1 / (FWHM_PER_SIGMA * resolvingPowerAt(lsf, wavelength));
}

/** Gauss–Hermite nodes (in σ) and weights for a unit normal, five points. */
const HERMITE_NODES = [-2.8569700138728, -1.3556261799742, 0, 1.3556261799742, 2.8569700138728];
const HERMITE_WEIGHTS = [0.0112574113277, 0.2220759220056, 0.5333333333333, 0.2220759220056, 0.0112574113277];
/** Gauss–Legendre nodes (in pixel widths about the centre) and weights, three points. */
const PIXEL_NODES = [-0.387_298_334_620_741_7, 0, 0.387_298_334_620_741_7];
const PIXEL_WEIGHTS = [5 / 18, 8 / 18, 5 / 18];

/** Rows of the operator: pixel p is Σ_j weights[offset[p] + j] · native[start[p] + j], j < offset[p+1] − offset[p]. */
export interface LsfOperator {
  readonly pixels: number;
  readonly start: Int32Array;
  readonly offset: Int32Array;
  readonly weights: Float64Array;
  /** 1 where the pixel's row lies within the native grid; elsewhere the row is empty and the result 0. */
  readonly covered: Uint8Array;
}

export interface OperatorSpec {
  readonly grid: NativeGrid;
  /** Native position of each pixel: ln of its rest-frame vacuum wavelength. */
  readonly lnRest: Float64Array;
  /** Variance in ln λ of the kernel still to be applied (instrument − native + extra broadening) per pixel; negative counts as 0. */
  readonly variance: Float64Array;
  /** Pixel widths in ln λ, to integrate over pixels; absent: the stated LSF is taken to include the pixel, as arc lines measure it. */
  readonly pixelWidth?: Float64Array;
}

/** ln of the rest wavelength for pixels at ln λ observed, with velocities v (km/s) by the convention λ_obs = λ_rest (1 + v/c). */
export function restLn(lnObserved: Float64Array, velocity: ArrayLike<number> | number): Float64Array {
  return lnObserved.map((value, p) => {
    const v = typeof velocity === 'number' ? velocity : velocity[p];
    return value - Math.log1p(v / SPEED_OF_LIGHT_KMS);
  });
}

/** Builds the operator. Cost: three exponentials per pixel, and a product for each of its weights. */
export function buildOperator(spec: OperatorSpec): LsfOperator {
  const { grid, lnRest, variance, pixelWidth } = spec;
  const pixels = lnRest.length;
  const start = new Int32Array(pixels);
  const offset = new Int32Array(pixels + 1);
  const covered = new Uint8Array(pixels);
  const row = new Float64Array(grid.count);
  const chunks = new Float64Array(pixels * 16);
  let weights = chunks;
  let used = 0;
  for (let p = 0; p < pixels; p++) {
    const centre = (lnRest[p] - grid.lnStart) / grid.lnStep;
    const sigma = Math.sqrt(Math.max(0, variance[p])) / grid.lnStep;
    const width = (pixelWidth?.[p] ?? 0) / grid.lnStep;
    const reach = (sigma >= DIRECT_SIGMA ? CUTOFF * sigma : 3 * sigma + 5) + width / 2;
    const from = Math.floor(centre - reach);
    const to = Math.ceil(centre + reach);
    offset[p] = used;
    start[p] = Math.max(0, from);
    if (!(from >= 0 && to < grid.count)) continue;
    covered[p] = 1;
    const length = to - from + 1;
    row.fill(0, 0, length);
    if (width > 0) {
      for (let q = 0; q < 3; q++) addKernel(row, length, centre - from + width * PIXEL_NODES[q], sigma, PIXEL_WEIGHTS[q]);
    } else {
      addKernel(row, length, centre - from, sigma, 1);
    }
    if (used + length > weights.length) {
      const larger = new Float64Array(Math.max(2 * weights.length, used + length));
      larger.set(weights);
      weights = larger;
    }
    weights.set(row.subarray(0, length), used);
    used += length;
  }
  offset[pixels] = used;
  return { pixels, start, offset, weights: weights.subarray(0, used), covered };
}

/** Adds `amount` of the kernel at fractional position `x` of `row`. */
function addKernel(row: Float64Array, length: number, x: number, sigma: number, amount: number): void {
  if (sigma < DIRECT_SIGMA) {
    if (sigma < 1e-6) {
      addLagrange(row, x, amount);
      return;
    }
    for (let q = 0; q < 5; q++) addLagrange(row, x + sigma * HERMITE_NODES[q], amount * HERMITE_WEIGHTS[q]);
    return;
  }
  const half = -0.5 / (sigma * sigma);
  const first = Math.max(0, Math.ceil(x - CUTOFF * sigma));
  const last = Math.min(length - 1, Math.floor(x + CUTOFF * sigma));
  // The ratio of neighbours is a geometric series: three exponentials do for a row, exact to the rounding of some thirty products.
  const [start, startRatio, change] = [
    Math.exp(half * (first - x) * (first - x)),
    Math.exp(half * (2 * (first - x) + 1)),
    Math.exp(2 * half),
  ];
  let sum = 0;
  for (let j = first, g = start, ratio = startRatio; j <= last; j++, g *= ratio, ratio *= change) sum += g;
  const scale = amount / sum;
  for (let j = first, g = scale * start, ratio = startRatio; j <= last; j++, g *= ratio, ratio *= change) row[j] += g;
}

/** Adds `amount` of the ten-point Lagrange interpolant at `x`. */
function addLagrange(row: Float64Array, x: number, amount: number): void {
  const base = Math.floor(x) - 4;
  const t = x - base;
  for (let j = 0; j < 10; j++) {
    let weight = amount;
    for (let m = 0; m < 10; m++) if (m !== j) weight *= (t - m) / (j - m);
    row[base + j] += weight;
  }
}

/** Native spectrum → pixels. */
export function applyOperator(
  operator: LsfOperator,
  native: Float32Array | Float64Array,
  out = new Float64Array(operator.pixels),
): Float64Array {
  const { pixels, start, offset, weights } = operator;
  let k = offset[0];
  for (let p = 0; p < pixels; p++) {
    const end = offset[p + 1];
    let sum = 0;
    // A row ends within the native grid, or is empty.
    for (let j = start[p]; k < end; k++, j++) sum += weights[k] * native[j];
    out[p] = sum;
  }
  return out;
}

/** First and second derivative of a spectrum per grid step, by central differences of fourth order; 0 at the two samples of either end. */
export function gridDerivatives(native: Float32Array): { first: Float64Array; second: Float64Array } {
  const first = new Float64Array(native.length);
  const second = new Float64Array(native.length);
  for (let i = 2; i < native.length - 2; i++) {
    const [far, near] = [native[i - 2], native[i - 1]];
    const [next, beyond] = [native[i + 1], native[i + 2]];
    first[i] = (8 * (next - near) - (beyond - far)) / 12;
    second[i] = (16 * (next + near) - (beyond + far) - 30 * native[i]) / 12;
  }
  return { first, second };
}

/**
 * Brings a spectrum on a ln λ grid from resolving power `fromR` to `toR` (Gaussians, FWHM = λ/R), same grid. At the ends the kernel is
 * cut and normalised. Where `toR` ≥ `fromR` a copy: nothing is sharpened.
 */
export function convolveLnGrid(flux: ArrayLike<number>, lnStep: number, fromR: number, toR: number): Float64Array {
  const variance = (1 / toR ** 2 - 1 / fromR ** 2) / FWHM_PER_SIGMA ** 2;
  const n = flux.length;
  const sigma = Math.sqrt(Math.max(0, variance)) / lnStep;
  if (sigma < 0.05) return Float64Array.from(flux);
  const half = Math.ceil(6 * sigma) + 5;
  const kernel = sigma >= DIRECT_SIGMA ? gaussianKernel(half, sigma) : hermiteKernel(half, sigma);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const from = Math.max(0, i - half);
    const to = Math.min(n - 1, i + half);
    let sum = 0;
    let norm = 0;
    for (let j = from; j <= to; j++) {
      const weight = kernel[j - i + half];
      sum += weight * flux[j];
      norm += weight;
    }
    out[i] = sum / norm;
  }
  return out;
}

function gaussianKernel(half: number, sigma: number): Float64Array {
  return Float64Array.from({ length: 2 * half + 1 }, (_, j) => Math.exp((-0.5 * (j - half) ** 2) / sigma ** 2));
}

function hermiteKernel(half: number, sigma: number): Float64Array {
  const kernel = new Float64Array(2 * half + 1);
  addKernel(kernel, kernel.length, half, sigma, 1);
  return kernel;
}

/**
 * Samples a spectrum on a ln λ grid at whole multiples of `step` in log10 λ (default 1e-4, as LAMOST and SDSS do) by ten-point
 * interpolation, over what the grid covers. Wavelengths in Å.
 */
export function sampleAtLogStep(
  flux: Float32Array | Float64Array,
  grid: NativeGrid,
  step = 1e-4,
): { wavelength: Float64Array; flux: Float64Array } {
  const margin = 6 * grid.lnStep;
  const first = Math.ceil((grid.lnStart + margin) / Math.LN10 / step);
  const last = Math.floor((grid.lnStart + (grid.count - 1) * grid.lnStep - margin) / Math.LN10 / step);
  const lnRest = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step * Math.LN10);
  const operator = buildOperator({ grid, lnRest, variance: new Float64Array(lnRest.length) });
  return { wavelength: lnRest.map(Math.exp), flux: applyOperator(operator, flux) };
}
