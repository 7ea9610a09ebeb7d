/** `npm run validate -- inference`: ab initio stars injected as a survey would see them, and recovered. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { processesFor } from '../../cli/batch/batch.ts';
import { fingerprint, INJECTION_CODE } from '../../cli/batch/fingerprint.ts';
import { writeSection } from '../kit/markdown.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';
import { LineStore } from '../kit/keep.ts';
import { openStars } from './open.ts';
import { laplaceRankPicture, pullPicture } from './pictures.ts';
import { RECOVERY_CODE, recordSchema, type InferenceRecord, type InferenceTask } from './record.ts';
import { INFERENCE_OPTIONS } from './recover.ts';
import { bySnr, inferenceReport, targetLines } from './report.ts';
import { runTasks } from '../kit/runTasks.ts';

/** Fewer stars say too little to be put into the documents. */
const FEWEST = 100;

const HELP = `npm run validate -- inference [options]: held-out ab initio stars, injected with noise and recovered by Levenberg-Marquardt

  --stars N       only the first N stars of the set (default: all)
  --snr LIST      S/N per pixel (default 20,50,100)
  --model ID      model bundle in public/models (default: the first of its index)
  --set DIR       folder of maury trainingset with derivatives (default: the one of --set heldout)
  --seed N        of velocities, responses and noise (default 1)
  --workers N     processes (default: one per core)
  --report-only   only what is kept already

Each fit is a line of JSON in .cache/validate/inference, kept by code, weights and seed: interrupt, and run it again to go on.
Writes the tables of docs/inference.md and the pictures of docs/inference/; with fewer than ${String(FEWEST)} stars it only prints.
`;

const DOCS = join(import.meta.dirname, '../../docs');
const answerSchema = z.object({ index: z.number(), result: recordSchema });

/** S/N from `20,50,100`; failure `BAD_OPTION`. */
function snrList(text: string): Result<number[]> {
  const values = text.split(',').map(Number);
  return values.length > 0 && values.every((value) => value >= 3 && value <= 1e4)
    ? success(values)
    : failed('BAD_OPTION', `--snr is "${text}".`, 'Give S/N between 3 and 10000, as in 20,50,100.');
}

const keyOf = (star: number, snr: number): string => `${String(star)}@${String(snr)}`;

const died = ({ place, snr }: InferenceTask, why: string): InferenceRecord => ({
  star: place.index,
  snr,
  ok: false,
  code: 'PROCESS_DIED',
  message: `Its process ended (${why}).`,
});

function say(record: InferenceRecord): string {
  const head = `star ${String(record.star)}, S/N ${String(record.snr)}`;
  if (!record.ok) return `${head}: ${record.code}: ${record.message}`;
  const pull = (name: string): string => {
    const label = record.labels.find((one) => one.name === name);
    return label === undefined ? '' : ` ${name} ${((label.value - label.truth) / label.sigma).toFixed(1)}σ`;
  };
  return `${head}:${['teff', 'logg', 'feh', 'Mg'].map(pull).join('')}, χ²/ν ${record.chi2Reduced.toFixed(2)}, ${record.seconds.toFixed(1)} s`;
}

export async function validateInference(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, {
    args: [...args],
    options: {
      stars: { type: 'string' },
      snr: { type: 'string', default: '20,50,100' },
      model: { type: 'string' },
      set: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
      'report-only': { type: 'boolean', default: false },
    },
  });
  if (!opened.ok) return opened.code;
  const { values } = opened.value;
  const count = numberOption('stars', values.stars, Number.MAX_SAFE_INTEGER, { min: 1, integer: true });
  if (!count.ok) return refuse(count.failure);
  const seed = numberOption('seed', values.seed, 1, { min: 0, max: 1e6, integer: true });
  if (!seed.ok) return refuse(seed.failure);
  const workers = numberOption('workers', values.workers, 0, { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const snrs = snrList(values.snr);
  if (!snrs.ok) return refuse(snrs.failure);
  const stars = await openStars({ set: values.set, model: values.model });
  if (!stars.ok) return refuse(stars.failure, EXIT.failed);
  const { set, folder, identity, info } = stars.value;

  const key = await fingerprint(
    [...INJECTION_CODE, ...RECOVERY_CODE],
    identity.weights,
    JSON.stringify([INFERENCE_OPTIONS, set.about, seed.value]),
  );
  const store = new LineStore(cachePath('validate', 'inference', `${key}.jsonl`), recordSchema);
  const places = set.stars.slice(0, count.value);
  const wanted = new Set(places.flatMap((place) => snrs.value.map((snr) => keyOf(place.index, snr))));
  const done = new Set(store.read().map((record) => keyOf(record.star, record.snr)));
  const tasks = places
    .flatMap((place) => snrs.value.map((snr) => ({ place, snr })))
    .filter(({ place, snr }) => !done.has(keyOf(place.index, snr)));
  process.stderr.write(`${String(tasks.length)} of ${String(wanted.size)} fits to do with ${identity.id} (kept in ${store.path})\n`);
  const finished = values['report-only']
    ? true
    : await runTasks<InferenceTask, InferenceRecord>({
        entry: new URL('./recoverWorker.ts', import.meta.url),
        setup: { folder, seed: seed.value, ...(values.model === undefined ? {} : { model: values.model }) },
        processes: processesFor(tasks.length, workers.value === 0 ? null : workers.value),
        tasks,
        answer: answerSchema,
        died,
        keep: (record) => record.ok || record.code !== 'PROCESS_DIED',
        store,
        say,
      });

  const records = store.read().filter((record) => wanted.has(keyOf(record.star, record.snr)));
  if (records.length === 0)
    return refuse({ code: 'NO_STARS', message: 'Nothing is kept yet.', hint: 'Run it without --report-only.' }, EXIT.failed);
  const names = info.labels.map(({ name }) => name);
  const recovered = bySnr(records, names);
  const pictures = new Map([
    ['pulls.svg', pullPicture(recovered, names)],
    ...recovered.map((one) => [`ranks-${String(one.snr)}.svg`, laplaceRankPicture(one)] as const),
  ]);
  const report = inferenceReport(recovered, names, {
    model: identity.id,
    seed: seed.value,
    pictures: [...pictures.keys()].map((name) => `inference/${name}`),
  });
  process.stdout.write(`${report}\n`);
  for (const line of targetLines(recovered)) process.stdout.write(`${line}\n`);
  if (finished && places.length >= FEWEST) {
    await mkdir(join(DOCS, 'inference'), { recursive: true });
    for (const [name, svg] of pictures) await writeFile(join(DOCS, 'inference', name), svg);
    const written = await writeSection(join(DOCS, 'inference.md'), 'injection', report);
    if (!written.ok) return refuse(written.failure, EXIT.failed);
  }
  return finished ? EXIT.done : EXIT.interrupted;
}
