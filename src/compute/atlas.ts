import * as z from 'zod';
import type { AbinitioDerivative } from '../domain/client.ts';
import type { EmulatorInfo } from '../domain/emulator.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { readJson, type Assets } from './assets.ts';

/** What `training/atlas.py` writes beside a bundle: the ab initio derivatives of a few stars of its training set, at a survey's resolution. */
const atlasSchema = z.object({
  format: z.literal('maury-abinitio-1'),
  file: z.string().regex(/^[\w.-]+$/),
  labels: z.array(z.string()).min(1),
  grid: z.object({ lnStart: z.number(), lnStep: z.number(), count: z.int().positive() }),
  resolvingPower: z.number().positive(),
  stars: z.array(z.object({ labels: z.array(z.number()), scales: z.array(z.number()) })).min(1),
});

export interface Atlas {
  readonly description: z.infer<typeof atlasSchema>;
  /** [star][label][pixel]: scale · sign(q) · (q/127)². */
  readonly q: Int8Array;
}

/** Null where the model has none. Failure `ATLAS_INVALID` where there is one that cannot be used. */
export async function loadAtlas(assets: Assets, model: string): Promise<Result<Atlas | null>> {
  const json = await readJson(assets, `models/${model}/abinitio.json`);
  if (!json.ok) return success(null);
  const parsed = atlasSchema.safeParse(json.value);
  const hint = 'Make it again with training/atlas.py, or remove abinitio.json.';
  if (!parsed.success) return failed('ATLAS_INVALID', `abinitio.json of ${model} is not an atlas of derivatives.`, hint);
  const description = parsed.data;
  const { labels, grid, stars } = description;
  const bytes = await assets.read(`models/${model}/${description.file}`);
  if (!bytes.ok) return bytes;
  const expected = stars.length * labels.length * grid.count;
  const whole = stars.every((star) => star.labels.length === labels.length && star.scales.length === labels.length);
  if (!whole || bytes.value.length !== expected)
    return failed(
      'ATLAS_INVALID',
      `${description.file} of ${model} has ${bytes.value.length} bytes where ${expected} are described.`,
      hint,
    );
  return success({ description, q: new Int8Array(bytes.value.buffer, bytes.value.byteOffset, expected) });
}

/** Labels by which stars are near each other; the distance is in half-ranges of the model. */
const NEARNESS = ['teff', 'logg', 'feh'];

/** The derivative along `label` of the star of the atlas that is nearest to `at` (in the order of the model's labels); null for a label it lacks. */
export function nearestDerivative(atlas: Atlas, info: EmulatorInfo, label: string, at: Float64Array): AbinitioDerivative | null {
  const { labels, grid, stars, resolvingPower } = atlas.description;
  const column = labels.indexOf(label);
  if (column < 0) return null;
  const distance = (star: readonly number[]): number =>
    NEARNESS.reduce((sum, name) => {
      const [own, other] = [info.labels.findIndex((one) => one.name === name), labels.indexOf(name)];
      const half = info.labels[own]?.halfRange;
      return half === undefined || other < 0 ? sum : sum + (((at[own] ?? 0) - (star[other] ?? 0)) / half) ** 2;
    }, 0);
  let nearest = 0;
  stars.forEach((star, k) => {
    if (distance(star.labels) < distance(stars[nearest]?.labels ?? [])) nearest = k;
  });
  const star = stars[nearest];
  if (star === undefined) return null;
  const scale = star.scales[column] ?? 0;
  const from = (nearest * labels.length + column) * grid.count;
  return {
    label,
    star: Object.fromEntries(labels.map((name, i) => [name, star.labels[i] ?? NaN])),
    resolvingPower,
    wavelength: Float64Array.from({ length: grid.count }, (_, i) => Math.exp(grid.lnStart + i * grid.lnStep)),
    derivative: Float32Array.from({ length: grid.count }, (_, i) => {
      const q = (atlas.q[from + i] ?? 0) / 127;
      return scale * Math.sign(q) * q * q;
    }),
  };
}
