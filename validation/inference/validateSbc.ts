/** `npm run validate -- sbc`: simulation-based calibration of the sampled posterior. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { labelTitle } from '../../src/domain/labels.ts';
import { median } from '../../src/math/statistics.ts';
import { EXIT, openCommand, refuse } from '../../cli/commands/args.ts';
import { processesFor } from '../../cli/batch/batch.ts';
import { fingerprint, INJECTION_CODE, SAMPLING_CODE } from '../../cli/batch/fingerprint.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { openService } from '../../cli/batch/openService.ts';
import { cachePath } from '../../cli/files/sharedFolder.ts';
import { injectionOptions } from './injectionOptions.ts';
import { LineStore } from '../kit/keep.ts';
import { rankPicture } from './pictures.ts';
import { runTasks } from '../kit/runTasks.ts';
import { sbcSchema, type SbcRecord } from './sbc.ts';
import { rankStatistics, type RankStatistics } from './statistics.ts';

const MODEL = 'lte-atlas9-v3-small';
const STARS = 60;

const HELP = `npm run validate -- sbc [options]: simulation-based calibration of MCMC: stars drawn from the fit's own prior, synthesised, injected, sampled

  --stars N      stars (default ${String(STARS)}; the document is written with no fewer)
  --snr N        S/N per pixel (default 50)
  --model ID     model bundle in public/models (default ${MODEL})
  --seed N       of the draws and the noise (default 11)
  --workers N    processes (default: one per core)

A star takes about a minute. Results are kept in .cache/validate/sbc, so that it resumes. Writes docs/inference/sbc.md.
`;

const answerSchema = z.object({ index: z.number(), result: sbcSchema });
type Sampled = Extract<SbcRecord, { ok: true }>;
/** Below this a p-value is worth a look; of so many labels some fall below by chance. */
const LOW = 0.01;

function say(record: SbcRecord): string {
  if (!record.ok) return `star ${String(record.star)}: ${record.code}: ${record.message}`;
  const { star, rhat, leastDraws, converged, seconds } = record;
  return `star ${String(star)}: R̂ ≤ ${rhat.toFixed(3)}, ${leastDraws.toFixed(0)} draws at least, ${converged ? 'converged' : 'not converged'}, ${seconds.toFixed(0)} s`;
}

interface Ranked {
  readonly name: string;
  readonly priorFraction: number;
  readonly sampled: RankStatistics;
  readonly laplace: RankStatistics;
}

function ranked(stars: readonly Sampled[]): Ranked[] {
  return (stars[0]?.labels ?? []).map(({ name }, i) => {
    const labels = stars.flatMap((star) => star.labels[i] ?? []);
    return {
      name,
      priorFraction: median(labels.map((label) => label.priorFraction)),
      sampled: rankStatistics(labels.map((label) => label.place)),
      laplace: rankStatistics(labels.map((label) => label.laplacePlace)),
    };
  });
}

const within = (stars: readonly Sampled[], share: number, place: (label: Sampled['labels'][number]) => number): number => {
  const places = stars.flatMap((star) => star.labels.map(place));
  return places.filter((u) => Math.abs(u - 0.5) <= share / 2).length / places.length;
};

function reportOf(stars: readonly Sampled[], failures: number, context: { model: string; snr: number; seed: number }): string {
  const rows = ranked(stars);
  const low = (pick: (row: Ranked) => RankStatistics): string =>
    rows
      .filter((row) => pick(row).ksP < LOW)
      .map((row) => labelTitle(row.name))
      .join(', ') || 'none';
  const share = (value: number): string => `${fixed(100 * value, 1)} %`;
  return [
    '# Simulation-based calibration of the sampled posterior',
    '',
    `Written by \`npm run validate -- sbc\`: ${String(stars.length)} stars drawn from the fit's own prior (within the box, where training stars lie; seed ${String(context.seed)}), synthesised ab initio, injected at S/N ${String(context.snr)} and sampled by the default sampler with the model ${context.model}. ${String(failures)} could not be; ${String(stars.filter((star) => !star.converged).length)} did not reach R̂ < 1.01 with 400 effective draws within the budget.`,
    `Where truths fall among the draws should be uniform (Talts et al. 2018). Draws outside the region that truths are drawn from are left out, which is exact. Beside it the same stars by Laplace's method, not restricted to the box.`,
    '',
    `All labels together: ${share(within(stars, 0.68, (label) => label.place))} of truths in the central 68 % of draws, ${share(within(stars, 0.95, (label) => label.place))} in 95 % (Laplace: ${share(within(stars, 0.68, (label) => label.laplacePlace))}, ${share(within(stars, 0.95, (label) => label.laplacePlace))}). Kolmogorov–Smirnov p < ${String(LOW)}: ${low((row) => row.sampled)} (Laplace: ${low((row) => row.laplace)}).`,
    `Median ${fixed(median(stars.map((star) => star.seconds)), 0)} s and ${fixed(median(stars.map((star) => star.spectra)), 0)} spectra a star (a gradient counts as three); median of the fewest effective draws ${fixed(median(stars.map((star) => star.leastDraws)), 0)}.`,
    '',
    '![](ranks-mcmc.svg)',
    '',
    markdownTable(
      ['label', 'median σ/prior', 'KS p', 'χ² p', 'Laplace: KS p', 'χ² p'],
      rows.map((row) => [
        labelTitle(row.name),
        fixed(row.priorFraction, 2),
        fixed(row.sampled.ksP, 3),
        fixed(row.sampled.chi2P, 3),
        fixed(row.laplace.ksP, 3),
        fixed(row.laplace.chi2P, 3),
      ]),
    ),
    '',
  ].join('\n');
}

export async function validateSbc(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, {
    args: [...args],
    options: {
      stars: { type: 'string' },
      snr: { type: 'string' },
      model: { type: 'string', default: MODEL },
      seed: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  if (!opened.ok) return opened.code;
  const { values } = opened.value;
  const asked = injectionOptions(values, { stars: STARS, seed: 11 });
  if (!asked.ok) return refuse(asked.failure);
  const { stars: count, snr, seed, workers } = asked.value;
  const service = await openService({ model: values.model });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const { identity, emulator } = service.value;
  emulator.dispose();

  const key = await fingerprint(
    [...INJECTION_CODE, SAMPLING_CODE, 'src/synthesis', ...['fitPrior', 'inject', 'sbc'].map((name) => `validation/inference/${name}.ts`)],
    identity.weights,
    JSON.stringify([seed, snr]),
  );
  const store = new LineStore(cachePath('validate', 'sbc', `${key}.jsonl`), sbcSchema);
  const done = new Set(store.read().map((record) => record.star));
  const tasks = Array.from({ length: count }, (_, k) => k).filter((star) => !done.has(star));
  process.stderr.write(`${String(tasks.length)} of ${String(count)} stars to do with ${identity.id} (kept in ${store.path})\n`);
  const finished = await runTasks<number, SbcRecord>({
    entry: new URL('./sbcWorker.ts', import.meta.url),
    setup: { model: values.model, seed, snr },
    processes: processesFor(tasks.length, workers),
    tasks,
    answer: answerSchema,
    died: (star, why) => ({ ok: false, star, code: 'PROCESS_DIED', message: `Its process ended (${why}).` }),
    keep: (record) => record.ok || record.code !== 'PROCESS_DIED',
    store,
    say,
  });

  const records = store.read().filter((record) => record.star < count);
  const stars = records.filter((record) => record.ok);
  if (stars.length < 10)
    return refuse({ code: 'NO_STARS', message: 'Too few stars were sampled for ranks.', hint: 'See the lines above.' }, EXIT.failed);
  const text = reportOf(stars, records.length - stars.length, { model: identity.id, snr, seed });
  process.stdout.write(text);
  if (finished && count >= STARS) {
    await writeDocument('sbc.md', text);
    const title = `Ranks of true labels among their draws (MCMC), ${String(stars.length)} stars, S/N ${String(snr)}`;
    const folder = join(import.meta.dirname, '../../docs/inference');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, 'ranks-mcmc.svg'),
      rankPicture(
        title,
        ranked(stars).map((row) => ({ label: row.name, ...row.sampled })),
      ),
    );
  }
  return finished ? EXIT.done : EXIT.interrupted;
}
