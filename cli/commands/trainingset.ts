/** `maury trainingset`: spectra of drawn labels with derivatives, in chunks, resumable, on all cores. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import { DEFAULT_LINES, LINE_LIST_NAMES } from '../files/lineLists.ts';
import { runPool } from '../batch/pool.ts';
import { cachePath } from '../files/sharedFolder.ts';
import { defaultTables, hashTables } from '../files/tablesFolder.ts';
import { chunksOf, reportSchema, starFailure, tasksLeft, writeFailures, type ChunkReport, type ChunkTask } from '../trainingset/chunks.ts';
import { openSet, PRESET_NAMES, PRESETS, setName } from '../trainingset/settings.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { drawLabels } from '../../src/synthesis/draw.ts';
import { DEFAULT_STEP_KMS } from '../../src/synthesis/native.ts';

const HELP = `maury trainingset [options]: ab initio spectra with derivatives to train on

  --set NAME      train   (seed ${String(PRESETS.train.seed)}, derivatives, ${String(PRESETS.train.count)} stars; the default)
                  flux    (seed ${String(PRESETS.flux.seed)}, no derivatives, ${String(PRESETS.flux.count)} stars)
                  heldout (seed ${String(PRESETS.heldout.seed)}, derivatives, ${String(PRESETS.heldout.count)} stars; never trained on)
  --count N       stars drawn; more than last time extends a set
  --seed N        instead of --set: draws of the labels
  --no-derivatives  instead of --set
  --out DIR       folder (default .cache/trainingsets/HASH, by what decides the spectra: settings and tables; printed on stdout).
                  Chunks that are there already are kept: interrupt, and run again to resume
  --lines LIST    corrected (default: strengths that spectra of stars ask for), vald (the list that is corrected) or merged (linemake, as the
                  reference codes used)
  --step KMS      sampling of the computation (default ${String(DEFAULT_STEP_KMS)})
  --workers N     processes (default: cores)
  --chunk N       stars per file (default 4)
  --tables DIR    physics tables (default $MAURY_SHARED/physics)

Each chunk is an .npz: index, labels, flux (float16), derivatives (float16, per derivativeUnit of dataset.json), on the grid of dataset.json,
and a .json: seconds of CPU per star, and the stars that failed. Those are listed in failures.txt and left out; they never end a run.
`;

/** Memory a worker should stay below, MB. */
const MEMORY_MB = 1500;

const answerSchema = z.object({ index: z.number(), result: reportSchema });

interface Draw {
  readonly seed: number;
  readonly derivatives: boolean;
  readonly count: number;
}

/** Seed, derivatives and the default count: a preset's, or those of --seed and --no-derivatives; failure `BAD_OPTION` when both are given. */
function chosenDraw(set: string | undefined, seedText: string | undefined, noDerivatives: boolean): Result<Draw> {
  if (set !== undefined && (seedText !== undefined || noDerivatives))
    return failed('BAD_OPTION', `--set ${set} with ${seedText === undefined ? '--no-derivatives' : '--seed'}.`, 'Give one or the other.');
  const preset = choiceOption('set', set, 'train', PRESET_NAMES);
  if (!preset.ok) return preset;
  const { seed, derivatives, count } = PRESETS[preset.value];
  const given = numberOption('seed', seedText, seed, { min: 0, max: Number.MAX_SAFE_INTEGER, integer: true });
  return given.ok ? success({ seed: given.value, derivatives: derivatives && !noDerivatives, count }) : given;
}

/** The trainingset command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: {
      out: { type: 'string' },
      set: { type: 'string' },
      seed: { type: 'string' },
      count: { type: 'string' },
      chunk: { type: 'string' },
      workers: { type: 'string' },
      step: { type: 'string' },
      tables: { type: 'string' },
      lines: { type: 'string' },
      'no-derivatives': { type: 'boolean', default: false },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const draw = chosenDraw(values.set, values.seed, values['no-derivatives']);
  if (!draw.ok) return refuse(draw.failure);
  const { seed, derivatives } = draw.value;
  const count = numberOption('count', values.count, draw.value.count, { min: 1, max: 999_999, integer: true });
  if (!count.ok) return refuse(count.failure);
  const chunk = numberOption('chunk', values.chunk, 4, { min: 1, max: 64, integer: true });
  if (!chunk.ok) return refuse(chunk.failure);
  const workers = numberOption('workers', values.workers, availableParallelism(), { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const step = numberOption('step', values.step, DEFAULT_STEP_KMS, { min: 0.3, max: 5 });
  if (!step.ok) return refuse(step.failure);
  const lines = choiceOption('lines', values.lines, DEFAULT_LINES, LINE_LIST_NAMES);
  if (!lines.ok) return refuse(lines.failure);
  const tables = values.tables ?? defaultTables();
  const hashes = hashTables(tables, lines.value);
  if (!hashes.ok) return refuse(hashes.failure, EXIT.failed);

  const settings = { seed, derivatives, stepKms: step.value, lines: lines.value, tables: hashes.value };
  const out = values.out ?? cachePath('trainingsets', setName(settings));
  const opened = openSet(out, settings);
  if (!opened.ok) return refuse(opened.failure, EXIT.failed);
  process.stdout.write(`${out}\n`);

  const tasks = tasksLeft(chunksOf(out), count.value, chunk.value);
  const total = tasks.reduce((sum, task) => sum + task.to - task.from, 0);
  process.stderr.write(`${String(total)} of ${String(count.value)} stars to make in ${out}, on ${String(workers.value)} processes\n`);
  const started = performance.now();
  let made = 0;
  let leftOut = 0;
  let cpu = 0;
  let peakMb = 0;
  const ended: ChunkReport['failures'] = [];
  const pool = runPool<ChunkTask, ChunkReport>({
    entry: new URL('../trainingset/worker.ts', import.meta.url),
    setup: { tables, lines: lines.value, out, seed, step: step.value, derivatives },
    processes: workers.value,
    tasks,
    answer: answerSchema,
    // Not in a chunk: the next run tries these stars once more.
    died: ({ from, to }, why) => {
      const failures = Array.from({ length: to - from }, (_, i) =>
        starFailure(
          from + i,
          drawLabels(seed, from + i),
          'PROCESS_ENDED',
          `The process of stars ${String(from)}-${String(to - 1)} ended (${why}).`,
        ),
      );
      ended.push(...failures);
      return { stars: [], failures, peakMb: 0 };
    },
    onResult: (_, report) => {
      made += report.stars.length;
      leftOut += report.failures.length;
      cpu += report.stars.reduce((sum, star) => sum + star.seconds, 0);
      peakMb = Math.max(peakMb, report.peakMb);
      for (const { index, code, message } of report.failures)
        process.stderr.write(`  left out: star ${String(index)}: ${code}: ${message}\n`);
      if (report.failures.length > 0) writeFailures(out, ended);
      const elapsed = (performance.now() - started) / 1000;
      const left = (elapsed / Math.max(made + leftOut, 1)) * (total - made - leftOut);
      process.stderr.write(
        `${String(made)}/${String(total)} stars, ${(cpu / Math.max(made, 1)).toFixed(1)} s of CPU each, ${(left / 60).toFixed(0)} min to go, ${report.peakMb.toFixed(0)} MB at most in this worker\n`,
      );
    },
  });
  process.once('SIGINT', () => {
    pool.stop();
    process.stderr.write(`Interrupted; run the same command again to go on.\n`);
    process.exit(EXIT.interrupted);
  });
  await pool.done;
  const failures = writeFailures(out, ended);
  process.stderr.write(
    `${String(made)} stars made, ${String(leftOut)} left out (${String(failures.length)} by all runs), ${((performance.now() - started) / 60_000).toFixed(1)} min\n`,
  );
  if (peakMb > MEMORY_MB) process.stderr.write(`warning: a worker took ${peakMb.toFixed(0)} MB, more than ${String(MEMORY_MB)}\n`);
  return made > 0 || total === 0 ? EXIT.done : EXIT.failed;
}
