/** Raw labels → calibrated labels. */
import type { CalibratedLabels, CalibratedValue, FittedLabel, LabelFlag } from '../domain/fit.ts';
import { isElement } from '../domain/labels.ts';
import { depthIn, growthAt } from './hull.ts';
import { sigmaAt } from './kinds.ts';
import { CORRECTED, type CalibratedName, type Place } from './names.ts';
import { abundanceOf, isMeasuredBy, rawLabelsOf, type LabelsOfFit, type RawLabels } from './rawLabels.ts';
import type { Calibration, LabelCalibration } from './schema.ts';
import { trendAt } from './trend.ts';

export type { LabelsOfFit } from './rawLabels.ts';

const ROUNDS = 12;

function uncalibrated(value: number, sigma: number, flags: readonly LabelFlag[]): CalibratedValue {
  return {
    value,
    sigma,
    calibrated: null,
    sigmaCalibrated: null,
    flags: [...flags.filter((flag) => flag !== 'uncalibrated' && flag !== 'solar-zero-point'), 'uncalibrated'],
  };
}

const rawPlace = ({ values }: RawLabels): Place => {
  const [teff = NaN, logg = NaN, feh = NaN] = CORRECTED.map((name) => values[name]?.value ?? NaN);
  return { teff, logg, feh };
};

/** What a calibration takes away from the raw label of a fit at a place: the trend, and what a fit beyond the blue adds. */
function shiftOf(label: LabelCalibration, place: Place, long: boolean): number {
  const reach = long && label.reach !== null ? trendAt(label.reach, place).shift : 0;
  return trendAt(label, place).shift + reach;
}

/** The place whose own corrections lead from it to the raw labels: T_eff, log g and [Fe/H] as calibrated. */
export function calibratedPlaceOf(raw: RawLabels, labels: Calibration['labels']): Place {
  const start = rawPlace(raw);
  let place = start;
  for (let i = 0; i < ROUNDS; i++) {
    const at = place;
    const of = (name: 'teff' | 'logg' | 'feh'): number => {
      const label = labels[name];
      return start[name] - (label === undefined ? 0 : shiftOf(label, at, raw.long));
    };
    place = { teff: of('teff'), logg: of('logg'), feh: of('feh') };
  }
  return place;
}

/** How deep a place lies among the references of a label, in steps of the hull; negative: outside, where nothing is said. */
export function depthOf({ hull, range }: LabelCalibration, place: Place): number {
  if (hull !== null) return depthIn(hull, place);
  return CORRECTED.every((name) => place[name] >= range[name][0] && place[name] <= range[name][1]) ? Infinity : -1;
}

/** What the σ of a calibrated label adds to the fit's, squared: intrinsic scatter, growing near the edge, and the error of the correction itself. */
function addedVariance(label: LabelCalibration, scatter: LabelCalibration['scatter'], place: Place, long: boolean): number {
  const own = sigmaAt(scatter, place) * growthAt(depthOf(label, place));
  // Half of what the two ranges differ by is laid to each.
  const reach = long && label.reach !== null ? trendAt(label.reach, place).variance + label.reach.scatter ** 2 / 2 : 0;
  return own ** 2 + trendAt(label, place).variance + reach;
}

/** One label of one star under a calibration; null where that says nothing of it. */
interface Correction {
  readonly shift: number;
  readonly variance: number;
  readonly ratioVariance: number;
  readonly fitScale: number;
  readonly kind: LabelCalibration['kind'];
}

function correctionOf(calibration: Calibration | null, name: CalibratedName, place: Place, long: boolean): Correction | null {
  const label = calibration?.labels[name];
  if (label === undefined || !(depthOf(label, place) >= 0)) return null;
  return {
    shift: shiftOf(label, place, long),
    variance: addedVariance(label, label.scatter, place, long),
    ratioVariance: addedVariance(label, label.scatterRatio ?? label.scatter, place, long),
    fitScale: label.fitScale,
    kind: label.kind,
  };
}

function corrected(
  value: number,
  sigma: number,
  flags: readonly LabelFlag[],
  by: Pick<Correction, 'shift' | 'variance' | 'fitScale' | 'kind'> | null,
): CalibratedValue {
  if (by === null || !isMeasuredBy(flags)) return uncalibrated(value, sigma, flags);
  const own = flags.filter((flag) => flag !== 'uncalibrated' && flag !== 'solar-zero-point');
  return {
    value,
    sigma,
    calibrated: value - by.shift,
    sigmaCalibrated: Math.sqrt((by.fitScale * sigma) ** 2 + by.variance),
    flags: by.kind === 'solar-zero-point' ? [...own, 'solar-zero-point'] : own,
  };
}

/**
 * Raw labels beside calibrated ones: T_eff, log g, [Fe/H], [X/H] and [X/Fe]. σ is the fit's ⊕ what the calibration adds. Outside the hull of its
 * references, where a label is not measured, or where there is no calibration, a label stays raw and is flagged `uncalibrated`; one that only
 * the Sun sets is flagged `solar-zero-point`.
 */
export function calibrate(result: LabelsOfFit, calibration: Calibration | null): CalibratedLabels {
  const usable = calibration !== null && calibration.model.id === result.model ? calibration : null;
  const raw = rawLabelsOf(result);
  const place = usable === null ? rawPlace(raw) : calibratedPlaceOf(raw, usable.labels);
  const parameters: Record<string, CalibratedValue> = {};
  for (const { name, value, sigma, flags } of result.labels) {
    if (isElement(name)) continue;
    parameters[name] = corrected(value, sigma, flags, name === 'vmic' ? null : correctionOf(usable, name, place, raw.long));
  }
  const abundances: Record<string, CalibratedValue> = {};
  const ratios: Record<string, CalibratedValue> = {};
  const iron = result.labels.findIndex(({ name }) => name === 'feh');
  const feh = parameters['feh'];
  if (iron >= 0 && feh !== undefined) {
    abundances['Fe'] = feh;
    const ironShift = feh.calibrated === null ? null : feh.value - feh.calibrated;
    result.labels.forEach((label, i) => {
      if (!isElement(label.name)) return;
      const { value, sigma, flags } = abundanceOf(result, i, iron);
      const by = ironShift === null ? null : correctionOf(usable, label.name, place, raw.long);
      abundances[label.name] = corrected(value, sigma, flags, by);
      ratios[label.name] = ratioOf(label, by, ironShift);
    });
  }
  return { calibration: usable?.id ?? 'none', parameters, abundances, ratios };
}

/** Calibrated [X/Fe]: calibrated [X/H] − calibrated [Fe/H], with the scatter that [X/Fe] itself was found to have. */
function ratioOf(label: FittedLabel, by: Correction | null, ironShift: number | null): CalibratedValue {
  const shift = by === null || ironShift === null ? null : by.shift - ironShift;
  const both = shift === null || by === null ? null : { shift, variance: by.ratioVariance, fitScale: by.fitScale, kind: by.kind };
  return corrected(label.value, label.sigma, label.flags, both);
}

/**
 * Calibrated [X/Fe] of one element; raw where it is not calibrated. Results of an earlier version do not hold it: then it is the difference of the two, and what
 * [X/H] gained in variance beyond [Fe/H] goes in quadrature with the fit's σ.
 */
export function calibratedXfe(label: FittedLabel, { abundances, ratios }: CalibratedLabels): CalibratedValue {
  const own = ratios?.[label.name];
  if (own !== undefined) return own;
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
