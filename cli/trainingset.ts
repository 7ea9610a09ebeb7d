/** `maury trainingset`: spectra of drawn labels with derivatives, in chunks, resumable, on all cores. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { choiceOption, EXIT, numberOption, parseOptions, refuse } from './args.ts';
import { LINE_LISTS, LINE_LIST_NAMES } from './lineLists.ts';
import { runPool } from './pool.ts';
import { defaultTables, readTables } from './tablesFolder.ts';
import { chunkName, derivativeUnit, type ChunkTask } from './trainingChunk.ts';
import { LABELS, isElement } from '../src/domain/labels.ts';
import { elementRange, PARAMETER_RANGES } from '../src/synthesis/draw.ts';
import { DEFAULT_STEP_KMS, NATIVE_GRID, NATIVE_RESOLVING_POWER } from '../src/synthesis/native.ts';

/** Changes whenever the spectra of a given seed would: draws, physics or sampling. */
const SET_VERSION = '2';

const HELP = `maury trainingset --out DIR [options]: ab initio spectra with derivatives to train on

  --out DIR       folder; chunks that are there already are kept (interrupt and run again to resume)
  --seed N        draws of the labels (default 1); use another seed for a held-out set
  --count N       stars (default 400)
  --chunk N       stars per file (default 4)
  --workers N     processes (default: cores)
  --no-derivatives
  --step KMS      sampling of the computation (default ${String(DEFAULT_STEP_KMS)})
  --tables DIR    physics tables (default $MAURY_SHARED/physics)
  --lines LIST    vald (default: half the residual of the observed Sun at 5200-5500 Å) or merged (linemake, as the reference codes used)

Each chunk is an .npz: index, labels, flux (float16), derivatives (float16, per derivativeUnit of dataset.json), on the grid of dataset.json.
`;

const answerSchema = z.object({
  index: z.number(),
  result: z.object({ made: z.number(), failures: z.array(z.string()), seconds: z.number() }),
});

/** The trainingset command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = parseOptions({
    args: [...args],
    options: {
      out: { type: 'string' },
      seed: { type: 'string' },
      count: { type: 'string' },
      chunk: { type: 'string' },
      workers: { type: 'string' },
      step: { type: 'string' },
      tables: { type: 'string' },
      lines: { type: 'string' },
      'no-derivatives': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (!parsed.ok) return refuse(parsed.failure);
  const { values } = parsed.value;
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT.done;
  }
  const { out } = values;
  if (out === undefined) return refuse({ code: 'BAD_OPTION', message: '--out is missing.', hint: '--help shows the options.' });
  const seed = numberOption('seed', values.seed, 1, { min: 0, integer: true });
  if (!seed.ok) return refuse(seed.failure);
  const count = numberOption('count', values.count, 400, { min: 1, integer: true });
  if (!count.ok) return refuse(count.failure);
  const chunk = numberOption('chunk', values.chunk, 4, { min: 1, max: 64, integer: true });
  if (!chunk.ok) return refuse(chunk.failure);
  const workers = numberOption('workers', values.workers, availableParallelism(), { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const step = numberOption('step', values.step, DEFAULT_STEP_KMS, { min: 0.3, max: 5 });
  if (!step.ok) return refuse(step.failure);
  const tables = values.tables ?? defaultTables();
  const lines = choiceOption('lines', values.lines, 'vald', LINE_LIST_NAMES);
  if (!lines.ok) return refuse(lines.failure);
  const readable = readTables(tables, lines.value);
  if (!readable.ok) return refuse(readable.failure, EXIT.failed);

  const derivatives = !values['no-derivatives'];
  const description = {
    version: SET_VERSION,
    seed: seed.value,
    labels: LABELS,
    derivativeUnit: derivatives ? LABELS.map(derivativeUnit) : null,
    grid: NATIVE_GRID,
    resolvingPower: NATIVE_RESOLVING_POWER,
    stepKms: step.value,
    chunk: chunk.value,
    atmospheres: 'ATLAS9: Meszaros et al. (2012, AJ 144, 120); alpha-enhanced by the differential effect of Castelli & Kurucz (2003)',
    lineList: lines.value,
    lines: LINE_LISTS[lines.value].citation,
    solarScale: 'Asplund, Grevesse, Sauval & Scott (2009, ARA&A 47, 481)',
    ranges: Object.fromEntries(LABELS.map((name) => [name, isElement(name) ? elementRange(name) : PARAMETER_RANGES[name]])),
    code: 'maury src/synthesis',
  };
  mkdirSync(out, { recursive: true });
  const about = join(out, 'dataset.json');
  const text = `${JSON.stringify(description, null, 1)}\n`;
  if (existsSync(about) && readFileSync(about, 'utf8') !== text)
    return refuse(
      {
        code: 'OTHER_DATASET',
        message: `${about} describes a set made with other settings.`,
        hint: 'Give another --out, or the settings of that set.',
      },
      EXIT.failed,
    );
  writeFileSync(about, text);

  const all = Array.from({ length: Math.ceil(count.value / chunk.value) }, (_, i): ChunkTask => ({
    chunk: i,
    from: i * chunk.value,
    to: Math.min((i + 1) * chunk.value, count.value),
  }));
  const tasks = all.filter((task) => !existsSync(join(out, chunkName(task.chunk))));
  const total = tasks.reduce((sum, task) => sum + task.to - task.from, 0);
  process.stderr.write(`${String(total)} of ${String(count.value)} stars to make in ${out}, on ${String(workers.value)} processes\n`);
  const started = performance.now();
  let made = 0;
  let cpu = 0;
  const failures: string[] = [];
  const pool = runPool<ChunkTask, z.infer<typeof answerSchema>['result']>({
    entry: new URL('./trainingsetWorker.ts', import.meta.url),
    setup: { tables, lines: lines.value, out, seed: seed.value, step: step.value, derivatives },
    processes: workers.value,
    tasks,
    answer: answerSchema,
    died: (task, why) => ({
      made: 0,
      failures: [`stars ${String(task.from)}-${String(task.to - 1)}: the process ended (${why})`],
      seconds: 0,
    }),
    onResult: (_, result) => {
      made += result.made;
      cpu += result.seconds;
      failures.push(...result.failures);
      for (const failure of result.failures) process.stderr.write(`  left out: ${failure}\n`);
      const elapsed = (performance.now() - started) / 1000;
      const left = (elapsed / Math.max(made + failures.length, 1)) * (total - made - failures.length);
      process.stderr.write(
        `${String(made)}/${String(total)} stars, ${(cpu / Math.max(made, 1)).toFixed(1)} s of CPU each, ${(left / 60).toFixed(0)} min to go\n`,
      );
    },
  });
  process.once('SIGINT', () => {
    pool.stop();
    process.stderr.write(`Interrupted; run the same command again to go on.\n`);
    process.exit(EXIT.interrupted);
  });
  await pool.done;
  if (failures.length > 0) writeFileSync(join(out, 'failures.txt'), `${failures.join('\n')}\n`);
  process.stderr.write(
    `${String(made)} stars made, ${String(failures.length)} left out, ${((performance.now() - started) / 60_000).toFixed(1)} min\n`,
  );
  return made > 0 || total === 0 ? EXIT.done : EXIT.failed;
}
