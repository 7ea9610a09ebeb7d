/**
 * A fit with a slow model (the synthesis) from the solution of a fast one (a network): its velocity, widths and labels are the start, so that
 * neither templates nor several starts are needed. Weights and errors are made as in every fit, from this model's own residuals.
 */
import { CANCELLED } from '../domain/client.ts';
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions, FitProgress, Solution } from '../domain/fit.ts';
import type { Result } from '../domain/result.ts';
import { failed } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import type { FitTuning } from './defaults.ts';
import { descendWithFewJacobians } from './fewJacobians.ts';
import { finish, notFinite } from './finish.ts';
import { learn } from './firstPass.ts';
import type { FitHooks } from './fitSpectrum.ts';
import { solveStep } from './lm.ts';
import { Objective } from './objective.ts';
import { FitCancelled, Pacer } from './pacer.ts';
import { poseProblem } from './pose.ts';
import { prepareSpectrum } from './prepare.ts';
import { priorFailure } from './priors.ts';
import { ProgressReporter } from './progress.ts';
import { firstLevel, weightsAtVelocity } from './restFrame.ts';
import { tuningFor } from './tuning.ts';

/** −2 ln L below which a fit has arrived; the first pass need not arrive. */
const TOLERANCE = 0.1;
const ROUGH_TOLERANCE = 2;
/** Steps of the first pass, on the slopes of the start alone. */
const ROUGH_SPECTRA = 2;
/** Jacobians beyond the one at the start. */
const MAX_JACOBIANS = 3;
const MAX_SPECTRA = 12;

/** What is taken from a fit to start another from. */
export type StartingFit = Pick<Solution, 'model' | 'labels' | 'nuisances' | 'rv'>;

/**
 * Fits `spectrum` by Levenberg–Marquardt from `start`, a result of another model for the same spectrum and options. Labels that `start` lacks begin
 * at their centre. Failures: those of `prepareSpectrum`; `BAD_PRIOR`; what the emulator says where it has no spectrum
 * at the start; `TOO_FEW_PIXELS`, `ALL_MASKED`; `SINGULAR_FIT`; `CANCELLED`.
 */
export async function refitSpectrum(
  spectrum: Spectrum,
  emulator: Emulator,
  options: FitOptions,
  start: StartingFit,
  hooks: Pick<FitHooks, 'onProgress' | 'isCancelled'> = {},
  tuning: FitTuning = tuningFor(spectrum, emulator.info),
): Promise<Result<Solution>> {
  try {
    return await refit(spectrum, emulator, options, start, hooks, tuning);
  } catch (error) {
    if (error instanceof FitCancelled) return failed(CANCELLED, `The fit of ${spectrum.id} was cancelled`, 'Start it again at any time');
    throw error;
  }
}

async function refit(
  spectrum: Spectrum,
  emulator: Emulator,
  options: FitOptions,
  start: StartingFit,
  hooks: Pick<FitHooks, 'onProgress' | 'isCancelled'>,
  tuning: FitTuning,
): Promise<Result<Solution>> {
  const began = performance.now();
  const { info } = emulator;
  const { nuisances } = start;
  const badPrior = priorFailure(info, options);
  if (badPrior !== null) return { ok: false, failure: badPrior };
  const pacer = new Pacer(hooks.isCancelled);
  const reporter = new ProgressReporter(hooks.onProgress);
  const report = (stage: FitProgress['stage'], message: string, fraction: number, evaluations: number) => {
    reporter.report(() => ({ stage, message, fraction, evaluations, chi2Reduced: null, best: null }), true);
  };
  const preparation = prepareSpectrum(spectrum, info, options, tuning);
  if (!preparation.ok) return preparation;
  const prepared = preparation.value;
  const level = firstLevel(prepared);
  if (!level.ok) return level;

  report('search', `${info.id} at the labels of ${start.model}`, 0.1, 0);
  const labels = Float64Array.from(info.labels, ({ name, min, max, centre }) => {
    const value = start.labels.find((label) => label.name === name)?.value ?? centre;
    return Math.min(max, Math.max(min, value));
  });
  const { flux: native } = await emulator.jacobian(labels);
  if (!native.every(Number.isFinite)) return notFinite(emulator);
  const first = weightsAtVelocity(prepared, info, options, tuning, { rv: start.rv.value, nuisances, native, level: level.value });
  if (!first.ok) return first;
  const initial = new Objective(emulator, poseProblem(spectrum, prepared, first.value, info, options, tuning), pacer);
  const rough = await descendWithFewJacobians(initial, emulator, initial.pack(labels, nuisances), {
    maxJacobians: 1,
    maxSpectra: ROUGH_SPECTRA,
    tolerance: ROUGH_TOLERANCE,
  });
  if (rough === null) return notFinite(emulator);

  const { objective, warnings } = learn(initial, rough.at, tuning);
  const optimum = await descendWithFewJacobians(objective, emulator, rough.at.z, {
    known: rough,
    maxJacobians: MAX_JACOBIANS,
    maxSpectra: MAX_SPECTRA,
    tolerance: TOLERANCE,
    onStep: (best, step) => {
      const gain = best.objective.toFixed(1);
      report('optimise', `Step ${step}: −2 ln L ${gain}`, 0.3 + (0.6 * step) / MAX_SPECTRA, objective.evaluations);
    },
  });
  if (optimum === null) return notFinite(emulator);
  if (solveStep(optimum.at, 0) === null)
    return failed('SINGULAR_FIT', `The pixels of ${spectrum.id} do not tell the labels apart.`, 'Widen the range or relax the masks');
  return finish({
    emulator,
    objective,
    optimum,
    sampled: null,
    warnings: [...preparation.warnings, ...warnings],
    evaluations: 0,
    began,
  });
}
