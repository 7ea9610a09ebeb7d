import * as z from 'zod/mini';

import type { EmulatorInfo } from '../../domain/emulator.ts';
import { LABELS } from '../../domain/labels.ts';
import type { LabelName } from '../../domain/labels.ts';
import { failed, success } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';
import { architectureFault, tensorShapes } from './architecture.ts';

const size = z.int().check(z.positive());
const sizes = {
  version: z.union([z.literal(1), z.literal(2)]),
  labels: size,
  patches: size,
  patchSize: size,
  components: size,
  width: size,
  layers: size,
  parameters: size,
};

const tensor = z.object({
  name: z.string(),
  shape: z.array(size),
  dtype: z.enum(['float16', 'float32']),
  /** Bytes from the start of the weight file. */
  offset: z.int().check(z.nonnegative()),
});

const fluxErrors = {
  /** Mean absolute error of normalised flux, over all pixels and spectra. */
  mae: z.number(),
  percentile99: z.number(),
};
const per100 = z.array(z.object({ from: z.number(), to: z.number(), ...fluxErrors }));
const interval = z.tuple([z.number(), z.number()]);

const derivativeErrors = z.object({
  /** Rms error over rms of the derivative, and cosine, pooled over spectra and pixels. */
  relativeError: z.number(),
  cosine: z.number(),
  /** Medians over spectra; what is measured of them has grown, so that each may be absent. */
  medianCosine: z.optional(z.number()),
  medianRelativeError: z.optional(z.number()),
  medianRelativeErrorInformative: z.optional(z.number()),
  medianCosine1800: z.optional(z.number()),
  informative: z.optional(z.boolean()),
  /** Largest derivative where the ab initio one is zero, in units of its peak. */
  leakage: z.optional(z.number()),
});

const heldOut = z.object({
  spectra: size,
  withDerivatives: z.int(),
  seed: z.number(),
  date: z.string(),
  ...fluxErrors,
  rms: z.number(),
  per100,
  /** After convolution to R = 1800. */
  r1800: z.optional(z.object({ ...fluxErrors, rms: z.optional(z.number()), per100: z.optional(per100) })),
  /** Over T_eff (K), log g and [Fe/H]; null where no spectrum lies. */
  map: z.optional(z.array(z.object({ teff: interval, logg: interval, feh: interval, spectra: z.int(), mae: z.nullable(z.number()) }))),
  derivatives: z.record(z.string(), derivativeErrors),
});

const labelName = z.enum(LABELS as [LabelName, ...LabelName[]]);

const schema = z.object({
  format: z.literal('maury-model'),
  formatVersion: z.literal(1),
  id: z.string().check(z.minLength(1)),
  title: z.string(),
  date: z.string(),
  citation: z.array(z.string()),
  /** What the model cannot do. */
  limits: z.array(z.string()),
  /** The kind of network and its sizes (architecture.ts). */
  architecture: z.discriminatedUnion('name', [
    z.object({
      name: z.literal('patch-transformer'),
      ...sizes,
      heads: size,
      mlpRatio: size,
      code: z._default(z.int().check(z.nonnegative()), 0),
      codeWidth: z._default(z.int().check(z.nonnegative()), 0),
      activation: z.literal('silu'),
      normEpsilon: z.number().check(z.positive()),
    }),
    z.object({ name: z.literal('mlp'), ...sizes, activation: z.enum(['silu', 'leaky-relu']) }),
  ]),
  labels: z.array(
    z.object({
      name: labelName,
      unit: z.enum(['K', 'dex', 'km/s']),
      min: z.number(),
      max: z.number(),
      centre: z.number(),
      halfRange: z.number().check(z.positive()),
    }),
  ),
  /** Conditions that the training stars keep beside the labels' ranges (src/domain/region.ts). */
  region: z.optional(
    z.strictObject({
      lowestLogg: z.optional(
        z.object({ floor: z.number(), ceiling: z.number(), from: z.number(), kelvinPerDex: z.number().check(z.positive()) }),
      ),
      mostCarbonOverOxygen: z.optional(z.number()),
    }),
  ),
  grid: z.object({ lnStart: z.number(), lnStep: z.number().check(z.positive()), count: size }),
  medium: z.literal('vacuum'),
  quantity: z.string(),
  resolvingPower: z.number().check(z.positive()),
  trainedOn: z.object({
    atmospheres: z.string(),
    lines: z.string(),
    code: z.string(),
    seed: z.number(),
    spectra: z.int(),
    withDerivatives: z.int(),
    withoutDerivatives: z.int(),
    /** The training stars' coordinates, for the distance to the nearest (src/domain/trainingStars.ts). */
    stars: z.optional(
      z.object({
        coordinates: z.array(z.object({ of: z.array(labelName), mean: z.number(), spread: z.number().check(z.positive()) })),
        typical: z.number().check(z.positive()),
        table: z.string(),
      }),
    ),
  }),
  training: z.looseObject({ minutes: z.number(), steps: z.number() }),
  weights: z.object({ file: z.string().check(z.regex(/^[\w.-]+$/)), sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)), bytes: size }),
  tensors: z.array(tensor),
  /** A truth for every backend to be checked against at start: flux at some pixels for one label vector. */
  check: z.object({ labels: z.array(z.number()), pixels: z.array(z.int()), flux: z.array(z.number()), tolerance: z.number() }),
  heldOut: z.nullable(heldOut),
  heldOutMae: z.nullable(z.number()),
});

/** Everything a bundle says of itself (`manifest.json`). */
export type Manifest = z.infer<typeof schema>;
export type ManifestTensor = Manifest['tensors'][number];

const KINDS: readonly string[] = ['patch-transformer', 'mlp'] satisfies Manifest['architecture']['name'][];
const ASK = 'Use a bundle made by training/export.py of this version, or download it again.';

/**
 * A manifest from parsed JSON. Failures: MODEL_FORMAT_UNKNOWN (another format, version or architecture), MODEL_MANIFEST_INVALID
 * (a field is missing or wrong; the message names it), MODEL_MANIFEST_INCONSISTENT (fields contradict one another).
 */
export function parseManifest(json: unknown): Result<Manifest> {
  const format = z.safeParse(z.object({ format: z.unknown(), formatVersion: z.unknown() }), json);
  if (!format.success || format.data.format !== 'maury-model' || format.data.formatVersion !== 1) {
    const found = format.success ? `${quote(format.data.format)} version ${quote(format.data.formatVersion)}` : 'no format at all';
    return failed('MODEL_FORMAT_UNKNOWN', `The model's manifest has format ${found}; this program reads "maury-model" version 1.`, ASK);
  }
  const kind = z.safeParse(z.object({ architecture: z.object({ name: z.string() }) }), json);
  if (kind.success && !KINDS.includes(kind.data.architecture.name)) {
    const found = quote(kind.data.architecture.name);
    return failed('MODEL_FORMAT_UNKNOWN', `The model is a network of kind ${found}; this program runs ${KINDS.join(' and ')}.`, ASK);
  }
  const parsed = z.safeParse(schema, json);
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return failed('MODEL_MANIFEST_INVALID', `The model's manifest is not valid: ${issues.join('; ')}.`, ASK);
  }
  const contradiction = contradictions(parsed.data);
  if (contradiction !== null) return failed('MODEL_MANIFEST_INCONSISTENT', contradiction, ASK);
  return success(parsed.data);
}

function contradictions(manifest: Manifest): string | null {
  const { architecture, grid, labels, tensors, weights, check } = manifest;
  if (architecture.patches * architecture.patchSize !== grid.count)
    return `${String(architecture.patches)} patches of ${String(architecture.patchSize)} pixels do not make the grid's ${String(grid.count)}.`;
  if (labels.length !== architecture.labels || check.labels.length !== labels.length)
    return `The architecture takes ${String(architecture.labels)} labels, but ${String(labels.length)} are described.`;
  if (new Set(labels.map((label) => label.name)).size !== labels.length) return 'A label is described twice.';
  const fault = architectureFault(architecture);
  if (fault !== null) return fault;
  if (check.pixels.length !== check.flux.length || check.pixels.some((pixel) => pixel < 0 || pixel >= grid.count))
    return 'The start-up check names pixels outside the grid.';
  const table = new Map(tensors.map((entry) => [entry.name, entry]));
  for (const [name, shape] of tensorShapes(architecture)) {
    const entry = table.get(name);
    if (entry === undefined) return `The tensor "${name}" is missing.`;
    if (entry.shape.join('×') !== shape.join('×'))
      return `The tensor "${name}" is ${entry.shape.join('×')}, but the architecture needs ${shape.join('×')}.`;
  }
  const outside = tensors.find((entry) => entry.offset % 4 !== 0 || entry.offset + tensorBytes(entry) > weights.bytes);
  if (outside !== undefined) return `The tensor "${outside.name}" lies outside the ${String(weights.bytes)} bytes of weights.`;
  return null;
}

/** Length of a tensor in the weight file, in bytes. */
export function tensorBytes(entry: ManifestTensor): number {
  return entry.shape.reduce((product, n) => product * n, 1) * (entry.dtype === 'float16' ? 2 : 4);
}

/** What consumers may ask of the model. */
export function emulatorInfo(manifest: Manifest): EmulatorInfo {
  const { id, title, labels, region, trainedOn, grid, resolvingPower, heldOutMae, weights } = manifest;
  const ownError = manifest.heldOut === null ? null : errorByWavelength(manifest.heldOut);
  return {
    id,
    weightsChecksum: weights.sha256,
    title,
    labels,
    ...(region === undefined ? {} : { region }),
    ...(trainedOn.stars === undefined ? {} : { trainingStars: trainedOn.stars }),
    grid,
    resolvingPower,
    heldOutMae,
    ...(ownError === null ? {} : { ownError }),
  };
}

/** Mean absolute errors per interval as σ: times rms/mae of all pixels, which for errors of uneven size is more than the normal's 1.25. */
function errorByWavelength(measured: z.infer<typeof heldOut>): NonNullable<EmulatorInfo['ownError']> {
  const { r1800 } = measured;
  const { mae, rms, per100 } =
    r1800?.rms === undefined || r1800.per100 === undefined ? measured : { ...r1800, rms: r1800.rms, per100: r1800.per100 };
  return per100.map((interval) => ({ from: interval.from, to: interval.to, sigma: (interval.mae * rms) / mae }));
}

/** Native wavelengths, Å, vacuum. */
export function nativeWavelength(grid: Manifest['grid']): Float64Array {
  return Float64Array.from({ length: grid.count }, (_, i) => Math.exp(grid.lnStart + i * grid.lnStep));
}

const quote = (value: unknown): string => (value === undefined ? 'undefined' : JSON.stringify(value));
