import type { Emulator } from '../domain/emulator.ts';
import { LABELS, labelUnit } from '../domain/labels.ts';
import { tensorShapes } from '../emulator/bundle/architecture.ts';
import type { Architecture, MlpArchitecture } from '../emulator/bundle/architecture.ts';
import type { ModelBundle } from '../emulator/bundle/bundle.ts';
import type { Manifest } from '../emulator/bundle/manifest.ts';
import { createReferenceEmulator } from '../emulator/twin/reference.ts';

export interface TinyBundleOptions {
  readonly patches: number;
  readonly patchSize: number;
  readonly components: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly code: number;
  readonly codeWidth: number;
}

const TINY: TinyBundleOptions = { patches: 75, patchSize: 180, components: 6, width: 8, layers: 1, heads: 2, code: 3, codeWidth: 5 };
/** The sizes of a real model, for tests of precision and of speed. */
export const FULL_SIZE: TinyBundleOptions = {
  patches: 75,
  patchSize: 180,
  components: 80,
  width: 128,
  layers: 3,
  heads: 4,
  code: 64,
  codeWidth: 192,
};

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  teff: [4000, 7000],
  logg: [0.5, 5],
  vmic: [0.5, 3],
  feh: [-2.5, 0.5],
};

/**
 * A model with random weights, for tests only: it has learned nothing. Smooth in its labels, flux near 0.9 with line-like features,
 * 33 labels, 3700–9100 Å, R = 5000 by default.
 */
export function createTinyBundle(seed: number, options: Partial<TinyBundleOptions> = {}): ModelBundle {
  const sizes = { ...TINY, ...options };
  return randomBundle(seed, {
    ...sizes,
    name: 'patch-transformer',
    labels: LABELS.length,
    mlpRatio: 2,
    activation: 'silu',
    normEpsilon: 1e-5,
  });
}

/** The same for a perceptron. */
export function createTinyMlp(seed: number, options: Partial<Omit<MlpArchitecture, 'name' | 'labels'>> = {}): ModelBundle {
  const { patches, patchSize, components } = TINY;
  const frame = { patches, patchSize, components, labels: LABELS.length };
  return randomBundle(seed, { name: 'mlp', ...frame, width: 16, layers: 2, activation: 'silu', ...options });
}

function randomBundle(seed: number, architecture: Architecture): ModelBundle {
  const random = normalStream(seed);
  const tensors = new Map<string, Float32Array>();
  for (const [name, shape] of tensorShapes(architecture)) {
    const count = shape.reduce((product, n) => product * n, 1);
    // A spread that keeps every product of order 1.
    const inputs = name === 'head.w' ? architecture.width : (shape[0] ?? 1);
    const spread = name.endsWith('.g') ? 0.1 : name.endsWith('.b') ? 0.1 : name === 'embedding' ? 0.5 : 1 / Math.sqrt(inputs);
    tensors.set(
      name,
      Float32Array.from({ length: count }, () => (name.endsWith('.g') ? 1 : 0) + spread * random()),
    );
  }
  const { patches, patchSize, components } = architecture;
  tensors.set(
    'scale',
    Float32Array.from({ length: patches * components }, (_, i) => 0.3 / (1 + (i % components))),
  );
  tensors.set('basis', lineLikeBasis(patches * components, components, patchSize, random));
  tensors.set(
    'mean',
    Float32Array.from({ length: patches * patchSize }, (_, i) => 0.9 - 0.05 * Math.sin(i / 7) ** 2),
  );
  return { manifest: tinyManifest(seed, architecture, tensors), tensors };
}

/** The tiny bundle's emulator, in plain TypeScript. For tests only. */
export const createTinyEmulator = (seed: number): Emulator => createReferenceEmulator(createTinyBundle(seed), 'a random model, for tests');

/** Rows of a few Gaussian lines each, orthonormal within a patch (Gram–Schmidt). */
function lineLikeBasis(rows: number, components: number, patchSize: number, random: () => number): Float32Array {
  const basis = new Float32Array(rows * patchSize);
  for (let row = 0; row < rows; row++) {
    const line = basis.subarray(row * patchSize, (row + 1) * patchSize);
    for (let n = 0; n < 8; n++) {
      const centre = (((random() * 0.37) % 1) + 1) * patchSize;
      const depth = random();
      for (let i = 0; i < patchSize; i++)
        line[i] = (line[i] as number) + depth * Math.exp(-0.5 * (((i - centre + patchSize) % patchSize) / 1.8) ** 2);
    }
    for (let other = row - (row % components); other < row; other++) {
      const before = basis.subarray(other * patchSize, (other + 1) * patchSize);
      const overlap = line.reduce((sum, value, i) => sum + value * (before[i] as number), 0);
      for (let i = 0; i < patchSize; i++) line[i] = (line[i] as number) - overlap * (before[i] as number);
    }
    const length = Math.sqrt(line.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < patchSize; i++) line[i] = (line[i] as number) / length;
  }
  return basis;
}

function tinyManifest(seed: number, architecture: Architecture, tensors: Map<string, Float32Array>): Manifest {
  let offset = 0;
  const table: Manifest['tensors'] = [];
  for (const [name, shape] of tensorShapes(architecture)) {
    table.push({ name, shape: [...shape], dtype: 'float32', offset });
    offset += 4 * (tensors.get(name)?.length ?? 0);
  }
  const count = architecture.patches * architecture.patchSize;
  return {
    format: 'maury-model',
    formatVersion: 1,
    id: `tiny-${String(seed)}`,
    title: 'Random weights, for tests',
    date: '2000-01-01',
    citation: [],
    limits: ['It has learned nothing.'],
    architecture: { ...architecture, version: 1, parameters: offset / 4 },
    labels: LABELS.map((name) => {
      const [min, max] = RANGES[name] ?? [-0.5, 0.5];
      return { name, unit: labelUnit(name), min, max, centre: (min + max) / 2, halfRange: (max - min) / 2 };
    }),
    grid: { lnStart: Math.log(3700), lnStep: Math.log(9100 / 3700) / count, count },
    medium: 'vacuum',
    quantity: 'normalised flux',
    resolvingPower: Math.round(5000 * (count / 13500)),
    trainedOn: { atmospheres: 'none', lines: 'none', code: 'none', seed, spectra: 0, withDerivatives: 0, withoutDerivatives: 0 },
    training: { minutes: 0, steps: 0 },
    weights: { file: 'weights.bin', sha256: '0'.repeat(64), bytes: offset },
    tensors: table,
    check: { labels: LABELS.map(() => 0), pixels: [], flux: [], tolerance: 1e-3 },
    heldOut: null,
    heldOutMae: null,
  };
}

/** Standard normal deviates from a small seeded generator (mulberry32 and Box–Muller). */
function normalStream(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
