import type { BackendReport } from './emulator.ts';
import type { LabelName } from './labels.ts';
import type { Posterior, SamplerName, SamplingProgress } from './posterior.ts';
import type { Failure } from './result.ts';

export type FitMethod = 'cmaes' | 'lm' | 'mcmc';

/** Problems of one label's value, worst first. An empty list is `ok`. */
export type LabelFlag = 'unreliable' | 'not-converged' | 'out-of-range' | 'at-bound' | 'prior-dominated' | 'uncalibrated';
export const FLAG_ORDER: readonly LabelFlag[] = [
  'unreliable',
  'not-converged',
  'out-of-range',
  'at-bound',
  'prior-dominated',
  'uncalibrated',
];

/** The worst flag as one word: `ok` when there is none. */
export function worstFlag(flags: readonly LabelFlag[]): LabelFlag | 'ok' {
  return FLAG_ORDER.find((flag) => flags.includes(flag)) ?? 'ok';
}

/** One fitted label: [Fe/H] and [X/Fe] in dex, T_eff in K, v_mic in km/s. */
export interface FittedLabel {
  readonly name: LabelName;
  readonly value: number;
  /** 68 % posterior σ (Fisher + prior) at the optimum. */
  readonly sigma: number;
  /** Posterior σ over prior σ: near 1 the data say nothing. */
  readonly priorFraction: number;
  /** The part of σ that another exposure of the same star would not share: its noise, not the model's error. Absent where the noise is unknown. */
  readonly exposureSigma?: number;
  readonly flags: readonly LabelFlag[];
}

/** A doubt about a result as a whole, with what to do. Where it `spoilsLabels`, every label carries the flag `unreliable`. */
export interface FitAlert extends Failure {
  readonly spoilsLabels: boolean;
}

export interface FitOptions {
  readonly method: FitMethod;
  readonly seed: number;
  /** Ceiling on emulator evaluations (CMA-ES). */
  readonly maxEvaluations: number;
  /** MCMC: which sampler; absent, the one that is cheapest here. And the ceiling on emulated spectra, a gradient counting as three. */
  readonly sampler?: SamplerName;
  readonly maxSampled?: number;
  /** σ of the Gaussian prior on each [X/Fe], dex. */
  readonly priorSigma: Readonly<Partial<Record<LabelName, number>>>;
  /** Wavelength range used, Å vacuum in the star's rest frame. */
  readonly range: readonly [number, number];
  /** Spacing of the continuum spline's knots, Å. */
  readonly knotSpacing: number;
  /** Rest-frame regions left out, Å vacuum, beside the survey's own masks. */
  readonly maskedRegions: readonly { readonly from: number; readonly to: number; readonly why: string }[];
  /** Leaves out the diffuse interstellar bands too. */
  readonly maskDiffuseBands?: boolean;
}

/** Progress of a fit, at most ten a second. */
export interface FitProgress {
  readonly stage: 'reading' | 'velocity' | 'search' | 'optimise' | 'sampling' | 'errors';
  readonly message: string;
  /** 0…1, an honest guess. */
  readonly fraction: number;
  readonly evaluations: number;
  readonly chi2Reduced: number | null;
  /** Best-so-far labels by name, and model on the observed pixels (continuum included), where there is one. */
  readonly best: { readonly labels: Readonly<Record<string, number>>; readonly model: Float64Array } | null;
  /** MCMC, while it samples. */
  readonly sampling?: SamplingProgress;
}

/** Everything a fit says. Arrays run over the spectrum's own pixels. */
export interface FitResult {
  readonly spectrumId: string;
  /** The spectrum came from a model: a calibration of models against nature does not apply to it. */
  readonly simulated: boolean;
  readonly model: string;
  readonly backend: BackendReport;
  readonly method: FitMethod;
  readonly seed: number;
  readonly seconds: number;
  readonly evaluations: number;
  readonly converged: boolean;
  readonly chi2Reduced: number;
  readonly pixelsUsed: number;
  /** Radial velocity in the spectrum's own frame, km/s. */
  readonly rv: { readonly value: number; readonly sigma: number };
  /** Effective resolving power λ/FWHM at 5500 Å, extra broadening included. */
  readonly resolvingPower: number;
  readonly snr: number;
  readonly labels: readonly FittedLabel[];
  /** Covariance of `labels` (same order), row-major n×n, mixed units. */
  readonly covariance: Float64Array;
  /** Velocity, its corrections and changes of width along the spectrum, and Å between knots, as fitted: to lay another model over the same pixels. */
  readonly nuisances?: Float64Array;
  readonly knotSpacing?: number;
  /** Model × continuum, in the spectrum's flux unit. */
  readonly modelFlux: Float64Array;
  readonly continuum: Float64Array;
  /** (flux − model)/σ with the fit's error model; NaN where masked. */
  readonly residuals: Float64Array;
  /** 1 where the pixel entered χ². */
  readonly used: Uint8Array;
  /** Rest-frame vacuum wavelength of each pixel, Å. */
  readonly restWavelength: Float64Array;
  /** 1 where the pixel was clipped as a cosmic ray or a fault of the detector. */
  readonly clipped?: Uint8Array;
  readonly warnings: readonly string[];
  /** MCMC: `labels` and `covariance` are means, standard deviations and covariance of these draws; the model drawn is the optimum's. */
  readonly posterior?: Posterior;
  /** Worst first; absent or empty where nothing is doubtful. */
  readonly alerts?: readonly FitAlert[];
}

/** A label or abundance with its calibrated value beside the raw one; null where uncalibrated. */
export interface CalibratedValue {
  readonly value: number;
  readonly sigma: number;
  readonly calibrated: number | null;
  readonly sigmaCalibrated: number | null;
  readonly flags: readonly LabelFlag[];
}
export interface CalibratedLabels {
  readonly calibration: string;
  /** teff, logg, vmic, feh. */
  readonly parameters: Readonly<Record<string, CalibratedValue>>;
  /** [X/H] in dex per element, from [X/Fe] + [Fe/H] with their covariance. */
  readonly abundances: Readonly<Record<string, CalibratedValue>>;
}
