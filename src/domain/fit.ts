import type { BackendReport } from './emulator.ts';
import type { LabelName } from './labels.ts';
import type { FitMethod } from './fitOptions.ts';
import type { Posterior, SamplingProgress } from './posterior.ts';
import type { Problem, SOLUTION_FORMAT } from './problem.ts';
import type { Failure } from './result.ts';

export type { FitMethod, FitOptions } from './fitOptions.ts';

/**
 * Problems of one label's value, worst first. `fixed` and `given` are what a person knew and the spectrum did not decide: a value held, and a prior
 * that outweighs the data; `prior-dominated` is that of a prior that nobody chose. `model-dominated`: the data tell, but by way of what the model gets wrong.
 * `solar-zero-point`: calibrated by the Sun alone. An empty list is `ok`.
 */
export type LabelFlag =
  | 'unreliable'
  | 'not-converged'
  | 'out-of-range'
  | 'at-bound'
  | 'model-dominated'
  | 'prior-dominated'
  | 'fixed'
  | 'given'
  | 'uncalibrated'
  | 'solar-zero-point';
export const FLAG_ORDER: readonly LabelFlag[] = [
  'unreliable',
  'not-converged',
  'out-of-range',
  'at-bound',
  'model-dominated',
  'prior-dominated',
  'fixed',
  'given',
  'uncalibrated',
  'solar-zero-point',
];

/** The worst flag as one word: `ok` when there is none. */
export function worstFlag(flags: readonly LabelFlag[]): LabelFlag | 'ok' {
  return FLAG_ORDER.find((flag) => flags.includes(flag)) ?? 'ok';
}

/** A label counts as measured where its worst flag says no more than how it is calibrated. */
export const isMeasuredFlag = (flag: string | undefined): boolean =>
  flag === 'ok' || flag === 'uncalibrated' || flag === 'solar-zero-point';

/** Parts of a label's σ, in its unit: what remains to σ² beside their squares is the priors'. */
export interface ErrorBudget {
  /** Photon noise. */
  readonly noise: number;
  /** The model's error but for the emulator's own: physics and lines. */
  readonly model: number;
  /** The emulator's own error. */
  readonly network: number;
}

/** One fitted label: [Fe/H] and [X/Fe] in dex, T_eff in K, v_mic in km/s. */
export interface FittedLabel {
  readonly name: LabelName;
  readonly value: number;
  /** 68 % posterior σ (Fisher + prior) at the optimum. */
  readonly sigma: number;
  /** Posterior σ over prior σ, at most 1: near 1 the data say nothing. */
  readonly priorFraction: number;
  /** σ of the prior, in the label's unit; of a flat one, of its width. Absent in results of an earlier version. */
  readonly priorSigma?: number;
  /** The part of σ that another exposure of the same star would not share: its noise, not the model's error. Absent where the noise is unknown. */
  readonly exposureSigma?: number;
  /** What σ is made of; absent in results of an earlier version. */
  readonly errors?: ErrorBudget;
  /** Why it is flagged `model-dominated`. */
  readonly doubt?: string;
  readonly flags: readonly LabelFlag[];
}

/** A doubt about a result as a whole, with what to do. Where it `spoilsLabels`, every label carries the flag `unreliable`. */
export interface FitAlert extends Failure {
  readonly spoilsLabels: boolean;
  /** The stretches it rests on, where it is known to rest on some: Å, vacuum, in the star's frame. Left out, the fit may be believed. */
  readonly where?: readonly (readonly [from: number, to: number])[];
}

/** Progress of a fit, at most ten a second. */
export interface FitProgress {
  readonly stage: 'reading' | 'velocity' | 'search' | 'optimise' | 'sampling' | 'errors';
  readonly message: string;
  /** 0…1, an honest guess. */
  readonly fraction: number;
  readonly evaluations: number;
  /** As `Solution.chi2Reduced`; null before there is a model. */
  readonly chi2Reduced: number | null;
  /** Best-so-far labels by name, and model on the observed pixels (continuum included), where there is one. */
  readonly best: { readonly labels: Readonly<Record<string, number>>; readonly model: Float64Array } | null;
  /** MCMC, while it samples. */
  readonly sampling?: SamplingProgress;
}

/** Everything a fit says: the problem and where its solution lies, then what follows from the two. Arrays run over the spectrum's own pixels. */
export interface Solution {
  readonly format: typeof SOLUTION_FORMAT;
  readonly problem: Problem;
  /** The optimum in the problem's scaled parameters: (label − centre)/halfRange, then the nuisances of each data set. */
  readonly z: Float64Array;
  /** Curvature at `z` of −½ ln of the likelihood (Jᵀ W J, the continuum projected out) and of the prior (a flat one by its width), row-major. */
  readonly curvature: { readonly data: Float64Array; readonly prior: Float64Array };
  /** Covariance of all scaled parameters, (data/max(1, `chi2ReducedWidened`) + prior)⁻¹, row-major; of a sampled fit too. */
  readonly scaledCovariance: Float64Array;
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
  /** χ² per degree of freedom against the survey's errors and the model's own: how well the model describes the spectrum. */
  readonly chi2Reduced: number;
  /** The same against the errors as the fit widened them where the model does not follow the data: near 1 where the widening succeeds. */
  readonly chi2ReducedWidened: number;
  readonly pixelsUsed: number;
  /**
   * Distance of the labels to the nearest training star of the model, over the usual distance between one and its nearest neighbour: up to 1 or so the
   * model interpolates. Absent where the model does not say where its training stars lie.
   */
  readonly trainingDistance?: number;
  /** Radial velocity in the spectrum's own frame, km/s. */
  readonly rv: { readonly value: number; readonly sigma: number };
  /** Effective resolving power λ/FWHM at 5500 Å, extra broadening included. */
  readonly resolvingPower: number;
  readonly snr: number;
  readonly labels: readonly FittedLabel[];
  /** Covariance of `labels` (same order), row-major n×n, mixed units. */
  readonly covariance: Float64Array;
  /** Velocity (km/s), its corrections and the changes of width along the spectrum, as fitted. */
  readonly nuisances: Float64Array;
  /** Model × continuum, in the spectrum's flux unit. */
  readonly modelFlux: Float64Array;
  readonly continuum: Float64Array;
  /** (flux − model)/σ, with σ the survey's error ⊕ the model's own, not widened; NaN where unused. */
  readonly residuals: Float64Array;
  /** 1 where the pixel entered χ². */
  readonly used: Uint8Array;
  /** Rest-frame vacuum wavelength of each pixel, Å. */
  readonly restWavelength: Float64Array;
  readonly warnings: readonly string[];
  /** MCMC: `labels` and `covariance` are means, standard deviations and covariance of these draws; the model drawn is the optimum's. */
  readonly posterior?: Posterior;
  /** Worst first; absent or empty where nothing is doubtful. */
  readonly alerts?: readonly FitAlert[];
}

export type FitResult = Solution;

/** What a result did not hold before it kept the problem it solves. */
type Later = 'format' | 'problem' | 'z' | 'curvature' | 'scaledCovariance' | 'chi2ReducedWidened' | 'nuisances';

/** A result as it is shown and written: of this version, or one that an earlier version kept. */
export type ShownResult = Omit<Solution, Later> & Partial<Pick<Solution, Later>>;

/** Whether a result has all that this version gives. */
export const isSolution = (result: ShownResult): result is Solution => result.problem !== undefined && result.nuisances !== undefined;

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
  /** [X/Fe] in dex per element. Absent in results of an earlier version. */
  readonly ratios?: Readonly<Record<string, CalibratedValue>>;
}
