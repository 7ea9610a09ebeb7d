/** Models by hand over a spectrum: the problem of a fit, or of a spectrum that was never fitted, with other labels. */
import type { DrawnModel } from '../domain/client.ts';
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { Solution } from '../domain/fit.ts';
import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { DataTerm } from '../fit/dataTerm.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { poseProblem } from '../fit/pose.ts';
import { prepareSpectrum } from '../fit/prepare.ts';
import { renderModel } from '../fit/render.ts';
import { firstLevel } from '../fit/restFrame.ts';
import { tuningFor } from '../fit/tuning.ts';
import { flooredWeights } from '../fit/weights.ts';

/** A spectrum that models are drawn over: what of it does not change with the labels. */
export interface Drawing {
  readonly spectrumId: string;
  readonly term: DataTerm;
  /** Nuisances, and the mean velocity (km/s) that goes with them. */
  readonly nuisances: Float64Array;
  readonly rv: number;
}

/** The problem of a fit with its nuisances: pixels, weights, line-spread function and knots are the fit's own. */
export function drawingOf({ problem, nuisances, rv }: Pick<Solution, 'problem' | 'nuisances' | 'rv'>, info: EmulatorInfo): Drawing {
  const [data] = problem.data;
  return { spectrumId: data.spectrum.id, term: new DataTerm(info, data), nuisances, rv: rv.value };
}

/** A spectrum without a fit, at rest: every usable pixel within the default range, with the weights that a fit would begin with. Failures: those of `prepareSpectrum`. */
export function drawingOfSpectrum(spectrum: Spectrum, info: EmulatorInfo): Result<Drawing> {
  const tuning = tuningFor(spectrum, info);
  const preparation = prepareSpectrum(spectrum, info, DEFAULT_FIT_OPTIONS, tuning);
  if (!preparation.ok) return preparation;
  const prepared = preparation.value;
  const level = firstLevel(prepared);
  if (!level.ok) return level;
  const weight = flooredWeights(prepared.ivar, level.value, prepared.wavelength.map(tuning.errorFloor), prepared.good);
  const problem = poseProblem(spectrum, prepared, { weight, reason: prepared.reason }, info, DEFAULT_FIT_OPTIONS, tuning);
  const term = new DataTerm(info, problem.data[0]);
  return success({ spectrumId: spectrum.id, term, nuisances: term.nuisances.start(0), rv: 0 });
}

/** A native spectrum at velocity `rv` (km/s) laid over a drawing's spectrum, with the continuum profiled. Failure `NOTHING_TO_DRAW`. */
export function redraw({ spectrumId, term, nuisances, rv: own }: Drawing, native: Float32Array, rv: number): Result<DrawnModel> {
  const shifted = nuisances.slice();
  shifted[0] = (shifted[0] ?? 0) + rv - own;
  const drawn = renderModel(term, shifted, native);
  if (drawn === null)
    return failed('NOTHING_TO_DRAW', `No pixel of ${spectrumId} lies on the model's grid at ${rv.toFixed(0)} km/s.`, 'Check the velocity.');
  return success(drawn);
}
