import type { CalibratedLabels, FitProgress, FitResult, LabelFlag } from '../domain/fit.ts';
import { ELEMENTS, PARAMETERS } from '../domain/labels.ts';
import type { AbundanceScale } from './settings.ts';

/** A row of the tables: raw beside calibrated, null where there is none. */
export interface ResultRow {
  readonly name: string;
  readonly value: number;
  readonly sigma: number | null;
  readonly calibrated: number | null;
  readonly sigmaCalibrated: number | null;
  readonly flags: readonly LabelFlag[];
  /** Of a simulated star. */
  readonly truth: number | null;
}

type Truth = Readonly<Record<string, number>> | undefined;

/** T_eff, log g, v_mic and [Fe/H] of a finished fit, in this order. */
export function parameterRows(result: FitResult, calibrated: CalibratedLabels, truth: Truth): ResultRow[] {
  return PARAMETERS.flatMap((name) => {
    const raw = result.labels.find((label) => label.name === name);
    if (raw === undefined) return [];
    const better = calibrated.parameters[name];
    return [
      {
        name,
        value: raw.value,
        sigma: raw.sigma,
        calibrated: better?.calibrated ?? null,
        sigmaCalibrated: better?.sigmaCalibrated ?? null,
        flags: better?.flags ?? raw.flags,
        truth: truth?.[name] ?? null,
      },
    ];
  });
}

/** The best parameters so far of a search under way: no errors yet. */
export function searchingRows(progress: FitProgress | null, truth: Truth): ResultRow[] {
  const best = progress?.best?.labels;
  if (best === undefined) return [];
  return PARAMETERS.flatMap((name) => {
    const value = best[name];
    return value === undefined
      ? []
      : [{ name, value, sigma: null, calibrated: null, sigmaCalibrated: null, flags: [], truth: truth?.[name] ?? null }];
  });
}

/** [X/H] of every element, iron first; raw values and errors as the calibration gives them, from the covariance with [Fe/H]. */
function xhRows(result: FitResult, calibrated: CalibratedLabels, truth: Truth): ResultRow[] {
  const feh = truth?.feh ?? null;
  const fitted = new Set<string>(result.labels.map(({ name }) => name));
  return ['Fe', ...ELEMENTS].flatMap((name) => {
    const value = calibrated.abundances[name];
    if (value === undefined || (name !== 'Fe' && !fitted.has(name))) return [];
    const xfe = name === 'Fe' ? 0 : (truth?.[name] ?? 0);
    return [{ name, ...value, truth: feh === null ? null : feh + xfe }];
  });
}

/**
 * [X/Fe] of every element. The calibrated value is calibrated [X/H] − calibrated [Fe/H]; the scatter that the calibration of X alone
 * added (what [X/H] gained in variance beyond [Fe/H]) goes in quadrature with the fit's own σ of [X/Fe].
 */
function xfeRows(result: FitResult, calibrated: CalibratedLabels, truth: Truth): ResultRow[] {
  const iron = calibrated.abundances.Fe;
  const gained = (value: { sigma: number; sigmaCalibrated: number | null }): number =>
    (value.sigmaCalibrated ?? NaN) ** 2 - value.sigma ** 2;
  return ELEMENTS.flatMap((name) => {
    const raw = result.labels.find((label) => label.name === name);
    if (raw === undefined) return [];
    const xh = calibrated.abundances[name];
    const both = xh !== undefined && iron !== undefined && xh.calibrated !== null && iron.calibrated !== null;
    return [
      {
        name,
        value: raw.value,
        sigma: raw.sigma,
        calibrated: both ? xh.calibrated - iron.calibrated : null,
        sigmaCalibrated: both ? Math.sqrt(raw.sigma ** 2 + Math.max(0, gained(xh) - gained(iron))) : null,
        flags: xh?.flags ?? raw.flags,
        truth: truth === undefined ? null : (truth[name] ?? 0),
      },
    ];
  });
}

/** The abundance table in the scale asked for. */
export function abundanceRows(result: FitResult, calibrated: CalibratedLabels, truth: Truth, scale: AbundanceScale): ResultRow[] {
  return scale === 'xh' ? xhRows(result, calibrated, truth) : xfeRows(result, calibrated, truth);
}
