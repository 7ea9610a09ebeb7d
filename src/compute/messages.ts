import type { AbinitioDerivative, DrawnModel, EngineInfo, CalibratedFit, ModelOffer, OfferedCalibrations } from '../domain/client.ts';
import type { BackendName, EmulatedJacobian } from '../domain/emulator.ts';
import type { FitOptions, FitProgress, Solution } from '../domain/fit.ts';
import type { LineTable } from '../domain/lineTable.ts';
import type { Result } from '../domain/result.ts';
import type { ReadOptions, Spectrum } from '../domain/spectrum.ts';

/** What a service is opened with. */
export interface OpenOptions {
  /** Bundle id; absent: the first of `models/index.json`. */
  readonly model?: string;
  /** Backend by name; absent: the best that works here. */
  readonly backend?: BackendName;
  /** Id of a calibration that the site lists for the model, or `none`; absent: the first of them. */
  readonly calibration?: string;
  /** Whether the model's error as measured on stars is left aside for the floor; absent: it is used where there is one. */
  readonly nature?: 'none';
}

/** What models are drawn over: a fit's problem with its nuisances, or a spectrum that has no fit. */
export interface DrawingSubject {
  readonly spectrum: Spectrum;
  readonly solution: Pick<Solution, 'problem' | 'nuisances' | 'rv'> | null;
}

/** What of a solution tells the pixels that its labels are measured from. */
export type CarriedSolution = Pick<Solution, 'problem' | 'labels' | 'scaledCovariance' | 'nuisances' | 'chi2ReducedWidened' | 'z'>;

/** What crosses from page to worker and back: plain data, failures included; nothing is thrown. */
export interface WorkerApi {
  /**
   * `base` is the URL that `models/`, `calibrations/` and `demo/` are under. Opened again, what is under way ends on the earlier model
   * first; if the other one fails, the earlier one serves on.
   */
  open(base: string, options: OpenOptions): Promise<Result<EngineInfo>>;
  read(name: string, bytes: Uint8Array, options?: ReadOptions): Promise<Result<readonly Spectrum[]>>;
  /** `job` names the fit for `cancel`; a cancelled fit is a failure of code `CANCELLED`. `resume` and `onCheckpoint`: `FitMemory`. */
  fit(
    job: number,
    spectrum: Spectrum,
    options: FitOptions,
    onProgress: (progress: FitProgress) => void,
    resume: unknown,
    onCheckpoint: (checkpoint: unknown) => void,
  ): Promise<Result<CalibratedFit>>;
  cancel(job: number): void;
  /** Holds a fit at its next pause, or lets it go on; before or while it runs. */
  hold(job: number, on: boolean): void;
  predict(labels: Float64Array): Promise<Result<Float32Array>>;
  /** Keeps a spectrum, by a key of the caller's, for `redraw`: the last few are held, and none outlives the worker. */
  keepDrawing(key: string, subject: DrawingSubject): Promise<Result<{ readonly key: string }>>;
  /** A model over a spectrum that was kept; failure `DRAWING_UNKNOWN` where it is not, or no longer. */
  redraw(key: string, labels: Float64Array, rv: number): Promise<Result<DrawnModel>>;
  jacobian(labels: Float64Array): Promise<Result<EmulatedJacobian>>;
  /** Per label the pixels that carry it: `FitClient.carriers`. */
  carriers(solution: CarriedSolution): Promise<Result<{ readonly pixels: readonly Uint8Array[] }>>;
  abinitio(label: string, labels: Float64Array): Promise<Result<{ readonly found: AbinitioDerivative | null }>>;
  demo(): Promise<Result<Spectrum>>;
  sample(id: string): Promise<Result<Spectrum>>;
  lineTable(): Promise<Result<LineTable>>;
  models(): Promise<Result<readonly ModelOffer[]>>;
  calibrations(): Promise<Result<OfferedCalibrations>>;
}

/** Buffers of the arrays in a plain object, one level deep and through arrays of arrays, to hand over rather than copy. */
export function transferables(value: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  const visit = (one: unknown, depth: number): void => {
    if (ArrayBuffer.isView(one)) {
      if (one.buffer instanceof ArrayBuffer) buffers.add(one.buffer);
    } else if (depth > 0 && typeof one === 'object' && one !== null) {
      for (const inner of Object.values(one)) visit(inner, depth - 1);
    }
  };
  visit(value, 3);
  return [...buffers];
}
