import { describe, expect, it } from 'vitest';

import type { BackendName } from '../domain/emulator.ts';
import { failed, success } from '../domain/result.ts';
import { FULL_SIZE, createTinyBundle, createTinyMlp } from '../testing/tinyBundle.ts';
import type { ModelBundle } from './bundle/bundle.ts';
import { chooseBackend, createEmulator } from './createEmulator.ts';
import type { Candidate } from './createEmulator.ts';
import { createReferenceEmulator } from './twin/reference.ts';
import { startupTruth } from './startupCheck.ts';

const SMALL = { patches: 4, patchSize: 20, components: 6 };

/** The bundle with the truth that its twin gives, as training/export.py would store it; `error` is added to one pixel. */
async function withTruth(bundle: ModelBundle, error = 0, tolerance = 1e-4): Promise<ModelBundle> {
  const labels = bundle.manifest.labels.map(({ centre }) => centre);
  const [flux] = await createReferenceEmulator(bundle).predict([Float64Array.from(labels)]);
  const pixels = [0, 7, 33, 79];
  const stored = pixels.map((pixel, i) => (flux?.[pixel] ?? NaN) + (i === 2 ? error : 0));
  return { ...bundle, manifest: { ...bundle.manifest, check: { labels, pixels, flux: stored, tolerance } } };
}

/** A backend that runs and shifts every flux. */
const shifting = (name: BackendName, by: number): Candidate => ({
  name,
  start: () => Promise.resolve(success(`${name} that shifts`)),
  create: (bundle, backend) => {
    const twin = createReferenceEmulator(bundle);
    return { ...twin, backend, predict: async (labels) => (await twin.predict(labels)).map((flux) => flux.map((value) => value + by)) };
  },
});

describe.each([
  ['a transformer', createTinyBundle(21, SMALL)],
  ['a perceptron', createTinyMlp(22, SMALL)],
])('the choice of a backend for %s', (_name, plain) => {
  it('takes the first that agrees to 1e-4, and says how well', async () => {
    const bundle = await withTruth(plain);
    const { backend } = await chooseBackend(bundle, [shifting('webgpu', 5e-5), shifting('wasm', 0)]);
    expect(backend.name).toBe('webgpu');
    expect(backend.reason).toBe(
      'webgpu that shifts; flux within 5e-5 of the truth stored with the model, batches and derivatives agree with it',
    );
    expect(backend.refused).toBeUndefined();
  });

  it('takes the next where one is wrong by more, by however much the manifest would allow, and tells both', async () => {
    const bundle = await withTruth(plain, 0, 2e-3);
    const { backend } = await chooseBackend(bundle, [shifting('webgpu', 3e-4), shifting('wasm', 0)]);
    expect(backend.name).toBe('wasm');
    expect(backend.refused).toContain('webgpu was refused: its flux differs by 0.00030 from the truth stored with the model');
    expect(backend.reason).toContain('wasm that shifts; flux within');
    expect(backend.reason).toContain('webgpu was refused');
  });

  it('refuses one that gives no numbers, and one that throws', async () => {
    const throwing: Candidate = {
      ...shifting('wasm', 0),
      create: (bundle, backend) => ({
        ...createReferenceEmulator(bundle),
        backend,
        predict: () => Promise.reject(new Error('device lost')),
      }),
    };
    const { backend } = await chooseBackend(await withTruth(plain), [shifting('webgpu', NaN), throwing]);
    expect(backend.name).toBe('reference');
    expect(backend.refused).toMatch(/webgpu was refused: its flux differs by NaN.*wasm was refused: it failed.*device lost/);
    expect(backend.reason).toContain('flux within 0e+0 of the truth stored with the model');
  });

  it.each([
    ['spoils the second spectrum of a batch', { predict: 1 }, /in a batch of 4 its flux differs by 0\.0/],
    ['has derivatives that are 4 % too large', { jacobian: 1.04 }, /its derivatives differ by [\d.]+ % from differences of its flux/],
    ['has gradients of the other sign', { gradient: -1 }, /its gradient differs by 2[\d.e+]* % from its derivatives/],
    ['has derivatives that are no numbers', { jacobian: NaN }, /its derivatives differ by NaN %/],
  ] as const)('refuses one that %s', async (_what, fault: { predict?: number; jacobian?: number; gradient?: number }, words) => {
    const bundle = await withTruth(plain);
    const faulty: Candidate = {
      ...shifting('wasm', 0),
      create: (model, backend) => {
        const twin = createReferenceEmulator(model);
        return {
          ...twin,
          backend,
          batch: 4,
          predict: async (labels) =>
            (await twin.predict(labels)).map((flux, i) =>
              i === 1 && labels.length === 4 && fault.predict ? flux.map((value) => value + 0.01) : flux,
            ),
          jacobian: async (labels) => {
            const { flux, derivatives } = await twin.jacobian(labels);
            return { flux, derivatives: derivatives.map((column) => column.map((value) => value * (fault.jacobian ?? 1))) };
          },
          gradient: async (labels, seed) => {
            const { flux, gradient } = await twin.gradient(labels, seed);
            return { flux, gradient: gradient.map((value) => value * (fault.gradient ?? 1)) };
          },
        };
      },
    };
    const { backend } = await chooseBackend(bundle, [faulty]);
    expect(backend.name).toBe('reference');
    expect(backend.refused).toMatch(words);
  });

  it('refuses one that cannot take up the model', async () => {
    const unable: Candidate = { ...shifting('wasm', 0), create: () => Promise.reject(new Error('out of memory')) };
    const { backend } = await chooseBackend(await withTruth(plain), [unable]);
    expect(backend).toMatchObject({ name: 'reference', refused: expect.stringContaining('out of memory') as string });
  });

  it('disposes of what it refuses', async () => {
    let disposed = 0;
    const wrong = shifting('webgpu', 0.1);
    const counted: Candidate = {
      ...wrong,
      create: (bundle, backend) => ({
        ...createReferenceEmulator(bundle),
        backend,
        predict: () => Promise.reject(new Error('device lost')),
        dispose: () => {
          disposed++;
        },
      }),
    };
    await chooseBackend(await withTruth(plain), [counted, shifting('wasm', 0)]);
    expect(disposed).toBe(1);
  });

  it('is not told as a wrong backend where one is only absent', async () => {
    const absent: Candidate = { ...shifting('webgpu', 0), start: () => Promise.resolve(failed('WEBGPU_UNAVAILABLE', 'no adapter')) };
    const { backend } = await chooseBackend(await withTruth(plain), [absent, shifting('wasm', 0)]);
    expect(backend).toMatchObject({ name: 'wasm', reason: expect.stringContaining('(no adapter)') as string });
    expect(backend.refused).toBeUndefined();
  });

  it('computes the truth by the float64 twin where none is stored', async () => {
    const { backend } = await chooseBackend(plain, [shifting('webgpu', 3e-4), shifting('wasm', 0)]);
    expect(backend.name).toBe('wasm');
    expect(backend.reason).toContain('the float64 truth computed at start');
  });

  it('says that the model may be damaged where the twin itself misses the stored truth', async () => {
    const emulator = await createEmulator(await withTruth(plain, 0.01), { backend: 'wasm' });
    expect(emulator.backend.name).toBe('reference');
    expect(emulator.backend.reason).toMatch(/but its flux differs by 0\.010 .*the model may be damaged.*wasm was refused/);
  });
});

describe('a model without a stored truth', { timeout: 60_000 }, () => {
  it('is checked when it is as large as the one that ships, and left unchecked, in words, when it is dearer', async () => {
    const { manifest, tensors } = createTinyBundle(23, FULL_SIZE);
    expect((await startupTruth({ manifest, tensors }))?.source).toBe('computed');
    const { architecture } = manifest;
    if (architecture.name !== 'patch-transformer') throw new Error('not a transformer');
    // The weights are never touched: only the sizes say what it would cost.
    const large = { tensors, manifest: { ...manifest, architecture: { ...architecture, width: 512 } } };
    expect(await startupTruth(large)).toBeNull();
    const { backend } = await chooseBackend(large, [
      { ...shifting('wasm', 0.5), create: (_, b) => shifting('wasm', 0.5).create(createTinyMlp(1, SMALL), b) },
    ]);
    expect(backend).toMatchObject({ name: 'wasm', reason: 'wasm that shifts; unchecked' });
  });
});
