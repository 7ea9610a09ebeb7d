/** What the data know at the optimum: covariance from the Fisher matrix with continuum, velocity and widths marginalised, and flags. */
import type { FittedLabel, LabelFlag } from '../domain/fit.ts';
import { isElement } from '../domain/labels.ts';
import { invertSymmetric } from '../math/symmetric.ts';
import { gram, type Linearised, type Objective } from './objective.ts';
import { priorSigmaOf } from './priors.ts';

export interface Uncertainty {
  /** Covariance of labels in physical units, row-major. */
  readonly covariance: Float64Array;
  /** Covariance of all scaled parameters, row-major. */
  readonly scaled: Float64Array;
  /** σ of the mean velocity, km/s. */
  readonly rvSigma: number;
}

/**
 * Posterior covariance (data/max(1, reduced χ²) + Gaussian priors)⁻¹; the box is taken into account as a broad Gaussian of its own width,
 * so that a label without information has the box's σ. Null where the curvature cannot be inverted (our emulator gave NaN).
 */
export function uncertaintyAt(objective: Objective, at: Linearised, chi2Reduced: number): Uncertainty | null {
  const n = objective.size;
  const count = objective.labelCount;
  const inflation = Math.max(1, chi2Reduced);
  const fisher = at.curvature.data.map((value, k) => value / inflation + (at.curvature.prior[k] ?? 0));
  objective.info.labels.forEach((label, i) => {
    // Width 2 in scaled units: variance 4/12.
    if (!isElement(label.name) && label.name !== 'vmic') fisher[i * n + i] = (fisher[i * n + i] ?? 0) + 3;
  });
  const scaled = invertSymmetric(fisher, n);
  if (scaled === null) return null;
  const covariance = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      covariance[i * count + j] =
        (scaled[i * n + j] ?? 0) * (objective.info.labels[i]?.halfRange ?? 0) * (objective.info.labels[j]?.halfRange ?? 0);
    }
  }
  const gradient = objective.nuisances.meanVelocityGradient();
  let variance = 0;
  gradient.forEach((a, i) => {
    gradient.forEach((b, j) => (variance += a * b * (scaled[(count + i) * n + count + j] ?? 0)));
  });
  return { covariance, scaled, rvSigma: Math.sqrt(variance) };
}

/**
 * σ of each label (physical units) by what another exposure of the same star would not share: photon noise, and velocity and widths drawn anew
 * from their priors. The errors that are added to the noise for the model's sake (floor, widening) would come out the same and are no part of
 * it: A⁻¹ (Jᵀ W N W J + P) A⁻¹, with A⁻¹ = `scaled` the posterior covariance, N the variance of the noise and P the prior of the nuisances.
 */
export function exposureSigma(
  objective: Objective,
  at: Linearised,
  scaled: Float64Array,
  chi2Reduced: number,
  ivar: Float64Array,
): Float64Array {
  const n = objective.size;
  const count = objective.labelCount;
  const inflation = Math.max(1, chi2Reduced);
  const { weight } = objective.pixels;
  const share = weight.map((w, p) => (w > 0 ? (w / inflation) ** 2 / (ivar[p] ?? 0) : 0));
  const scatter = gram(at.columns, share);
  for (let i = count; i < n; i++)
    for (let j = count; j < n; j++) scatter[i * n + j] = (scatter[i * n + j] ?? 0) + (at.curvature.prior[i * n + j] ?? 0);
  return Float64Array.from({ length: count }, (_, k) => {
    let variance = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (scatter[i * n + j] ?? 0) * (scaled[k * n + j] ?? 0);
      variance += sum * (scaled[k * n + i] ?? 0);
    }
    return (objective.info.labels[k]?.halfRange ?? NaN) * Math.sqrt(variance);
  });
}

/** Values with σ, prior fraction and flags. */
export function describeLabels(objective: Objective, z: Float64Array, uncertainty: Uncertainty, converged: boolean): FittedLabel[] {
  const count = objective.labelCount;
  const { tuning, options } = objective;
  return objective.info.labels.map((label, i) => {
    const sigma = Math.sqrt(uncertainty.covariance[i * count + i] ?? NaN);
    const priorFraction = Math.min(1, sigma / priorSigmaOf(label, options, tuning));
    const x = z[i] ?? 0;
    const flags: LabelFlag[] = [];
    if (!converged) flags.push('not-converged');
    if (Math.abs(x) > 1 + tuning.wallSigma) flags.push('out-of-range');
    else if (Math.abs(x) > 1 - tuning.wallSigma) flags.push('at-bound');
    if (priorFraction > tuning.priorDominated) flags.push('prior-dominated');
    return { name: label.name, value: label.centre + label.halfRange * x, sigma, priorFraction, flags };
  });
}
