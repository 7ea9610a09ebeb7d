/** What the data know at the optimum: covariance from the Fisher matrix with continuum, velocity and widths marginalised, and flags. */
import type { FittedLabel, LabelFlag } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { conditionText } from '../domain/region.ts';
import { invertSymmetric } from '../math/symmetric.ts';
import { labelVariances, noiseShare } from './errorBudget.ts';
import type { Linearised, Objective } from './objective.ts';

export interface Uncertainty {
  /** Covariance of labels in physical units, row-major. */
  readonly covariance: Float64Array;
  /** Covariance of all scaled parameters, row-major. */
  readonly scaled: Float64Array;
  /** Precision of the priors that it was found with, a flat one by its width; of all scaled parameters, row-major. */
  readonly prior: Float64Array;
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
  const prior = at.curvature.prior.slice();
  objective.prior.flatPrecision().forEach((precision, i) => (prior[i * n + i] = (prior[i * n + i] ?? 0) + precision));
  const fisher = at.curvature.data.map((value, k) => value / inflation + (prior[k] ?? 0));
  const scaled = invertSymmetric(fisher, n);
  if (scaled === null) return null;
  const covariance = new Float64Array(count * count);
  const unit = objective.info.labels.map(({ halfRange }, i) => (objective.prior.fixed(i) === null ? halfRange : 0));
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) covariance[i * count + j] = (scaled[i * n + j] ?? 0) * (unit[i] ?? 0) * (unit[j] ?? 0);
  const gradient = objective.first.nuisances.meanVelocityGradient();
  let variance = 0;
  gradient.forEach((a, i) => {
    gradient.forEach((b, j) => (variance += a * b * (scaled[(count + i) * n + count + j] ?? 0)));
  });
  return { covariance, scaled, prior, rvSigma: Math.sqrt(variance) };
}

/**
 * σ of each label (physical units) by what another exposure of the same star would not share: photon noise, and velocity and widths drawn anew
 * from their priors. The errors that are added to the noise for the model's sake (floor, widening) would come out the same and are no part of
 * it: A⁻¹ (Jᵀ W N W J + P) A⁻¹, with A⁻¹ = `scaled` the posterior covariance, N the variance of the noise and P the prior of the nuisances. 0 for a fixed label.
 */
export function exposureSigma(objective: Objective, at: Linearised, scaled: Float64Array, chi2Reduced: number): Float64Array {
  const n = objective.size;
  const inflation = Math.max(1, chi2Reduced);
  const scatter = objective.gram(
    at.parts,
    objective.terms.map((term) => term.rowsOf(noiseShare(term, inflation), 0)),
  );
  for (let i = objective.labelCount; i < n; i++)
    for (let j = objective.labelCount; j < n; j++) scatter[i * n + j] = (scatter[i * n + j] ?? 0) + (at.curvature.prior[i * n + j] ?? 0);
  return labelVariances(objective, scatter, scaled).map(Math.sqrt);
}

/** A condition of the model's region that a fit ended at, or beyond. */
export interface RegionEdge {
  /** In words. */
  readonly text: string;
  /** Labels that it joins, the one that it bounds first. */
  readonly labels: readonly [LabelName, LabelName];
  /** The second label is at an edge of its own range as well. */
  readonly otherAtEdge: boolean;
}

/** The conditions of the model's region that a fit ended at, or beyond: an edge although each label is in its own range. */
export function edgesOfRegion({ info, problem, prior }: Objective, z: Float64Array): RegionEdge[] {
  const { wallSigma } = problem.prior;
  const scaled = (name: LabelName): number => z[info.labels.findIndex((label) => label.name === name)] ?? 0;
  return prior
    .conditions(z)
    .filter(({ beyond }) => beyond > -wallSigma)
    .map(({ condition, beyond }) => ({
      text: beyond > 0 ? conditionText(condition) : condition.text,
      labels: condition.labels,
      otherAtEdge: Math.abs(scaled(condition.labels[1])) - 1 > -wallSigma,
    }));
}

/** Values with σ, prior fraction and flags, by the covariance of labels in physical units. */
export function describeLabels(
  { labelCount: count, problem, prior }: Objective,
  z: Float64Array,
  { covariance }: Pick<Uncertainty, 'covariance'>,
  converged: boolean,
): FittedLabel[] {
  const { wallSigma } = problem.prior;
  const conditions = prior.conditions(z);
  return problem.labels.map((label, i) => {
    const held = prior.fixed(i);
    if (held !== null) return { name: label.name, value: held, sigma: 0, priorFraction: 1, priorSigma: 0, flags: ['fixed'] };
    const sigma = Math.sqrt(covariance[i * count + i] ?? NaN);
    const priorSigma = prior.sigma(i);
    const priorFraction = Math.min(1, sigma / priorSigma);
    const x = z[i] ?? 0;
    // How far beyond an edge of its own, or of a condition that it is part of.
    const joined = conditions.filter(({ gradient }) => gradient.some(([j, slope]) => j === i && slope !== 0));
    const beyond = Math.max(Math.abs(x) - 1, ...joined.map((condition) => condition.beyond));
    const flags: LabelFlag[] = [];
    if (!converged) flags.push('not-converged');
    if (beyond > wallSigma) flags.push('out-of-range');
    else if (beyond > -wallSigma) flags.push('at-bound');
    if (priorFraction > problem.priorDominated)
      flags.push(problem.options.priors?.[label.name] === undefined ? 'prior-dominated' : 'given');
    return { name: label.name, value: label.centre + label.halfRange * x, sigma, priorFraction, priorSigma, flags };
  });
}
