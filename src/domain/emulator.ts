import type { LabelName } from './labels.ts';
import type { Region } from './region.ts';
import type { TrainingStars } from './trainingStars.ts';
import type { Failure } from './result.ts';

/** One label of a bundle: its training range, and the scaling x = (value − centre) / halfRange. */
export interface ManifestLabel {
  readonly name: LabelName;
  readonly unit: 'K' | 'dex' | 'km/s';
  readonly min: number;
  readonly max: number;
  readonly centre: number;
  readonly halfRange: number;
}

/** What every consumer may ask of a model; the bundle's whole manifest (architecture, training, checksums) is a superset. */
export interface EmulatorInfo {
  readonly id: string;
  /** SHA-256 of the weights; absent where there is no weight file. */
  readonly weightsChecksum?: string;
  readonly title: string;
  readonly labels: readonly ManifestLabel[];
  /** Conditions beyond the labels' ranges that the training stars keep (region.ts); absent where none is known. */
  readonly region?: Region;
  /** Where the training stars lie, coarsely; absent where the model does not say. */
  readonly trainingStars?: TrainingStars;
  /** λ_i = exp(lnStart + i·lnStep), Å, vacuum, rest frame. */
  readonly grid: { readonly lnStart: number; readonly lnStep: number; readonly count: number };
  /** Native resolving power λ/FWHM of the emulated spectrum (Gaussian). */
  readonly resolvingPower: number;
  /** Held-out mean absolute error of normalised flux, as the evaluation command measured it. */
  readonly heldOutMae: number | null;
  /** σ of the emulator's own error, as a fraction of the continuum, by rest wavelength (Å); absent where no held-out spectra were measured. */
  readonly ownError?: readonly { readonly from: number; readonly to: number; readonly sigma: number }[];
}

export type BackendName = 'webgpu' | 'wasm' | 'reference';

/** Which backend runs, and why (shown to the user). */
export interface BackendReport {
  readonly name: BackendName;
  readonly reason: string;
  /** Of a backend that would have come first and ran, but gave wrong numbers: which, and by how much. */
  readonly refused?: string;
}

/** Normalised flux and its derivatives at one label vector. */
export interface EmulatedJacobian {
  /** [count] */
  readonly flux: Float32Array;
  /** One array [count] per label, per unit of the label (K, km/s, dex). */
  readonly derivatives: readonly Float32Array[];
}

/** Normalised flux at one label vector, and the gradient of a scalar L of it. */
export interface EmulatedGradient {
  /** [count] */
  readonly flux: Float32Array;
  /** dL/dlabel, per unit of each label (K, km/s, dex), [labels] */
  readonly gradient: Float64Array;
}

/** dL/dflux [count] at a flux [count], for a scalar L such as χ²/2. */
export type FluxSeed = (flux: Float32Array) => Float32Array;

/**
 * Labels → normalised spectrum on the native grid. Label vectors are in the order of `info.labels`, physical units.
 * Outside the training ranges and the region the result is an extrapolation: callers say so (labelRange.ts, region.ts).
 */
export interface Emulator {
  readonly info: EmulatorInfo;
  readonly backend: BackendReport;
  /** Native wavelengths, Å, vacuum, [count]. */
  readonly wavelength: Float64Array;
  /**
   * Label vectors for one call of `predict` that suit the backend: enough to fill it, and few enough that whoever pauses or cancels between
   * calls is answered within tenths of a second.
   */
  readonly batch: number;
  /** Normalised flux for any number of label vectors. */
  predict(labels: readonly Float64Array[]): Promise<Float32Array[]>;
  /**
   * Flux, and the gradient of any scalar L of it, by reverse mode: a few forward passes' time, however many labels there are.
   * `seed` is called once, with that flux (not to be changed).
   */
  gradient(labels: Float64Array, seed: FluxSeed): Promise<EmulatedGradient>;
  /** Flux and derivatives along every label. */
  jacobian(labels: Float64Array): Promise<EmulatedJacobian>;
  /** Why the last spectrum was not finite, where that is known. */
  lastFailure?(): Failure | null;
  dispose(): void;
}

/** The gradient of a scalar of the flux by the whole Jacobian: where there is no cheaper way, and as a check of one. */
export function gradientFromJacobian({ flux, derivatives }: EmulatedJacobian, seed: FluxSeed): EmulatedGradient {
  const slope = seed(flux);
  return {
    flux,
    gradient: Float64Array.from(derivatives, (derivative) => derivative.reduce((sum, value, i) => sum + value * (slope[i] ?? NaN), 0)),
  };
}
