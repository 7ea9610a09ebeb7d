/**
 * One spectrum, from pixels to labels: vacuum → masks → velocity → first pass (starts, cosmic rays, error model) → CMA-ES or
 * Levenberg–Marquardt → errors from the Fisher matrix. Runs in a worker or in Node alike; yields to the event loop as it goes.
 */
import { CANCELLED } from '../domain/client.ts';
import type { Emulator } from '../domain/emulator.ts';
import type { FitAlert, FitOptions, FitProgress, Solution } from '../domain/fit.ts';
import type { SamplingProgress } from '../domain/posterior.ts';
import type { Result } from '../domain/result.ts';
import { failed } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { randomStream } from '../math/random.ts';
import { cmaesSearch, refineNuisances } from './cmaesFit.ts';
import type { FitTuning } from './defaults.ts';
import { finish, notFinite } from './finish.ts';
import { firstPass } from './firstPass.ts';
import { levenbergMarquardt } from './lm.ts';
import type { SampleHooks } from './mcmc/sampleFit.ts';
import { sampleFit } from './mcmc/sampleFit.ts';
import type { Evaluation, Linearised } from './objective.ts';
import { Objective } from './objective.ts';
import type { CancelSource } from './pacer.ts';
import { FitCancelled, Pacer } from './pacer.ts';
import { poseProblem } from './pose.ts';
import { prepareSpectrum } from './prepare.ts';
import { priorFailure } from './priors.ts';
import type { ProgressListener } from './progress.ts';
import { ProgressReporter } from './progress.ts';
import { renderModel } from './render.ts';
import { isAskedFor, skyOffsets, toldOfSky, withOffsets } from './skyOffset.ts';
import { tuningFor } from './tuning.ts';
import { findVelocity } from './velocity.ts';

/** `resume` and `onCheckpoint` are of MCMC: a run to go on with, and the run after every check. */
export interface FitHooks extends Pick<SampleHooks, 'resume' | 'onCheckpoint'> {
  readonly onProgress?: ProgressListener;
  readonly isCancelled?: CancelSource;
  /** What to wait for before going on, asked between pieces of work; null: nothing. */
  readonly held?: () => Promise<void> | null;
}

/** Gain in −2 ln L below which an optimiser has arrived: 0.07 σ for one label. Most of σ may be the model’s, so that it is still little of what two exposures differ by. */
const TOLERANCE = 0.005;
const LM_ITERATIONS = 14;
/** Step of CMA-ES at the start, in posterior σ. */
const CMA_SIGMA = 3;
const CMA_TOLERANCE = 0.15;
const POLISH_ITERATIONS = 4;

/**
 * Fits a spectrum. Failures: those of `prepareSpectrum`, `BAD_PRIOR`, `RV_NOT_FOUND`, `MODEL_NOT_FINITE` (the emulator gave NaN)
 * and `CANCELLED`, which is no error.
 */
export async function fitSpectrum(
  spectrum: Spectrum,
  emulator: Emulator,
  options: FitOptions,
  hooks: FitHooks = {},
  tuning: FitTuning = tuningFor(spectrum, emulator.info),
): Promise<Result<Solution>> {
  try {
    return await runFit(spectrum, emulator, options, hooks, tuning);
  } catch (error) {
    if (error instanceof FitCancelled) return failed(CANCELLED, `The fit of ${spectrum.id} was cancelled`, 'Start it again at any time');
    throw error;
  }
}

/** Where each stage lies in the progress of a fit: [from, to], an honest guess. Sampling takes its share from the optimiser's. */
const STAGES = {
  velocity: [0.02, 0.1],
  search: [0.1, 0.3],
  optimise: [0.3, 0.9],
  optimiseBeforeSampling: [0.3, 0.4],
  sampling: [0.4, 0.95],
  errors: [0.95, 1],
} as const;
const within = (stage: keyof typeof STAGES, share: number): number => {
  const [from, to] = STAGES[stage];
  return from + (to - from) * share;
};

/** A step of a fit that has a model to show. */
interface Step {
  readonly stage: FitProgress['stage'];
  readonly message: string;
  readonly fraction: number;
  readonly objective: Objective;
  readonly best: Evaluation;
  readonly sampling?: SamplingProgress;
  /** The first of a stage is shown however recent the last was. */
  readonly always?: boolean;
}

async function runFit(
  spectrum: Spectrum,
  emulator: Emulator,
  options: FitOptions,
  hooks: FitHooks,
  tuning: FitTuning,
): Promise<Result<Solution>> {
  const began = performance.now();
  const pacer = new Pacer(hooks.isCancelled, hooks.held);
  const reporter = new ProgressReporter(hooks.onProgress);
  const announce = (stage: FitProgress['stage'], message: string, fraction: number) => {
    reporter.report(() => ({ stage, message, fraction, evaluations: 0, chi2Reduced: null, best: null }), true);
  };

  announce('velocity', 'Radial velocity', within('velocity', 0));
  await pacer.pause();
  const badPrior = priorFailure(emulator.info, options);
  if (badPrior !== null) return { ok: false, failure: badPrior };
  const preparation = prepareSpectrum(spectrum, emulator.info, options, tuning);
  if (!preparation.ok) return preparation;
  const velocity = await findVelocity(preparation.value, emulator, options, tuning, pacer);
  if (!velocity.ok) return velocity;
  const stage = velocity.value;
  const starts = `Starts at ${stage.rv.toFixed(0)} km/s`;
  announce('search', starts, within('search', 0));

  const show = ({ stage: name, message, fraction, objective, best, sampling, always = false }: Step): void => {
    reporter.report(() => progressOf(objective, best, { stage: name, message, fraction }, stage.evaluations, sampling), always);
  };
  const problem = poseProblem(spectrum, preparation.value, stage.first, emulator.info, options, tuning);
  const first = await firstPass(new Objective(emulator, problem, pacer), stage, tuning, (objective, best, share) => {
    show({ stage: 'search', message: starts, fraction: within('search', share), objective, best });
  });
  if (first === null) return notFinite(emulator);
  let { objective } = first;
  show({ stage: 'optimise', message: 'First pass done', fraction: within('optimise', 0), objective, best: first.at, always: true });

  let optimum =
    options.method === 'cmaes'
      ? await runCmaes(objective, first.start, options, show)
      : await levenbergMarquardt(objective, first.at.z, {
          maxIterations: LM_ITERATIONS,
          tolerance: TOLERANCE,
          onIteration: (best, k) => {
            const fraction = within(options.method === 'mcmc' ? 'optimiseBeforeSampling' : 'optimise', k / LM_ITERATIONS);
            show({ stage: 'optimise', message: `Levenberg–Marquardt, iteration ${k}`, fraction, objective, best });
          },
        });
  if (optimum === null) return notFinite(emulator);
  const doubts: FitAlert[] = [];
  const notes: string[] = [];
  const offsets = spectrum.simulated ? [] : skyOffsets(objective, optimum.at);
  if (offsets.some(isAskedFor)) {
    const posed = objective.posed(withOffsets(objective.problem, offsets));
    show({ stage: 'optimise', message: 'With a constant of the sky', fraction: within('optimise', 0.9), objective, best: optimum.at });
    const again = await levenbergMarquardt(posed, optimum.at.z, { maxIterations: LM_ITERATIONS, tolerance: TOLERANCE });
    if (again === null) return notFinite(emulator);
    [objective, optimum] = [posed, again];
    const told = toldOfSky(offsets, again.at);
    doubts.push(...told.alerts);
    notes.push(...told.warnings);
  }
  const { at } = optimum;
  // Null, with the errors left to the Fisher matrix, also where that cannot be inverted: `finish` says so.
  const sampled =
    options.method === 'mcmc'
      ? await sampleFit(objective, at, emulator, options, pacer, {
          ...(hooks.resume === undefined ? {} : { resume: hooks.resume }),
          ...(hooks.onCheckpoint === undefined ? {} : { onCheckpoint: hooks.onCheckpoint }),
          onProgress: (sampling, message, share) => {
            show({ stage: 'sampling', message, fraction: within('sampling', share), objective, best: at, sampling });
          },
        })
      : null;

  announce('errors', 'Errors from the Fisher matrix', within('errors', 0));
  await pacer.pause();
  const warnings = [...preparation.warnings, ...first.warnings, ...notes];
  return finish({ emulator, objective, optimum, sampled, warnings, doubts, evaluations: stage.evaluations, began });
}

/** What a step says of itself, with its model over the spectrum. */
function progressOf(
  objective: Objective,
  best: Evaluation,
  step: Pick<FitProgress, 'stage' | 'message' | 'fraction'>,
  evaluations: number,
  sampling: SamplingProgress | undefined,
): FitProgress {
  const labels = objective.labelsOf(best.z);
  const drawn = renderModel(objective.first, objective.nuisancesOf(best.z), best.native);
  const chi2 = objective.terms.reduce((sum, term, t) => sum + term.surveyChi2(best.parts[t] ?? best.parts[0]), 0);
  return {
    ...step,
    evaluations: objective.evaluations + evaluations,
    chi2Reduced: chi2 / objective.freedom(),
    ...(sampling === undefined ? {} : { sampling }),
    best:
      drawn === null
        ? null
        : { labels: Object.fromEntries(objective.problem.labels.map(({ name }, i) => [name, labels[i] ?? NaN])), model: drawn.model },
  };
}

async function runCmaes(
  objective: Objective,
  start: Float64Array,
  options: FitOptions,
  show: (step: Step) => void,
): Promise<{ at: Linearised; converged: boolean } | null> {
  const origin = await objective.linearise(objective.clamp(start));
  if (origin === null) return null;
  const ceiling = options.maxEvaluations;
  const before = objective.evaluations;
  const search = await cmaesSearch(objective, origin, {
    random: randomStream(options.seed),
    maxEvaluations: ceiling,
    sigma: CMA_SIGMA,
    tolerance: CMA_TOLERANCE,
    onGeneration: (best, generation) => {
      const fraction = within('optimise', (objective.evaluations - before) / ceiling);
      show({ stage: 'optimise', message: `CMA-ES, generation ${generation}`, fraction, objective, best });
    },
  });
  if (search === null) return null;
  // Velocity and widths at the end, then a few Gauss–Newton steps: the search narrows to a fraction of σ, not to the last digit.
  const refined = refineNuisances(objective, search);
  const polished = await levenbergMarquardt(objective, refined.z, { maxIterations: POLISH_ITERATIONS, tolerance: TOLERANCE });
  if (polished === null) return null;
  return { at: polished.at, converged: polished.converged };
}
