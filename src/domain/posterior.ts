import type { LabelName } from './labels.ts';

/**
 * How a posterior is sampled. `turns`: preconditioned Crank–Nicolson in a Gaussian that stands in for it, one spectrum a step;
 * `hamiltonian`: the same with kicks by the emulator's gradient; `ensemble`: affine-invariant, stretch and differential-evolution moves.
 */
export type SamplerName = 'turns' | 'hamiltonian' | 'ensemble';

/** A label has converged below this R̂ and from this bulk effective size on (Vehtari et al. 2021). */
export const RHAT_LIMIT = 1.01;
export const FEWEST_EFFECTIVE = 400;

/** What the draws say of one label, in its own unit. */
export interface LabelPosterior {
  readonly name: LabelName;
  readonly mean: number;
  readonly sigma: number;
  /** 5, 16, 50, 84 and 95 %. */
  readonly quantiles: readonly [number, number, number, number, number];
  /** Rank-normalised split R̂, and effective sample sizes of bulk and tails (Vehtari et al. 2021); NaN where nothing varies. */
  readonly rhat: number;
  readonly essBulk: number;
  readonly essTail: number;
  /** Integrated autocorrelation time, steps. */
  readonly tau: number;
  /** R̂ < 1.01 and bulk effective size ≥ 400. */
  readonly converged: boolean;
}

/** A sampled posterior. */
export interface Posterior {
  readonly sampler: SamplerName;
  readonly labels: readonly LabelPosterior[];
  /** Covariance of the draws, order of `labels`, row-major n×n, mixed units. */
  readonly covariance: Float64Array;
  /** Share of moves that were accepted. */
  readonly acceptance: number;
  /** Steps after warm-up. */
  readonly steps: number;
  /** Draws thinned for plots: an array per label, chains one after another and equally long. */
  readonly sample: { readonly chains: number; readonly draws: readonly Float64Array[] };
}

/** What is known while it is being sampled. */
export interface SamplingProgress {
  readonly step: number;
  readonly worstRhat: { readonly label: string; readonly value: number } | null;
  readonly worstEss: { readonly label: string; readonly value: number } | null;
  /** The draws of a few labels so far, an array per chain, thinned. */
  readonly traces: readonly { readonly label: string; readonly chains: readonly Float64Array[] }[];
}
