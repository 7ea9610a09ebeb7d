/** The files of a training set: spectra in chunks named by their stars, and beside each a report of what they cost and which stars failed. */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LABELS, labelVector, type LabelName, type StellarLabels } from '../../src/domain/labels.ts';

/** Stars [from, to) of a set go into one file. */
export interface ChunkTask {
  readonly from: number;
  readonly to: number;
}

/** A star that could not be made. */
const failureSchema = z.object({ index: z.number(), code: z.string(), message: z.string(), labels: z.array(z.number()) });
export type StarFailure = z.infer<typeof failureSchema>;

export const reportSchema = z.object({
  /** Stars made, with their seconds of CPU. */
  stars: z.array(z.object({ index: z.number(), seconds: z.number() })),
  failures: z.array(failureSchema),
  /** Largest memory of the process so far, MB. */
  peakMb: z.number(),
});
export type ChunkReport = z.infer<typeof reportSchema>;

const six = (n: number): string => String(n).padStart(6, '0');
const stem = ({ from, to }: ChunkTask): string => `chunk-${six(from)}-${six(to - 1)}`;
const NAME = /^chunk-(\d{6})-(\d{6})\.npz$/;

/** Derivatives are stored per this much of a label: float16 has no room for a change per kelvin. */
export const derivativeUnit = (name: LabelName): number => (name === 'teff' ? 1000 : 1);

export function starFailure(index: number, labels: StellarLabels, code: string, message: string): StarFailure {
  return { index, code, message, labels: [...labelVector(labels)] };
}

/** The chunks of a folder, in order of their stars. */
export function chunksOf(folder: string): readonly (ChunkTask & { readonly path: string })[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const [, from, last] = NAME.exec(name) ?? [];
      return from === undefined || last === undefined ? [] : [{ from: Number(from), to: Number(last) + 1, path: join(folder, name) }];
    });
}

/** What is left to make of stars 0 … count − 1, in tasks of at most `size`: whatever no chunk covers, however the chunks were cut. */
export function tasksLeft(done: readonly ChunkTask[], count: number, size: number): ChunkTask[] {
  const covered = new Uint8Array(count);
  for (const { from, to } of done) covered.fill(1, Math.min(from, count), Math.min(to, count));
  const tasks: ChunkTask[] = [];
  for (let from = 0; from < count; from++) {
    if (covered[from] === 1) continue;
    let to = from;
    while (to < count && to - from < size && covered[to] === 0) to++;
    tasks.push({ from, to });
    from = to - 1;
  }
  return tasks;
}

/** Writes a chunk and its report so that either both are there or the chunk is not. */
export function writeChunk(folder: string, task: ChunkTask, bytes: Uint8Array, report: ChunkReport): void {
  const path = join(folder, stem(task));
  writeFileSync(`${path}.json`, `${JSON.stringify(report)}\n`);
  writeFileSync(`${path}.npz.part`, bytes);
  renameSync(`${path}.npz.part`, `${path}.npz`);
}

/** The report beside a chunk; null when it is missing or not one. */
export function readReport(chunkPath: string): ChunkReport | null {
  const path = chunkPath.replace(/\.npz$/, '.json');
  if (!existsSync(path)) return null;
  try {
    return reportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Lists the stars left out by all runs so far (the chunks' reports) and those whose process ended in this one, by index. */
export function writeFailures(folder: string, ended: readonly StarFailure[]): readonly StarFailure[] {
  const listed = chunksOf(folder).flatMap((chunk) => readReport(chunk.path)?.failures ?? []);
  const all = [...new Map([...ended, ...listed].map((failure) => [failure.index, failure])).values()].sort((a, b) => a.index - b.index);
  const line = ({ index, code, message, labels }: StarFailure): string =>
    [index, code, message, LABELS.map((name, i) => `${name}=${String(Number((labels[i] ?? NaN).toFixed(3)))}`).join(' ')].join('\t');
  const path = join(folder, 'failures.txt');
  if (all.length > 0 || existsSync(path)) writeFileSync(path, `index\tcode\tmessage\tlabels\n${all.map(line).join('\n')}\n`);
  return all;
}
