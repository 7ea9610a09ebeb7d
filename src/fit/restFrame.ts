/** The first weights of a fit, once the star's velocity is known: range, masks and error floor in its rest frame. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import { reasonCode, type ModelError } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import { failed, success } from '../domain/result.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { ContinuumProfiler } from '../spectra/continuum.ts';
import { applyOperator } from '../spectra/lsf.ts';
import { inRegions } from '../spectra/masks.ts';
import { resolvingPowerAt } from '../spectra/resolvingPower.ts';
import { D_LINE_ERROR, sodiumLines, type SodiumLines } from '../spectra/sodium.ts';
import type { FitTuning } from './defaults.ts';
import { NuisanceModel } from './nuisances.ts';
import type { PreparedSpectrum } from './prepare.ts';
import { flooredWeights } from './weights.ts';

/** Kernel reach and remaining freedom of the velocity, by which the fitted range stays inside the native grid: 250 km/s. */
const MARGIN = 250 / SPEED_OF_LIGHT_KMS;

const D_WAVELENGTH = 5895;

/** Spacing of the knots (Å) of the continuum that gives the error floor its size. */
const ROUGH_KNOTS = 300;

/** A model of the star at its velocity (km/s): native flux, and the nuisances where they are known beyond the velocity. */
export interface RoughModel {
  readonly rv: number;
  readonly nuisances: Float64Array | null;
  readonly native: Float32Array;
  /** `firstLevel` of the spectrum. */
  readonly level: Float64Array;
}

/** Weights before any fit, over all pixels, and why a pixel has none: index into `FIT_REASONS`. */
export interface FirstWeights {
  readonly weight: Float64Array;
  readonly reason: Uint8Array;
  /** What of the weights is the model's. */
  readonly modelError: ModelError;
}

/**
 * Inverse variance with the error floor, over all pixels; 0 outside the fit's range, in its masks and where `good` is 0.
 * Failures: `ALL_MASKED` or `TOO_FEW_PIXELS` where fewer than three pixels per label are left.
 */
export function weightsAtVelocity(
  prepared: PreparedSpectrum,
  info: EmulatorInfo,
  options: FitOptions,
  tuning: FitTuning,
  { rv, nuisances, native, level }: RoughModel,
): Result<FirstWeights> {
  const shift = 1 + rv / SPEED_OF_LIGHT_KMS;
  const rest = prepared.wavelength.map((value) => value / shift);
  const from = Math.max(options.range[0], Math.exp(info.grid.lnStart) * (1 + MARGIN));
  const to = Math.min(options.range[1], Math.exp(info.grid.lnStart + (info.grid.count - 1) * info.grid.lnStep) * (1 - MARGIN));
  const byPerson = options.maskedRegions.filter(({ frame = 'rest' }) => frame === 'rest');
  const sodium = sodiumAt(prepared, rv);
  const reason = prepared.reason.map((code, p) => {
    const value = rest[p] ?? 0;
    if (code !== 0) return code;
    if (inRegions(prepared.wavelength[p] ?? 0, sodium.masked)) return reasonCode('interstellar line');
    if (!(value >= from && value <= to)) return reasonCode('outside the fitted range');
    return inRegions(value, byPerson) ? reasonCode('left out by the person') : code;
  });
  const keep = reason.map((code) => (code === 0 ? 1 : 0));
  const kept = keep.reduce((sum, flag) => sum + flag, 0);
  if (kept < 3 * info.labels.length) {
    return failed(
      kept === 0 ? 'ALL_MASKED' : 'TOO_FEW_PIXELS',
      `${kept} pixels are left between ${from.toFixed(0)} and ${to.toFixed(0)} Å (rest) after masks, for ${info.labels.length} labels`,
      'Widen the range or remove masks',
    );
  }
  const model = new NuisanceModel(info, prepared.lnObserved, prepared.lsf, tuning);
  const spectrum = applyOperator(model.operator(nuisances ?? model.start(rv)), native);
  // A simulated star and its model share their physics, non-LTE or not.
  const inD = (p: number): boolean => !prepared.simulated && inRegions(prepared.wavelength[p] ?? 0, sodium.free);
  const floor = rest.map((value, p) => Math.hypot(tuning.errorFloor(value), inD(p) ? D_LINE_ERROR : 0));
  const provisional = flooredWeights(prepared.ivar, level, floor, keep);
  const continuum = stiffContinuum(prepared, provisional, spectrum) ?? level;
  const modelError: ModelError = {
    source: floor.every((value, p) => value === tuning.networkError(rest[p] ?? NaN)) ? 'emulator' : 'floor',
    sigma: floor.map((value, p) => value * (continuum[p] ?? NaN)),
    network: rest.map((wavelength, p) => tuning.networkError(wavelength) * (continuum[p] ?? NaN)),
    shared: 1,
    shapes: [],
  };
  return success({ weight: flooredWeights(prepared.ivar, continuum, floor, keep), reason, modelError });
}

/** The D lines of sodium at a velocity, km/s. */
export const sodiumAt = ({ lsf }: Pick<PreparedSpectrum, 'lsf'>, rv: number): SodiumLines =>
  sodiumLines(rv, D_WAVELENGTH / resolvingPowerAt(lsf, D_WAVELENGTH));

/** Size of the continuum before any model is known. Failure `ALL_MASKED`: no pixel carries information. */
export function firstLevel(prepared: PreparedSpectrum): Result<Float64Array> {
  const level = stiffContinuum(prepared, prepared.ivar, new Float64Array(prepared.flux.length).fill(1));
  return level === null ? failed('ALL_MASKED', 'No pixel carries information', 'Relax the masks or widen the range') : success(level);
}

/** Size of a stiff continuum over `model`; null where no pixel carries information. */
function stiffContinuum({ wavelength, flux }: PreparedSpectrum, weight: Float64Array, model: Float64Array): Float64Array | null {
  return new ContinuumProfiler(wavelength, flux, weight, ROUGH_KNOTS).profile(model)?.continuum.map(Math.abs) ?? null;
}
