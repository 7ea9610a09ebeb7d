/**
 * The problem that a fit solves, as plain data: it can be stored, sent to a worker and solved again to the same digits. Builders make problems
 * (of a file, an injected star, a draw of the prior); optimisers, samplers, bounds, redrawing and plots read them. Whatever a weight, a prior or a
 * nuisance is, it stands here, and nothing works it out a second time.
 */
import type { ManifestLabel } from './emulator.ts';
import type { FitOptions } from './fitOptions.ts';
import type { Region } from './region.ts';
import { PIXEL_REASONS, type Spectrum } from './spectrum.ts';

/** Raised with every change of `Problem` or `Solution` that an earlier program could not read. */
export const SOLUTION_FORMAT = 1;

/** The bundle a problem is posed with: its id and the checksum of its weights, empty where there are none (tests, synthesis). */
export interface ModelIdentity {
  readonly id: string;
  readonly weights: string;
}

/** Why a pixel has the weight it has; `DataSet.reason` holds the index. New reasons go to the end: files hold the index. */
export const FIT_REASONS = [
  'good',
  'outside the fitted range',
  'no information',
  'survey mask',
  'telluric band',
  'interstellar line',
  'left out by the person',
  'clipped',
  'no finite flux',
  'no error',
  'filled: constant or interpolated',
  'placeholder instead of a flux',
  'wild: far beyond any spectral line',
] as const;
export type FitReason = (typeof FIT_REASONS)[number];
export const reasonCode = (reason: FitReason): number => FIT_REASONS.indexOf(reason);

const READ_REASONS: Readonly<Record<(typeof PIXEL_REASONS)[number], FitReason>> = {
  used: 'good',
  'no finite flux': 'no finite flux',
  'masked by the file': 'survey mask',
  'no error': 'no error',
  'filled: constant or interpolated': 'filled: constant or interpolated',
  'placeholder instead of a flux': 'placeholder instead of a flux',
  'wild: far beyond any spectral line': 'wild: far beyond any spectral line',
};

/** Why the reader left out pixel `p`; `good` where it did not, or where no reader made the spectrum. */
export const readerReason = ({ reason }: Pick<Spectrum, 'reason'>, p: number): FitReason =>
  READ_REASONS[PIXEL_REASONS[reason?.[p] ?? 0] ?? 'used'];

/** 1 for the pixels of a data set that carry this reason. */
export const pixelsOf = ({ reason }: Pick<DataSet, 'reason'>, wanted: FitReason): Uint8Array =>
  reason.map((code) => (code === reasonCode(wanted) ? 1 : 0));

/** The prior of one label, in its own unit. All but `fixed` end at a soft wall at the edge of the training range. */
export type LabelPrior =
  | { readonly kind: 'flat' }
  | { readonly kind: 'normal'; readonly mean: number; readonly sigma: number }
  /** About the empirical v_mic of T_eff, log g and [Fe/H]. */
  | { readonly kind: 'vmic-relation'; readonly sigma: number }
  | { readonly kind: 'fixed'; readonly value: number };

export interface Prior {
  /** In the order of `Problem.labels`. */
  readonly labels: readonly LabelPrior[];
  /** σ of the soft wall, in half-ranges beyond the edge. */
  readonly wallSigma: number;
  /** Conditions that join labels: the wall stands there, too. Absent where the model states none. */
  readonly region?: Region;
}

/** What a spectrograph may add to a star; `NuisanceModel` has the order of the vector. */
export interface NuisanceLayout {
  /** Wavelengths (Å) between which a correction to the velocity is interpolated, and its prior σ in km/s. */
  readonly warpNodes: readonly number[];
  readonly warpSigma: number;
  /** Wavelengths (Å) between which the relative change of the LSF's variance is interpolated, and its prior σ. */
  readonly broadeningNodes: readonly number[];
  readonly broadeningSigma: number;
}

/** How far the model of a problem misses the star beside the noise. Arrays run over the data set's pixels, in its unit of flux. */
export interface ModelError {
  /** Measured on stars of this type; the floor of a model for which nobody has; the emulator's own alone, of a simulated star. */
  readonly source: 'measured' | 'floor' | 'emulator';
  /** σ of a single pixel: physics that is left out ⊕ the emulator's own error. */
  readonly sigma: Float64Array;
  /** The emulator's own part of `sigma`. */
  readonly network: Float64Array;
  /** By how much the variance of `sigma` is raised in `DataSet.weight` for what neighbouring pixels share; 1 where `sigma` has it already. */
  readonly shared: number;
  /** What all pixels of the spectrum share, each with an amplitude of its own that is 0 ± 1 before the fit and marginalised in it. */
  readonly shapes: readonly Float64Array[];
}

/** One spectrum of the star with all that weighs it. Arrays run over the spectrum's own pixels; flux is in units of `scale`. */
export interface DataSet {
  readonly spectrum: Spectrum;
  /** `Spectrum.flux` divided by this is `flux`. */
  readonly scale: number;
  /** ln of the observed vacuum wavelength in Å. */
  readonly lnWavelength: Float64Array;
  /** 0 where a pixel is not good. */
  readonly flux: Float64Array;
  /** Inverse variance of the noise: as the survey states it, corrected by what is known of it; 0 where a pixel is not good. */
  readonly ivar: Float64Array;
  /** 1/(noise² + error of the model²), before anything is widened, and scaled where the file gives no errors; 0 where unused. */
  readonly surveyWeight: Float64Array;
  /** The weight in the fit: `surveyWeight` after widening and the softening of outliers; 0 where unused. */
  readonly weight: Float64Array;
  /** Absent in problems of an earlier version, and where the model is taken for exact. */
  readonly modelError?: ModelError;
  /** Index into `FIT_REASONS`: `good` where the weight is positive. */
  readonly reason: Uint8Array;
  /** Factor by which `surveyWeight` was divided because the file gives no errors; 1 where it gives them. */
  readonly errorScale: number;
  readonly nuisances: NuisanceLayout;
  /** Spacing of the continuum's knots, Å. */
  readonly knotSpacing: number;
}

export interface Problem {
  readonly format: typeof SOLUTION_FORMAT;
  readonly model: ModelIdentity;
  /** Names and scaling of the labels, so that a solution can be read without the model. */
  readonly labels: readonly ManifestLabel[];
  readonly options: FitOptions;
  readonly prior: Prior;
  /** Posterior over prior σ above which a label is called prior-dominated. */
  readonly priorDominated: number;
  /** Spectra of one star: they share the labels, and each has nuisances of its own. −2 ln P is a sum over them. */
  readonly data: readonly [DataSet, ...DataSet[]];
}
