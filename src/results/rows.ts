/**
 * The table of results: one row per label with everything that is known of it. The page's tables, the plots, the terminal and every exported
 * file print these rows; nothing else combines a fit with its calibration.
 */
import { calibratedXfe } from '../calibration/apply.ts';
import { labelBasis } from '../domain/basis.ts';
import type { CalibratedLabels, CalibratedValue, ErrorBudget, FitProgress, LabelFlag, ShownResult } from '../domain/fit.ts';
import { ELEMENTS, labelTitle, PARAMETERS } from '../domain/labels.ts';
import type { LabelName } from '../domain/labels.ts';
import { nonLteNote } from '../domain/nonLte.ts';
import { quantileOfSorted } from '../math/ranks.ts';
import { givenIn, givenText } from './given.ts';

/** [X/H] or [X/Fe]. */
export type AbundanceScale = 'xh' | 'xfe';

/** `[Mg/H]` or `[Mg/Fe]`. */
export const abundanceTitle = (element: string, scale: AbundanceScale): string => `[${element}/${scale === 'xh' ? 'H' : 'Fe'}]`;

/** What of a fit the rows are made from. */
export type FittedLabels = Pick<ShownResult, 'labels' | 'covariance' | 'posterior' | 'problem'>;

/** True labels of a simulated star by name, [X/Fe] for elements. */
type Truth = Readonly<Record<string, number>> | undefined;

/** One row, in the unit of its label (K, km/s, dex). Null stands for what is not known or has no meaning for this row. */
export interface ResultRow {
  /** `teff`, `logg`, `vmic`, `feh`, or an element; `Fe` in the table of [X/H]. */
  readonly name: string;
  readonly value: number;
  /** Null while a search is under way. */
  readonly sigma: number | null;
  readonly calibrated: number | null;
  readonly sigmaCalibrated: number | null;
  readonly flags: readonly LabelFlag[];
  /** The part of σ that another exposure would not share. Of [X/H] it is not known. */
  readonly exposureSigma: number | null;
  /** What σ is made of. Of [X/H] it is not known. */
  readonly errors: ErrorBudget | null;
  /** Why the model cannot be trusted with it: its flag's reason, and known departures from LTE. */
  readonly note: string | null;
  /** Cramér–Rao bound: the σ that the data alone would leave. Of [X/H] it is not known. */
  readonly cramerRao: number | null;
  /** Posterior over prior σ. */
  readonly priorFraction: number | null;
  /** 5, 16, 50, 84 and 95 % of the draws of a sampled posterior. */
  readonly quantiles: readonly number[] | null;
  /** What a person gave of the label before the fit, in words (of [X/Fe], for an element); null where it was free. */
  readonly given: string | null;
  /** True value of a simulated star. */
  readonly truth: number | null;
}

const QUANTILES = [0.05, 0.16, 0.5, 0.84, 0.95] as const;

const valueOf = ({ value, sigma, calibrated, sigmaCalibrated, flags }: CalibratedValue) => ({
  value,
  sigma,
  calibrated,
  sigmaCalibrated,
  flags,
});

/** Why the model cannot be trusted with a label; null where nothing is known against it. */
export function noteOf({ labels, problem }: FittedLabels, name: string): string | null {
  const doubt = labels.find((label) => label.name === name)?.doubt;
  const departure = problem === undefined ? null : nonLteNote(name, problem.options.range);
  const notes = [...(doubt === undefined ? [] : [`model-dominated: ${doubt}`]), ...(departure === null ? [] : [departure])];
  return notes.length === 0 ? null : notes.join('; ');
}

/** What was given of a label, in words. */
function givenOf(result: FittedLabels, name: LabelName): string | null {
  const choice = givenIn(result, name);
  return choice === null ? null : givenText(name, choice);
}

/** The row of one label as it was fitted: a parameter, or [X/Fe] of an element. */
function labelRow(result: FittedLabels, name: LabelName, value: CalibratedValue, truth: number | null): ResultRow {
  const label = result.labels.find((one) => one.name === name);
  return {
    name,
    ...valueOf(value),
    exposureSigma: label?.exposureSigma ?? null,
    errors: label?.errors ?? null,
    note: noteOf(result, name),
    cramerRao: labelBasis(result, name)?.cramerRao ?? null,
    priorFraction: label?.priorFraction ?? null,
    quantiles: result.posterior?.labels.find((one) => one.name === name)?.quantiles ?? null,
    given: givenOf(result, name),
    truth,
  };
}

/** T_eff, log g, v_mic and [Fe/H] of a finished fit, in this order. */
export function parameterRows(result: FittedLabels, calibrated: CalibratedLabels, truth?: Truth): ResultRow[] {
  return PARAMETERS.flatMap((name) => {
    const raw = result.labels.find((label) => label.name === name);
    if (raw === undefined) return [];
    const value = calibrated.parameters[name] ?? { ...raw, calibrated: null, sigmaCalibrated: null };
    return [labelRow(result, name, value, truth?.[name] ?? null)];
  });
}

/** The best parameters so far of a search under way: no errors yet. */
export function searchingRows(progress: FitProgress | null, truth?: Truth): ResultRow[] {
  const best = progress?.best?.labels;
  if (best === undefined) return [];
  const unknown = {
    sigma: null,
    calibrated: null,
    sigmaCalibrated: null,
    exposureSigma: null,
    errors: null,
    note: null,
    cramerRao: null,
    priorFraction: null,
    given: null,
  };
  return PARAMETERS.flatMap((name) => {
    const value = best[name];
    return value === undefined ? [] : [{ name, value, ...unknown, flags: [], quantiles: null, truth: truth?.[name] ?? null }];
  });
}

/** Quantiles of [X/H] = [X/Fe] + [Fe/H], from the thinned draws of both. */
function sumQuantiles({ posterior }: FittedLabels, element: string): readonly number[] | null {
  if (posterior === undefined) return null;
  const drawsOf = (name: string) => posterior.sample.draws[posterior.labels.findIndex((one) => one.name === name)];
  const [xfe, feh] = [drawsOf(element), drawsOf('feh')];
  if (xfe === undefined || feh === undefined || xfe.length === 0) return null;
  const sums = xfe.map((value, i) => value + (feh[i] ?? NaN)).sort();
  return QUANTILES.map((share) => quantileOfSorted(sums, share));
}

/** What was given of [X/Fe], named, as the row is of [X/H]. */
function givenXh(result: FittedLabels, element: LabelName): string | null {
  const given = givenOf(result, element);
  return given === null ? null : `${labelTitle(element)} ${given}`;
}

/** [X/H] of every element, iron first; raw values and errors from the covariance with [Fe/H]. */
function xhRows(result: FittedLabels, calibrated: CalibratedLabels, truth: Truth): ResultRow[] {
  const feh = truth?.['feh'] ?? null;
  return ['Fe' as const, ...ELEMENTS].flatMap((name): ResultRow[] => {
    const value = calibrated.abundances[name];
    if (value === undefined) return [];
    if (name === 'Fe') return [{ ...labelRow(result, 'feh', value, feh), name }];
    const label = result.labels.find((one) => one.name === name);
    if (label === undefined) return [];
    return [
      {
        name,
        ...valueOf(value),
        exposureSigma: null,
        errors: null,
        note: noteOf(result, name),
        cramerRao: null,
        priorFraction: label.priorFraction,
        quantiles: sumQuantiles(result, name),
        given: givenXh(result, name),
        truth: feh === null ? null : feh + (truth?.[name] ?? 0),
      },
    ];
  });
}

/** [X/Fe] of every element. */
function xfeRows(result: FittedLabels, calibrated: CalibratedLabels, truth: Truth): ResultRow[] {
  return ELEMENTS.flatMap((name) => {
    const label = result.labels.find((one) => one.name === name);
    if (label === undefined) return [];
    return [labelRow(result, name, calibratedXfe(label, calibrated), truth === undefined ? null : (truth[name] ?? 0))];
  });
}

/** The abundances in one of the two scales, in the order of the elements. */
export function abundanceRows(result: FittedLabels, calibrated: CalibratedLabels, truth: Truth, scale: AbundanceScale): ResultRow[] {
  return scale === 'xh' ? xhRows(result, calibrated, truth) : xfeRows(result, calibrated, truth);
}
