/** `npm run validate -- cmaes`: our CMA-ES against the `cmaes` package of Python, evaluation for evaluation. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { median } from '../../src/math/statistics.ts';
import { EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { fingerprint } from '../../cli/batch/fingerprint.ts';
import { LineStore } from '../kit/keep.ts';
import { markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';
import { CASES, ourRun, type Case } from './cmaesCases.ts';

const SEEDS = 30;
const HELP = `npm run validate -- cmaes [options]: evaluations to a target on standard functions, ours and those of Python's cmaes

  --seeds N       runs of each (default ${String(SEEDS)})
  --first N       only the first N of the ${String(CASES.length)} functions; the document is then left as it is
  --python PATH   interpreter that has the package (default /usr/bin/python3; Debian: python3-cmaes)

One core, five minutes. Runs are kept in .cache/validate, so that it resumes. Writes docs/inference/cmaes.md.
`;

const SCRIPT = join(import.meta.dirname, 'cmaes_reference.py');
const runSchema = z.object({
  side: z.enum(['ours', 'theirs']),
  case: z.string(),
  seed: z.number(),
  evaluations: z.number(),
  reached: z.boolean(),
});
type Run = z.infer<typeof runSchema>;
const theirSchema = runSchema.omit({ side: true });
const versionSchema = z.object({ version: z.string() });

/** Runs the Python side on `tasks`; failures `NO_PYTHON`, `NO_CMAES`, `PYTHON_FAILED`. The value is the package's version. */
function theirRuns(
  python: string,
  tasks: readonly (Case & { seed: number })[],
  onRun: (run: Omit<Run, 'side'>) => void,
): Promise<Result<string>> {
  return new Promise((resolve) => {
    const child = spawn(python, [SCRIPT], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    let version = '';
    child.on('error', (error) => {
      resolve(failed('NO_PYTHON', `${python} cannot be started: ${error.message}.`, 'Give another interpreter with --python.'));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message: unknown = JSON.parse(line);
      const head = versionSchema.safeParse(message);
      if (head.success) version = head.data.version;
      else onRun(theirSchema.parse(message));
    });
    child.on('close', (code) => {
      if (code === 0) resolve(success(version));
      else if (code === 3)
        resolve(
          failed('NO_CMAES', `${python} has no package cmaes.`, 'Debian: apt install python3-cmaes; or another interpreter with --python.'),
        );
      else resolve(failed('PYTHON_FAILED', `${SCRIPT} ended with ${String(code)}.`, 'Its message is above.'));
    });
    // An interpreter that could not be started has said so by its own event.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(tasks));
  });
}

interface Side {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly reached: number;
  readonly runs: number;
}

/** Evaluations of the runs that reached the target. */
function sideOf(runs: readonly Run[]): Side {
  const counts = runs.filter((run) => run.reached).map((run) => run.evaluations);
  return { median: median(counts), least: Math.min(...counts), most: Math.max(...counts), reached: counts.length, runs: runs.length };
}

const within = (value: number, side: Side): boolean => value >= side.least && value <= side.most;
/** Each median within the other's spread, and about as many runs that arrive: their numbers differ by no more than twice the binomial error. */
function agrees(ours: Side, theirs: Side): boolean {
  const share = (ours.reached + theirs.reached) / (ours.runs + theirs.runs);
  const tolerance = 2 * Math.sqrt((share * (1 - share) * (ours.runs + theirs.runs)) / 2) + 1;
  return within(ours.median, theirs) && within(theirs.median, ours) && Math.abs(ours.reached - theirs.reached) <= tolerance;
}

const spread = (side: Side): string =>
  side.reached === 0 ? '–' : `${side.median.toFixed(0)} (${String(side.least)}–${String(side.most)})`;

/** The cmaes validation. */
export async function validateCmaes(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, {
    args: [...args],
    options: { seeds: { type: 'string' }, first: { type: 'string' }, python: { type: 'string', default: '/usr/bin/python3' } },
  });
  if (!opened.ok) return opened.code;
  const { values } = opened.value;
  const seeds = numberOption('seeds', values.seeds, SEEDS, { min: 3, max: 1000, integer: true });
  if (!seeds.ok) return refuse(seeds.failure);
  const first = numberOption('first', values.first, CASES.length, { min: 1, max: CASES.length, integer: true });
  if (!first.ok) return refuse(first.failure);
  const cases = CASES.slice(0, first.value);
  const key = await fingerprint(['src/fit', 'src/math'], await readFile(SCRIPT, 'utf8'), JSON.stringify(CASES), values.python);
  const store = new LineStore(cachePath('validate', `cmaes-${key}.jsonl`), runSchema);
  const known = new Set(store.read().map((run) => `${run.side} ${run.case} ${String(run.seed)}`));
  const tasks = cases.flatMap((one) => Array.from({ length: seeds.value }, (_, seed) => ({ ...one, seed: seed + 1 })));
  const left = (side: Run['side']) => tasks.filter((task) => !known.has(`${side} ${task.case} ${String(task.seed)}`));
  const kept = (run: Run): void => {
    store.add(run);
    process.stderr.write(
      `${run.side} ${run.case}, seed ${String(run.seed)}: ${String(run.evaluations)}${run.reached ? '' : ', not reached'}\n`,
    );
  };

  const python = await theirRuns(values.python, left('theirs'), (run) => {
    kept({ side: 'theirs', ...run });
  });
  if (!python.ok) return refuse(python.failure, EXIT.failed);
  for (const task of left('ours')) kept({ side: 'ours', case: task.case, seed: task.seed, ...(await ourRun(task, task.seed)) });

  const runs = store.read().filter((run) => run.seed <= seeds.value);
  const rows = cases.map((one) => {
    const of = (side: Run['side']): Side => sideOf(runs.filter((run) => run.side === side && run.case === one.case));
    return { one, ours: of('ours'), theirs: of('theirs') };
  });
  const reached = (side: Side): string => `${String(side.reached)} of ${String(side.runs)}`;
  const text = [
    '# CMA-ES against the cmaes package',
    '',
    `Written by \`npm run validate -- cmaes\`: evaluations until a generation holds a value of at most ${String(cases[0]?.target ?? NaN)}, over ${String(seeds.value)} seeds: median (least–most) of the runs that reached it. Theirs is Python's cmaes ${python.value} (Nomura & Shibata). Both start from the same mean, σ and population, and restart from there with twice the population (at most ${String(cases[0]?.restarts ?? NaN)} times) by their own termination criteria.`,
    'They agree where each median lies within the spread of the other and as many runs arrive, within the binomial error. Ours learns the covariance at the rate of the tutorial’s present edition (Hansen 2016, arXiv:1604.00772v2, eq. 58), which has a ¼ that theirs has not: on long ellipsoids with small populations it needs some per cent less.',
    '',
    markdownTable(
      ['function', 'start', 'σ', 'population', 'ours', 'reached', 'theirs', 'reached', ''],
      rows.map(({ one, ours, theirs }) => [
        one.case,
        String(one.start),
        String(one.sigma),
        String(one.population),
        spread(ours),
        reached(ours),
        spread(theirs),
        reached(theirs),
        agrees(ours, theirs) ? 'agree' : 'differ',
      ]),
    ),
    '',
  ].join('\n');
  process.stdout.write(text);
  if (cases.length === CASES.length && seeds.value >= SEEDS) await writeDocument('cmaes.md', text);
  return rows.every(({ ours, theirs }) => agrees(ours, theirs)) ? EXIT.done : EXIT.failed;
}
