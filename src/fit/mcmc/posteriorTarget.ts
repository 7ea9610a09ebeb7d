/**
 * The posterior of a fit as a target for samplers, in the objective's scaled parameters (labels, then nuisances): the objective's own χ²
 * and priors. χ² is divided by its reduced value at the optimum where that exceeds 1, as the Fisher errors are. The wall of the training
 * range, soft for the sake of optimisers, is a hard one here, as far out as leaves a flat density the same mass; the nuisances end where
 * an optimiser would be clamped.
 */
import type { Emulator } from '../../domain/emulator.ts';
import { applyTransposed } from '../../spectra/lsfAdjoint.ts';
import type { Evaluation, Objective } from '../objective.ts';
import type { Pacer } from '../pacer.ts';
import { gaussianRows, wallRows } from '../priors.ts';
import type { Box, Slope, Target } from './target.ts';

/** A gradient is a forward and a backward pass, the latter twice as dear. */
const COST_OF_GRADIENT = 3;

export function boxOf({ size, labelCount, tuning }: Objective): Box {
  const reach = 1 + Math.sqrt(Math.PI / 2) * tuning.wallSigma;
  const upper = Float64Array.from({ length: size }, (_, i) => (i < labelCount ? reach : Infinity));
  return { lower: upper.map((value) => -value), upper };
}

export function supports(objective: Objective, z: Float64Array): boolean {
  const { lower, upper } = boxOf(objective);
  return (
    z.every((value, i) => value > (lower[i] ?? NaN) && value < (upper[i] ?? NaN)) &&
    objective.clamp(z).every((value, i) => Math.abs(value - (z[i] ?? NaN)) < 1e-12)
  );
}

/** ln posterior of an evaluated point. */
function logPosterior({ labelCount, tuning }: Objective, { z, chi2, objective: total }: Evaluation, inflation: number): number {
  const wall = wallRows(z, labelCount, tuning).reduce((sum, { residual }) => sum + residual ** 2, 0);
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
  const nuisances = objective.nuisancesOf(z);
  const operator = objective.operatorAt(nuisances);
  const found: { evaluation: Evaluation; perPixel: Float64Array }[] = [];
  const { flux, gradient } = await emulator.gradient(objective.labelsOf(z), (native) => {
    const evaluation = objective.evaluateNative(z, native);
    const { flux: data, weight } = objective.pixels;
    const perPixel = data.map((d, p) => {
      const continuum = evaluation.continuum[p] ?? 0;
      return ((weight[p] ?? 0) * (d - continuum * (evaluation.model[p] ?? 0)) * continuum) / inflation;
    });
    found.push({ evaluation, perPixel });
    return applyTransposed(operator, perPixel, native.length);
  });
  objective.evaluations += COST_OF_GRADIENT;
  const [at] = found;
  if (at === undefined) throw new Error('the emulator did not ask for the slope of its flux');

  const { nuisances: model, labelCount } = objective;
  const columns = model.columns(nuisances, operator, flux);
  const slope = new Float64Array(z.length);
  objective.info.labels.forEach((label, i) => (slope[i] = label.halfRange * (gradient[i] ?? 0)));
  columns.forEach((column, k) => {
    slope[labelCount + k] = column.reduce((sum, value, p) => sum + value * (at.perPixel[p] ?? 0), 0);
  });
  const rows = [...gaussianRows(z, objective.info, objective.options, objective.tuning), ...model.priorRows(nuisances, labelCount)];
  for (const { residual, gradient: terms } of rows) for (const [i, a] of terms) slope[i] = (slope[i] ?? 0) - a * residual;
  return { value: logPosterior(objective, at.evaluation, inflation), gradient: slope };
}
