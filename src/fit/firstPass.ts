/**
 * The first pass: a few Levenberg–Marquardt steps from one or two templates, to see cosmic rays and to learn how far the errors can be
 * believed. What follows works with fixed weights.
 */
import type { FitTuning } from './defaults.ts';
import { levenbergMarquardt } from './lm.ts';
import type { Evaluation, Objective } from './objective.ts';
import { reposed, withNature } from './pose.ts';
import { weightsFromResiduals } from './residualWeights.ts';
import type { VelocityStage } from './velocity.ts';

export interface FirstPass {
  /** The problem with its final weights. */
  readonly objective: Objective;
  /** Best point so far, and the start (best template, with the velocity and widths found) for a search that wants to begin afresh. */
  readonly at: Evaluation;
  readonly start: Float64Array;
  readonly warnings: readonly string[];
}

const ITERATIONS = 4;

/** From a problem of one data set with its first weights. Null where the emulator gives no finite model. */
export async function firstPass(
  initial: Objective,
  stage: VelocityStage,
  tuning: FitTuning,
  onStep: (objective: Objective, best: Evaluation, fraction: number) => void,
): Promise<FirstPass | null> {
  const nuisances = initial.first.nuisances.start(stage.rv);
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

  const learnt = learn(initial, best, tuning);
  const { objective } = learnt;
  const at = objective.evaluateNative(best.z, best.native);
  const start = initial.pack(template, initial.nuisancesOf(best.z));
  return { objective, at, start, warnings: learnt.warnings };
}

/**
 * The problem with the weights it is fitted with from here on: the model's error at the type and with the lines of `best`, where it has been measured,
 * then what the residuals teach.
 */
export function learn(
  initial: Objective,
  best: Evaluation,
  tuning: FitTuning,
): { readonly objective: Objective; readonly warnings: readonly string[] } {
  const { nature } = tuning;
  let [objective, part] = [initial, best.parts[0]];
  const warnings: string[] = [];
  if (nature !== null) {
    const rv = initial.first.nuisances.meanVelocity(initial.nuisancesOf(best.z));
    const known = withNature(initial.problem, nature, { labels: initial.labelsOf(best.z), rv, part, network: tuning.networkError });
    if (known.note !== null) warnings.push(known.note);
    objective = initial.posed(known.problem);
    [part] = objective.evaluateNative(best.z, best.native).parts;
  }
  const weights = weightsFromResiduals(objective.problem.data[0], part, objective.freedom(), tuning);
  return { objective: objective.posed(reposed(objective.problem, weights)), warnings: [...warnings, ...weights.warnings] };
}
