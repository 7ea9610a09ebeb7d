import { describe, expect, it, vi } from 'vitest';

import type { Emulator } from '../../domain/emulator.ts';
import { createTinyBundle, createTinyMlp } from '../../testing/tinyBundle.ts';
import { createEmulator } from '../createEmulator.ts';
import { createReferenceEmulator } from '../twin/reference.ts';

const SIZES = { patches: 9, patchSize: 30, components: 12 };

const inside = (emulator: Emulator, phase: number): Float64Array =>
  Float64Array.from(emulator.info.labels, (label, j) => label.centre + 0.8 * label.halfRange * Math.sin(phase + 1.3 * j));
const data = (i: number): number => 0.9 + 0.1 * Math.sin(i / 5);
/** Of L = ½ Σ (flux − data)²/σ², σ = 0.01: sizes as in a fit. */
const chi2Seed = (flux: Float32Array): Float32Array => flux.map((value, i) => (value - data(i)) / 1e-4);

describe.each([
  ['a transformer', createTinyBundle(31, { ...SIZES, width: 32, layers: 3, heads: 4 })],
  ['a transformer of one head', createTinyBundle(32, { ...SIZES, width: 12, layers: 1, heads: 1 })],
  ['a perceptron', createTinyMlp(33, { ...SIZES, width: 40, layers: 3 })],
  ['a perceptron with leaky ReLU', createTinyMlp(34, { ...SIZES, width: 40, layers: 2, activation: 'leaky-relu' })],
])('the gradient of %s on wasm, by reverse mode', { timeout: 60_000 }, (_name, bundle) => {
  const reference = createReferenceEmulator(bundle);

  it("is that of the float64 twin, whose derivatives are forward-mode, to 1e-4 of the vector's length", async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    expect(wasm.backend.name).toBe('wasm');
    for (const phase of [0.3, 1.9]) {
      const labels = inside(wasm, phase);
      const [found, truth] = [await wasm.gradient(labels, chi2Seed), await reference.gradient(labels, chi2Seed)];
      const [alone] = await wasm.predict([labels]);
      found.flux.forEach((value, i) => {
        expect(Math.abs(value - (alone?.[i] ?? NaN))).toBeLessThan(1e-6);
      });
      expect(found.gradient).toHaveLength(33);
      // Per half-range, so that kelvins weigh as dexes do.
      const scaled = ({ gradient }: typeof found): Float64Array =>
        gradient.map((value, j) => value * (wasm.info.labels[j]?.halfRange ?? NaN));
      const [a, b] = [scaled(found), scaled(truth)];
      expect(Math.hypot(...a.map((value, j) => value - (b[j] ?? NaN)))).toBeLessThan(1e-4 * Math.hypot(...b));
    }
    wasm.dispose();
  });

  it('calls the seed once, with the flux, and is zero where the seed is', async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    const seen: Float32Array[] = [];
    const { flux, gradient } = await wasm.gradient(inside(wasm, 1), (spectrum) => {
      seen.push(spectrum);
      return new Float32Array(spectrum.length);
    });
    expect(seen).toEqual([flux]);
    expect(gradient.every((value) => value === 0)).toBe(true);
    wasm.dispose();
  });

  it('rejects when the seed throws, and is as right as before afterwards', async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    const before = await wasm.gradient(inside(wasm, 1), chi2Seed);
    const failing = wasm.gradient(inside(wasm, 2), () => {
      throw new Error('a bad objective');
    });
    await expect(failing).rejects.toThrow('a bad objective');
    expect(await wasm.gradient(inside(wasm, 1), chi2Seed)).toEqual(before);
    wasm.dispose();
  });

  it('rejects once it was disposed of', async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    wasm.dispose();
    await expect(wasm.gradient(inside(wasm, 1), chi2Seed)).rejects.toThrow('disposed');
    await expect(wasm.predict([inside(wasm, 1)])).rejects.toThrow('disposed');
  });
});

describe.each([
  ['a transformer', createTinyBundle(35, { patches: 4, patchSize: 10, components: 3, width: 8, layers: 2, heads: 2 })],
  ['a perceptron', createTinyMlp(36, { patches: 4, patchSize: 10, components: 3, width: 8 })],
])('%s', { timeout: 60_000 }, (_name, bundle) => {
  it('takes no more memory after 300 calls of each kind than after one', async () => {
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    const labels = inside(wasm, 0.4);
    const round = async (): Promise<void> => {
      await wasm.predict([labels, labels]);
      await wasm.gradient(labels, chi2Seed);
      await wasm.jacobian(labels);
    };
    await round();
    const grow = vi.spyOn(WebAssembly.Memory.prototype, 'grow');
    const made = vi.spyOn(WebAssembly, 'Memory');
    for (let call = 0; call < 300; call++) await round();
    expect(grow).not.toHaveBeenCalled();
    expect(made).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    wasm.dispose();
  });
});
