import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { gradientFromJacobian } from '../domain/emulator.ts';
import type { Emulator } from '../domain/emulator.ts';
import { loadBundle } from './bundle/bundle.ts';
import type { ModelBundle } from './bundle/bundle.ts';
import { createEmulator } from './createEmulator.ts';
import { createReferenceEmulator } from './twin/reference.ts';
import { checkAtStart, startupTruth } from './startupCheck.ts';

const root = fileURLToPath(new URL('../../public/models/', import.meta.url));
const ids = existsSync(root) ? readdirSync(root).filter((id) => existsSync(resolve(root, id, 'manifest.json'))) : [];
if (ids.length === 0) console.warn(`skipped: no model in ${root}`);

async function shipped(id: string): Promise<ModelBundle> {
  const loaded = await loadBundle((path) => Promise.resolve(new Uint8Array(readFileSync(resolve(root, id, path)))));
  if (!loaded.ok) throw new Error(loaded.failure.message);
  return loaded.value;
}

const inside = ({ info }: Emulator, phase: number): Float64Array =>
  Float64Array.from(info.labels, (label, j) => label.centre + 0.9 * label.halfRange * Math.sin(phase + 1.3 * j));
/** A corner of the training range: every label at its lowest (−1) or highest (1). */
const corner = ({ info }: Emulator, side: (j: number) => number): Float64Array =>
  Float64Array.from(info.labels, (label, j) => label.centre + side(j) * label.halfRange);
const largestDifference = (a: Float32Array | undefined, b: Float32Array | undefined): number =>
  (a ?? Float32Array.of(NaN)).reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b?.[i] ?? NaN))), 0);

describe.skipIf(ids.length === 0)('the models that ship', { timeout: 600_000 }, () => {
  it.each(ids)('%s: complete, evaluated, and the same on wasm as in its float64 twin to 1e-4', async (id) => {
    const bundle = await shipped(id);
    expect(bundle.manifest.id).toBe(id);
    expect(bundle.manifest.heldOut?.mae).toBe(bundle.manifest.heldOutMae);
    expect(bundle.manifest.heldOutMae).toBeLessThanOrEqual(0.006);

    const reference = createReferenceEmulator(bundle);
    const stored = await startupTruth(bundle);
    if (stored?.source !== 'stored') throw new Error('the bundle carries no truth of its own');
    expect(await checkAtStart(reference, stored)).toMatchObject({ ok: true });
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    expect(wasm.backend).toMatchObject({ name: 'wasm', reason: expect.stringContaining('of the truth stored with the model') as string });
    const vectors = [inside(wasm, 0.1), inside(wasm, 1.1), corner(wasm, () => -1), corner(wasm, () => 1), corner(wasm, (j) => (-1) ** j)];
    const [found, truth] = [await wasm.predict(vectors), await reference.predict(vectors)];
    found.forEach((flux, i) => {
      expect(largestDifference(flux, truth[i])).toBeLessThan(1e-4);
    });
    wasm.dispose();
  });

  it.each(ids)('%s: wasm has the derivatives of the float64 twin, to 1e-3 of the largest pixel of each', async (id) => {
    const bundle = await shipped(id);
    const reference = createReferenceEmulator(bundle);
    const wasm = await createEmulator(bundle, { backend: 'wasm' });
    for (const labels of [inside(wasm, 2.1), corner(wasm, (j) => (-1) ** Math.floor(j / 2))]) {
      const [found, truth] = [await wasm.jacobian(labels), await reference.jacobian(labels)];
      truth.derivatives.forEach((derivative, j) => {
        const peak = derivative.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(largestDifference(found.derivatives[j], derivative) / peak, wasm.info.labels[j]?.name).toBeLessThan(1e-3);
      });
      // The reverse mode by the same measure: a gradient along the star's own lines.
      const seed = (flux: Float32Array): Float32Array => flux.map((value) => value - 1);
      const [reverse, forward] = [await wasm.gradient(labels, seed), gradientFromJacobian(truth, seed)];
      reverse.gradient.forEach((value, j) => {
        const scale = (truth.derivatives[j] ?? new Float32Array()).reduce(
          (sum, slope, i) => sum + Math.abs(slope * ((truth.flux[i] ?? NaN) - 1)),
          0,
        );
        expect(Math.abs(value - (forward.gradient[j] ?? NaN)) / scale, wasm.info.labels[j]?.name).toBeLessThan(1e-3);
      });
    }
    wasm.dispose();
  });
});
