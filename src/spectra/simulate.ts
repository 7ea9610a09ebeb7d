/** A noisy spectrum as a survey would write it, from a native spectrum: the demo star, and injection tests. */
import type { Lsf, Spectrum } from '../domain/spectrum.ts';
import { SIMULATED } from '../domain/survey.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { randomStream } from '../math/random.ts';
import { median } from '../math/statistics.ts';
import type { LsfOperator, NativeGrid } from './lsf.ts';
import { applyOperator, buildOperator, lsfSigma, restLn } from './lsf.ts';

export interface SimulationOptions {
  readonly id: string;
  readonly object?: string;
  readonly lsf: Lsf;
  /** Median S/N per pixel; Infinity for no noise (ivar then as for S/N 1000). */
  readonly snr: number;
  /** km/s. */
  readonly rv: number;
  readonly seed: number;
  /** Extra Gaussian broadening, σ in km/s (default 0). */
  readonly broadening?: number;
  /** Observed wavelengths, Å vacuum; default: Δlog10 λ = 1e-4 over what the native grid covers at this velocity. */
  readonly wavelength?: Float64Array;
  /** From the native grid to `wavelength`, in place of the operator of `lsf`, `rv` and `broadening`. */
  readonly operator?: LsfOperator;
  /** Smooth response × energy distribution by wavelength in Å; default a gentle hump of 1000 counts. */
  readonly continuum?: (wavelength: number) => number;
  readonly truth?: Readonly<Record<string, number>>;
}

const hump = (wavelength: number): number => 1000 * Math.exp(-(((wavelength - 6000) / 2800) ** 2));

/** Normalised native flux at `resolvingPower` on `grid` → observed spectrum with Gaussian noise. */
export function simulateSpectrum(
  native: { readonly flux: Float32Array | Float64Array; readonly grid: NativeGrid; readonly resolvingPower: number },
  options: SimulationOptions,
): Spectrum {
  const { grid } = native;
  const { rv, lsf, broadening = 0, continuum = hump } = options;
  const wavelength = options.wavelength ?? defaultPixels(grid, rv);
  const lnRest = restLn(wavelength.map(Math.log), rv);
  const nativeSigma = lsfSigma({ kind: 'resolving-power', resolvingPower: native.resolvingPower }, 5500);
  const variance = wavelength.map((value) => lsfSigma(lsf, value) ** 2 - nativeSigma ** 2 + (broadening / SPEED_OF_LIGHT_KMS) ** 2);
  const operator = options.operator ?? buildOperator({ grid, lnRest, variance });
  const normalised = applyOperator(operator, native.flux);
  const level = wavelength.map((value) => continuum(value));
  const typical = median(level);
  const snr = Number.isFinite(options.snr) ? options.snr : 1000;
  const random = randomStream(options.seed);
  const ivar = new Float64Array(wavelength.length);
  const flux = new Float64Array(wavelength.length);
  for (let p = 0; p < flux.length; p++) {
    const counts = level[p] * normalised[p];
    // Photon noise on the continuum, so that the median S/N is the one asked for and no σ depends on the lines.
    const sigma = Math.sqrt(typical * Math.max(level[p], 0.01 * typical)) / snr;
    const noise = random.normal() * sigma;
    if (operator.covered[p] !== 1) continue;
    flux[p] = counts + (Number.isFinite(options.snr) ? noise : 0);
    ivar[p] = 1 / (sigma * sigma);
  }
  return {
    id: options.id,
    survey: SIMULATED,
    ...(options.object === undefined ? {} : { object: options.object }),
    wavelength,
    medium: 'vacuum',
    frame: 'barycentric',
    flux,
    ivar,
    ivarIsMeasured: true,
    fluxUnit: 'counts',
    lsf,
    snr,
    simulated: true,
    meta: { 'simulated rv (km/s)': rv, seed: options.seed },
    ...(options.truth === undefined ? {} : { truth: options.truth }),
  };
}

function defaultPixels(grid: NativeGrid, rv: number): Float64Array {
  const step = 1e-4 * Math.LN10;
  const shift = Math.log1p(rv / SPEED_OF_LIGHT_KMS);
  const first = Math.ceil((grid.lnStart + shift) / step) + 4;
  const last = Math.floor((grid.lnStart + (grid.count - 1) * grid.lnStep + shift) / step) - 4;
  return Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Math.exp((first + i) * step));
}
