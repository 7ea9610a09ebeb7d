/** The options that `batch` and `watch` share: how to fit, with what, into which folder. */
import { availableParallelism } from 'node:os';
import type { BackendName } from '../../src/domain/emulator.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { DEFAULT_METHOD, METHOD_IDS } from '../../src/fit/methods.ts';
import type { FitSetup } from '../batch/fitSetup.ts';
import { choiceOption, numberOption } from '../commands/args.ts';
import { priorOptions } from '../commands/priorOptions.ts';

export const SURVEY_OPTIONS = {
  out: { type: 'string' },
  method: { type: 'string' },
  'mask-diffuse-bands': { type: 'boolean', default: false },
  prior: { type: 'string', multiple: true, default: [] as string[] },
  fix: { type: 'string', multiple: true, default: [] as string[] },
  seed: { type: 'string' },
  model: { type: 'string' },
  backend: { type: 'string' },
  workers: { type: 'string' },
} as const;

export const SURVEY_HELP = `  --out DIR             folder of the results: results.ndjson, a line per spectrum, and run.json, what they were made with
  --method ${METHOD_IDS.join('|')}
                        how to fit (default ${DEFAULT_METHOD}); maury fit --help explains them
  --mask-diffuse-bands  leave out the diffuse interstellar bands: for reddened stars
  --prior LABEL=MEAN±SIGMA, --fix LABEL=VALUE
                        what is known of a label, as for maury fit; for every star
  --seed N              seed of everything random (default ${String(DEFAULT_FIT_OPTIONS.seed)})
  --model ID            model bundle in public/models (default: the first of its index)
  --backend wasm|reference
  --workers N           processes (default: one per core)
`;

const BACKENDS: readonly BackendName[] = ['wasm', 'reference'];

interface SurveyValues {
  readonly out?: string | undefined;
  readonly method?: string | undefined;
  readonly 'mask-diffuse-bands'?: boolean | undefined;
  readonly prior: readonly string[];
  readonly fix: readonly string[];
  readonly seed?: string | undefined;
  readonly model?: string | undefined;
  readonly backend?: string | undefined;
  readonly workers?: string | undefined;
}

export interface SurveySettings {
  readonly folder: string;
  readonly setup: FitSetup;
  readonly processes: number;
}

/** Failure `BAD_OPTION`. */
export function surveySettings(values: SurveyValues): Result<SurveySettings> {
  if (values.out === undefined) return failed('BAD_OPTION', '--out is missing.', 'Give the folder that the results go to: --out DIR.');
  const method = choiceOption('method', values.method, DEFAULT_METHOD, METHOD_IDS);
  if (!method.ok) return method;
  const seed = numberOption('seed', values.seed, DEFAULT_FIT_OPTIONS.seed, { min: 0, max: 2 ** 31 - 1, integer: true });
  if (!seed.ok) return seed;
  const workers = numberOption('workers', values.workers, availableParallelism(), { min: 1, max: 256, integer: true });
  if (!workers.ok) return workers;
  const backend = choiceOption<BackendName | 'best'>('backend', values.backend, 'best', BACKENDS);
  if (!backend.ok) return backend;
  const priors = priorOptions(values.prior, values.fix);
  if (!priors.ok) return priors;
  return success({
    folder: values.out,
    processes: workers.value,
    setup: {
      open: {
        ...(values.model === undefined ? {} : { model: values.model }),
        ...(backend.value === 'best' ? {} : { backend: backend.value }),
      },
      options: {
        ...DEFAULT_FIT_OPTIONS,
        method: method.value,
        seed: seed.value,
        maskDiffuseBands: values['mask-diffuse-bands'] ?? false,
        priors: priors.value,
      },
    },
  });
}
