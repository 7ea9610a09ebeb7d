import type { LabelName } from './labels.ts';
import type { SamplerName } from './posterior.ts';

export type FitMethod = 'cmaes' | 'lm' | 'mcmc';

/** What is known of a label before the fit, in the label's unit: a Gaussian, or a value that the fit may not change. */
export type PriorChoice = { readonly mean: number; readonly sigma: number } | { readonly fixed: number };

/** What is known of labels before the fit, by label. */
export type GivenLabels = Readonly<Partial<Record<LabelName, PriorChoice>>>;

/** A stretch of wavelengths that is left out, Å in vacuum. */
export interface MaskedRegion {
  readonly from: number;
  readonly to: number;
  readonly why: string;
  /** Whether it moves with the star (the default) or stands in the frame of the spectrum. */
  readonly frame?: 'rest' | 'observed';
}

export interface FitOptions {
  readonly method: FitMethod;
  readonly seed: number;
  /** Ceiling on emulator evaluations (CMA-ES). */
  readonly maxEvaluations: number;
  /** MCMC: which sampler; absent, the one that is cheapest here. And the ceiling on emulated spectra, a gradient counting as three. */
  readonly sampler?: SamplerName;
  readonly maxSampled?: number;
  /** σ of the Gaussian prior on each [X/Fe] about 0, dex, and of that on v_mic about the empirical relation, km/s. */
  readonly priorSigma: Readonly<Partial<Record<LabelName, number>>>;
  /** Priors on any labels, in place of their usual ones: T_eff from photometry, log g from seismology. */
  readonly priors?: GivenLabels;
  /** Wavelength range used, Å vacuum in the star's rest frame. */
  readonly range: readonly [number, number];
  /** Spacing of the continuum spline's knots, Å. */
  readonly knotSpacing: number;
  /** Stretches left out, beside the survey's own masks. */
  readonly maskedRegions: readonly MaskedRegion[];
  /** Leaves out the diffuse interstellar bands too. */
  readonly maskDiffuseBands?: boolean;
}
