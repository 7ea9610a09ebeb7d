import type { ShownResult } from './fit.ts';
import type { LabelName } from './labels.ts';

/** What the value of one label rests on. Same unit as the label. */
export interface LabelBasis {
  readonly value: number;
  readonly sigma: number;
  readonly priorSigma: number;
  /** Fisher information of the data on the label, all others marginalised with their priors: 1/σ² − 1/σ_prior²; 0 where they say nothing. */
  readonly information: number;
  /** Cramér–Rao bound, 1/√information: the σ that the data would leave without the label's own prior; Infinity where they say nothing. */
  readonly cramerRao: number;
  /** Share of the information that is the data's, 0…1. */
  readonly share: number;
  /** Correlation with every other label, strongest first. */
  readonly correlations: readonly { readonly name: LabelName; readonly value: number }[];
}

/** Below this share the difference of two equal numbers is rounding. */
const LEAST_SHARE = 1e-6;

/** Null for a label that the result does not have. */
export function labelBasis({ labels, covariance }: Pick<ShownResult, 'labels' | 'covariance'>, name: string): LabelBasis | null {
  const i = labels.findIndex((label) => label.name === name);
  const label = labels[i];
  if (label === undefined) return null;
  const n = labels.length;
  const { value, sigma, priorFraction } = label;
  const share = Math.max(0, 1 - priorFraction ** 2);
  const information = share < LEAST_SHARE || !(sigma > 0) ? 0 : share / sigma ** 2;
  const correlations = labels
    .map((other, j) => ({ name: other.name, value: sigma * other.sigma > 0 ? (covariance[i * n + j] ?? NaN) / (sigma * other.sigma) : 0 }))
    .filter((_, j) => j !== i)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value));
  return {
    value,
    sigma,
    priorSigma: label.priorSigma ?? sigma / priorFraction,
    information,
    cramerRao: 1 / Math.sqrt(information),
    share,
    correlations,
  };
}
