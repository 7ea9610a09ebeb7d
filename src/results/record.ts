/**
 * One star of a results file, as plain JSON: its labels, and all that it takes to fit it again to the same digits. Numbers are rounded to
 * seven digits, which is more than any label has, and null where they are not finite, which JSON cannot say.
 */
import { worstFlag, type CalibratedLabels, type FitAlert, type FitOptions, type ShownResult } from '../domain/fit.ts';
import { ELEMENTS } from '../domain/labels.ts';
import type { NoteVerdict, StarNote } from '../domain/note.ts';
import type { Failure } from '../domain/result.ts';
import type { Software } from '../domain/version.ts';
import type { Lsf, ReadOptions, Spectrum } from '../domain/spectrum.ts';
import { abundanceRows, parameterRows, type ResultRow } from './rows.ts';

/** One fitted star: what was read, what came of it, and under which name the file is known. */
export interface FittedStar {
  readonly file: string;
  readonly spectrum: Spectrum;
  readonly result: ShownResult;
  /** What the fit was calibrated to when it was made. */
  readonly calibrated: CalibratedLabels;
  /** Of the reader; the fit's own are in the result. */
  readonly warnings: readonly string[];
  /** What a person thinks of it; absent for nothing. */
  readonly note?: StarNote;
}

/** A star that could not be fitted, or a file that could not be read: then without a spectrum. */
interface FailedStar {
  readonly file: string;
  readonly failure: Failure;
  readonly spectrum?: Spectrum;
  readonly note?: StarNote;
}

/** What made a file of results, and when: given by the caller, so that the same input makes the same file. */
export interface Run {
  readonly software: Software;
  /** ISO 8601 */
  readonly date: string;
}

/** What a person thinks of a star; each is absent where nothing was said. */
interface RecordedNote {
  readonly note?: NoteVerdict;
  readonly comment?: string;
}

interface RecordedValue {
  readonly sigma: number | null;
  readonly calibrated: number | null;
  readonly sigmaCalibrated: number | null;
  /** The worst of `flags`; `ok` without any. */
  readonly flag: string;
  readonly flags: readonly string[];
  readonly priorFraction: number | null;
  readonly exposureSigma: number | null;
  /** Parts of σ: photon noise, the model's error, the emulator's own. */
  readonly errors: { readonly noise: number | null; readonly model: number | null; readonly network: number | null } | null;
  /** Why the model cannot be trusted with it. */
  readonly note: string | null;
  readonly cramerRao: number | null;
  /** What a person gave of the label before the fit, in words; absent where it was free. */
  readonly given?: string;
  /** 5, 16, 50, 84 and 95 %. */
  readonly quantiles: readonly (number | null)[] | null;
}
export interface RecordedLabel extends RecordedValue {
  readonly value: number | null;
}
export interface RecordedAbundance extends RecordedValue {
  /** Raw [X/H], dex. */
  readonly xh: number | null;
}

/** How well the draws of one label have converged. */
interface RecordedSampling {
  readonly rhat: number | null;
  readonly essBulk: number | null;
  readonly essTail: number | null;
  /** Autocorrelation time, steps. */
  readonly tau: number | null;
}

/** The file that a spectrum is from: enough to find it again, and to know that it is the same. */
interface RecordedSource {
  readonly name: string;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string | null;
  /** Which spectrum of the file, from 0. */
  readonly index: number;
  /** What the person said of the file when it was read; absent where nothing. */
  readonly reading?: ReadOptions;
  /** The survey's own number for it. */
  readonly obsid: string | number | null;
}

/** What a star was fitted with. */
interface RecordedProvenance extends Run {
  readonly model: { readonly id: string; readonly weights: string | null };
  /** Id of the calibration; `none` where nothing was calibrated. */
  readonly calibration: string;
  readonly backend: string;
  /** Null for results that were kept by a version which did not write them down. */
  readonly options: FitOptions | null;
  readonly lsf: Lsf;
  readonly medium: Spectrum['medium'];
  readonly source: RecordedSource;
}

/** A fitted star. `labels` holds T_eff, log g, v_mic, [Fe/H], and [X/Fe] under X; `abundances` holds [X/H]. */
export interface StarRecord extends RecordedNote {
  readonly file: string;
  readonly ok: true;
  readonly id: string;
  readonly object: string | null;
  readonly survey: string;
  readonly simulated: boolean;
  readonly snr: number | null;
  readonly resolvingPower: number | null;
  /** km/s */
  readonly rv: { readonly value: number | null; readonly sigma: number | null; readonly frame: Spectrum['frame'] };
  /** Against the survey's errors and the model's own, and against the errors as the fit widened them. */
  readonly chi2Reduced: number | null;
  readonly chi2ReducedWidened: number | null;
  readonly errorsMeasured: boolean;
  readonly pixelsUsed: number;
  /** Distance to the nearest training star over that between training stars; null where the model does not say. */
  readonly trainingDistance: number | null;
  readonly converged: boolean;
  readonly model: string;
  readonly calibration: string;
  readonly backend: string;
  readonly method: string;
  readonly seed: number;
  readonly seconds: number;
  readonly evaluations: number;
  readonly labels: Readonly<Record<string, RecordedLabel>>;
  readonly abundances: Readonly<Record<string, RecordedAbundance>>;
  /** Covariance of the raw labels (for elements of [X/Fe]) in products of their units, in the order of `names`: rows up to the diagonal; 0 for a label that was held. */
  readonly covariance: { readonly names: readonly string[]; readonly lower: readonly (readonly (number | null)[])[] };
  /** Correlation coefficients of the labels, in the order of `names`: the rows below the diagonal. */
  readonly correlations: { readonly names: readonly string[]; readonly lower: readonly (readonly (number | null)[])[] };
  readonly sampling?: Readonly<Record<string, RecordedSampling>>;
  readonly warnings: readonly string[];
  /** The model's error at this solution by the synthesis, where it was verified: model − synthesis per label, in its own unit and in σ. */
  readonly verification?: {
    readonly by: string;
    /** Of the normalised native flux. */
    readonly rms: number;
    readonly labels: Readonly<Record<string, { readonly error: number; readonly inSigma: number }>>;
  };
  /** Where the errors that the fit allows the model are from. */
  readonly modelError: 'measured' | 'floor' | 'emulator' | null;
  /** Doubts about the star as a whole, worst first. */
  readonly alerts: readonly FitAlert[];
  /** What the file says of itself. */
  readonly meta: Spectrum['meta'];
  readonly provenance: RecordedProvenance;
}

export interface FailedRecord extends RecordedNote {
  readonly file: string;
  readonly ok: false;
  readonly id?: string;
  readonly failure: Failure;
}

export type ResultRecord = StarRecord | FailedRecord;

const DIGITS = 7;
const rounded = (value: number | null | undefined): number | null =>
  value == null || !Number.isFinite(value) ? null : Number(value.toPrecision(DIGITS));

const recorded = (row: ResultRow): RecordedLabel => ({
  value: rounded(row.value),
  sigma: rounded(row.sigma),
  calibrated: rounded(row.calibrated),
  sigmaCalibrated: rounded(row.sigmaCalibrated),
  flag: worstFlag(row.flags),
  flags: row.flags,
  priorFraction: rounded(row.priorFraction),
  exposureSigma: rounded(row.exposureSigma),
  errors:
    row.errors === null
      ? null
      : { noise: rounded(row.errors.noise), model: rounded(row.errors.model), network: rounded(row.errors.network) },
  note: row.note,
  cramerRao: rounded(row.cramerRao),
  ...(row.given === null ? {} : { given: row.given }),
  quantiles: row.quantiles?.map(rounded) ?? null,
});

function correlations({ labels, covariance }: ShownResult): StarRecord['correlations'] {
  const n = labels.length;
  const at = (i: number, j: number): number => covariance[i * n + j] ?? NaN;
  const coefficient = (i: number, j: number): number | null => {
    const value = at(i, j) / Math.sqrt(at(i, i) * at(j, j));
    return Number.isFinite(value) ? Number(value.toFixed(3)) : null;
  };
  return {
    names: labels.map(({ name }) => name),
    lower: labels.map((_, i) => Array.from({ length: i }, (__, j) => coefficient(i, j))),
  };
}

function covarianceOf({ labels, covariance }: ShownResult): StarRecord['covariance'] {
  const n = labels.length;
  return {
    names: labels.map(({ name }) => name),
    lower: labels.map((_, i) => Array.from({ length: i + 1 }, (__, j) => rounded(covariance[i * n + j]))),
  };
}

function recordedSource(spectrum: Spectrum): RecordedSource {
  const { source, meta } = spectrum;
  return {
    name: source?.name ?? spectrum.id,
    sha256: source?.sha256 ?? null,
    index: source?.index ?? 0,
    ...(source?.reading === undefined ? {} : { reading: source.reading }),
    obsid: meta['obsid'] ?? null,
  };
}

const recordedNote = (note: StarNote | undefined): RecordedNote => ({
  ...(note === undefined || note.verdict === null ? {} : { note: note.verdict }),
  ...(note === undefined || note.comment === '' ? {} : { comment: note.comment }),
});

/** The record of a fitted star. */
export function starRecord({ file, spectrum, result, calibrated, warnings, note }: FittedStar, run: Run): StarRecord {
  const labels = [...parameterRows(result, calibrated), ...abundanceRows(result, calibrated, undefined, 'xfe')];
  const abundances = abundanceRows(result, calibrated, undefined, 'xh').map((row): [string, RecordedAbundance] => {
    const { value, ...rest } = recorded(row);
    return [row.name, { xh: value, ...rest }];
  });
  const { posterior, problem, chi2ReducedWidened } = result;
  return {
    file,
    ok: true,
    id: spectrum.id,
    ...recordedNote(note),
    object: spectrum.object ?? null,
    survey: spectrum.survey.name,
    simulated: spectrum.simulated,
    snr: rounded(result.snr),
    resolvingPower: rounded(result.resolvingPower),
    rv: { value: rounded(result.rv.value), sigma: rounded(result.rv.sigma), frame: spectrum.frame },
    chi2Reduced: rounded(result.chi2Reduced),
    chi2ReducedWidened: rounded(chi2ReducedWidened),
    errorsMeasured: spectrum.ivarIsMeasured,
    pixelsUsed: result.pixelsUsed,
    trainingDistance: rounded(result.trainingDistance),
    converged: result.converged,
    model: result.model,
    calibration: calibrated.calibration,
    backend: result.backend.name,
    method: result.method,
    seed: result.seed,
    seconds: Number(result.seconds.toPrecision(4)),
    evaluations: result.evaluations,
    labels: Object.fromEntries(labels.map((row) => [row.name, recorded(row)])),
    abundances: Object.fromEntries(abundances),
    covariance: covarianceOf(result),
    correlations: correlations(result),
    ...(posterior === undefined
      ? {}
      : {
          sampling: Object.fromEntries(
            posterior.labels.map(({ name, rhat, essBulk, essTail, tau }) => [
              name,
              { rhat: rounded(rhat), essBulk: rounded(essBulk), essTail: rounded(essTail), tau: rounded(tau) },
            ]),
          ),
        }),
    warnings: [...new Set([...warnings, ...result.warnings])],
    modelError: problem?.data[0].modelError?.source ?? null,
    alerts: result.alerts ?? [],
    meta: spectrum.meta,
    provenance: {
      ...run,
      model: { id: result.model, weights: problem?.model.weights ?? null },
      calibration: calibrated.calibration,
      backend: result.backend.name,
      options: problem?.options ?? null,
      lsf: spectrum.lsf,
      medium: spectrum.medium,
      source: recordedSource(spectrum),
    },
  };
}

export const failedRecord = ({ file, failure, spectrum, note }: FailedStar): FailedRecord => ({
  file,
  ok: false,
  ...(spectrum === undefined ? {} : { id: spectrum.id }),
  ...recordedNote(note),
  failure,
});

/** All elements that any of these stars has, in the order of the elements; iron first where [X/H] has it. */
export function elementsOf(records: readonly StarRecord[], kind: 'labels' | 'abundances'): readonly string[] {
  return ['Fe', ...ELEMENTS].filter((name) => records.some((record) => name in record[kind]));
}

/** Results as JSON text: one array with one object per star, `ok: false` where there was none to fit. */
export const resultsJson = (records: readonly ResultRecord[]): string => `${JSON.stringify(records, null, 1)}\n`;
