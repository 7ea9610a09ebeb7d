/**
 * One spectrum, from pixels to labels: vacuum → masks → velocity → first pass (starts, cosmic rays, error model) → CMA-ES or
 * Levenberg–Marquardt → errors from the Fisher matrix. Runs in a worker or in Node alike; yields to the event loop as it goes.
 */
import { CANCELLED } from '../domain/client.ts';
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions, FitProgress, FitResult } from '../domain/fit.ts';
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
import type { Evaluation, Linearised, Objective } from './objective.ts';
import type { CancelSource } from './pacer.ts';
import { FitCancelled, Pacer } from './pacer.ts';
import { prepareSpectrum } from './prepare.ts';
import type { ProgressListener } from './progress.ts';
import { ProgressReporter } from './progress.ts';
import { renderModel } from './render.ts';
import { tuningFor } from './tuning.ts';
import { findVelocity } from './velocity.ts';

/** `resume` and `onCheckpoint` are of MCMC: a run to go on with, and the run after every check. */
export interface FitHooks extends Pick<SampleHooks, 'resume' | 'onCheckpoint'> {
  readonly onProgress?: ProgressListener;
  readonly isCancelled?: CancelSource;
  /** What to wait for before going on, asked between pieces of work; null: nothing. */
  readonly held?: () => Promise<void> | null;
}

/** Gain in −2 ln L below which an optimiser has arrived: 0.2 σ for one label, much less when shared among thirty. */
const TOLERANCE = 0.04;
const LM_ITERATIONS = 14;
/** Step of CMA-ES at the start, in posterior σ. */
const CMA_SIGMA = 3;
const CMA_TOLERANCE = 0.15;
const POLISH_ITERATIONS = 4;

/**
 * Fits a spectrum. Failures: those of `prepareSpectrum`, `RV_NOT_FOUND`, `MODEL_NOT_FINITE` (the emulator gave NaN)
 * and `CANCELLED`, which is no error.
 */
export async function fitSpectrum(
  spectrum: Spectrum,
  emulator: Emulator,
  options: FitOptions,
  hooks: FitHooks = {},
  tuning: FitTuning = tuningFor(spectrum, emulator.info),
): Promise<Result<FitResult>> {
  try {
    return await runFit(spectrum, emulator, options, hooks, tuning);
  } catch (error) {
    if (error instanceof FitCancelled) return failed(CANCELLED, `The fit of ${spectrum.id} was cancelled`, 'Start it again at any time');
    throw error;
  }
}

async function runFit(
  spectrum: Spectrum,
  emulator: Emulator,
  options: FitOptions,
  hooks: FitHooks,
  tuning: FitTuning,
): Promise<Result<FitResult>> {
  const began = performance.now();
  const pacer = new Pacer(hooks.isCancelled, hooks.held);
  const reporter = new ProgressReporter(hooks.onProgress);
  const announce = (stage: FitProgress['stage'], message: string, fraction: number) => {
    reporter.report(() => ({ stage, message, fraction, evaluations: 0, chi2Reduced: null, best: null }), true);
  };

  announce('velocity', 'Radial velocity', 0.02);
  await pacer.pause();
  const preparation = prepareSpectrum(spectrum, emulator.info, options, tuning);
  if (!preparation.ok) return preparation;
  const prepared = preparation.value;
  const warnings = [...preparation.warnings];
  const velocity = await findVelocity(prepared, emulator, options, tuning, pacer);
  if (!velocity.ok) return velocity;
  const stage = velocity.value;
  announce('search', `Starts at ${stage.rv.toFixed(0)} km/s`, 0.1);

  const show = (
    stageName: FitProgress['stage'],
    message: string,
    objective: Objective,
    best: Evaluation,
    fraction: number,
    always = false,
    sampling: SamplingProgress | null = null,
  ) => {
    reporter.report(() => {
      const labels = objective.labelsOf(best.z);
      const pixels = { ...prepared, weight: objective.pixels.weight };
      const drawn = renderModel(pixels, objective.nuisances, objective.nuisancesOf(best.z), best.native, options.knotSpacing);
      return {
        stage: stageName,
        message,
        fraction,
        evaluations: objective.evaluations + stage.evaluations,
        chi2Reduced: best.chi2 / objective.freedom(),
        ...(sampling === null ? {} : { sampling }),
        best:
          drawn === null
            ? null
            : { labels: Object.fromEntries(emulator.info.labels.map(({ name }, i) => [name, labels[i] ?? NaN])), model: drawn.model },
      };
    }, always);
  };

  const first = await firstPass(prepared, stage, emulator, options, tuning, pacer, (objective, best, fraction) => {
    show('search', `Starts at ${stage.rv.toFixed(0)} km/s`, objective, best, 0.1 + 0.2 * fraction);
  });
  if (first === null) return notFinite(emulator);
  warnings.push(...first.warnings);
  const { objective } = first;
  show('optimise', 'First pass done', objective, first.at, 0.3, true);

  const optimum =
    options.method === 'cmaes'
      ? await runCmaes(objective, first.start, options, show)
      : await levenbergMarquardt(objective, first.at.z, {
          maxIterations: LM_ITERATIONS,
          tolerance: TOLERANCE,
          onIteration: (best, k) => {
            const share = options.method === 'mcmc' ? 0.1 : 0.6;
            show('optimise', `Levenberg–Marquardt, iteration ${k}`, objective, best, 0.3 + (share * k) / LM_ITERATIONS);
          },
        });
  if (optimum === null) return notFinite(emulator);
  // Null, with the errors left to the Fisher matrix, also where that cannot be inverted: `finish` says so.
  const sampled =
    options.method === 'mcmc'
      ? await sampleFit(objective, optimum.at, emulator, options, pacer, {
          ...(hooks.resume === undefined ? {} : { resume: hooks.resume }),
          ...(hooks.onCheckpoint === undefined ? {} : { onCheckpoint: hooks.onCheckpoint }),
          onProgress: (sampling, message, fraction) => {
            show('sampling', message, objective, optimum.at, 0.4 + 0.55 * fraction, false, sampling);
          },
        })
      : null;

  announce('errors', 'Errors from the Fisher matrix', 0.95);
  await pacer.pause();
  return finish({
    spectrum,
    emulator,
    options,
    prepared,
    objective,
    optimum,
    sampled,
    first,
    warnings,
    evaluations: stage.evaluations,
    began,
  });
}

type Show = (stage: FitProgress['stage'], message: string, objective: Objective, best: Evaluation, fraction: number) => void;

async function runCmaes(
  objective: Objective,
  start: Float64Array,
  options: FitOptions,
  show: Show,
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
      show('optimise', `CMA-ES, generation ${generation}`, objective, best, 0.3 + (0.6 * (objective.evaluations - before)) / ceiling);
    },
  });
  if (search === null) return null;
  // Velocity and widths at the end, then a few Gauss–Newton steps: the search narrows to a fraction of σ, not to the last digit.
  const refined = refineNuisances(objective, search.best);
  const polished = await levenbergMarquardt(objective, refined.z, { maxIterations: POLISH_ITERATIONS, tolerance: TOLERANCE });
  if (polished === null) return null;
  return { at: polished.at, converged: polished.converged };
}
