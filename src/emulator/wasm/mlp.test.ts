import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../domain/emulator.ts';
import { createTinyMlp } from '../../testing/tinyBundle.ts';
import { createEmulator } from '../createEmulator.ts';
import { createReferenceEmulator } from '../twin/reference.ts';

const inside = (emulator: Emulator, phase: number): Float64Array =>
  Float64Array.from(emulator.info.labels, (label, j) => label.centre + 0.8 * label.halfRange * Math.sin(phase + 1.3 * j));
const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN))), 0);
const size = (a: Float32Array): number => Math.sqrt(a.reduce((sum, value) => sum + value * value, 0) / a.length);

describe.each(['silu', 'leaky-relu'] as const)('a perceptron with %s, random weights', { timeout: 60_000 }, (activation) => {
  const bundle = createTinyMlp(13, { patches: 9, patchSize: 30, components: 12, width: 40, layers: 3, activation });
  const reference = createReferenceEmulator(bundle);
  const openWasm = async (): Promise<Emulator> => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    expect(wasm.backend.name).toBe('wasm');
    return wasm;
  };

  it('has the same flux on wasm as in its float64 twin to 1e-5, alone and in batches larger than its own', async () => {
    const wasm = await openWasm();
    const labels = Array.from({ length: 70 }, (_, i) => inside(wasm, 0.1 * i));
    const [found, truth] = [await wasm.predict(labels), await reference.predict(labels)];
    expect(found).toHaveLength(70);
    found.forEach((flux, i) => {
      expect(largest(flux, truth[i])).toBeLessThan(1e-5);
    });
    expect(largest(found[0], found[69])).toBeGreaterThan(0.01);
    const [alone] = await wasm.predict([inside(wasm, 0)]);
    expect(largest(alone, found[0])).toBeLessThan(1e-6);
    wasm.dispose();
  });

  it('has the derivatives of its twin, label by label, to 1e-4 of their size', async () => {
    const wasm = await openWasm();
    const [found, truth] = [await wasm.jacobian(inside(wasm, 1.9)), await reference.jacobian(inside(wasm, 1.9))];
    expect(largest(found.flux, truth.flux)).toBeLessThan(1e-5);
    expect(found.derivatives).toHaveLength(33);
    found.derivatives.forEach((derivative, j) => {
      const expected = truth.derivatives[j];
      expect(largest(derivative, expected) / size(expected)).toBeLessThan(1e-4);
    });
    wasm.dispose();
  });

  it("has derivatives that are the central differences of its twin's flux", async () => {
    const labels = inside(reference, 0.4);
    const { derivatives } = await reference.jacobian(labels);
    for (const j of [0, 1, 4, 32]) {
      const step = 1e-2 * (reference.info.labels[j]?.halfRange ?? NaN);
      const moved = [1, -1].map((sign) => labels.map((value, i) => (i === j ? value + sign * step : value)));
      const [up, down] = (await reference.predict(moved)) as [Float32Array, Float32Array];
      const expected = up.map((value, i) => (value - down[i]) / (2 * step));
      // The twin's flux comes as float32, to 1e-7: a part in a thousand of its change over such a step (within one piece of leaky ReLU).
      expect(largest(derivatives[j], expected) / size(expected)).toBeLessThan(3e-3);
    }
  });
});
