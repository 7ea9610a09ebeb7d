/** `npm run validate -- optimisers`: do Levenberg–Marquardt and CMA-ES find the same optimum? */
import { z } from 'zod';
import { median } from '../../src/math/statistics.ts';
import { EXIT, openCommand, refuse } from '../../cli/commands/args.ts';
import { processesFor } from '../../cli/batch/batch.ts';
import { fingerprint, INJECTION_CODE } from '../../cli/batch/fingerprint.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';
import { injectionOptions } from '../inference/injectionOptions.ts';
import { LineStore } from '../kit/keep.ts';
import { openStars } from '../inference/open.ts';
import { pairSchema, type OptimiserPair } from './optimisers.ts';
import { RECOVERY_CODE, type InferenceTask } from '../inference/record.ts';
import { INFERENCE_OPTIONS } from '../inference/recover.ts';
import { runTasks } from '../kit/runTasks.ts';

const STARS = 100;
/** Share of stars on which the two must end at the same place. */
const TARGET = 0.95;
/** Same place: closer than this in the posterior's metric, all labels together. */
const SAME = 0.5;

const HELP = `npm run validate -- optimisers [options]: Levenberg-Marquardt against CMA-ES on injected ab initio stars

  --stars N       stars (default ${String(STARS)}; with fewer the document is left as it is)
  --snr X         S/N per pixel (default 50)
  --model ID      model bundle in public/models (default: the first of its index); a small one is quicker
  --set DIR       folder of maury trainingset with derivatives (default: the one of --set heldout)
  --seed N        of velocities, responses and noise (default 1)
  --workers N     processes (default: one per core)

Each star is a line of JSON in .cache/validate/optimisers: interrupt, and run it again to go on. Writes docs/inference/optimisers.md.
`;

const answerSchema = z.object({ index: z.number(), result: pairSchema });

function say(pair: OptimiserPair): string {
  const head = `star ${String(pair.star)}`;
  if (!pair.ok) return `${head}: ${pair.code}: ${pair.message}`;
  const gain = pair.lm.objective - pair.cmaes.objective;
  return `${head}: ${pair.distance.toFixed(2)} apart, CMA-ES ${gain >= 0 ? 'lower' : 'higher'} by ${Math.abs(gain).toFixed(2)}, ${pair.lm.seconds.toFixed(1)} and ${pair.cmaes.seconds.toFixed(1)} s`;
}

export async function validateOptimisers(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, {
    args: [...args],
    options: {
      stars: { type: 'string' },
      snr: { type: 'string' },
      model: { type: 'string' },
      set: { type: 'string' },
      seed: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  if (!opened.ok) return opened.code;
  const { values } = opened.value;
  const asked = injectionOptions(values, { stars: STARS, seed: 1 });
  if (!asked.ok) return refuse(asked.failure);
  const { stars: count, snr, seed, workers } = asked.value;
  const stars = await openStars({ set: values.set, model: values.model });
  if (!stars.ok) return refuse(stars.failure, EXIT.failed);
  const { set, folder, identity } = stars.value;

  const settings = JSON.stringify([INFERENCE_OPTIONS, set.about, seed, snr]);
  const key = await fingerprint([...INJECTION_CODE, ...RECOVERY_CODE], identity.weights, settings);
  const store = new LineStore(cachePath('validate', 'optimisers', `${key}.jsonl`), pairSchema);
  const places = set.stars.slice(0, count);
  const done = new Set(store.read().map((pair) => pair.star));
  const tasks = places.filter((place) => !done.has(place.index)).map((place) => ({ place, snr }));
  process.stderr.write(`${String(tasks.length)} of ${String(places.length)} stars to do with ${identity.id} (kept in ${store.path})\n`);
  const finished = await runTasks<InferenceTask, OptimiserPair>({
    entry: new URL('./worker.ts', import.meta.url),
    setup: { folder, seed, ...(values.model === undefined ? {} : { model: values.model }) },
    processes: processesFor(tasks.length, workers),
    tasks,
    answer: answerSchema,
    died: ({ place }, why) => ({
      ok: false,
      star: place.index,
      snr,
      code: 'PROCESS_DIED',
      message: `Its process ended (${why}).`,
    }),
    keep: (pair) => pair.ok || pair.code !== 'PROCESS_DIED',
    store,
    say,
  });

  const wanted = new Set(places.map((place) => place.index));
  const records = store.read().filter((pair) => wanted.has(pair.star));
  const pairs = records.filter((pair) => pair.ok);
  if (pairs.length === 0)
    return refuse({ code: 'NO_STARS', message: 'No star could be compared.', hint: 'See the lines above.' }, EXIT.failed);
  const same = pairs.filter((pair) => pair.distance <= SAME);
  const apart = pairs.filter((pair) => pair.distance > SAME);
  const lower = (pair: (typeof pairs)[number]): boolean => pair.cmaes.objective < pair.lm.objective;
  const share = same.length / pairs.length;
  const row = (title: string, pick: (pair: (typeof pairs)[number]) => OptimiserSide): string[] => {
    const sides = pairs.map(pick);
    const of = (value: (side: OptimiserSide) => number): number => median(sides.map(value));
    return [
      title,
      fixed(
        of((s) => s.seconds),
        2,
      ),
      fixed(
        of((s) => s.evaluations),
        0,
      ),
      String(sides.filter((s) => !s.converged).length),
    ];
  };
  const text = [
    '# Levenberg–Marquardt against CMA-ES',
    '',
    `Written by \`npm run validate -- optimisers\` with the model ${identity.id}: ${String(pairs.length)} ab initio stars injected at S/N ${String(snr)}; ${String(records.length - pairs.length)} could not be fitted.`,
    `They end at the same place (√(Δᵀ C⁻¹ Δ) ≤ ${String(SAME)} over all labels) on **${String(same.length)} of ${String(pairs.length)}** (${fixed(100 * share, 1)} %; target ${fixed(100 * TARGET, 0)} %): ${share >= TARGET ? 'hit' : 'miss'}.`,
    `Of the other ${String(apart.length)}, CMA-ES is lower in −2 ln P on ${String(apart.filter(lower).length)}. Median distance ${fixed(median(pairs.map((pair) => pair.distance)), 3)}; median of the largest |Δ|/σ of a label ${fixed(median(pairs.map((pair) => pair.largest)), 3)}.`,
    '',
    markdownTable(
      ['', 'median s', 'median evaluations', 'not converged'],
      [row('Levenberg–Marquardt', (pair) => pair.lm), row('CMA-ES', (pair) => pair.cmaes)],
    ),
    '',
  ].join('\n');
  process.stdout.write(text);
  if (finished && places.length >= STARS) await writeDocument('optimisers.md', text);
  return !finished ? EXIT.interrupted : share >= TARGET ? EXIT.done : EXIT.failed;
}

type OptimiserSide = Extract<OptimiserPair, { ok: true }>['lm'];
