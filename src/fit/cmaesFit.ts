/**
 * CMA-ES over the labels. Coordinates are whitened by the Fisher matrix at the start, so that the landscape is nearly round and some
 * thousands of evaluations do in 33 dimensions; velocity and widths are brought up to date by Gauss–Newton at the best point as it goes.
 */
import type { RandomStream } from '../math/random.ts';
import { choleskyFactor, invertSymmetric } from '../math/symmetric.ts';
import { minimise } from './minimise.ts';
import type { Evaluation, Linearised, Objective } from './objective.ts';

export interface CmaFitOptions {
  readonly random: RandomStream;
  readonly maxEvaluations: number;
  /** Initial step in posterior σ at the start. */
  readonly sigma: number;
  /** Stop when the search has narrowed to this many posterior σ. */
  readonly tolerance: number;
  readonly onGeneration?: (best: Evaluation, generation: number) => void;
}

/** Searches from a linearised start, for the best point found. Null where the curvature there is not positive definite. */
export async function cmaesSearch(objective: Objective, start: Linearised, options: CmaFitOptions): Promise<Evaluation | null> {
  const n = objective.size;
  const count = objective.labelCount;
  const { data, prior } = start.curvature;
  const fisher = data.map((value, k) => value + (prior[k] ?? 0));
  // The box is broad but finite: it keeps directions without information from becoming infinitely long.
  objective.prior.flatPrecision().forEach((precision, i) => (fisher[i * n + i] = (fisher[i * n + i] ?? 0) + precision));
  const full = invertSymmetric(fisher, n);
  if (full === null) return null;
  const covariance = new Float64Array(count * count);
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) covariance[i * count + j] = full[i * n + j] ?? 0;
  const root = choleskyFactor(covariance, count);
  if (root === null) return null;

  const origin = start.z;
  let nuisances = origin.slice(count);
  const toParameters = (y: Float64Array): Float64Array => {
    const z = new Float64Array(n);
    for (let i = 0; i < count; i++) {
      let sum = origin[i] ?? 0;
      for (let j = 0; j <= i; j++) sum += (root[i * count + j] ?? 0) * (y[j] ?? 0);
      z[i] = sum;
    }
    z.set(nuisances, count);
    return z;
  };
  let best: Evaluation = start;
  let generations = 0;
  // A search that has narrowed has arrived; one that can go no further begins again with twice the population, while evaluations last.
  await minimise(
    async (points) => {
      const wanted = points.map(toParameters);
      const evaluations = await objective.evaluateMany(wanted.map((z) => objective.clamp(z)));
      for (const evaluation of evaluations) if (evaluation.objective < best.objective) best = evaluation;
      generations++;
      options.onGeneration?.(best, generations);
      if (generations % 15 === 0) {
        best = refineNuisances(objective, best);
        nuisances = best.z.slice(count);
      }
      // Beyond the wall's reach a point is evaluated at the wall; the distance still counts, or the search would drift outside.
      const { wallSigma } = objective.problem.prior;
      return evaluations.map((evaluation, k) => evaluation.objective + distance2(wanted[k], evaluation.z) / wallSigma ** 2);
    },
    {
      mean: new Float64Array(count),
      sigma: options.sigma,
      random: options.random,
      tolX: options.tolerance,
      tolFun: 0.02,
      tolFunHistory: 12,
      maxEvaluations: options.maxEvaluations,
      restarts: Infinity,
      arrived: ['tolx', 'tolfun'],
    },
  );
  return best;
}

/** Brings velocity and widths to their optimum at fixed labels, without the emulator: the native spectrum is in hand. */
export function refineNuisances(objective: Objective, from: Evaluation): Evaluation {
  let best = from;
  const count = objective.labelCount;
  const still = objective.info.labels.map(() => new Float32Array(from.native.length));
  for (let iteration = 0; iteration < 4; iteration++) {
    const at = objective.lineariseNative(best.z, { flux: best.native, derivatives: still });
    if (at === null) return best;
    const step = nuisanceStep(at, count, objective.size);
    if (step === null) return best;
    const trial = objective.evaluateNative(objective.clamp(best.z.map((value, i) => value + (step[i] ?? 0))), best.native);
    if (!(trial.objective < best.objective - 0.01)) return trial.objective < best.objective ? trial : best;
    best = trial;
  }
  return best;
}

function distance2(a: Float64Array | undefined, b: Float64Array): number {
  return b.reduce((sum, value, i) => sum + (value - (a?.[i] ?? value)) ** 2, 0);
}

function nuisanceStep(at: Linearised, count: number, n: number): Float64Array | null {
  const m = n - count;
  const block = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) {
      const k = (count + i) * n + count + j;
      block[i * m + j] = (at.curvature.data[k] ?? 0) + (at.curvature.prior[k] ?? 0);
    }
  }
  const inverse = invertSymmetric(block, m);
  if (inverse === null) return null;
  const step = new Float64Array(n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < m; j++) step[count + i] = (step[count + i] ?? 0) + (inverse[i * m + j] ?? 0) * (at.descent[count + j] ?? 0);
  return step;
}
