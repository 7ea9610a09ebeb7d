/**
 * `nature.json` of a bundle: the model's error as measured on stars (`domain/nature.ts`). Arrays over wavelength are in base64: factors a byte each, by
 * their logarithms from 0.1 to 10; shapes 16-bit integers, little-endian, in units of 1/2048.
 */
import { z } from 'zod';
import type { Nature } from '../domain/nature.ts';
import { failed, success, type Result } from '../domain/result.ts';

const FACTORS = [0.1, 10] as const;
const SHAPE_UNIT = 1 / 2048;

const positive = z.number().positive();
const schema = z.object({
  format: z.literal('maury-nature'),
  formatVersion: z.literal(1),
  model: z.object({ id: z.string().min(1), weights: z.string() }),
  date: z.string(),
  command: z.string(),
  stars: z.record(z.string(), z.int().nonnegative()),
  resolvingPower: positive,
  correlation: positive,
  grid: z.object({ lnStart: z.number(), lnStep: positive, count: z.int().min(2).max(20000) }),
  law: z
    .object({ wavelength: z.array(positive).min(2), constant: z.array(z.number().nonnegative()), depth: z.array(z.number().nonnegative()) })
    .refine(({ wavelength, constant, depth }) => wavelength.length === constant.length && wavelength.length === depth.length),
  nodes: z
    .array(
      z.object({
        teff: z.number(),
        logg: z.number(),
        feh: z.number(),
        stars: positive,
        amplitudes: z.array(z.number().nonnegative()),
        factor: z.base64(),
      }),
    )
    .min(1),
  shapes: z.array(z.base64()).max(16),
});

/** The file's text. Values beyond what the integers hold are cut off. */
export function natureText(nature: Nature): string {
  const { nodes, shapes, ...rest } = nature;
  const rounded = (value: number): number => Number(value.toPrecision(5));
  const file = {
    format: 'maury-nature',
    formatVersion: 1,
    ...rest,
    law: {
      wavelength: rest.law.wavelength.map(rounded),
      constant: rest.law.constant.map(rounded),
      depth: rest.law.depth.map(rounded),
    },
    nodes: nodes.map(({ factor, amplitudes, stars, ...type }) => ({
      ...type,
      stars: rounded(stars),
      amplitudes: amplitudes.map(rounded),
      factor: inBytes(factor),
    })),
    shapes: shapes.map((shape) => packed(shape, SHAPE_UNIT)),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Failure `NATURE_INVALID` names what is wrong. */
export function parseNature(json: unknown): Result<Nature> {
  const bad = (what: string): Result<never> =>
    failed(
      'NATURE_INVALID',
      `The file of the model's error is not one: ${what}.`,
      'Measure it again with `npm run validate -- model-error`.',
    );
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return bad(issue === undefined ? 'it does not follow the format' : `${issue.path.join('.')}: ${issue.message}`);
  }
  const { model, date, command, stars, resolvingPower, correlation, grid, law, nodes, shapes } = parsed.data;
  const nature: Nature = {
    ...{ model, date, command, stars, resolvingPower, correlation, grid, law },
    nodes: nodes.map((node) => ({ ...node, factor: fromBytes(node.factor) })),
    shapes: shapes.map((shape) => unpacked(shape, SHAPE_UNIT)),
  };
  const arrays = [...nature.nodes.map(({ factor }) => factor), ...nature.shapes];
  if (!arrays.every(({ length }) => length === grid.count)) return bad(`an array does not have the grid's ${String(grid.count)} points`);
  if (!nature.nodes.every(({ amplitudes }) => amplitudes.length === shapes.length))
    return bad('a type has not as many amplitudes as there are shapes');
  return success(nature);
}

function packed(values: Float32Array, unit: number): string {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => {
    view.setInt16(2 * i, Math.max(-32767, Math.min(32767, Math.round(value / unit))), true);
  });
  return btoa(Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte)).join(''));
}

const [LOWEST, SPAN] = [Math.log(FACTORS[0]), Math.log(FACTORS[1] / FACTORS[0])];

function inBytes(values: Float32Array): string {
  const bytes = Array.from(values, (value) =>
    Math.round((255 * (Math.log(Math.min(FACTORS[1], Math.max(FACTORS[0], value))) - LOWEST)) / SPAN),
  );
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''));
}

const fromBytes = (text: string): Float32Array =>
  Float32Array.from(
    Uint8Array.from(atob(text), (c) => c.charCodeAt(0)),
    (byte) => Math.exp(LOWEST + (SPAN * byte) / 255),
  );

function unpacked(text: string, unit: number): Float32Array {
  const view = new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  return Float32Array.from({ length: view.byteLength >> 1 }, (_, i) => view.getInt16(2 * i, true) * unit);
}
