/**
 * The posterior of a fit as a target for samplers, in the objective's scaled parameters (labels, then nuisances): the objective's own χ²
 * and priors. χ² is divided by its reduced value at the optimum where that exceeds 1, as the Fisher errors are. The wall of the training
 * range, soft for the sake of optimisers, is a hard one here, as far out as leaves a flat density the same mass; the nuisances end where
 * an optimiser would be clamped.
 */
import type { Emulator } from '../../domain/emulator.ts';
import { applyTransposed } from '../../spectra/lsfAdjoint.ts';
import type { Part } from '../dataTerm.ts';
import type { Evaluation, Objective } from '../objective.ts';
import type { Pacer } from '../pacer.ts';
import type { Box, Slope, Target } from './target.ts';

/** A gradient is a forward and a backward pass, the latter twice as dear. */
const COST_OF_GRADIENT = 3;

/** How far beyond an edge the hard wall stands, in half-ranges. */
export const overhang = ({ problem }: Pick<Objective, 'problem'>): number => Math.sqrt(Math.PI / 2) * problem.prior.wallSigma;

export function boxOf(objective: Objective): Box {
  const { size, labelCount } = objective;
  const reach = 1 + overhang(objective);
  const upper = Float64Array.from({ length: size }, (_, i) => (i < labelCount ? reach : Infinity));
  return { lower: upper.map((value) => -value), upper };
}

export function supports(objective: Objective, z: Float64Array): boolean {
  const { lower, upper } = boxOf(objective);
  return (
    z.every((value, i) => value > (lower[i] ?? NaN) && value < (upper[i] ?? NaN)) &&
    objective.prior.conditions(z).every(({ beyond }) => beyond < overhang(objective)) &&
    objective.bounded(z).every((value, i) => Math.abs(value - (z[i] ?? NaN)) < 1e-12)
  );
}

/** ln posterior of an evaluated point. */
function logPosterior({ prior }: Objective, { z, chi2, objective: total }: Evaluation, inflation: number): number {
  const wall = prior.wallRows(z).reduce((sum, { residual }) => sum + residual ** 2, 0);
  return -0.5 * (chi2 / inflation + (total - chi2 - wall));
}

/** `emulator`: for samplers that use its gradient. */
export function posteriorTarget(objective: Objective, inflation: number, pacer: Pacer, emulator: Emulator | null): Target {
  const target: Target = {
    dimension: objective.size,
    box: boxOf(objective),
    async logDensity(points) {
      const values = new Float64Array(points.length).fill(-Infinity);
      const inside = points.map((z, k) => ({ z, k })).filter(({ z }) => supports(objective, z));
      const evaluations = await objective.evaluateMany(inside.map(({ z }) => z));
      inside.forEach(({ k }, i) => {
        const evaluation = evaluations[i];
        if (evaluation !== undefined) values[k] = logPosterior(objective, evaluation, inflation);
      });
      return values;
    },
  };
  if (emulator === null) return target;
  return {
    ...target,
    async logDensityAndGradient(points) {
      const slopes: Slope[] = [];
      for (const z of points) {
        slopes.push(
          supports(objective, z)
            ? await slopeAt(objective, inflation, emulator, z)
            : { value: -Infinity, gradient: new Float64Array(z.length) },
        );
        await pacer.pause();
      }
      return slopes;
    },
  };
}

/**
 * Value and gradient at a point. The continuum is profiled: at its optimum χ² has no slope along it, so that the gradient is the partial one
 * (envelope theorem), −2 w (d − C·M) C per pixel, carried to the native grid by the transposed LSF operator and through the emulator.
 */
async function slopeAt(objective: Objective, inflation: number, emulator: Emulator, z: Float64Array): Promise<Slope> {
  const at = objective.terms.map((term, t) => {
    const nuisances = objective.nuisancesOf(z, t);
    return { term, nuisances, operator: term.operatorAt(nuisances) };
  });
  const found: { evaluation: Evaluation; perPixel: readonly Float64Array[] }[] = [];
  const { flux, gradient } = await emulator.gradient(objective.labelsOf(z), (native) => {
    const evaluation = objective.evaluateNative(z, native);
    const perPixel = at.map(({ term }, t) => {
      const part = evaluation.parts[t] as Part;
      return term.weightedResidual(part).map((r, p) => (r * (part.continuum[p] ?? 0)) / inflation);
    });
    found.push({ evaluation, perPixel });
    const [slope, ...others] = at.map(({ operator }, t) => applyTransposed(operator, perPixel[t] as Float64Array, native.length));
    return others.reduce((sum, one) => sum.map((value, i) => value + (one[i] ?? 0)), slope as Float32Array);
  });
  objective.evaluations += COST_OF_GRADIENT;
  const [reached] = found;
  if (reached === undefined) throw new Error('the emulator did not ask for the slope of its flux');

  const slope = new Float64Array(z.length);
  objective.info.labels.forEach((label, i) => (slope[i] = label.halfRange * (gradient[i] ?? 0)));
  let next = objective.labelCount;
  at.forEach(({ term, nuisances, operator }, t) => {
    for (const column of term.nuisances.columns(nuisances, operator, flux))
      slope[next++] = column.reduce((sum, value, p) => sum + value * (reached.perPixel[t]?.[p] ?? 0), 0);
  });
  for (const { residual, gradient: terms } of objective.priorRows(z)) for (const [i, a] of terms) slope[i] = (slope[i] ?? 0) - a * residual;
  return { value: logPosterior(objective, reached.evaluation, inflation), gradient: slope };
}
