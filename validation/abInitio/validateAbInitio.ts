/** `npm run validate -- ab-initio`: what the physics says of the Sun and of library stars without any network, with each line list. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { LINE_LIST_NAMES, type LineListName } from '../../cli/files/lineLists.ts';
import { cachePath, sharedFolder } from '../../cli/files/sharedFolder.ts';
import { defaultTables, hashTables } from '../../cli/files/tablesFolder.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { LineStore } from '../kit/keep.ts';
import { fixed } from '../../cli/files/markdownTable.ts';
import { runTasks } from '../kit/runTasks.ts';
import { failedRecord, recordSchema, type FitRecord } from './record.ts';
import { biasPicture, literatureTable, misfitPicture, misfitTable, sunTable, type JudgedFit } from './report.ts';
import { CHOICE, judgedStars, type JudgedStar } from './stars.ts';
import type { FitTask } from './worker.ts';

/** Raised by hand when the fits kept by an earlier program are no longer worth keeping. */
const FORMAT = 1;
/** The bundle whose solution a fit starts from: any will do; the closer it comes, the fewer derivatives are needed. */
const START_MODEL = 'lte-atlas9-v3';
const PER_KIND = { miles: 15, stelib: 4 };

const HELP = `npm run validate -- ab-initio [options]: the Sun and library stars fitted by the synthesis itself, against truth and literature

  --lines LISTS   line lists to compare, by comma, of ${LINE_LIST_NAMES.join(', ')}; each starts from the fit with the list before it
                  (default: vald, and what corrects it)
  --tables DIR    physics tables (default $MAURY_SHARED/physics)
  --miles N       stars of each kind (dwarfs, giants, metal-poor) from MILES (default ${String(PER_KIND.miles)})
  --stelib N      and from STELIB (default ${String(PER_KIND.stelib)})
  --first N       only the first N of each kind of these; the documents are then left as they are
  --workers N     processes (default 2)

Fits are kept in .cache/abinitio, by line list and start, not by code: remove the folder to fit anew.
`;

interface Asked {
  readonly lists: readonly LineListName[];
  readonly tables: string;
  readonly perKind: { readonly miles: number; readonly stelib: number };
  readonly first: number;
  readonly workers: number;
  /** Whether all stars were asked for, so that the documents may be written. */
  readonly all: boolean;
}

function asked(args: readonly string[]): { readonly ok: true; readonly value: Asked } | { readonly ok: false; readonly code: number } {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: {
      lines: { type: 'string' },
      tables: { type: 'string' },
      miles: { type: 'string' },
      stelib: { type: 'string' },
      first: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  const lists: LineListName[] = [];
  for (const name of values.lines?.split(',') ?? LINE_LIST_NAMES.filter((one) => one !== 'merged')) {
    const list = choiceOption<LineListName>('lines', name, 'vald', LINE_LIST_NAMES);
    if (!list.ok) return { ok: false, code: refuse(list.failure) };
    lists.push(list.value);
  }
  const miles = numberOption('miles', values.miles, PER_KIND.miles, { min: 0, max: 1000, integer: true });
  if (!miles.ok) return { ok: false, code: refuse(miles.failure) };
  const stelib = numberOption('stelib', values.stelib, PER_KIND.stelib, { min: 0, max: 1000, integer: true });
  if (!stelib.ok) return { ok: false, code: refuse(stelib.failure) };
  const first = numberOption('first', values.first, Number.MAX_SAFE_INTEGER, { min: 1, integer: true });
  if (!first.ok) return { ok: false, code: refuse(first.failure) };
  const workers = numberOption('workers', values.workers, 2, { min: 1, max: 256, integer: true });
  if (!workers.ok) return { ok: false, code: refuse(workers.failure) };
  const perKind = { miles: miles.value, stelib: stelib.value };
  const all = values.first === undefined;
  return { ok: true, value: { lists, tables: values.tables ?? defaultTables(), perKind, first: first.value, workers: workers.value, all } };
}

/** Where the fits with a line list are kept. Failure `TABLES_UNREADABLE`. */
function storeOf(tables: string, lines: LineListName): Result<LineStore<FitRecord>> {
  const hashes = hashTables(tables, lines);
  if (!hashes.ok) return hashes;
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, START_MODEL, lines, Object.entries(hashes.value).sort()]))
    .digest('hex')
    .slice(0, 16);
  return success(new LineStore(cachePath('abinitio', `${lines}-${key}.jsonl`), recordSchema));
}

/** The ab initio validation. */
export async function validateAbInitio(args: readonly string[]): Promise<number> {
  const options = asked(args);
  if (!options.ok) return options.code;
  const { lists, tables, perKind, first, workers, all } = options.value;
  const chosen = await judgedStars(sharedFolder(), perKind);
  if (!chosen.ok) return refuse(chosen.failure, EXIT.failed);
  const stars = firstOfEach(chosen.value, first);
  let before: readonly FitRecord[] = [];
  const fits: JudgedFit[] = [];
  for (const lines of lists) {
    const store = storeOf(tables, lines);
    if (!store.ok) return refuse(store.failure, EXIT.failed);
    const kept = store.value.read();
    const missing = stars.filter(({ id }) => !kept.some(({ star }) => star === id));
    process.stderr.write(
      `${lines}: ${String(missing.length)} of ${String(stars.length)} stars to fit (the others kept in ${store.value.path})\n`,
    );
    const finished = await fitStars(missing, { lines, tables, workers, before }, store.value);
    if (!finished) return EXIT.interrupted;
    before = store.value.read();
    for (const star of stars) {
      const record = before.find((one) => one.star === star.id);
      if (record !== undefined) fits.push({ star, record });
    }
  }
  const report = reportOf(fits, options.value);
  process.stdout.write(report);
  for (const { star, record } of fits)
    if (record.failure !== null) process.stdout.write(`  ${star.id}, ${record.lines}: ${record.failure}\n`);
  if (all && lists.length > 1) await writeReport(report, fits, lists);
  return fits.some(({ record }) => record.failure === null) ? EXIT.done : EXIT.failed;
}

/** The first stars of each library and kind, in their order; the Sun always. */
function firstOfEach(stars: readonly JudgedStar[], count: number): readonly JudgedStar[] {
  const seen = new Map<string, number>();
  return stars.filter(({ survey, kind }) => {
    if (survey === 'Sun') return true;
    const before = seen.get(`${survey} ${kind}`) ?? 0;
    seen.set(`${survey} ${kind}`, before + 1);
    return before < count;
  });
}

interface FitPlan {
  readonly lines: LineListName;
  readonly tables: string;
  readonly workers: number;
  /** Fits of the same stars to start from. */
  readonly before: readonly FitRecord[];
}

/** True when it ran to the end. */
function fitStars(
  stars: readonly JudgedStar[],
  { lines, tables, workers, before }: FitPlan,
  store: LineStore<FitRecord>,
): Promise<boolean> {
  const tasks = stars.map((star): FitTask => ({
    star,
    lines,
    start: before.find((one) => one.star === star.id && one.failure === null) ?? null,
  }));
  return runTasks<FitTask, FitRecord>({
    entry: new URL('./worker.ts', import.meta.url),
    setup: { tables, model: START_MODEL },
    processes: workers,
    tasks,
    answer: z.object({ index: z.number(), result: recordSchema }),
    died: (task, why) => failedRecord(task.star.id, lines, `PROCESS_DIED: ${why}`),
    keep: ({ failure }) => failure === null || !/^(PROCESS_DIED|INTERNAL)/.test(failure),
    store,
    say: (record) =>
      `${record.star}: ${
        record.failure ??
        record.labels
          .slice(0, 4)
          .map(({ name, value }) => `${name} ${value.toFixed(name === 'teff' ? 0 : 2)}`)
          .join(', ')
      }; ${record.converged ? '' : 'not converged, '}${String(record.jacobians)} Jacobians, ${record.cpuSeconds.toFixed(0)} s of CPU`,
  });
}

function reportOf(fits: readonly JudgedFit[], { lists, perKind }: Asked): string {
  const surveys = (['MILES', 'STELIB'] as const).filter((survey) => fits.some(({ star }) => star.survey === survey));
  const unconverged = fits.filter(({ record }) => record.failure === null && !record.converged).length;
  const failures = fits.filter(({ record }) => record.failure !== null).length;
  const cost = fits.reduce((sum, { record }) => sum + record.cpuSeconds, 0) / Math.max(1, fits.length);
  return [
    '# Stars fitted by the physics itself',
    '',
    `Written by \`npm run validate -- ab-initio\`: Levenberg–Marquardt with the synthesis in place of a network (\`maury fit --model ab-initio\`), raw, by line list (${lists.join(', ')}). ${String(unconverged)} of ${String(fits.length)} fits did not converge, ${String(failures)} failed; ${fixed(cost, 0)} s of CPU each.`,
    `Stars: ${CHOICE} (MILES ${String(perKind.miles)}, STELIB ${String(perKind.stelib)}).`,
    '',
    '## The Sun',
    '',
    'TSIS-1 at R = 1800 and S/N 300. "(prior)": the spectrum says next to nothing. Truth: 5772 K, 4.438, [X/H] = 0; σ of [X/H] is that of [X/Fe].',
    '',
    sunTable(fits, lists),
    '',
    ...surveys.flatMap((survey) => [
      `## ${survey}: raw [X/H] minus the literature's`,
      '',
      'Median and robust σ, and the number of stars, where the spectrum measures the element.',
      '',
      literatureTable(fits, lists, survey),
      '',
      `## ${survey}: residuals`,
      '',
      'Median over stars of the median |data − model| in % of the continuum, per 100 Å (vacuum, rest frame).',
      '',
      misfitTable(fits, lists, survey),
      '',
    ]),
  ].join('\n');
}

async function writeReport(report: string, fits: readonly JudgedFit[], lists: readonly LineListName[]): Promise<void> {
  const folder = join(import.meta.dirname, '../../docs/physics');
  await mkdir(folder, { recursive: true });
  const pictures = '![Abundances against the literature](corrected-bias.svg)\n\n![Residuals of MILES stars](corrected-misfit.svg)\n';
  await writeFile(join(folder, 'corrected.md'), `${report}\n${pictures}`);
  await writeFile(join(folder, 'corrected-bias.svg'), biasPicture(fits, lists));
  await writeFile(join(folder, 'corrected-misfit.svg'), misfitPicture(fits, lists, 'MILES'));
}
