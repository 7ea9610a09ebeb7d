/** Reads training sets as `maury trainingset` writes them, without their spectra. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failed, success, type Result } from '../../../src/domain/result.ts';
import { readNpz } from '../../../src/io/npz.ts';
import { chunksOf, readReport } from '../chunks.ts';

const aboutSchema = z.object({
  version: z.string(),
  seed: z.number(),
  labels: z.array(z.string()),
  derivativeUnit: z.array(z.number()).nullable(),
  stepKms: z.number(),
  lineList: z.string().optional(),
  ranges: z.record(z.string(), z.tuple([z.number(), z.number()])),
});

export interface TrainingSet {
  readonly folder: string;
  readonly about: z.infer<typeof aboutSchema>;
  /** Label vectors of the stars made, in the order of `about.labels`. */
  readonly stars: readonly Float64Array[];
  /** Seconds of CPU of the stars whose chunk says so. */
  readonly seconds: readonly number[];
  /** Stars left out, by failure code. */
  readonly leftOut: Readonly<Record<string, number>>;
  /** Largest memory of a worker, MB; null when no chunk says so. */
  readonly peakMb: number | null;
}

/** Lines of failures.txt after its head: index, code, …. */
function failuresOf(folder: string): readonly { readonly index: number; readonly code: string }[] {
  const path = join(folder, 'failures.txt');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => {
      const [index, code = '?'] = line.split('\t');
      return { index: Number(index), code };
    });
}

/** One set. Failures: `NO_DATASET`, `DATASET_FORMAT`, `CHUNK_UNREADABLE`, each naming the file. */
export function readSet(folder: string): Result<TrainingSet> {
  const path = join(folder, 'dataset.json');
  if (!existsSync(path)) return failed('NO_DATASET', `${path} does not exist.`, 'Give a folder that maury trainingset has made.');
  let about: z.infer<typeof aboutSchema>;
  try {
    about = aboutSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    return failed('DATASET_FORMAT', `${path}: ${why}`, 'Give a folder that maury trainingset has made.');
  }
  const stars: Float64Array[] = [];
  const made = new Set<number>();
  const seconds: number[] = [];
  let peakMb: number | null = null;
  for (const chunk of chunksOf(folder)) {
    try {
      const arrays = readNpz(readFileSync(chunk.path), ['index', 'labels']);
      const labels = arrays.get('labels');
      const index = arrays.get('index');
      const width = about.labels.length;
      if (!labels || !index || labels.data.length !== index.data.length * width)
        throw new Error(`no arrays 'index' [n] and 'labels' [n, ${String(width)}]`);
      index.data.forEach((star, row) => {
        made.add(star);
        stars.push(labels.data.slice(row * width, (row + 1) * width));
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return failed('CHUNK_UNREADABLE', `${chunk.path}: ${why}.`, 'Delete that file and run the same maury trainingset again.');
    }
    const report = readReport(chunk.path);
    if (report === null) continue;
    seconds.push(...report.stars.map((star) => star.seconds));
    peakMb = Math.max(peakMb ?? 0, report.peakMb);
  }
  const leftOut: Record<string, number> = {};
  for (const { index, code } of failuresOf(folder)) if (!made.has(index)) leftOut[code] = (leftOut[code] ?? 0) + 1;
  return success({ folder, about, stars, seconds, leftOut, peakMb });
}

/** Sets that belong together: of one version, with the same labels and ranges; failure `OTHER_DATASET`. */
export function readSets(folders: readonly string[]): Result<readonly TrainingSet[]> {
  const sets: TrainingSet[] = [];
  for (const folder of folders) {
    const set = readSet(folder);
    if (!set.ok) return set;
    sets.push(set.value);
  }
  const [first] = sets;
  const kind = ({ about }: TrainingSet): string => JSON.stringify([about.version, about.labels, about.ranges]);
  const odd = sets.find((set) => first !== undefined && kind(set) !== kind(first));
  return odd === undefined
    ? success(sets)
    : failed(
        'OTHER_DATASET',
        `${odd.folder} and ${first?.folder ?? ''} differ in their version, labels or ranges.`,
        'Look at them one at a time.',
      );
}
