/** The line of the terminal that makes a fit again: the options that differ from the terminal's own defaults, quoted for sh. */
import type { FitOptions, MaskedRegion, PriorChoice } from '../domain/fitOptions.ts';
import { ELEMENTS } from '../domain/labels.ts';
import type { ReadOptions } from '../domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS, defaultPriorSigma } from '../fit/defaults.ts';
import { DEFAULT_BUDGET } from '../fit/mcmc/sampleFit.ts';
import { DEFAULT_SAMPLER } from '../fit/methods.ts';

/** A fit of a file as the terminal can make it. */
export interface RepeatableFit {
  readonly file: string;
  /** Which spectrum of those that are read of the file, from 1; null where it holds one. */
  readonly spectrum: number | null;
  readonly options: FitOptions;
  readonly reading: ReadOptions;
  /** Bundle, backend and calibration; null for the terminal's own choice. */
  readonly model: string | null;
  readonly backend: string | null;
  readonly calibration: string | null;
}

/** `--name value`, or nothing where the value is the terminal's own; `--name=value` where it would be taken for an option. */
function option(name: string, value: string | number | null | undefined, usual?: string | number): readonly string[] {
  if (value === null || value === undefined || value === usual) return [];
  const text = String(value);
  return text.startsWith('-') ? [`--${name}=${text}`] : [`--${name}`, text];
}

const priorText = (name: string, choice: PriorChoice): readonly string[] =>
  'fixed' in choice ? ['--fix', `${name}=${String(choice.fixed)}`] : ['--prior', `${name}=${String(choice.mean)}+-${String(choice.sigma)}`];

const maskText = ({ from, to, frame = 'rest' }: MaskedRegion): string =>
  `${String(from)}-${String(to)}${frame === 'observed' ? '@observed' : ''}`;

/** One number where all elements share their σ, else those that are not their usual one; and v_mic's, where it has one. */
function priorSigmas(sigmas: FitOptions['priorSigma']): readonly string[] {
  const all = ELEMENTS.map((name) => [name, sigmas[name] ?? defaultPriorSigma(name)] as const);
  const [first] = all;
  const shared = first !== undefined && all.every(([, sigma]) => sigma === first[1]);
  const own = all.filter(([name, sigma]) => sigma !== defaultPriorSigma(name)).map(([name, sigma]) => `${name}=${String(sigma)}`);
  const texts = shared ? [String(first[1])] : own;
  return [...texts, ...(sigmas.vmic === undefined ? [] : [`vmic=${String(sigmas.vmic)}`])].flatMap((text) => ['--prior-sigma', text]);
}

/** What follows `maury` in the terminal. A name that begins with a dash is not taken for an option. */
export function fitArguments({ file, spectrum, options, reading, model, backend, calibration }: RepeatableFit): readonly string[] {
  const { range, knotSpacing, seed, method, maxEvaluations } = DEFAULT_FIT_OPTIONS;
  const [from, to] = options.range;
  return [
    'fit',
    file.startsWith('-') ? `./${file}` : file,
    ...option('spectrum', spectrum),
    ...option('model', model),
    ...option('backend', backend),
    ...option('calibration', calibration),
    ...option('method', options.method, method),
    ...option('sampler', options.sampler, DEFAULT_SAMPLER),
    ...option('max-sampled', options.maxSampled, DEFAULT_BUDGET),
    ...option('max-evaluations', options.maxEvaluations, maxEvaluations),
    ...option('seed', options.seed, seed),
    ...option('range', `${String(from)}-${String(to)}`, range.join('-')),
    ...option('knot-spacing', options.knotSpacing, knotSpacing),
    ...options.maskedRegions.flatMap((region) => ['--mask', maskText(region)]),
    ...(options.maskDiffuseBands === true ? ['--mask-diffuse-bands'] : []),
    ...Object.entries(options.priors ?? {}).flatMap(([name, choice]) => priorText(name, choice)),
    ...priorSigmas(options.priorSigma),
    ...option('medium', reading.medium),
    ...option('frame', reading.frame),
    ...option('r', reading.resolvingPower),
    ...option('error-column', reading.errorColumn),
    ...option('flux-unit', reading.fluxUnit),
    ...option('target', reading.target),
    ...option('degrade-to', reading.degradeTo),
  ];
}

/** A word as sh takes it unchanged. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The arguments as a line for a shell (sh, bash, zsh), run in the folder of Maury as the README says. */
export const shellLine = (args: readonly string[]): string => ['npm run --silent maury --', ...args.map(quoted)].join(' ');
