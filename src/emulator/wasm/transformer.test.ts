import { describe, expect, it } from 'vitest';

import type { Emulator } from '../../domain/emulator.ts';
import { FULL_SIZE, createTinyBundle } from '../../testing/tinyBundle.ts';
import { createEmulator } from '../createEmulator.ts';
import { createReferenceEmulator } from '../twin/reference.ts';

/** A label vector somewhere in the box: fractions of the half-range that differ from label to label. */
const inside = (emulator: Emulator, phase: number): Float64Array =>
  Float64Array.from(emulator.info.labels, (label, j) => label.centre + 0.8 * label.halfRange * Math.sin(phase + 1.3 * j));

const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] ?? NaN))), 0);
const size = (a: Float32Array): number => Math.sqrt(a.reduce((sum, value) => sum + value * value, 0) / a.length);

// The twin needs seconds per Jacobian, more on a busy machine.
describe('wasm and its float64 twin, on a model of full size with random weights', { timeout: 120_000 }, () => {
  const bundle = createTinyBundle(7, FULL_SIZE);
  const reference = createReferenceEmulator(bundle);

  it('give the same flux to 1e-4 (float32 against float64, three layers)', async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    expect(wasm.backend.name).toBe('wasm');
    const labels = [inside(wasm, 0), inside(wasm, 1), inside(wasm, 2)];
    const [found, truth] = [await wasm.predict(labels), await reference.predict(labels)];
    expect(found).toHaveLength(3);
    found.forEach((flux, i) => {
      expect(largest(flux, truth[i])).toBeLessThan(1e-4);
    });
    expect(largest(found[0], found[1])).toBeGreaterThan(0.01);
    wasm.dispose();
  });

  it('agree on derivatives: those of wasm are the central differences of the twin to 5e-3, the error of such differences', async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    const labels = inside(wasm, 0.4);
    const found = await wasm.jacobian(labels);
    expect(found.derivatives).toHaveLength(33);
    for (const phase of [0.2, 2.9]) {
      const step = Float64Array.from(wasm.info.labels, (label, j) => 1e-2 * label.halfRange * Math.cos(phase + 2.1 * j));
      const moved = [1, -1].map((sign) => labels.map((value, j) => value + sign * step[j]));
      const [up, down] = (await reference.predict(moved)) as [Float32Array, Float32Array];
      const expected = up.map((value, i) => (value - down[i]) / 2);
      const along = expected.map((_, i) => found.derivatives.reduce((sum, derivative, j) => sum + derivative[i] * step[j], 0));
      expect(largest(along, expected) / size(expected)).toBeLessThan(5e-3);
    }
    wasm.dispose();
  });
});

describe('the exact derivatives of the twin', { timeout: 60_000 }, () => {
  const bundle = createTinyBundle(11, { patches: 9, patchSize: 30, components: 12, width: 32, layers: 3, heads: 4 });
  const reference = createReferenceEmulator(bundle);

  it('are those of wasm, label by label, to 1e-3 of their size', async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    const labels = inside(wasm, 1.9);
    const [found, truth] = [await wasm.jacobian(labels), await reference.jacobian(labels)];
    expect(largest(found.flux, truth.flux)).toBeLessThan(1e-4);
    found.derivatives.forEach((derivative, j) => {
      const expected = truth.derivatives[j];
      expect(largest(derivative, expected) / size(expected)).toBeLessThan(1e-3);
    });
    wasm.dispose();
  });
});
