/**
 * The first pass: a few Levenberg–Marquardt steps from one or two templates, to see cosmic rays and to learn how far the errors can be
 * believed. What follows works with fixed weights.
 */
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import type { FitTuning } from './defaults.ts';
import { levenbergMarquardt } from './lm.ts';
import type { Evaluation } from './objective.ts';
import { Objective } from './objective.ts';
import type { Pacer } from './pacer.ts';
import type { PreparedSpectrum } from './prepare.ts';
import type { VelocityStage } from './velocity.ts';
import { weightsFromResiduals, type ResidualWeights } from './residualWeights.ts';

export interface FirstPass extends ResidualWeights {
  /** The problem with its final weights. */
  readonly objective: Objective;
  /** Best point so far, and the start (best template, with the velocity and widths found) for a search that wants to begin afresh. */
  readonly at: Evaluation;
  readonly start: Float64Array;
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

  const weights = weightsFromResiduals(prepared, stage.weight, best, initial.freedom(), tuning);
  const objective = initial.reweighted(weights.weight);
  const at = objective.evaluateNative(best.z, best.native);
  const start = initial.pack(template, initial.nuisancesOf(best.z));
  return { ...weights, objective, at, start };
}
