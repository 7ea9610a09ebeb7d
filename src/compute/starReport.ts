import { calibratedXfe } from '../calibration/apply.ts';
import { worstFlag, type CalibratedLabels, type CalibratedValue, type FitAlert, type FitResult, type FittedLabel } from '../domain/fit.ts';
import { labelBasis } from '../domain/basis.ts';
import { isElement } from '../domain/labels.ts';
import type { LabelPosterior } from '../domain/posterior.ts';
import type { Failure } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';

/** K, dex or km/s; null where uncalibrated (or where a number is not finite, which JSON cannot say). */
export interface ReportedValue {
  readonly sigma: number | null;
  readonly calibrated: number | null;
  readonly sigmaCalibrated: number | null;
  readonly flag: string;
}
export interface ReportedLabel extends ReportedValue {
  readonly value: number | null;
  /** Posterior over prior σ, and the Cramér–Rao σ of the data alone (`labelBasis`); null where they say nothing. */
  readonly priorFraction: number | null;
  readonly cramerRao: number | null;
  /** The part of σ that another exposure would not share (`FittedLabel`). */
  readonly exposureSigma: number | null;
  /** Correlation coefficients with other labels, where they are not small. */
  readonly correlations: Readonly<Record<string, number>>;
}
export interface ReportedAbundance extends ReportedValue {
  /** Raw [X/H], dex. */
  readonly xh: number | null;
}

/** What the terminal says of one fitted spectrum: plain JSON. `labels` holds T_eff, log g, v_mic, [Fe/H], and [X/Fe] under X. */
export interface StarReport {
  readonly file: string;
  readonly ok: true;
  readonly id: string;
  readonly survey: string;
  readonly simulated: boolean;
  readonly snr: number | null;
  readonly resolvingPower: number | null;
  /** km/s, in the spectrum's own frame. */
  readonly rv: { readonly value: number | null; readonly sigma: number | null };
  readonly chi2Reduced: number | null;
  readonly pixelsUsed: number;
  readonly converged: boolean;
  readonly model: string;
  readonly calibration: string;
  readonly backend: string;
  readonly method: string;
  readonly seed: number;
  readonly seconds: number;
  readonly evaluations: number;
  readonly labels: Readonly<Record<string, ReportedLabel>>;
  readonly abundances: Readonly<Record<string, ReportedAbundance>>;
  readonly warnings: readonly string[];
  /** MCMC: what the draws say of each label, in its own unit. */
  readonly posterior?: Readonly<Record<string, ReportedPosterior>>;
  /** The model's error at this solution by the synthesis, where it was verified: model − synthesis per label, in its own unit and in σ. */
  readonly verification?: {
    readonly by: string;
    /** Of the normalised native flux. */
    readonly rms: number;
    readonly labels: Readonly<Record<string, { readonly error: number; readonly inSigma: number }>>;
  };
  /** Doubts about the star as a whole, worst first. */
  readonly alerts: readonly FitAlert[];
}
export interface FailedReport {
  readonly file: string;
  readonly ok: false;
  readonly id?: string;
  readonly failure: Failure;
}

export interface ReportedPosterior {
  readonly q05: number | null;
  readonly q16: number | null;
  readonly q50: number | null;
  readonly q84: number | null;
  readonly q95: number | null;
  readonly rhat: number | null;
  readonly essBulk: number | null;
  readonly essTail: number | null;
  /** Autocorrelation time, steps. */
  readonly tau: number | null;
}

/** Seven digits are more than any label has, and keep a file of a survey small. */
const rounded = (value: number | null): number | null => (value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(7)));

const reported = (value: CalibratedValue): ReportedValue => ({
  sigma: rounded(value.sigma),
  calibrated: rounded(value.calibrated),
  sigmaCalibrated: rounded(value.sigmaCalibrated),
  flag: worstFlag(value.flags),
});

const reportedPosterior = ({ quantiles, rhat, essBulk, essTail, tau }: LabelPosterior): ReportedPosterior => {
  const [q05, q16, q50, q84, q95] = quantiles.map(rounded);
  return {
    q05: q05 ?? null,
    q16: q16 ?? null,
    q50: q50 ?? null,
    q84: q84 ?? null,
    q95: q95 ?? null,
    rhat: rounded(rhat),
    essBulk: rounded(essBulk),
    essTail: rounded(essTail),
    tau: rounded(tau),
  };
};

/** Correlations below are left out. */
const WORTH_TELLING = 0.2;

function reportedBasis(result: FitResult, { name, priorFraction, exposureSigma }: FittedLabel) {
  const basis = labelBasis(result, name);
  const correlations = (basis?.correlations ?? []).filter(({ value }) => Math.abs(value) >= WORTH_TELLING);
  return {
    priorFraction: rounded(priorFraction),
    cramerRao: rounded(basis?.cramerRao ?? null),
    exposureSigma: rounded(exposureSigma ?? null),
    correlations: Object.fromEntries(correlations.map((one) => [one.name, Number(one.value.toFixed(2))])),
  };
}

/** The report of one fit. */
export function starReport(file: string, spectrum: Spectrum, result: FitResult, calibrated: CalibratedLabels): StarReport {
  const labels: Record<string, ReportedLabel> = {};
  for (const label of result.labels) {
    const value = isElement(label.name) ? calibratedXfe(label, calibrated) : calibrated.parameters[label.name];
    if (value !== undefined) labels[label.name] = { value: rounded(value.value), ...reported(value), ...reportedBasis(result, label) };
  }
  const abundances: Record<string, ReportedAbundance> = {};
  for (const [element, value] of Object.entries(calibrated.abundances))
    abundances[element] = { xh: rounded(value.value), ...reported(value) };
  return {
    file,
    ok: true,
    id: spectrum.id,
    survey: spectrum.survey.name,
    simulated: spectrum.simulated,
    snr: rounded(result.snr),
    resolvingPower: rounded(result.resolvingPower),
    rv: { value: rounded(result.rv.value), sigma: rounded(result.rv.sigma) },
    chi2Reduced: rounded(result.chi2Reduced),
    pixelsUsed: result.pixelsUsed,
    converged: result.converged,
    model: result.model,
    calibration: calibrated.calibration,
    backend: result.backend.name,
    method: result.method,
    seed: result.seed,
    seconds: Number(result.seconds.toPrecision(4)),
    evaluations: result.evaluations,
    labels,
    abundances,
    warnings: result.warnings,
    ...(result.posterior === undefined
      ? {}
      : { posterior: Object.fromEntries(result.posterior.labels.map((label) => [label.name, reportedPosterior(label)])) }),
    alerts: result.alerts ?? [],
  };
}
