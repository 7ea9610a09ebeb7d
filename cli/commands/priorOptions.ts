/** `--prior logg=2.41±0.02` and `--fix vmic=1.2`: what is known of labels before the fit, from the command line. */
import type { FitOptions, PriorChoice } from '../../src/domain/fitOptions.ts';
import { LABELS, type LabelName } from '../../src/domain/labels.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const PRIOR = new RegExp(String.raw`^(\w+)=(${NUMBER})\s*(?:±|\+-|\+/-)\s*(${NUMBER})$`, 'i');
const FIX = new RegExp(String.raw`^(\w+)=(${NUMBER})$`, 'i');

function labelOf(option: string, name: string): Result<LabelName> {
  const found = LABELS.find((label) => label.toLowerCase() === name.toLowerCase());
  return found === undefined
    ? failed('BAD_OPTION', `--${option} names the label "${name}".`, `Labels are ${LABELS.join(', ')}; an element stands for its [X/Fe].`)
    : success(found);
}

/**
 * Priors by label from the texts of `--prior` (`label=mean±sigma`; `+-` and `+/-` do as well) and `--fix` (`label=value`), in the labels' own units.
 * Failure `BAD_OPTION`: not of this form, no label, σ not positive, or a label that is named twice.
 */
export function priorOptions(priors: readonly string[], fixed: readonly string[]): Result<NonNullable<FitOptions['priors']>> {
  const found = new Map<LabelName, PriorChoice>();
  const add = (option: string, text: string, pattern: RegExp, example: string, choice: (numbers: readonly number[]) => PriorChoice) => {
    const match = pattern.exec(text.trim());
    if (match === null) return failed('BAD_OPTION', `--${option} is "${text}".`, `Write it as --${option} ${example}.`);
    const label = labelOf(option, match[1] ?? '');
    if (!label.ok) return label;
    if (found.has(label.value)) return failed('BAD_OPTION', `${label.value} is given twice.`, 'Give each label one --prior or one --fix.');
    const numbers = match.slice(2).map(Number);
    if (option === 'prior' && !((numbers[1] ?? NaN) > 0))
      return failed(
        'BAD_OPTION',
        `--prior is "${text}": σ must be positive.`,
        `To hold ${label.value} at a value: --fix ${label.value}=VALUE.`,
      );
    found.set(label.value, choice(numbers));
    return null;
  };
  for (const text of priors) {
    const bad = add('prior', text, PRIOR, 'logg=2.41±0.02', ([mean = NaN, sigma = NaN]) => ({ mean, sigma }));
    if (bad !== null) return bad;
  }
  for (const text of fixed) {
    const bad = add('fix', text, FIX, 'vmic=1.2', ([value = NaN]) => ({ fixed: value }));
    if (bad !== null) return bad;
  }
  return success(Object.fromEntries(found));
}
