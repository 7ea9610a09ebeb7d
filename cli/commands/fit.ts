/** `maury fit FILE…`: spectra to labels. stdout holds the results and nothing else; everything said on the way goes to stderr. */
import type { BackendName } from '../../src/domain/emulator.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { DEFAULT_BUDGET } from '../../src/fit/mcmc/sampleFit.ts';
import { DEFAULT_METHOD, DEFAULT_SAMPLER, METHOD_IDS, METHODS, SAMPLER_IDS, SAMPLERS } from '../../src/fit/methods.ts';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import type { SynthesisSetup } from '../batch/fitSetup.ts';
import { processesFor, runBatch, type Batch } from '../batch/batch.ts';
import { resultsJson } from '../../src/results/record.ts';
import { resultLine, resultText } from '../../src/results/text.ts';
import { runReplay } from './replay.ts';
import { writeOut } from '../files/writeOut.ts';
import { LINE_LIST_NAMES, type LineListName } from '../files/lineLists.ts';
import { defaultTables } from '../files/tablesFolder.ts';
import { priorOptions } from './priorOptions.ts';
import { READING_HELP, READING_OPTIONS, readingOptions } from './readingOptions.ts';

/** `--model` for the synthesis in place of a network. */
const AB_INITIO = 'ab-initio';
/** The list that training sets use. */
const DEFAULT_LINES = 'corrected';

/** Every other option says how to read or to fit, and that the results say. */
const GO_WITH_REPLAY: readonly string[] = ['replay', 'json', 'workers'];

const BACKENDS: readonly BackendName[] = ['wasm', 'reference'];

const explained = (choices: readonly { readonly id: string; readonly help: string }[]): string =>
  choices.map(({ id, help }) => `                        ${id}: ${help}`).join('\n');

const HELP = `maury fit FILE... [options]: labels of the spectra in FILEs (FITS or text)

  --method ${METHOD_IDS.join('|')}
                        default ${DEFAULT_METHOD}
${explained(METHODS)}
  --sampler ${SAMPLER_IDS.join('|')}
                        mcmc: how to sample (default ${DEFAULT_SAMPLER}); quantiles, R-hat and effective sizes are in the JSON
${explained(SAMPLERS)}
  --max-sampled N       mcmc: spectra at most, a gradient counting as three (default ${String(DEFAULT_BUDGET)})
  --mask-diffuse-bands  leave out the diffuse interstellar bands: for reddened stars
  --prior LABEL=MEAN±SIGMA
                        what is known of a label, in its unit: logg=2.41±0.02 (or +-); an element stands for its [X/Fe]. May be repeated
  --fix LABEL=VALUE     holds a label at a value: vmic=1.2. May be repeated
${READING_HELP}
  --seed N              seed of everything random (default ${String(DEFAULT_FIT_OPTIONS.seed)})
  --json                one JSON array on stdout, an object per file; without it a readable table
  --model ID            model bundle in public/models (default: the first of its index); ab-initio: the synthesis itself, by lm from a bundle's
                        solution, a minute or two a star; no calibration applies to it
  --start ID            ab-initio: the bundle to start from (default: the first of the index)
  --verify              synthesise the spectrum at the network's solution and say the network's error of every label in σ
  --tables DIR          ab-initio, verify: physics tables (default $MAURY_SHARED/physics)
  --lines LIST          ab-initio, verify: their line list, ${LINE_LIST_NAMES.join(', ')} (default ${DEFAULT_LINES})
  --backend wasm|reference
  --workers N           processes (default: one per core)
  --replay RESULTS      fit the stars of a file that --json or the page's export wrote, each with its own model, options (priors, fixed
                        labels, masks, what was said of the file) and seed, and say
                        whether every digit is the same; the FILEs they are from are found where the results say, or among those given

A file that cannot be read is an object with ok: false and a failure (code, message, hint); the others still run.
Exit code: 0 if at least one file was fitted (of a replay: if every star is as it was), 1 if not, 2 if the options were not understood, 130 after Ctrl-C, which prints what is done.
`;

/** The fit command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    allowPositionals: true,
    options: {
      method: { type: 'string' },
      sampler: { type: 'string' },
      'max-sampled': { type: 'string' },
      'mask-diffuse-bands': { type: 'boolean', default: false },
      prior: { type: 'string', multiple: true, default: [] },
      fix: { type: 'string', multiple: true, default: [] },
      ...READING_OPTIONS,
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      model: { type: 'string' },
      start: { type: 'string' },
      verify: { type: 'boolean', default: false },
      tables: { type: 'string' },
      lines: { type: 'string' },
      backend: { type: 'string' },
      workers: { type: 'string' },
      replay: { type: 'string' },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values, positionals: files } = parsed.value;
  if (files.length === 0 && values.replay === undefined)
    return refuse({ code: 'NO_FILES', message: 'No file was given.', hint: 'maury fit spectrum.fits.gz --json; --help for more.' });
  const method = choiceOption('method', values.method, DEFAULT_METHOD, METHOD_IDS);
  const sampler = choiceOption('sampler', values.sampler, DEFAULT_SAMPLER, SAMPLER_IDS);
  const sampled = numberOption('max-sampled', values['max-sampled'], DEFAULT_BUDGET, { min: 100, max: 1e9, integer: true });
  const seed = numberOption('seed', values.seed, DEFAULT_FIT_OPTIONS.seed, { min: 0, max: 2 ** 31 - 1, integer: true });
  const workers = numberOption('workers', values.workers, 0, { min: 1, max: 256, integer: true });
  const backend = choiceOption<BackendName | 'best'>('backend', values.backend, 'best', BACKENDS);
  const synthesis = synthesisOf(values);
  const priors = priorOptions(values.prior, values.fix);
  const reading = readingOptions(values);
  for (const option of [method, sampler, sampled, seed, workers, backend, synthesis, priors, reading])
    if (!option.ok) return refuse(option.failure);
  if (!method.ok || !sampler.ok || !sampled.ok || !seed.ok || !workers.ok || !backend.ok || !synthesis.ok || !priors.ok || !reading.ok)
    return EXIT.usage;

  if (values.replay !== undefined) {
    const own = Object.entries(values).find(
      ([name, value]) => !GO_WITH_REPLAY.includes(name) && value !== false && !(Array.isArray(value) && value.length === 0),
    );
    if (own !== undefined)
      return refuse({
        code: 'BAD_OPTION',
        message: `--replay does not go with --${own[0]}: each star is read and fitted as the results say.`,
        hint: 'Leave it out, or fit without --replay.',
      });
    return runReplay(values.replay, files, workers.value === 0 ? null : workers.value, values.json);
  }

  const options: FitOptions = {
    ...DEFAULT_FIT_OPTIONS,
    method: method.value,
    seed: seed.value,
    sampler: sampler.value,
    maxSampled: sampled.value,
    maskDiffuseBands: values['mask-diffuse-bands'],
    priors: priors.value,
  };
  const bundle = synthesis.value?.use === 'fit' ? values.start : values.model;
  const open = {
    ...(bundle === undefined ? {} : { model: bundle }),
    ...(backend.value === 'best' ? {} : { backend: backend.value }),
  };
  const processes = processesFor(files.length, workers.value === 0 ? null : workers.value);
  process.stderr.write(`${String(files.length)} files, ${method.value}, ${String(processes)} processes\n`);
  const setup = { open, options, reading: reading.value, ...(synthesis.value === null ? {} : { synthesis: synthesis.value }) };
  const batch = await runBatch(files, setup, processes, (reports, done) => {
    for (const report of reports) process.stderr.write(`[${String(done)}/${String(files.length)}] ${resultLine(report)}\n`);
  });
  const reports = batch.reports.flatMap((one) => one ?? []);
  await writeOut(values.json ? resultsJson(reports) : reports.map(resultText).join('\n'));
  process.stderr.write(summary(batch, processes));
  if (batch.interrupted) return EXIT.interrupted;
  return reports.some((report) => report.ok) ? EXIT.done : EXIT.failed;
}

interface SynthesisOptions {
  readonly model?: string | undefined;
  readonly method?: string | undefined;
  readonly verify: boolean;
  readonly start?: string | undefined;
  readonly tables?: string | undefined;
  readonly lines?: string | undefined;
}

/** What the synthesis is wanted for, or null. Failure `BAD_OPTION` for options that do not go together. */
function synthesisOf({ model, method, verify, start, tables, lines }: SynthesisOptions): Result<SynthesisSetup | null> {
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
  if (!instead && !verify) return success(null);
  const list = choiceOption<LineListName>('lines', lines, DEFAULT_LINES, LINE_LIST_NAMES);
  return list.ok ? success({ use: instead ? 'fit' : 'verify', tables: tables ?? defaultTables(), lines: list.value }) : list;
}

function summary(batch: Batch, processes: number): string {
  const files = batch.reports.filter((one) => one !== undefined);
  const fitted = files.flat().filter((report) => report.ok);
  const seconds = fitted.reduce((sum, report) => sum + report.seconds, 0) / Math.max(1, fitted.length);
  const wall = batch.wallSeconds / Math.max(1, fitted.length);
  const stopped = batch.interrupted ? `; interrupted with ${String(batch.reports.length - files.length)} files to go` : '';
  return `${String(fitted.length)} of ${String(batch.reports.length)} files fitted in ${batch.wallSeconds.toFixed(1)} s: ${seconds.toFixed(2)} s per star in its process, ${wall.toFixed(2)} s per star by the clock (${String(processes)} processes)${stopped}\n`;
}
