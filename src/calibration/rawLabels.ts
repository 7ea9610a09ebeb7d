/** Our raw labels of one spectrum, as a calibration sees them: of elements [X/H]. */
import type { FitResult, LabelFlag } from '../domain/fit.ts';
import { isElement, type Element } from '../domain/labels.ts';
import { CORRECTED, type CalibratedName, type CorrectedLabel, type Place } from './names.ts';

export interface RawValue {
  readonly value: number;
  readonly sigma: number;
  /** Whether the spectrum measured it, which the fit's flags say and never the value itself: a choice by value would bend every trend. */
  readonly measured: boolean;
}

export interface RawLabels {
  readonly values: Readonly<Partial<Record<CalibratedName, RawValue>>>;
  /** σ of [X/Fe], dex. */
  readonly ratioSigmas: Readonly<Partial<Record<Element, number>>>;
  /** Whether the fit reached beyond the blue: its longest used wavelength is above `LONG_FROM`. */
  readonly long: boolean;
}

/** Å: spectra that were used beyond this are corrected for what the red adds. */
export const LONG_FROM = 8000;

/** Flags that make a raw value no measurement, so that there is nothing to correct. */
export const UNMEASURED: readonly LabelFlag[] = ['unreliable', 'prior-dominated', 'not-converged', 'fixed', 'given'];
export const isMeasuredBy = (flags: readonly string[]): boolean => !UNMEASURED.some((flag) => flags.includes(flag));

/** What of a fit is calibrated. */
export type LabelsOfFit = Pick<FitResult, 'model' | 'labels' | 'covariance'> & Partial<Pick<FitResult, 'restWavelength' | 'used'>>;

/** [X/H] = [X/Fe] + [Fe/H] with σ from their covariance; flags of both, in no order. */
export function abundanceOf(
  result: LabelsOfFit,
  element: number,
  iron: number,
): { readonly value: number; readonly sigma: number; readonly flags: readonly LabelFlag[] } {
  const x = result.labels[element];
  const fe = result.labels[iron];
  if (x === undefined || fe === undefined) throw new Error(`label ${String(element)} or ${String(iron)} is not in the result`);
  const n = result.labels.length;
  const entry = (i: number, j: number): number => result.covariance[i * n + j] ?? NaN;
  const variance = entry(element, element) + entry(iron, iron) + 2 * entry(element, iron);
  return { value: x.value + fe.value, sigma: Math.sqrt(Math.max(0, variance)), flags: [...new Set([...x.flags, ...fe.flags])] };
}

/** The longest wavelength used, Å in the rest frame; NaN where a result does not say. */
export function longestUsed({ restWavelength, used }: LabelsOfFit): number {
  if (restWavelength === undefined || used === undefined) return NaN;
  return restWavelength[used.lastIndexOf(1)] ?? NaN;
}

/** The raw labels of a fit. Where it does not say which pixels it used, it is taken for one over the survey's whole range. */
export function rawLabelsOf(result: LabelsOfFit): RawLabels {
  const iron = result.labels.findIndex(({ name }) => name === 'feh');
  const values: Partial<Record<CalibratedName, RawValue>> = {};
  const ratioSigmas: Partial<Record<Element, number>> = {};
  result.labels.forEach((label, i) => {
    if (isElement(label.name)) {
      if (iron < 0) return;
      const { value, sigma, flags } = abundanceOf(result, i, iron);
      values[label.name] = { value, sigma, measured: isMeasuredBy(flags) };
      ratioSigmas[label.name] = label.sigma;
    } else if (label.name !== 'vmic') values[label.name] = { value: label.value, sigma: label.sigma, measured: isMeasuredBy(label.flags) };
  });
  return { values, ratioSigmas, long: !(longestUsed(result) < LONG_FROM) };
}

/** T_eff, log g and [Fe/H] of some values; NaN where one is lacking. */
export function placeOf(values: Readonly<Partial<Record<CorrectedLabel, { readonly value: number }>>>): Place {
  const [teff, logg, feh] = CORRECTED.map((name) => values[name]?.value ?? NaN);
  return { teff: teff ?? NaN, logg: logg ?? NaN, feh: feh ?? NaN };
}
