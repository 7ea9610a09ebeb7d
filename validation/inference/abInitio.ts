/** Stars of a training set with their ab initio spectra and derivatives, read one chunk at a time. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { LabelName } from '../../src/domain/labels.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { readNpz } from '../../src/io/npz.ts';
import { chunksOf } from '../../cli/trainingset/chunks.ts';

const aboutSchema = z.object({
  seed: z.number(),
  labels: z.array(z.string()),
  derivativeUnit: z.array(z.number()).nullable(),
  grid: z.object({ lnStart: z.number(), lnStep: z.number(), count: z.number() }),
  resolvingPower: z.number(),
});
type About = z.infer<typeof aboutSchema>;

/** Where a star is: its chunk, and its row there. */
export interface StarPlace {
  readonly index: number;
  readonly path: string;
  readonly row: number;
}

export interface AbInitioSet {
  readonly about: About;
  readonly stars: readonly StarPlace[];
}

/** One star in the label order of a model: physical units, derivatives per unit of the label. */
export interface AbInitioStar {
  readonly index: number;
  readonly labels: Float64Array;
  readonly flux: Float32Array;
  readonly derivatives: readonly Float32Array[];
}

const HINT = 'Make the set with: npm run --silent maury -- trainingset --set heldout';

/** The stars of a set. Failures `NO_DATASET`, `DATASET_FORMAT`, `NO_DERIVATIVES`, `CHUNK_UNREADABLE`. */
export function openAbInitio(folder: string): Result<AbInitioSet> {
  const path = join(folder, 'dataset.json');
  if (!existsSync(path)) return failed('NO_DATASET', `${path} does not exist.`, HINT);
  let about: About;
  try {
    about = aboutSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    return failed('DATASET_FORMAT', `${path}: ${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}`, HINT);
  }
  if (about.derivativeUnit === null) return failed('NO_DERIVATIVES', `${folder} holds spectra without derivatives.`, HINT);
  const stars: StarPlace[] = [];
  for (const chunk of chunksOf(folder)) {
    try {
      readNpz(readFileSync(chunk.path), ['index'])
        .get('index')
        ?.data.forEach((index, row) => stars.push({ index, path: chunk.path, row }));
    } catch (error) {
      return failed('CHUNK_UNREADABLE', `${chunk.path}: ${error instanceof Error ? error.message : String(error)}.`, HINT);
    }
  }
  return success({ about, stars });
}

/** Whether a model lives on the grid and resolution of a set, so that the set's spectra can take the place of the model's. Failure `GRID_DIFFERS`. */
export function checkGrid(about: About, info: EmulatorInfo): Result<true> {
  const { grid, resolvingPower } = info;
  const same =
    grid.count === about.grid.count &&
    Math.abs(grid.lnStart - about.grid.lnStart) < 1e-9 &&
    Math.abs(grid.lnStep - about.grid.lnStep) < 1e-12 &&
    resolvingPower === about.resolvingPower;
  return same
    ? success(true)
    : failed(
        'GRID_DIFFERS',
        `The model ${info.id} and the set differ in wavelength grid or resolving power.`,
        'Choose a model of that grid.',
      );
}

/** Reads stars; the last chunk is kept, since stars come in order. Throws on a chunk that `openAbInitio` could read and that has changed since. */
export class StarReader {
  private path = '';
  private arrays: ReturnType<typeof readNpz> = new Map();

  constructor(
    private readonly about: About,
    private readonly names: readonly LabelName[],
  ) {}

  star({ index, path, row }: StarPlace): AbInitioStar {
    if (path !== this.path) {
      this.arrays = readNpz(readFileSync(path), ['labels', 'flux', 'derivatives']);
      this.path = path;
    }
    const width = this.about.labels.length;
    const pixels = this.about.grid.count;
    const slice = (name: string, from: number, length: number): Float64Array => {
      const data = this.arrays.get(name)?.data.subarray(from, from + length);
      if (data?.length !== length) throw new Error(`${path}: no array "${name}" of the size that dataset.json says`);
      return data;
    };
    const all = slice('labels', row * width, width);
    const at = this.names.map((name) => {
      const i = this.about.labels.indexOf(name);
      if (i < 0) throw new Error(`${path}: the set has no label ${name}`);
      return i;
    });
    return {
      index,
      labels: Float64Array.from(at, (i) => all[i] ?? NaN),
      flux: Float32Array.from(slice('flux', row * pixels, pixels)),
      derivatives: at.map((i) => {
        const unit = this.about.derivativeUnit?.[i] ?? 1;
        return Float32Array.from(slice('derivatives', (row * width + i) * pixels, pixels), (value) => value / unit);
      }),
    };
  }
}
