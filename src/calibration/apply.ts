import type { CalibratedLabels, CalibratedValue, FitResult, FittedLabel, LabelFlag } from '../domain/fit.ts';
import { isElement } from '../domain/labels.ts';
import { evaluateTrend } from './derive.ts';
import { CORRECTED, type Calibration, type CorrectedLabel, type ValidityRange } from './schema.ts';

/** What a calibration needs of a fit. */
export type LabelsOfFit = Pick<FitResult, 'model' | 'labels' | 'covariance'>;

type RawBox = Readonly<Record<CorrectedLabel, number>>;

/** Flags that make a raw value no measurement, so that a correction has nothing to correct. */
const UNMEASURED: readonly LabelFlag[] = ['unreliable', 'prior-dominated', 'not-converged', 'fixed', 'given'];

const inside = (raw: RawBox, range: ValidityRange): boolean =>
  CORRECTED.every((name) => raw[name] >= range[name][0] && raw[name] <= range[name][1]);

function uncalibrated(value: number, sigma: number, flags: readonly LabelFlag[]): CalibratedValue {
  return {
    value,
    sigma,
    calibrated: null,
    sigmaCalibrated: null,
    flags: [...flags.filter((flag) => flag !== 'uncalibrated'), 'uncalibrated'],
  };
}

function withCorrection(
  value: number,
  sigma: number,
  flags: readonly LabelFlag[],
  by: { shift: number; scatter: number } | null,
): CalibratedValue {
  if (by === null || flags.some((flag) => UNMEASURED.includes(flag))) return uncalibrated(value, sigma, flags);
  return {
    value,
    sigma,
    calibrated: value - by.shift,
    sigmaCalibrated: Math.hypot(sigma, by.scatter),
    flags: flags.filter((flag) => flag !== 'uncalibrated'),
  };
}

/** [X/H] = [X/Fe] + [Fe/H] with σ from their covariance; flags of both, in no order. */
function abundance(result: LabelsOfFit, element: number, iron: number): { value: number; sigma: number; flags: LabelFlag[] } {
  const x = result.labels[element];
  const fe = result.labels[iron];
  if (x === undefined || fe === undefined) throw new Error(`label ${String(element)} or ${String(iron)} is not in the result`);
  const n = result.labels.length;
  const entry = (i: number, j: number): number => result.covariance[i * n + j] ?? NaN;
  const variance = entry(element, element) + entry(iron, iron) + 2 * entry(element, iron);
  return { value: x.value + fe.value, sigma: Math.sqrt(Math.max(0, variance)), flags: [...new Set([...x.flags, ...fe.flags])] };
}

/**
 * Raw labels beside calibrated ones. Reference stars correct T_eff, log g and [Fe/H]; the Sun sets the zero point of each [X/H], counted on
 * top of the corrected [Fe/H], so that no correction is applied twice. σ is the fit's ⊕ the calibration's. Outside the range in
 * which it was derived, where a label is not measured, or where there is no calibration, a label stays raw and is flagged `uncalibrated`.
 */
export function calibrate(result: LabelsOfFit, calibration: Calibration | null): CalibratedLabels {
  const byName = new Map<string, FittedLabel>(result.labels.map((label) => [label.name, label]));
  const raw: RawBox = {
    teff: byName.get('teff')?.value ?? NaN,
    logg: byName.get('logg')?.value ?? NaN,
    feh: byName.get('feh')?.value ?? NaN,
  };
  const usable = calibration !== null && calibration.model.id === result.model ? calibration : null;
  const correctionOf = (name: CorrectedLabel): { shift: number; scatter: number } | null => {
    const correction = usable?.labels[name];
    return correction !== undefined && inside(raw, correction.range)
      ? { shift: evaluateTrend(correction, raw), scatter: correction.scatter }
      : null;
  };

  const parameters: Record<string, CalibratedValue> = {};
  for (const label of result.labels) {
    if (isElement(label.name)) continue;
    const by = label.name === 'vmic' ? null : correctionOf(label.name);
    parameters[label.name] = withCorrection(label.value, label.sigma, label.flags, by);
  }

  const abundances: Record<string, CalibratedValue> = {};
  const iron = result.labels.findIndex((label) => label.name === 'feh');
  const feh = parameters['feh'];
  if (iron >= 0 && feh !== undefined) {
    abundances['Fe'] = feh;
    const fehBy = correctionOf('feh');
    result.labels.forEach((label, i) => {
      if (!isElement(label.name)) return;
      const { value, sigma, flags } = abundance(result, i, iron);
      const zero = usable !== null && inside(raw, usable.abundances.range) ? usable.abundances.zeroPoints[label.name] : undefined;
      const by =
        zero === undefined || fehBy === null
          ? null
          : { shift: zero.zeroPoint + fehBy.shift, scatter: Math.hypot(zero.sigma, fehBy.scatter) };
      abundances[label.name] = withCorrection(value, sigma, flags, by);
    });
  }
  return { calibration: usable?.id ?? 'none', parameters, abundances };
}

/**
 * Calibrated [X/Fe] of one element: calibrated [X/H] − calibrated [Fe/H], where both are calibrated. What the calibration of X alone added (what
 * [X/H] gained in variance beyond [Fe/H]) goes in quadrature with the fit's σ of [X/Fe].
 */
export function calibratedXfe(label: FittedLabel, { abundances }: CalibratedLabels): CalibratedValue {
  const [xh, iron] = [abundances[label.name], abundances['Fe']];
  if (xh?.calibrated == null || iron?.calibrated == null) return uncalibrated(label.value, label.sigma, label.flags);
  const gained = (value: CalibratedValue): number => (value.sigmaCalibrated ?? NaN) ** 2 - value.sigma ** 2;
  return {
    value: label.value,
    sigma: label.sigma,
    calibrated: xh.calibrated - iron.calibrated,
    sigmaCalibrated: Math.sqrt(label.sigma ** 2 + Math.max(0, gained(xh) - gained(iron))),
    flags: label.flags.filter((flag) => flag !== 'uncalibrated'),
  };
}
