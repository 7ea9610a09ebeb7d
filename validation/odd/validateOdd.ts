/** `npm run validate -- odd`: is what the model does not know told, and is what it knows left in peace? Resumes where it stopped. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fingerprint, FIT_CODE } from '../../cli/batch/fingerprint.ts';
import { openService } from '../../cli/batch/openService.ts';
import { EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { markdownTable } from '../../cli/files/markdownTable.ts';
import { cachePath, sharedFolder } from '../../cli/files/sharedFolder.ts';
import { LineStore } from '../kit/keep.ts';
import { writeDocument } from '../kit/markdown.ts';
import { runTasks } from '../kit/runTasks.ts';
import { plantList } from './plantList.ts';
import { KINDS } from './plants.ts';
import { notFitted, recordSchema, type OddRecord, type OddTask } from './worker.ts';

const HELP = `npm run validate -- odd [options]: planted spectra of objects that the model does not know, against the ordinary stars of the shared data

  --each N      planted spectra of each of ${String(KINDS.length)} kinds (default 12)
  --every N     only every Nth of the ordinary stars (default 1: all of them)
  --model ID    model bundle (default: the first of the index)
  --workers N   processes (default 2)

Fits are kept in .cache/odd by code, weights and options. Writes docs/inference/odd.md where nothing is left out.
`;

/** S/N per pixel above which an ordinary star counts. */
const BRIGHT = 15;
const ORDINARY = ['lamost-dr10', 'lamost-dr1', 'lamost-repeats', 'miles'] as const;
/** Alerts that say what is so, and not that the object is odd: arms that truly disagree, and stars that are truly cooler than the model's molecules. */
const TRUE_OF_ORDINARY = new Set(['ARMS_DISAGREE', 'COOL_STAR']);

export async function validateOdd(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: { each: { type: 'string' }, every: { type: 'string' }, model: { type: 'string' }, workers: { type: 'string' } },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const each = numberOption('each', values.each, 12, { min: 1, max: 100, integer: true });
  if (!each.ok) return refuse(each.failure);
  const every = numberOption('every', values.every, 1, { min: 1, max: 1000, integer: true });
  if (!every.ok) return refuse(every.failure);
  const workers = numberOption('workers', values.workers, 2, { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const service = await openService(values.model === undefined ? {} : { model: values.model });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const { identity, key: fitted, emulator } = service.value;
  emulator.dispose();
  const shared = sharedFolder();
  const plants = await plantList(shared, each.value);
  if (!plants.ok) return refuse(plants.failure, EXIT.failed);
  const tasks: OddTask[] = plants.value.map(({ id, kind }, plant) => ({ id, kind, plant, file: '' }));
  for (const folder of ORDINARY) {
    const at = join(shared, 'spectra', folder);
    const names = (await readdir(at)).filter((name) => /\.fits(\.gz)?$/.test(name)).sort();
    names.forEach((name, k) => {
      if (k % every.value === 0) tasks.push({ id: `${folder}/${name}`, kind: folder, plant: null, file: join(at, name) });
    });
  }
  const key = await fingerprint([...FIT_CODE, 'validation/odd'], fitted, String(each.value));
  const store = new LineStore<OddRecord>(cachePath('odd', `${identity.id}-${key}.jsonl`), recordSchema);
  const kept = new Set(store.read().map(({ id }) => id));
  const finished = await runTasks<OddTask, OddRecord>({
    entry: new URL('./worker.ts', import.meta.url),
    setup: { shared, each: each.value, model: identity.id },
    processes: workers.value,
    tasks: tasks.filter(({ id }) => !kept.has(id)),
    answer: z.object({ index: z.number(), result: recordSchema }),
    died: (task, why) => notFitted(task, `PROCESS_DIED ${why}`),
    keep: ({ told }) => !told.some((one) => one.startsWith('PROCESS_DIED')),
    store,
    say: ({ id, told }) => `${id}: ${told.join(' ') || 'nothing'}`,
  });
  if (!finished) return EXIT.interrupted;
  const wanted = new Set(tasks.map(({ id }) => id));
  const text = report(
    store.read().filter(({ id }) => wanted.has(id)),
    identity.id,
  );
  process.stdout.write(text);
  if (every.value === 1 && values.each === undefined) await writeDocument('odd.md', text);
  return EXIT.done;
}

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const counts = (records: readonly OddRecord[]): string => {
  const seen = new Map<string, number>();
  for (const { told } of records) for (const code of told) seen.set(code, (seen.get(code) ?? 0) + 1);
  return [...seen]
    .sort((a, b) => b[1] - a[1])
    .map(([code, n]) => `${code} ${String(n)}`)
    .join(', ');
};

/** The rates as Markdown. */
export function report(records: readonly OddRecord[], model: string): string {
  const odd = records.filter(({ kind }) => KINDS.some((one) => one === kind));
  const ordinary = records.filter(({ kind, snr }) => ORDINARY.some((one) => one === kind) && snr > BRIGHT);
  const told = ({ told: codes }: OddRecord): boolean => codes.length > 0;
  const doubted = ({ told: codes }: OddRecord): boolean => codes.some((code) => !TRUE_OF_ORDINARY.has(code));
  const missed = odd.filter((one) => !told(one));
  const disturbed = ordinary.filter(doubted);
  return [
    '# Stars that the model does not know',
    '',
    `Written by \`npm run validate -- odd\`, model ${model}: spectra of objects that no F, G or K model describes, planted on LAMOST's pixels with its noise, and the ordinary stars of the shared data. An object counts as told where the fit fails by name or has any alert.`,
    '',
    `Odd ones told: **${percent(odd.length - missed.length, odd.length)}** of ${String(odd.length)}. Ordinary stars of S/N > ${String(BRIGHT)} with an alert: **${percent(disturbed.length, ordinary.length)}** of ${String(ordinary.length)}, not counting those told that their arms disagree in velocity or that they are cooler than 4300 K, which is true of them (${String(ordinary.filter(told).length - disturbed.length)}).`,
    '',
    markdownTable(
      ['kind', 'spectra', 'told', 'labels spoilt', 'by'],
      KINDS.map((kind) => {
        const own = odd.filter((one) => one.kind === kind);
        const spoilt = own.filter(({ told: codes, failed }) => failed || codes.some((code) => code.endsWith('!')));
        return [kind, String(own.length), percent(own.filter(told).length, own.length), percent(spoilt.length, own.length), counts(own)];
      }),
    ),
    '',
    markdownTable(
      ['ordinary stars', 'S/N > 15', 'with an alert', 'which'],
      ORDINARY.map((kind) => {
        const own = ordinary.filter((one) => one.kind === kind);
        return [kind, String(own.length), String(own.filter(doubted).length), counts(own)];
      }),
    ),
    '',
    ...(missed.length === 0 ? [] : [`Not told: ${missed.map(({ id, teff }) => `${id} (${(teff ?? NaN).toFixed(0)} K)`).join('; ')}.`, '']),
    ...(disturbed.length === 0
      ? []
      : [`Ordinary, and told: ${disturbed.map(({ id, told: codes }) => `${id} (${codes.join(' ')})`).join('; ')}.`, '']),
  ].join('\n');
}
