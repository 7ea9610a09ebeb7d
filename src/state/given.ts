/** Labels of a spectrum that a person knows before the fit: values with their σ, or values that the fit may not change. */
import type { EngineInfo } from '../domain/client.ts';
import { isSolution } from '../domain/fit.ts';
import type { GivenLabels, PriorChoice } from '../domain/fitOptions.ts';
import type { LabelName } from '../domain/labels.ts';
import type { Failure } from '../domain/result.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { priorFailure } from '../fit/priors.ts';
import type { Entry } from './entries.ts';

const NONE: GivenLabels = {};

export const givenOf = ({ given = NONE }: Pick<Entry, 'given'>): GivenLabels => given;

/** With another choice for one label; null sets it free. Labels stay in the order in which they were given. */
export function withGiven(given: GivenLabels, name: LabelName, choice: PriorChoice | null): GivenLabels {
  if (choice !== null) return { ...given, [name]: choice };
  return Object.fromEntries(Object.entries(given).filter(([other]) => other !== name));
}

/** The choice that a value and a σ stand for; without a σ the label is held at the value. */
export const choiceOf = (value: number, sigma: number | null): PriorChoice => (sigma === null ? { fixed: value } : { mean: value, sigma });

/** Value and σ of a choice; σ is null where the label is held. */
export const valueAndSigma = (choice: PriorChoice): { readonly value: number; readonly sigma: number | null } =>
  'fixed' in choice ? { value: choice.fixed, sigma: null } : { value: choice.mean, sigma: choice.sigma };

/** What a label is held at when a person begins to give it, of the value on show: rounded as it is printed, and within the model's range. */
export function startOf({ info }: Pick<EngineInfo, 'info'>, name: LabelName, shown: number, digits: number): PriorChoice {
  const label = info.labels.find((one) => one.name === name);
  const [min, max] = [label?.min ?? -Infinity, label?.max ?? Infinity];
  return { fixed: Math.min(max, Math.max(min, Number(shown.toFixed(digits)))) };
}

/** Why the model cannot take what is given; null where it can. */
export const givenFailure = ({ info }: Pick<EngineInfo, 'info'>, given: GivenLabels): Failure | null =>
  priorFailure(info, { ...DEFAULT_FIT_OPTIONS, priors: given });

const sorted = (given: GivenLabels): string => JSON.stringify(Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Whether other labels are given now than in the fit on show: it is to be made anew. */
export function givenChanged(entry: Entry): boolean {
  if (entry.run.kind !== 'done' || !isSolution(entry.run.result)) return false;
  return sorted(entry.run.result.problem.options.priors ?? NONE) !== sorted(givenOf(entry));
}
