import * as tf from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { describe, expect, it, vi } from 'vitest';

import { gradientFromJacobian } from '../../domain/emulator.ts';
import type { Emulator } from '../../domain/emulator.ts';
import { createTinyBundle, createTinyMlp } from '../../testing/tinyBundle.ts';
import { loadBundle } from '../bundle/bundle.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { createEmulator } from '../createEmulator.ts';
import { createReferenceEmulator } from '../twin/reference.ts';

// Small: a software adapter is some hundred times slower than wasm.
const bundle = createTinyBundle(5, { patches: 6, patchSize: 60, width: 16, heads: 2, layers: 2, components: 8 });
const perceptron = (activation: 'silu' | 'leaky-relu') =>
  createTinyMlp(6, { patches: 6, patchSize: 60, width: 24, components: 8, activation });
const inside = (phase: number): Float64Array =>
  Float64Array.from(bundle.manifest.labels, (label, j) => label.centre + 0.7 * label.halfRange * Math.sin(phase + j));
const largest = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  (a ?? new Float32Array([NaN])).reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b?.[i] ?? NaN))), 0);

async function expectAgreement(emulator: Emulator, model: ModelBundle): Promise<void> {
  const reference = createReferenceEmulator(model);
  const labels = [inside(0), inside(1), inside(2)];
  const [found, truth] = [await emulator.predict(labels), await reference.predict(labels)];
  // float32 and coarse transcendental functions of shaders: 1e-4 of a flux near 1.
  for (let i = 0; i < labels.length; i++) expect(largest(found[i], truth[i])).toBeLessThan(1e-4);
  const [jacobian, exact] = [await emulator.jacobian(inside(3)), await reference.jacobian(inside(3))];
  exact.derivatives.forEach((derivative, j) => {
    const scale = Math.max(...derivative.map(Math.abs));
    expect(largest(jacobian.derivatives[j], derivative) / scale).toBeLessThan(2e-3);
  });
  const seed = (flux: Float32Array): Float32Array => flux.map((value, i) => value - 0.9 - 0.05 * Math.sin(i));
  const [gradient, expected] = [await emulator.gradient(inside(3), seed), gradientFromJacobian(exact, seed)];
  const perRange = (values: Float64Array): Float64Array => values.map((value, j) => value * (emulator.info.labels[j]?.halfRange ?? NaN));
  const [a, b] = [perRange(gradient.gradient), perRange(expected.gradient)];
  expect(Math.hypot(...a.map((value, j) => value - (b[j] ?? NaN))) / Math.hypot(...b)).toBeLessThan(1e-3);
  emulator.dispose();
}

describe('the emulator in a browser', () => {
  it.for([
    ['a transformer', bundle],
    ['a perceptron', perceptron('silu')],
    ['a perceptron with leaky ReLU', perceptron('leaky-relu')],
  ] as const)(
    'runs %s on WebGPU and agrees with its float64 twin (skipped, and said so, where there is no adapter)',
    { timeout: 120_000 },
    async ([, model], test) => {
      const emulator = await createEmulator(model, { backend: 'webgpu', allowSoftwareWebgpu: true });
      if (emulator.backend.name !== 'webgpu') {
        console.warn(`skipped: ${emulator.backend.reason}`);
        test.skip();
      }
      await expectAgreement(emulator, model);
    },
  );

  it('costs WebGPU ten dispatches per layer and batch', { timeout: 300_000 }, async (test) => {
    const dispatches = async (layers: number): Promise<number> => {
      const model = createTinyBundle(9, { patches: 6, patchSize: 60, width: 16, heads: 2, components: 8, layers });
      const emulator = await createEmulator(model, { backend: 'webgpu', allowSoftwareWebgpu: true });
      if (emulator.backend.name !== 'webgpu') {
        console.warn(`skipped: ${emulator.backend.reason}`);
        test.skip();
      }
      const gpu = tf.backend();
      if (!(gpu instanceof WebGPUBackend)) throw new Error('the backend is no WebGPU backend');
      const run = vi.spyOn(gpu, 'runWebGPUProgram');
      const flux = await emulator.predict([inside(0), inside(1), inside(2)]);
      const count = run.mock.calls.length;
      run.mockRestore();
      expect(flux).toHaveLength(3);
      emulator.dispose();
      return count;
    };
    const [one, three] = [await dispatches(1), await dispatches(3)];
    expect((three - one) / 2).toBe(10);
    expect(one).toBeLessThanOrEqual(20);
  });

  it('gives on WebGPU the flux of the model that ships to 1e-4, and its gradients to 1e-3', { timeout: 600_000 }, async (test) => {
    const models = (await (await fetch('/models/index.json')).json()) as { readonly id: string }[];
    const folder = `/models/${models[0]?.id ?? ''}`;
    const loaded = await loadBundle(async (path) => new Uint8Array(await (await fetch(`${folder}/${path}`)).arrayBuffer()));
    if (!loaded.ok) throw new Error(loaded.failure.message);
    const emulator = await createEmulator(loaded.value, { backend: 'webgpu', allowSoftwareWebgpu: true });
    if (emulator.backend.name !== 'webgpu') {
      console.warn(`skipped: ${emulator.backend.reason}`);
      test.skip();
    }
    const reference = createReferenceEmulator(loaded.value);
    const star = (phase: number): Float64Array =>
      Float64Array.from(emulator.info.labels, (label, j) => label.centre + 0.7 * label.halfRange * Math.sin(phase + j));
    const [found, truth] = [await emulator.predict([star(0), star(1)]), await reference.predict([star(0), star(1)])];
    truth.forEach((flux, i) => {
      expect(largest(found[i], flux)).toBeLessThan(1e-4);
    });
    // Against the sum of moduli that makes each component.
    const exact = await reference.jacobian(star(1));
    const seed = (flux: Float32Array): Float32Array => flux.map((value) => value - 1);
    const { gradient } = await emulator.gradient(star(1), seed);
    gradientFromJacobian(exact, seed).gradient.forEach((expected, j) => {
      const scale = (exact.derivatives[j] ?? new Float32Array()).reduce(
        (sum, slope, i) => sum + Math.abs(slope * ((exact.flux[i] ?? NaN) - 1)),
        0,
      );
      expect(Math.abs((gradient[j] ?? NaN) - expected) / scale, emulator.info.labels[j]?.name).toBeLessThan(1e-3);
    });
    emulator.dispose();
  });

  it('refuses a software adapter unless allowed, and runs on wasm with the reason said', { timeout: 60_000 }, async () => {
    const emulator = await createEmulator(bundle, { backend: 'auto' });
    // On a machine with a GPU `auto` may be WebGPU; then this only checks agreement.
    if (emulator.backend.name === 'wasm') expect(emulator.backend.reason).toMatch(/WebAssembly.*\(.*(WebGPU|webgpu).*\)/);
    await expectAgreement(emulator, bundle);
  });
});
