/** `npm run validate -- model-error`: how far a model misses nature, measured, written into its bundle, and tried. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { processesFor } from '../../cli/batch/batch.ts';
import { FIT_CODE, fingerprint } from '../../cli/batch/fingerprint.ts';
import { openService } from '../../cli/batch/openService.ts';
import { EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { cachePath, sharedFolder } from '../../cli/files/sharedFolder.ts';
import { natureText } from '../../src/compute/natureFile.ts';
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { Nature } from '../../src/domain/nature.ts';
import { sha256 } from '../../src/math/sha256.ts';
import { LineStore } from '../kit/keep.ts';
import { writeDocument } from '../kit/markdown.ts';
import { runTasks } from '../kit/runTasks.ts';
import { attenuation } from './attenuation.ts';
import { isTypical, ALL, measure } from './measure.ts';
import { NATURE_CODE, natureRecord, type NatureFit, type NatureRecord, type NatureTask } from './record.ts';
import { comparison, description } from './report.ts';
import { unkeep, type StarResidual } from './residual.ts';
import { developmentStars, type DevelopmentStar } from './stars.ts';
import { natureOf, VARIANTS, type Variant } from './variants.ts';

const HELP = `npm run validate -- model-error [options]: how far a model misses real stars, measured, and tried

Fits the development stars (the Sun, MILES, STELIB, LAMOST of S/N above 50), measures by type of star and wavelength what the fits leave, and writes
it into the bundle (public/models/ID/nature.json, named in public/models/index.json), where every fit of the model finds it. Then
it measures on one half of the stars and fits the other with each part alone and with all, and writes docs/inference/model-error.md.

  --model ID        model bundle in public/models (default: the first of its index)
  --every N         only every Nth star of each source (default 1); the document is then left as it is
  --workers N       processes (default: one per core)
  --only PART       measure, compare, or lines: the last fits stars with wrong lines, and only prints
  --dry             print, and leave the bundle as it is

Fits are kept in .cache/validate/model-error, by code and weights: interrupt, and run it again to go on.
`;

const MODELS = join(import.meta.dirname, '../../public/models');
const answerSchema = z.object({ index: z.number(), result: natureRecord });

interface Run {
  readonly model: string | undefined;
  readonly workers: number | null;
  readonly store: LineStore<NatureRecord>;
}

export async function validateModelError(args: readonly string[]): Promise<number> {
  const opened = openCommand(HELP, {
    args: [...args],
    options: {
      model: { type: 'string' },
      every: { type: 'string' },
      workers: { type: 'string' },
      only: { type: 'string' },
      dry: { type: 'boolean', default: false },
    },
  });
  if (!opened.ok) return opened.code;
  const { values } = opened.value;
  const every = numberOption('every', values.every, 1, { min: 1, max: 100, integer: true });
  if (!every.ok) return refuse(every.failure);
  const workers = numberOption('workers', values.workers, 0, { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const { only, dry } = values;
  if (only !== undefined && !['measure', 'compare', 'lines'].includes(only))
    return refuse({ code: 'BAD_OPTION', message: `--only is "${only}".`, hint: 'measure, compare or lines' });
  const listed = await developmentStars(sharedFolder());
  if (!listed.ok) return refuse(listed.failure, EXIT.failed);
  const stars = thinned(listed.value, every.value);
  const service = await openService({ ...(values.model === undefined ? {} : { model: values.model }), nature: 'none' });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const { identity, emulator } = service.value;
  const { info } = emulator;
  if (only === 'lines') {
    process.stdout.write(`${await attenuation(service.value)}\n`);
    return EXIT.done;
  }
  const key = await fingerprint([...FIT_CODE, ...NATURE_CODE], identity.weights);
  const run: Run = {
    model: values.model,
    workers: workers.value === 0 ? null : workers.value,
    store: new LineStore(cachePath('validate', 'model-error', `${key}.jsonl`), natureRecord),
  };

  const floor = await fitAll(
    run,
    { floor: null },
    stars.map((star) => taskOf(star, 'floor')),
  );
  if (floor === null) return EXIT.interrupted;
  const residuals = new Map(
    [...floor.values()].flatMap((fit) =>
      fit.residual !== undefined && !fit.spoilt && fit.converged ? [[fit.name, unkeep(fit.residual)] as const] : [],
    ),
  );
  const chosen = (list: readonly DevelopmentStar[]): StarResidual[] =>
    list.flatMap(({ name }) => {
      const residual = residuals.get(name);
      return residual !== undefined && isTypical(residual) ? [residual] : [];
    });
  const about = {
    model: identity,
    date: new Date().toISOString().slice(0, 10),
    command: `npm run validate -- model-error --model ${identity.id}${every.value === 1 ? '' : ` --every ${String(every.value)}`}`,
  };
  const nature = measure(chosen(stars), ALL, about);
  const head = [
    '# How far the model misses nature',
    '',
    `Written by \`${about.command}\` with the model ${identity.id}: what fits with a floor for the model’s error leave of ${String(residuals.size)} of ${String(stars.length)} stars, less the noise of their pixels.`,
    '',
    description(nature),
    '',
  ].join('\n');
  process.stdout.write(head);
  if (!dry && only !== 'compare') await intoBundle(identity.id, nature);
  if (only === 'measure') return EXIT.done;

  const known = stars.filter(({ literature, name }) => literature['Fe_H'] !== undefined && literature['Fe_H'] !== '' && floor.has(name));
  const fits = new Map<Variant, ReadonlyMap<string, NatureFit>>();
  for (const variant of VARIANTS) {
    const found = await tried(run, variant, { stars, known, chosen, floor, info, about });
    if (found === null) return EXIT.interrupted;
    fits.set(variant, found);
  }
  const tail = [
    '',
    '## What each part does to labels',
    '',
    `Each noise model was measured on one half of the stars and tried on the other, from the labels of the fit with the floor; ${String(known.length)} stars with abundances in the Hypatia catalogue. Zero point: median of ours − literature, raw; scatter: robust, about it; width: robust width of (ours − literature − zero point)/√(σ² + σ_literature²), to be 0.8–1.2.`,
    '',
    comparison(known, fits),
    '',
  ].join('\n');
  process.stdout.write(tail);
  if (every.value > 1 || dry) return EXIT.done;
  const wrong = [
    '',
    '## Lines that are wrong',
    '',
    'Stars made by the network with wrong lines (errors of log gf drawn alike for all stars, of as many dex as the first column says, in every line), at a resolving power of 1800 and S/N 200, fitted by the network as it is: median of found − true, and over σ. Measured: by what fits with the floor leave of the same stars.',
    '',
    await attenuation(service.value),
    '',
  ].join('\n');
  process.stdout.write(wrong);
  emulator.dispose();
  await writeDocument('model-error.md', head + tail + wrong);
  return EXIT.done;
}

interface Trial {
  readonly stars: readonly DevelopmentStar[];
  readonly known: readonly DevelopmentStar[];
  readonly chosen: (list: readonly DevelopmentStar[]) => StarResidual[];
  readonly floor: ReadonlyMap<string, NatureFit>;
  readonly info: EmulatorInfo;
  readonly about: Pick<Nature, 'model' | 'date' | 'command'>;
}

/** Fits with one noise model, each half of the stars by what was measured on the other. */
async function tried(run: Run, variant: Variant, { stars, known, chosen, floor, info, about }: Trial) {
  const texts: Record<string, string | null> = {};
  const names: Record<'A' | 'B', string> = { A: variant, B: variant };
  for (const half of ['A', 'B'] as const) {
    const nature = natureOf(variant, chosen(stars.filter((star) => star.half !== half)), info, about);
    const text = nature === null ? null : natureText(nature);
    // The name tells what it was measured from, so that kept fits of other stars are not taken for these.
    names[half] = `${variant} ${(await sha256(new TextEncoder().encode(text ?? 'floor')))?.slice(0, 12) ?? ''}`;
    texts[names[half]] = text;
  }
  const tasks = known.map((star) => taskOf(star, names[star.half], floor.get(star.name)));
  return fitAll(run, texts, tasks);
}

const thinned = (stars: readonly DevelopmentStar[], every: number): DevelopmentStar[] => {
  const seen = new Map<string, number>();
  return stars.filter(({ source, half }) => {
    const k = seen.get(source + half) ?? 0;
    seen.set(source + half, k + 1);
    return k % every === 0;
  });
};

function taskOf({ name, path, source }: DevelopmentStar, variant: string, from?: NatureFit): NatureTask {
  const task = { name, path, source, variant };
  if (from === undefined) return task;
  const labels = Object.fromEntries(Object.entries(from.labels).map(([label, { value }]) => [label, value ?? NaN]));
  return { ...task, start: { labels, nuisances: from.nuisances, rv: from.rv.value ?? NaN } };
}

/** By star; null where it was interrupted. */
async function fitAll(
  { model, workers, store }: Run,
  variants: Readonly<Record<string, string | null>>,
  tasks: readonly NatureTask[],
): Promise<Map<string, NatureFit> | null> {
  const keyOf = ({ name, variant }: Pick<NatureTask, 'name' | 'variant'>): string => `${variant} ${name}`;
  const done = new Set(store.read().map(keyOf));
  const missing = tasks.filter((task) => !done.has(keyOf(task)));
  process.stderr.write(`${String(missing.length)} of ${String(tasks.length)} fits to do (kept in ${store.path})\n`);
  const finished = await runTasks<NatureTask, NatureRecord>({
    entry: new URL('./worker.ts', import.meta.url),
    setup: { variants, ...(model === undefined ? {} : { model }) },
    processes: processesFor(missing.length, workers),
    tasks: missing,
    answer: answerSchema,
    died: ({ name, source, variant }, why) => ({ name, source, variant, ok: false, code: 'PROCESS_DIED', message: why }),
    keep: (record) => record.ok || record.code !== 'PROCESS_DIED',
    store,
    say: (record) =>
      `${record.variant.split(' ')[0] ?? ''} ${record.name}: ${record.ok ? `T_eff ${String(record.labels['teff']?.value)}, χ²/ν ${String(record.chi2Reduced)}, ${record.seconds.toFixed(1)} s` : record.code}`,
  });
  if (!finished) return null;
  const wanted = new Set(tasks.map(keyOf));
  return new Map(store.read().flatMap((record) => (record.ok && wanted.has(keyOf(record)) ? [[record.name, record] as const] : [])));
}

/** Writes the file into the bundle and its name into the index of models, where the model is listed. */
async function intoBundle(id: string, nature: Nature): Promise<void> {
  await writeFile(join(MODELS, id, 'nature.json'), natureText(nature));
  const path = join(MODELS, 'index.json');
  const index = z.array(z.looseObject({ id: z.string() })).parse(JSON.parse(await readFile(path, 'utf8')));
  const listed = index.map((entry) => (entry.id === id ? { ...entry, nature: 'nature.json' } : entry));
  await writeFile(path, `${JSON.stringify(listed, null, 2)}\n`);
  process.stderr.write(`${join(MODELS, id, 'nature.json')} written\n`);
}
