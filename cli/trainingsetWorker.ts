/** One process of `maury trainingset`: synthesises the stars of a chunk and writes its file. */
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LINE_LIST_NAMES } from './lineLists.ts';
import { chunkName, derivativeUnit } from './trainingChunk.ts';
import { readTables } from './tablesFolder.ts';
import { LABELS, labelVector } from '../src/domain/labels.ts';
import type { Result } from '../src/domain/result.ts';
import { drawLabels } from '../src/synthesis/draw.ts';
import { NATIVE_GRID } from '../src/synthesis/native.ts';
import { toFloat16, writeNpz } from '../src/synthesis/npz.ts';
import { createSynthesizer, type LabelledSpectrum } from '../src/synthesis/synthesize.ts';
import type { StellarLabels } from '../src/domain/labels.ts';

const setupSchema = z.object({
  tables: z.string(),
  lines: z.enum(LINE_LIST_NAMES),
  out: z.string(),
  seed: z.number(),
  step: z.number(),
  derivatives: z.boolean(),
});
const taskSchema = z.object({ index: z.number(), task: z.object({ chunk: z.number(), from: z.number(), to: z.number() }) });

let setup: z.infer<typeof setupSchema> | null = null;
let synthesize: ((labels: StellarLabels) => Result<LabelledSpectrum>) | null = null;

function makeChunk(chunk: number, from: number, to: number): { made: number; failures: string[]; seconds: number } {
  if (setup === null || synthesize === null) throw new Error('a chunk came before the set-up');
  const started = process.cpuUsage();
  const failures: string[] = [];
  const done: { index: number; spectrum: LabelledSpectrum }[] = [];
  for (let index = from; index < to; index++) {
    const labels = drawLabels(setup.seed, index);
    const spectrum = synthesize(labels);
    if (spectrum.ok) done.push({ index, spectrum: spectrum.value });
    else failures.push(`star ${String(index)}: ${spectrum.failure.code}: ${spectrum.failure.message}`);
  }
  const n = done.length;
  const pixels = NATIVE_GRID.count;
  const half = (rows: readonly Float64Array[], scale: (row: number) => number): Uint16Array => {
    const out = new Uint16Array(rows.length * pixels);
    rows.forEach((row, i) => {
      for (let k = 0; k < pixels; k++) out[i * pixels + k] = toFloat16((row[k] ?? 0) * scale(i));
    });
    return out;
  };
  const derivatives = done.flatMap(({ spectrum }) => LABELS.map((name) => spectrum.derivatives.get(name) ?? new Float64Array(pixels)));
  const bytes = writeNpz({
    index: { dtype: '<i4', shape: [n], data: Int32Array.from(done, ({ index }) => index) },
    labels: {
      dtype: '<f8',
      shape: [n, LABELS.length],
      data: Float64Array.from(done.flatMap(({ spectrum }) => [...labelVector(spectrum.labels)])),
    },
    flux: {
      dtype: '<f2',
      shape: [n, pixels],
      data: half(
        done.map(({ spectrum }) => spectrum.flux),
        () => 1,
      ),
    },
    ...(setup.derivatives
      ? {
          derivatives: {
            dtype: '<f2',
            shape: [n, LABELS.length, pixels],
            data: half(derivatives, (i) => derivativeUnit(LABELS[i % LABELS.length] ?? 'feh')),
          } as const,
        }
      : {}),
  });
  const path = join(setup.out, chunkName(chunk));
  writeFileSync(`${path}.part`, bytes);
  renameSync(`${path}.part`, path);
  const used = process.cpuUsage(started);
  return { made: n, failures, seconds: (used.user + used.system) / 1e6 };
}

process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  if (setup === null) {
    setup = setupSchema.parse(message);
    const tables = readTables(setup.tables, setup.lines);
    if (!tables.ok) throw new Error(tables.failure.message);
    synthesize = createSynthesizer(tables.value, { derivatives: setup.derivatives, stepKms: setup.step });
    return;
  }
  const { index, task } = taskSchema.parse(message);
  process.send?.({ index, result: makeChunk(task.chunk, task.from, task.to) });
});
