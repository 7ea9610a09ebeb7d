/** What a person gave of the labels of a fit, in words. */
import type { ShownResult } from '../domain/fit.ts';
import type { PriorChoice } from '../domain/fitOptions.ts';
import { isElement, labelTitle, type LabelName } from '../domain/labels.ts';

const digitsOf = (name: LabelName): number => (name === 'teff' ? 0 : 2);

/** A number as short as it was given, but with at least the digits of its label; with a true minus, and a sign where it is relative to the Sun. */
function text(value: number, name: LabelName, signed: boolean): string {
  const least = Math.abs(value).toFixed(digitsOf(name));
  const magnitude = Number(least) === Math.abs(value) ? least : String(Math.abs(value));
  return `${value < 0 ? '−' : signed ? '+' : ''}${magnitude}`;
}

/** `given 4.42 ± 0.02`, or `fixed at 4.42`, in the unit of the label. */
export function givenText(name: LabelName, choice: PriorChoice): string {
  const signed = name === 'feh' || isElement(name);
  return 'fixed' in choice
    ? `fixed at ${text(choice.fixed, name, signed)}`
    : `given ${text(choice.mean, name, signed)} ± ${text(choice.sigma, name, false)}`;
}

/** What was given of a label in the fit of a result; null where it was free, or where the result is of a version that did not write it down. */
export const givenIn = ({ problem }: Pick<ShownResult, 'problem'>, name: LabelName): PriorChoice | null =>
  problem?.options.priors?.[name] ?? null;

/** All that was given, as `log g given 4.42 ± 0.02, v_mic fixed at 1.20`; empty where nothing was. */
export const givenSummary = ({ problem }: Pick<ShownResult, 'problem'>): string =>
  Object.entries(problem?.options.priors ?? {})
    .map(([name, choice]) => `${labelTitle(name)} ${givenText(name as LabelName, choice)}`)
    .join(', ');
