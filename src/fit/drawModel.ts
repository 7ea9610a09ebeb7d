/** Any label vector laid over a spectrum, for sliders: continuum profiled, masks, error model and line widths those of a fit where there is one. */
import type { DrawnModel } from '../domain/client.ts';
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions, FitResult } from '../domain/fit.ts';
import type { Result } from '../domain/result.ts';
import { failed, success } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import type { FitTuning } from './defaults.ts';
import { DEFAULT_TUNING } from './defaults.ts';
import { NuisanceModel } from './nuisances.ts';
import { prepareSpectrum } from './prepare.ts';
import { renderModel } from './render.ts';

export interface DrawRequest {
  /** In the order of `emulator.info.labels`, physical units. */
  readonly labels: Float64Array;
  /** km/s, in the spectrum's frame. */
  readonly rv: number;
  /** The fit whose masks, errors and resolution are kept; null for none yet. */
  readonly result: FitResult | null;
}

/** Failures: those of `prepareSpectrum`, and `NO_OVERLAP` where the model does not reach a usable pixel. */
export async function drawModel(
  spectrum: Spectrum,
  emulator: Emulator,
  options: FitOptions,
  request: DrawRequest,
  tuning: FitTuning = DEFAULT_TUNING,
): Promise<Result<DrawnModel>> {
  const preparation = prepareSpectrum(spectrum, emulator.info, options, tuning);
  if (!preparation.ok) return preparation;
  const prepared = preparation.value;
  const { result, labels, rv } = request;
  const lsf = result === null ? prepared.lsf : ({ kind: 'resolving-power', resolvingPower: result.resolvingPower } as const);
  const plain = { ...tuning, warpNodes: [], broadeningNodes: [] };
  const nuisances = new NuisanceModel(emulator.info, prepared.lnObserved, lsf, plain);
  const [native] = await emulator.predict([labels]);
  const weight = result === null ? prepared.ivar : weightsOf(spectrum, result, prepared.scale);
  const drawn =
    native === undefined ? null : renderModel({ ...prepared, weight }, nuisances, nuisances.start(rv), native, options.knotSpacing);
  if (drawn === null) {
    return failed(
      'NO_OVERLAP',
      `At ${rv.toFixed(0)} km/s the model reaches no usable pixel of ${spectrum.id}`,
      'Move the velocity back or widen the range',
    );
  }
  const residuals = spectrum.flux.map((flux, p) =>
    (weight[p] ?? 0) > 0 ? ((flux - (drawn.model[p] ?? NaN)) / prepared.scale) * Math.sqrt(weight[p] ?? 0) : NaN,
  );
  return success({ ...drawn, residuals });
}

/** Weights (scaled flux) that a result's residuals imply: σ = (flux − model) / residual. */
function weightsOf(spectrum: Spectrum, result: FitResult, scale: number): Float64Array {
  return spectrum.flux.map((flux, p) => {
    if (result.used[p] !== 1) return 0;
    const difference = flux - (result.modelFlux[p] ?? NaN);
    const ratio = (result.residuals[p] ?? NaN) / difference;
    return Number.isFinite(ratio) ? (ratio * scale) ** 2 : (spectrum.ivar[p] ?? 0) * scale * scale;
  });
}
