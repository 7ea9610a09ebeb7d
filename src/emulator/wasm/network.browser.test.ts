import { describe, expect, it } from 'vitest';

import { loadBundle } from '../bundle/bundle.ts';
import { networkEmulator } from '../networkEmulator.ts';
import { checkAtStart, startupTruth } from '../startupCheck.ts';
import { createReferenceEmulator } from '../twin/reference.ts';
import { compileKernels } from './module.ts';
import { createWasmNetwork } from './network.ts';

const models = (await (await fetch('/models/index.json')).json()) as { readonly id: string }[];
const largest = (a: Float32Array | undefined, b: Float32Array): number =>
  b.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (a?.[i] ?? NaN))), 0);

describe.each(models.map(({ id }) => id))('the kernels in Chromium, with the weights of %s', { timeout: 300_000 }, (id) => {
  it.each([
    ['fused', true],
    ['plain', false],
  ])('%s: flux to 1e-5 and derivatives to 1e-3 of the float64 twin, and the check at start', async (_name, relaxed) => {
    const loaded = await loadBundle(async (path) => new Uint8Array(await (await fetch(`/models/${id}/${path}`)).arrayBuffer()));
    if (!loaded.ok) throw new Error(loaded.failure.message);
    const kernels = compileKernels(relaxed);
    if (kernels === null) throw new Error('Chromium does not know these instructions');
    const emulator = networkEmulator(loaded.value, createWasmNetwork(loaded.value, kernels), { name: 'wasm', reason: 'a test' });
    const twin = createReferenceEmulator(loaded.value);
    const star = Float64Array.from(emulator.info.labels, (label, j) => label.centre + 0.8 * label.halfRange * Math.sin(0.3 + 1.3 * j));
    const [found, truth] = [await emulator.jacobian(star), await twin.jacobian(star)];
    expect(largest(found.flux, truth.flux)).toBeLessThan(1e-5);
    truth.derivatives.forEach((derivative, j) => {
      expect(largest(found.derivatives[j], derivative) / Math.max(...derivative.map(Math.abs))).toBeLessThan(1e-3);
    });
    const stored = await startupTruth(loaded.value);
    if (stored === null) throw new Error('the model carries no truth');
    expect(await checkAtStart(emulator, stored)).toMatchObject({ ok: true });
  });
});
