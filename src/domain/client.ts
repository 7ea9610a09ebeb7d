import type { BackendReport, EmulatedJacobian, EmulatorInfo } from './emulator.ts';
import type { CalibratedLabels, FitOptions, FitProgress, Solution } from './fit.ts';
import type { LineTable } from './lineTable.ts';
import type { ModelCard } from './modelCard.ts';
import type { ModelIdentity } from './problem.ts';
import type { Result } from './result.ts';
import type { ReadOptions, Spectrum } from './spectrum.ts';

/** A model bundle on offer, as `public/models/index.json` lists it. */
export interface ModelSummary {
  readonly id: string;
  readonly title: string;
  /** What it is for, in a few words. */
  readonly note?: string;
  /** Name of the file in its folder with the model's error as measured on stars. */
  readonly nature?: string;
}

/** A bundle as a person chooses between them; null where its manifest could not be read. */
export interface ModelOffer extends ModelSummary {
  /** Of its weights. */
  readonly bytes: number | null;
  /** Held-out mean absolute error of normalised flux; null also where it was never measured. */
  readonly heldOutMae: number | null;
}

/** The calibrations on offer for one bundle, as their files are written, and the bundle that they must be of. */
export interface OfferedCalibrations {
  readonly model: ModelIdentity;
  readonly files: readonly unknown[];
}

/** What the page knows once a model has loaded and a backend has answered. */
export interface EngineInfo {
  readonly info: EmulatorInfo;
  readonly card: ModelCard;
  readonly backend: BackendReport;
  /** Native wavelengths, Å, vacuum, rest frame, [info.grid.count]. */
  readonly wavelength: Float64Array;
}

/** A model laid over one spectrum: arrays run over the spectrum's own pixels. */
export interface DrawnModel {
  /** Model × continuum, in the spectrum's flux unit. */
  readonly model: Float64Array;
  /** Profiled continuum, in the spectrum's flux unit. */
  readonly continuum: Float64Array;
  /** (flux − model)/σ; NaN where masked. */
  readonly residuals: Float64Array;
}

/** The derivative that an emulator was trained on, of the nearest star of its training set. */
export interface AbinitioDerivative {
  readonly label: string;
  /** Labels of that star, by name. */
  readonly star: Readonly<Record<string, number>>;
  /** Of `derivative`, which is coarser than the emulator's own. */
  readonly resolvingPower: number;
  /** Å, vacuum, rest frame. */
  readonly wavelength: Float64Array;
  /** Per unit of the label. */
  readonly derivative: Float32Array;
}

/**
 * A long fit's memory: where it stood when it last wrote that down, to go on from to the same digits, and who is told when it does so again.
 * What is written is plain data of the fit's own; a fit of another spectrum, model, method or seed has no use for it.
 */
export interface FitMemory {
  readonly resume?: unknown;
  readonly onCheckpoint?: (checkpoint: unknown) => void;
}

/** A finished fit with its labels calibrated, where a calibration reaches them. */
export interface CalibratedFit {
  readonly result: Solution;
  readonly calibrated: CalibratedLabels;
}

/** A fit under way. `cancel` makes `result` a failure of code `CANCELLED`, which is not an error to show. */
export interface FitJob {
  readonly result: Promise<Result<CalibratedFit>>;
  cancel(): void;
  /** Holds the fit where it is, until `resume`; its result is the same as without. */
  pause(): void;
  resume(): void;
}

/** Everything the page asks of the engine; the work happens in a worker. Label vectors are in the order of `info.labels`, physical units. */
export interface FitClient {
  /** Settles once the model is loaded and the backend chosen; a failure says what was missing. */
  readonly ready: Promise<Result<EngineInfo>>;
  /** Fits that may run at once. */
  readonly parallel: number;
  /** All spectra of one file, by its name and content, and by what a person says of it. */
  read(name: string, bytes: Uint8Array, options?: ReadOptions): Promise<Result<readonly Spectrum[]>>;
  fit(spectrum: Spectrum, options: FitOptions, onProgress: (progress: FitProgress) => void, memory?: FitMemory): FitJob;
  /** Normalised flux on the native grid. */
  predict(labels: Float64Array): Promise<Float32Array>;
  /** The model of `labels` at radial velocity `rv` (km/s, spectrum's frame) with the continuum profiled; pixels, weights, widths and knots are those of `result` where there is one. */
  redraw(spectrum: Spectrum, result: Solution | null, labels: Float64Array, rv: number): Promise<DrawnModel>;
  /** Normalised flux and its derivatives on the native grid. */
  jacobian(labels: Float64Array): Promise<EmulatedJacobian>;
  /** Per label of a fit made with this model, 1 for the fewest pixels that carry 90 % of what is known of it; none where that cannot be had. */
  carriers(solution: Solution): Promise<readonly Uint8Array[]>;
  /** The ab initio derivative along `label` nearest to `labels`; null where the model has no atlas of them. */
  abinitio(label: string, labels: Float64Array): Promise<AbinitioDerivative | null>;
  /** The simulated star that is ready at once, with its truth. */
  demo(): Promise<Result<Spectrum>>;
  /** A star to try the page with, by its id of `SAMPLE_STARS`; simulated ones are made by the model that is open. */
  sample(id: string): Promise<Result<Spectrum>>;
  /** The lines of typical stars, by which features are named. */
  lineTable(): Promise<Result<LineTable>>;
  models(): Promise<readonly ModelOffer[]>;
  /** The site's calibrations of the bundle that is open. */
  calibrations(): Promise<OfferedCalibrations>;
  /** Changes to another bundle. After a failure the earlier one serves on. */
  use(model: string): Promise<Result<EngineInfo>>;
}

/** The failure code of a fit that was cancelled by the person. */
export const CANCELLED = 'CANCELLED';
