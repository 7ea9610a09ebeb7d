/** What the terminal may say of a fit: every option that decides its digits, as the page sets them, too. */
import type { FitOptions, MaskedRegion } from '../../src/domain/fitOptions.ts';
import { ELEMENTS, isElement, LABELS, type LabelName } from '../../src/domain/labels.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { DEFAULT_BUDGET } from '../../src/fit/mcmc/sampleFit.ts';
import { DEFAULT_METHOD, DEFAULT_SAMPLER, METHOD_IDS, METHODS, SAMPLER_IDS, SAMPLERS } from '../../src/fit/methods.ts';
import { choiceOption, numberOption } from './args.ts';
import { priorOptions } from './priorOptions.ts';

export const FIT_OPTIONS = {
  method: { type: 'string' },
  sampler: { type: 'string' },
  'max-sampled': { type: 'string' },
  'max-evaluations': { type: 'string' },
  range: { type: 'string' },
  'knot-spacing': { type: 'string' },
  mask: { type: 'string', multiple: true, default: [] as string[] },
  'mask-diffuse-bands': { type: 'boolean', default: false },
  prior: { type: 'string', multiple: true, default: [] as string[] },
  fix: { type: 'string', multiple: true, default: [] as string[] },
  'prior-sigma': { type: 'string', multiple: true, default: [] as string[] },
  seed: { type: 'string' },
} as const;

const explained = (choices: readonly { readonly id: string; readonly help: string }[]): string =>
  choices.map(({ id, help }) => `                        ${id}: ${help}`).join('\n');
const { range, knotSpacing, maxEvaluations, seed } = DEFAULT_FIT_OPTIONS;

export const FIT_HELP = `  --method ${METHOD_IDS.join('|')}
                        default ${DEFAULT_METHOD}
${explained(METHODS)}
  --sampler ${SAMPLER_IDS.join('|')}
                        mcmc: how to sample (default ${DEFAULT_SAMPLER}); quantiles, R-hat and effective sizes are in the JSON
${explained(SAMPLERS)}
  --max-sampled N       mcmc: spectra at most, a gradient counting as three (default ${String(DEFAULT_BUDGET)})
  --max-evaluations N   cmaes: spectra at most (default ${String(maxEvaluations)})
  --range FROM-TO       wavelengths used, Å, vacuum, rest frame (default ${range.join('-')})
  --knot-spacing Å      distance of the continuum's knots (default ${String(knotSpacing)})
  --mask FROM-TO[@observed]
                        leaves out a stretch, Å, vacuum, in the rest frame of the star, or in that of the spectrum. May be repeated
  --mask-diffuse-bands  leave out the diffuse interstellar bands: for reddened stars
  --prior LABEL=MEAN±SIGMA
                        what is known of a label, in its unit: logg=2.41±0.02 (or +-); an element stands for its [X/Fe]. May be repeated
  --fix LABEL=VALUE     holds a label at a value: vmic=1.2. May be repeated
  --prior-sigma [ELEMENT=]DEX
                        σ of the usual prior about 0 on every [X/Fe], or on one; vmic=KM/S: of that about the empirical relation
                        (default: each its own). May be repeated
  --seed N              seed of everything random (default ${String(seed)})`;

export interface FitValues {
  readonly method?: string | undefined;
  readonly sampler?: string | undefined;
  readonly 'max-sampled'?: string | undefined;
  readonly 'max-evaluations'?: string | undefined;
  readonly range?: string | undefined;
  readonly 'knot-spacing'?: string | undefined;
  readonly mask: readonly string[];
  readonly 'mask-diffuse-bands': boolean;
  readonly prior: readonly string[];
  readonly fix: readonly string[];
  readonly 'prior-sigma': readonly string[];
  readonly seed?: string | undefined;
}

/** The options of a fit, the defaults where nothing is said. Failure `BAD_OPTION`. */
export function fitOptionsOf(values: FitValues): Result<FitOptions> {
  const method = choiceOption('method', values.method, DEFAULT_METHOD, METHOD_IDS);
  if (!method.ok) return method;
  const sampler = choiceOption('sampler', values.sampler, DEFAULT_SAMPLER, SAMPLER_IDS);
  if (!sampler.ok) return sampler;
  const sampled = numberOption('max-sampled', values['max-sampled'], DEFAULT_BUDGET, { min: 100, max: 1e9, integer: true });
  if (!sampled.ok) return sampled;
  const evaluations = numberOption('max-evaluations', values['max-evaluations'], maxEvaluations, { min: 100, max: 1e9, integer: true });
  if (!evaluations.ok) return evaluations;
  const used = values.range === undefined ? success(range) : stretchOf('range', values.range);
  if (!used.ok) return used;
  const knots = numberOption('knot-spacing', values['knot-spacing'], knotSpacing, { min: 20, max: 5000 });
  if (!knots.ok) return knots;
  const masks = masksOf(values.mask);
  if (!masks.ok) return masks;
  const priors = priorOptions(values.prior, values.fix);
  if (!priors.ok) return priors;
  const priorSigma = priorSigmaOf(values['prior-sigma']);
  if (!priorSigma.ok) return priorSigma;
  const chosenSeed = numberOption('seed', values.seed, seed, { min: 0, max: 2 ** 31 - 1, integer: true });
  if (!chosenSeed.ok) return chosenSeed;
  return success({
    ...DEFAULT_FIT_OPTIONS,
    method: method.value,
    seed: chosenSeed.value,
    maxEvaluations: evaluations.value,
    sampler: sampler.value,
    maxSampled: sampled.value,
    priorSigma: priorSigma.value,
    priors: priors.value,
    range: used.value,
    knotSpacing: knots.value,
    maskedRegions: masks.value,
    maskDiffuseBands: values['mask-diffuse-bands'],
  });
}

const UNSIGNED = String.raw`(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const STRETCH = new RegExp(`^(${UNSIGNED})-(${UNSIGNED})$`, 'i');

/** `6550-6580`, Å. */
function stretchOf(option: string, text: string): Result<readonly [number, number]> {
  const [, from, to] = (STRETCH.exec(text.trim()) ?? []).map(Number);
  if (from !== undefined && to !== undefined && from < to) return success([from, to]);
  return failed('BAD_OPTION', `--${option} is "${text}".`, `Give two wavelengths in Å, the shorter first: --${option} 6550-6580.`);
}

function masksOf(texts: readonly string[]): Result<readonly MaskedRegion[]> {
  const masks: MaskedRegion[] = [];
  for (const text of texts) {
    const [, stretch = text, frame] = /^(.*)@(rest|observed)$/.exec(text) ?? [];
    const read = stretchOf('mask', stretch);
    if (!read.ok) return read;
    const [from, to] = read.value;
    masks.push({ from, to, why: 'by hand', frame: frame === 'observed' ? 'observed' : 'rest' });
  }
  return success(masks);
}

function priorSigmaOf(texts: readonly string[]): Result<FitOptions['priorSigma']> {
  let sigmas: FitOptions['priorSigma'] = DEFAULT_FIT_OPTIONS.priorSigma;
  for (const text of texts) {
    const [, name, number = text] = /^(\w+)=(.*)$/.exec(text) ?? [];
    const label = LABELS.find((one) => one.toLowerCase() === name?.toLowerCase() && (isElement(one) || one === 'vmic'));
    const value = numberOption('prior-sigma', number, NaN, { min: 1e-4, max: 100 });
    if (!value.ok || (name !== undefined && label === undefined))
      return failed(
        'BAD_OPTION',
        `--prior-sigma is "${text}".`,
        'Give a σ for all elements, 0.2, or for one: Mg=0.2; vmic=0.3 is in km/s.',
      );
    const names: readonly LabelName[] = label === undefined ? ELEMENTS : [label];
    sigmas = { ...sigmas, ...Object.fromEntries(names.map((one) => [one, value.value])) };
  }
  return success(sigmas);
}
