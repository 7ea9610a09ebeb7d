/**
 * The first pass: a few Levenberg–Marquardt steps from one or two templates, to see cosmic rays and to learn how far the errors can be
 * believed. What follows works with fixed weights.
 */
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import { clipOutliers } from '../spectra/masks.ts';
import type { FitTuning } from './defaults.ts';
import { levenbergMarquardt } from './lm.ts';
import type { Evaluation } from './objective.ts';
import { Objective } from './objective.ts';
import type { Pacer } from './pacer.ts';
import type { PreparedSpectrum } from './prepare.ts';
import type { VelocityStage } from './velocity.ts';
import { errorInflation, huberWeight } from './weights.ts';

export interface FirstPass {
  /** The problem with its final weights. */
  readonly objective: Objective;
  /** Best point so far, and the start (best template, with the velocity and widths found) for a search that wants to begin afresh. */
  readonly at: Evaluation;
  readonly start: Float64Array;
  /** Inverse variance of survey noise ⊕ error floor, before widening. */
  readonly surveyWeight: Float64Array;
  /** Factor by which `surveyWeight` was scaled down where the file gives no errors; 1 where it does. */
  readonly errorScale: number;
  /** 1 where a pixel was clipped. */
  readonly clipped: Uint8Array;
  readonly warnings: readonly string[];
}

const ITERATIONS = 4;

/** Null where the emulator gives no finite model. */
export async function firstPass(
  prepared: PreparedSpectrum,
  stage: VelocityStage,
  emulator: Emulator,
  options: FitOptions,
  tuning: FitTuning,
  pacer: Pacer,
  onStep: (objective: Objective, best: Evaluation, fraction: number) => void,
): Promise<FirstPass | null> {
  const pixels = { lnObserved: prepared.lnObserved, flux: prepared.flux, weight: stage.weight, lsf: prepared.lsf };
  const initial = new Objective(emulator, pixels, options, tuning, pacer);
  const nuisances = initial.nuisances.start(stage.rv);
  const outcomes = [];
  for (const [k, labels] of stage.starts.entries()) {
    const outcome = await levenbergMarquardt(initial, initial.pack(labels, nuisances), {
      maxIterations: ITERATIONS,
      tolerance: 1,
      onIteration: (best, iteration) => {
        onStep(initial, best, (k + iteration / ITERATIONS) / stage.starts.length);
      },
    });
    if (outcome !== null) outcomes.push(outcome.at);
  }
  const best = outcomes.sort((a, b) => a.objective - b.objective)[0];
  const template = stage.starts[0];
  if (best === undefined || template === undefined) return null;

  const warnings: string[] = [];
  const residualsWith = (weight: Float64Array) =>
    prepared.flux.map((flux, p) => {
      const w = weight[p] ?? 0;
      return w > 0 ? (flux - (best.continuum[p] ?? 0) * (best.model[p] ?? 0)) * Math.sqrt(w) : NaN;
    });
  let survey = stage.weight;
  const clipped = clipOutliers(residualsWith(survey), tuning.clipThreshold);
  const lost = clipped.reduce((sum, flag) => sum + flag, 0);
  if (lost > 0) {
    survey = survey.map((w, p) => (clipped[p] === 1 ? 0 : w));
    warnings.push(`${lost} pixels clipped as cosmic rays or detector faults`);
  }
  let errorScale = 1;
  if (!prepared.ivarIsMeasured) {
    const residuals = residualsWith(survey).filter(Number.isFinite);
    errorScale = residuals.reduce((sum, r) => sum + r * r, 0) / initial.freedom();
    survey = survey.map((w) => w / errorScale);
    warnings.push('The file gives no errors: χ² is scaled to 1');
  }
  const residuals = residualsWith(survey);
  const factor = errorInflation(residuals, tuning.adaptiveWindow);
  const widest = Math.max(...factor);
  if (widest > 1.5) warnings.push(`Errors widened by up to ${widest.toFixed(1)} where the model does not follow the data`);
  const weight = survey.map((w, p) => {
    const f = factor[p] ?? 1;
    return w > 0 ? (w / (f * f)) * huberWeight((residuals[p] ?? 0) / f, tuning.huber) : 0;
  });
  const objective = initial.reweighted(weight);
  const at = objective.evaluateNative(best.z, best.native);
  const start = initial.pack(template, initial.nuisancesOf(best.z));
  return { objective, at, start, surveyWeight: survey, errorScale, clipped, warnings };
}
