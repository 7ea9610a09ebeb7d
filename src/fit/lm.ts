/**
 * Levenberg–Marquardt (Marquardt 1963) on the objective's own linearisation. A Jacobian costs some thirty evaluations, so every step tries
 * several dampings as one batch and keeps the best.
 */
import { solveSymmetric } from '../math/symmetric.ts';
import type { Evaluation, Linearised, Objective } from './objective.ts';

export interface LmOptions {
  readonly maxIterations: number;
  /** Converged when a full Gauss–Newton step promises less than this in −2 ln L, or two steps running gained less. */
  readonly tolerance: number;
  readonly onIteration?: (at: Evaluation, iteration: number) => void;
}

export interface LmOutcome {
  readonly at: Linearised;
  readonly converged: boolean;
  readonly iterations: number;
}

const DAMPINGS = [0.1, 1, 10];

/** Minimises from `start` (scaled parameters); null where the start itself cannot be evaluated. Ends linearised at its last point. */
export async function levenbergMarquardt(objective: Objective, start: Float64Array, options: LmOptions): Promise<LmOutcome | null> {
  let at = await objective.linearise(objective.clamp(start));
  if (at === null) return null;
  let damping = 1e-2;
  let idle = 0;
  for (let iteration = 1; iteration <= options.maxIterations; iteration++) {
    if (promisedGain(at) < options.tolerance) return { at, converged: true, iterations: iteration - 1 };
    const step = await tryDampings(objective, at, damping);
    if (step === null) {
      // No damping improves: the model's noise floor, or the wall. Converged only if little was left to gain.
      return { at, converged: promisedGain(at) < 10 * options.tolerance, iterations: iteration - 1 };
    }
    const gain = at.objective - step.evaluation.objective;
    damping = Math.max(1e-7, step.damping);
    options.onIteration?.(step.evaluation, iteration);
    idle = gain < options.tolerance ? idle + 1 : 0;
    const next = await objective.linearise(step.evaluation.z);
    if (next === null) return null;
    at = next;
    if (idle >= 2) return { at, converged: true, iterations: iteration };
  }
  return { at, converged: promisedGain(at) < options.tolerance, iterations: options.maxIterations };
}

/** Decrease of the objective that the quadratic model promises for a full step, walls counted. */
export function promisedGain(at: Linearised): number {
  const step = solveStep(at, 0);
  return step === null ? Infinity : step.reduce((sum, value, i) => sum + value * (at.descent[i] ?? 0), 0);
}

/** The step of the damped normal equations, walls counted; null where they cannot be solved. */
export function solveStep(at: Linearised, damping: number): Float64Array | null {
  const n = at.descent.length;
  const { data, prior, wall } = at.curvature;
  const matrix = data.map((value, k) => value + (prior[k] ?? 0) + (wall[k] ?? 0));
  for (let i = 0; i < n; i++) matrix[i * n + i] = (matrix[i * n + i] ?? 0) * (1 + damping) + 1e-12;
  return solveSymmetric(matrix, at.descent);
}

async function tryDampings(
  objective: Objective,
  at: Linearised,
  damping: number,
): Promise<{ evaluation: Evaluation; damping: number } | null> {
  for (let round = 0, base = damping; round < 3; round++, base *= 1000) {
    const trials = DAMPINGS.flatMap((factor) => {
      const step = solveStep(at, base * factor);
      if (step === null) return [];
      return [{ z: objective.clamp(at.z.map((value, i) => value + (step[i] ?? 0))), damping: base * factor }];
    });
    const evaluations = await objective.evaluateMany(trials.map((trial) => trial.z));
    const ranked = evaluations.map((evaluation, k) => ({ evaluation, damping: trials[k]?.damping ?? base }));
    const best = ranked.sort((a, b) => a.evaluation.objective - b.evaluation.objective)[0];
    if (best !== undefined && best.evaluation.objective < at.objective) return best;
  }
  return null;
}
