/** One process of `maury trainingset`: synthesises the stars of a chunk and writes its file. */
import { z } from 'zod';
import { LINE_LIST_NAMES } from '../files/lineLists.ts';
import { readTables } from '../files/tablesFolder.ts';
import { derivativeUnit, starFailure, writeChunk, type ChunkReport } from './chunks.ts';
import { LABELS, labelVector, type StellarLabels } from '../../src/domain/labels.ts';
import { failed, type Result } from '../../src/domain/result.ts';
import { drawLabels } from '../../src/synthesis/draw.ts';
import { NATIVE_GRID } from '../../src/synthesis/native.ts';
import { toFloat16, writeNpz } from '../../src/io/npz.ts';
import { createSynthesizer, type LabelledSpectrum } from '../../src/synthesis/synthesize.ts';

const setupSchema = z.object({
  tables: z.string(),
  lines: z.enum(LINE_LIST_NAMES),
  out: z.string(),
  seed: z.number(),
  step: z.number(),
  derivatives: z.boolean(),
});
const taskSchema = z.object({ index: z.number(), task: z.object({ from: z.number(), to: z.number() }) });
type Synthesize = (labels: StellarLabels) => Result<LabelledSpectrum>;

let setup: z.infer<typeof setupSchema> | null = null;
let synthesize: Synthesize | null = null;

const finite = (values: Float64Array): boolean => values.every(Number.isFinite);

/** A star's spectrum; whatever goes wrong with one star is a failure of that star. */
function makeStar(make: Synthesize, labels: StellarLabels): Result<LabelledSpectrum> {
  try {
    const spectrum = make(labels);
    if (!spectrum.ok) return spectrum;
    if (!finite(spectrum.value.flux)) return failed('SPECTRUM_NOT_FINITE', 'The flux is not a number somewhere.');
    const bad = [...spectrum.value.derivatives].find(([, values]) => !finite(values));
    return bad === undefined ? spectrum : failed('SPECTRUM_NOT_FINITE', `The derivative to ${bad[0]} is not a number somewhere.`);
  } catch (error) {
    return failed('SYNTHESIS_THREW', error instanceof Error ? error.message : String(error));
  }
}

function makeChunk(from: number, to: number): ChunkReport {
  if (setup === null || synthesize === null) throw new Error('a chunk came before the set-up');
  const failures: ChunkReport['failures'] = [];
  const stars: ChunkReport['stars'] = [];
  const done: LabelledSpectrum[] = [];
  for (let index = from; index < to; index++) {
    const labels = drawLabels(setup.seed, index);
    const started = process.cpuUsage();
    const spectrum = makeStar(synthesize, labels);
    const used = process.cpuUsage(started);
    if (spectrum.ok) {
      done.push(spectrum.value);
      stars.push({ index, seconds: Number(((used.user + used.system) / 1e6).toFixed(3)) });
    } else failures.push(starFailure(index, labels, spectrum.failure.code, spectrum.failure.message));
  }
  const report = { stars, failures, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) };
  writeChunk(setup.out, { from, to }, chunkBytes(done, stars, setup.derivatives), report);
  return report;
}

function chunkBytes(done: readonly LabelledSpectrum[], stars: ChunkReport['stars'], derivatives: boolean): Uint8Array {
  const n = done.length;
  const pixels = NATIVE_GRID.count;
  const half = (rows: readonly Float64Array[], scale: (row: number) => number): Uint16Array => {
    const out = new Uint16Array(rows.length * pixels);
    rows.forEach((row, i) => {
      for (let k = 0; k < pixels; k++) out[i * pixels + k] = toFloat16((row[k] ?? 0) * scale(i));
    });
    return out;
  };
  const gradients = done.flatMap((spectrum) => LABELS.map((name) => spectrum.derivatives.get(name) ?? new Float64Array(pixels)));
  return writeNpz({
    index: { dtype: '<i4', shape: [n], data: Int32Array.from(stars, ({ index }) => index) },
    labels: { dtype: '<f8', shape: [n, LABELS.length], data: Float64Array.from(done.flatMap(({ labels }) => [...labelVector(labels)])) },
    flux: {
      dtype: '<f2',
      shape: [n, pixels],
      data: half(
        done.map(({ flux }) => flux),
        () => 1,
      ),
    },
    ...(derivatives
      ? {
          derivatives: {
            dtype: '<f2',
            shape: [n, LABELS.length, pixels],
            data: half(gradients, (i) => derivativeUnit(LABELS[i % LABELS.length] ?? 'feh')),
          } as const,
        }
      : {}),
  });
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
  process.send?.({ index, result: makeChunk(task.from, task.to) });
});
