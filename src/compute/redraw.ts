import type { DrawnModel } from '../domain/client.ts';
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitResult } from '../domain/fit.ts';
import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { DEFAULT_FIT_OPTIONS, type FitTuning } from '../fit/defaults.ts';
import { NuisanceModel } from '../fit/nuisances.ts';
import { prepareSpectrum, type PreparedSpectrum } from '../fit/prepare.ts';
import { renderModel } from '../fit/render.ts';
import { tuningFor } from '../fit/tuning.ts';
import { flooredWeights } from '../fit/weights.ts';
import { median } from '../math/statistics.ts';

/**
 * A native spectrum at velocity `rv` (km/s) laid over an observed one, with the continuum profiled. Pixels, error model, line-spread
 * function and knots are those of `result` where there is one. Failures: those of `prepareSpectrum`, and `NOTHING_TO_DRAW`.
 */
export function redraw(
  spectrum: Spectrum,
  result: FitResult | null,
  native: Float32Array,
  rv: number,
  info: EmulatorInfo,
): Result<DrawnModel> {
  const tuning = tuningFor(spectrum, info);
  const preparation = prepareSpectrum(spectrum, info, DEFAULT_FIT_OPTIONS, tuning);
  if (!preparation.ok) return preparation;
  const prepared = preparation.value;
  const nuisanceModel = new NuisanceModel(info, prepared.lnObserved, prepared.lsf, tuning);
  const nuisances = nuisanceModel.start(rv);
  if (result?.nuisances !== undefined && result.nuisances.length === nuisances.length) {
    nuisances.set(result.nuisances);
    nuisances[0] = (nuisances[0] ?? 0) + rv - result.rv.value;
  }
  const knots = result?.knotSpacing ?? DEFAULT_FIT_OPTIONS.knotSpacing;
  const draw = (weight: Float64Array) => renderModel({ ...prepared, weight }, nuisanceModel, nuisances, native, knots);
  const nothing = failed(
    'NOTHING_TO_DRAW',
    `No pixel of ${spectrum.id} lies on the model's grid at ${rv.toFixed(0)} km/s.`,
    'Check the velocity.',
  );

  const used = result !== null && result.used.length === prepared.good.length ? result.used : prepared.good;
  let continuum = result?.continuum;
  if (continuum === undefined || continuum.length !== used.length) {
    const first = draw(prepared.ivar.map((value, p) => (used[p] === 1 ? value : 0)));
    if (first === null) return nothing;
    continuum = first.continuum;
  }
  const weight = weights(prepared, tuning, used, continuum, rv, result, spectrum);
  const drawn = draw(weight);
  if (drawn === null) return nothing;
  const residuals = spectrum.flux.map((flux, p) =>
    (weight[p] ?? 0) > 0 ? ((flux - (drawn.model[p] ?? NaN)) / prepared.scale) * Math.sqrt(weight[p] ?? 0) : NaN,
  );
  return success({ model: drawn.model, continuum: drawn.continuum, residuals });
}

/** Survey noise ⊕ the model's own error, times the factor by which the fit scaled them (files without errors). */
function weights(
  prepared: PreparedSpectrum,
  tuning: FitTuning,
  used: Uint8Array,
  continuum: Float64Array,
  rv: number,
  result: FitResult | null,
  spectrum: Spectrum,
): Float64Array {
  const floor = prepared.wavelength.map((value) => tuning.errorFloor(value / (1 + rv / SPEED_OF_LIGHT_KMS)));
  const level = continuum.map((value) => value / prepared.scale);
  const floored = flooredWeights(prepared.ivar, level, floor, used);
  if (result === null) return floored;
  const ratios: number[] = [];
  floored.forEach((w, p) => {
    const difference = ((spectrum.flux[p] ?? NaN) - (result.modelFlux[p] ?? NaN)) / prepared.scale;
    const ratio = (result.residuals[p] ?? NaN) ** 2 / (difference ** 2 * w);
    if (w > 0 && Number.isFinite(ratio)) ratios.push(ratio);
  });
  const factor = median(ratios);
  return factor > 0 ? floored.map((w) => w * factor) : floored;
}
