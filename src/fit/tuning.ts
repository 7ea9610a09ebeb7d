/**
 * The error model by what a spectrum is. A real star differs from the model by the physics that is left out and by the emulator's own error;
 * a simulated one, made by the same physics, by the emulator's error alone, which was measured and is stated with the model. So its errors
 * are neither widened after the first pass nor softened at outliers: both would hide what a simulation is to show.
 */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { Nature } from '../domain/nature.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import type { Survey } from '../domain/survey.ts';
import { FWHM_PER_SIGMA } from '../domain/units.ts';
import { interpolateLinear } from '../math/statistics.ts';
import { DEFAULT_TUNING, type FitTuning } from './defaults.ts';

/** σ of the emulator's error as a fraction of the continuum, by rest wavelength in Å; 0 where the model does not say. */
export function emulatorError(info: EmulatorInfo): (wavelength: number) => number {
  const { ownError } = info;
  if (ownError === undefined || ownError.length === 0) return () => 0;
  const centres = ownError.map(({ from, to }) => (from + to) / 2);
  const sigmas = ownError.map(({ sigma }) => sigma);
  return (wavelength) => interpolateLinear(centres, sigmas, wavelength);
}

/**
 * The weights take errors of pixels for independent, but neighbours share the emulator's: what it gets wrong at one native pixel the LSF spreads.
 * For errors and lines that are both white before the LSF, the variance of a label exceeds that of independent pixels by Σ_k ρ_k² = √(2π) σ, with
 * ρ_k the correlation over k pixels and σ the LSF's in pixels: 2.6 at R = 1800 on pixels of 1e-4 in log10 λ. Its root widens the floor.
 */
const SHARED = Math.sqrt(Math.sqrt(2 * Math.PI) / (1800 * FWHM_PER_SIGMA * 1e-4 * Math.LN10));

type Kind = Pick<Spectrum, 'simulated'> & { readonly survey?: Pick<Survey, 'noise'> };

/** The noise that lines are measured against, as visits of one star show it: what neighbours share is in the measurement (`Survey.noise`). */
function noiseFactorOf({ survey }: Kind): FitTuning['noiseFactor'] {
  const noise = survey?.noise;
  if (noise === undefined) return DEFAULT_TUNING.noiseFactor;
  return (wavelength) => interpolateLinear(noise.wavelength, noise.value, wavelength);
}

/** What `fitSpectrum` uses unless told otherwise. `nature`: the error of this model as measured on stars, null where nobody has. */
export function tuningFor(spectrum: Kind, info: EmulatorInfo, nature: Nature | null = null): FitTuning {
  const perPixel = emulatorError(info);
  const own = (wavelength: number) => SHARED * perPixel(wavelength);
  if (spectrum.simulated) return { ...DEFAULT_TUNING, errorFloor: own, networkError: own, adaptiveWindow: 0, huber: Infinity };
  const noiseFactor = noiseFactorOf(spectrum);
  const errorFloor = (wavelength: number) => Math.hypot(DEFAULT_TUNING.errorFloor(wavelength), own(wavelength));
  return { ...DEFAULT_TUNING, noiseFactor, errorFloor, networkError: own, nature };
}
