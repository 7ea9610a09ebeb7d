/**
 * The error model by what a spectrum is. A real star differs from the model by the physics that is left out and by the emulator's own error;
 * a simulated one, made by the same physics, by the emulator's error alone, which was measured and is stated with the model. So its errors
 * are neither widened after the first pass nor softened at outliers: both would hide what a simulation is to show.
 */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { Spectrum } from '../domain/spectrum.ts';
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

/** What `fitSpectrum` uses unless told otherwise. */
export function tuningFor(spectrum: Pick<Spectrum, 'simulated'>, info: EmulatorInfo): FitTuning {
  const own = emulatorError(info);
  if (spectrum.simulated) return { ...DEFAULT_TUNING, errorFloor: own, adaptiveWindow: 0, huber: Infinity };
  return { ...DEFAULT_TUNING, errorFloor: (wavelength) => Math.hypot(DEFAULT_TUNING.errorFloor(wavelength), own(wavelength)) };
}
