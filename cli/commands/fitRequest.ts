/** What `maury fit` is asked for: its options, read and checked. */
import type { BackendName } from '../../src/domain/emulator.ts';
import { failed, success, type Failure, type Result } from '../../src/domain/result.ts';
import type { FitSetup, SynthesisSetup } from '../batch/fitSetup.ts';
import { DEFAULT_LINES, LINE_LIST_NAMES, type LineListName } from '../files/lineLists.ts';
import { defaultTables } from '../files/tablesFolder.ts';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import { FIT_HELP, FIT_OPTIONS, fitOptionsOf } from './fitOptions.ts';
import { READING_HELP, READING_OPTIONS, readingOptions } from './readingOptions.ts';

/** `--model` for the synthesis in place of a network. */
const AB_INITIO = 'ab-initio';

/** Every other option says how to read or to fit, and that the results say. */
const GO_WITH_REPLAY: readonly string[] = ['replay', 'json', 'workers'];

const BACKENDS: readonly BackendName[] = ['wasm', 'reference'];

const HELP = `maury fit FILE... [options]: labels of the spectra in FILEs (FITS or text)

${FIT_HELP}
${READING_HELP}
  --spectrum N          of files that hold many: only the one that is read as the Nth, from 1
  --json                one JSON array on stdout, an object per spectrum; without it a readable table
  --model ID            model bundle in public/models (default: the first of its index); ab-initio: the synthesis itself, by lm from a bundle's
                        solution, a minute or two a star; no calibration applies to it
  --calibration none|ID|FILE.json
                        none: raw labels alone; one of public/calibrations/index.json, or a file of "maury calibrate"
                        (default: the first that the index lists for the model)
  --start ID            ab-initio: the bundle to start from (default: the first of the index)
  --verify              synthesise the spectrum at the network's solution and say the network's error of every label in σ
  --tables DIR          ab-initio, verify: physics tables (default $MAURY_SHARED/physics)
  --lines LIST          ab-initio, verify: their line list, ${LINE_LIST_NAMES.join(', ')} (default ${DEFAULT_LINES})
  --backend wasm|reference
  --workers N           processes (default: one per core)
  --replay RESULTS      fit the stars of a file that --json or the page's export wrote, each with its own model, options (priors, fixed
                        labels, masks, what was said of the file) and seed, and say
                        whether every digit is the same; the FILEs they are from are found where the results say, or among those given

The page's Export menu copies the line that repeats one of its fits. A file that cannot be read is an object with ok: false and a failure (code,
message, hint); the others still run.
Exit code: 0 if at least one file was fitted (of a replay: if every star is as it was), 1 if not, 2 if the options were not understood, 130 after Ctrl-C, which prints what is done.
`;

/** A fit, or the replay of a results file, that was asked for. */
export interface FitRequest {
  readonly files: readonly string[];
  readonly setup: FitSetup;
  readonly json: boolean;
  /** Processes; null for as many as suit. */
  readonly workers: number | null;
  /** The results file whose stars are fitted again in place of `setup`; null where there is none. */
  readonly replay: string | null;
}

/** The request, or the exit code of a command that ends here: what was wrong is on stderr by then. */
export function fitRequest(
  args: readonly string[],
): { readonly ok: true; readonly value: FitRequest } | { readonly ok: false; readonly code: number } {
  const parsed = openCommand(HELP, {
    args: [...args],
    allowPositionals: true,
    options: {
      ...FIT_OPTIONS,
      ...READING_OPTIONS,
      spectrum: { type: 'string' },
      json: { type: 'boolean', default: false },
      model: { type: 'string' },
      calibration: { type: 'string' },
      start: { type: 'string' },
      verify: { type: 'boolean', default: false },
      tables: { type: 'string' },
      lines: { type: 'string' },
      backend: { type: 'string' },
      workers: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  if (!parsed.ok) return parsed;
  const stop = (failure: Failure) => ({ ok: false, code: refuse(failure) }) as const;
  const { values, positionals: files } = parsed.value;
  if (files.length === 0 && values.replay === undefined)
    return stop({ code: 'NO_FILES', message: 'No file was given.', hint: 'maury fit spectrum.fits.gz --json; --help for more.' });
  const options = fitOptionsOf(values);
  const reading = readingOptions(values);
  const only = numberOption('spectrum', values.spectrum, 0, { min: 1, max: 1e6, integer: true });
  const workers = numberOption('workers', values.workers, 0, { min: 1, max: 256, integer: true });
  const backend = choiceOption<BackendName | 'best'>('backend', values.backend, 'best', BACKENDS);
  const synthesis = synthesisOf(values);
  for (const option of [options, reading, only, workers, backend, synthesis]) if (!option.ok) return stop(option.failure);
  if (!options.ok || !reading.ok || !only.ok || !workers.ok || !backend.ok || !synthesis.ok) return { ok: false, code: EXIT.usage };
  if (values.replay !== undefined) {
    const own = Object.entries(values).find(
      ([name, value]) => !GO_WITH_REPLAY.includes(name) && value !== false && !(Array.isArray(value) && value.length === 0),
    );
    if (own !== undefined)
      return stop({
        code: 'BAD_OPTION',
        message: `--replay does not go with --${own[0]}: each star is read and fitted as the results say.`,
        hint: 'Leave it out, or fit without --replay.',
      });
  }
  const bundle = synthesis.value?.use === 'fit' ? values.start : values.model;
  const open = {
    ...(bundle === undefined ? {} : { model: bundle }),
    ...(values.calibration === undefined ? {} : { calibration: values.calibration }),
    ...(backend.value === 'best' ? {} : { backend: backend.value }),
  };
  return {
    ok: true,
    value: {
      files,
      setup: {
        open,
        options: options.value,
        reading: reading.value,
        ...(only.value === 0 ? {} : { spectrum: only.value }),
        ...(synthesis.value === null ? {} : { synthesis: synthesis.value }),
      },
      json: values.json,
      workers: workers.value === 0 ? null : workers.value,
      replay: values.replay ?? null,
    },
  };
}

interface SynthesisOptions {
  readonly model?: string | undefined;
  readonly method?: string | undefined;
  readonly calibration?: string | undefined;
  readonly verify: boolean;
  readonly start?: string | undefined;
  readonly tables?: string | undefined;
  readonly lines?: string | undefined;
}

/** What the synthesis is wanted for, or null. Failure `BAD_OPTION` for options that do not go together. */
function synthesisOf({ model, method, calibration, verify, start, tables, lines }: SynthesisOptions): Result<SynthesisSetup | null> {
  const instead = model === AB_INITIO;
  const stray = Object.entries({ start: instead ? undefined : start, ...(instead || verify ? {} : { tables, lines }) });
  const without = stray.find(([, value]) => value !== undefined);
  if (without !== undefined)
    return failed(
      'BAD_OPTION',
      `--${without[0]} says nothing of a network.`,
      `It goes with --model ${AB_INITIO}; --tables and --lines with --verify, too.`,
    );
  if (instead && verify) return failed('BAD_OPTION', '--verify asks for the error of a network.', 'Name a bundle with --model, or none.');
  if (instead && method !== undefined && method !== 'lm')
    return failed('BAD_OPTION', `--method ${method} would take hours with the synthesis.`, 'Leave it out: lm is used.');
  if (instead && calibration !== undefined)
    return failed('BAD_OPTION', `--calibration ${calibration} is of a network.`, 'Leave it out: labels of the synthesis are raw.');
  if (!instead && !verify) return success(null);
  const list = choiceOption<LineListName>('lines', lines, DEFAULT_LINES, LINE_LIST_NAMES);
  return list.ok ? success({ use: instead ? 'fit' : 'verify', tables: tables ?? defaultTables(), lines: list.value }) : list;
}
