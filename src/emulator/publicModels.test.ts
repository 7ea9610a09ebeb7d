import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadBundle } from './bundle.ts';
import { createEmulator } from './createEmulator.ts';
import { createReferenceEmulator } from './reference.ts';
import { checkAtStart, startupTruth } from './startupCheck.ts';

const root = fileURLToPath(new URL('../../public/models/', import.meta.url));
const wasmPaths = fileURLToPath(new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url));
const ids = existsSync(root) ? readdirSync(root).filter((id) => existsSync(resolve(root, id, 'manifest.json'))) : [];
if (ids.length === 0) console.warn(`skipped: no model in ${root}`);

describe.skipIf(ids.length === 0)('the models that ship', { timeout: 120_000 }, () => {
  it.each(ids)('%s: complete, evaluated, and the same on wasm as in its float64 twin to 1e-4', async (id) => {
    const loaded = await loadBundle((path) => Promise.resolve(new Uint8Array(readFileSync(resolve(root, id, path)))));
    if (!loaded.ok) throw new Error(loaded.failure.message);
    const bundle = loaded.value;
    expect(bundle.manifest.id).toBe(id);
    expect(bundle.manifest.heldOut?.mae).toBe(bundle.manifest.heldOutMae);
    expect(bundle.manifest.heldOutMae).toBeLessThanOrEqual(0.006);

    const reference = createReferenceEmulator(bundle);
    const stored = await startupTruth(bundle);
    if (stored?.source !== 'stored') throw new Error('the bundle carries no truth of its own');
    expect(await checkAtStart(reference, stored)).toMatchObject({ ok: true });
    const wasm = await createEmulator(bundle, { backend: 'wasm', wasmPaths });
    expect(wasm.backend).toMatchObject({ name: 'wasm', reason: expect.stringContaining('of the truth stored with the model') as string });
    const vectors = [0.1, 1.1, 2.1].map((phase) =>
      Float64Array.from(wasm.info.labels, (label, j) => label.centre + 0.9 * label.halfRange * Math.sin(phase + 1.3 * j)),
    );
    const [found, truth] = [await wasm.predict(vectors), await reference.predict(vectors)];
    found.forEach((flux, i) => {
      const worst = flux.reduce((most, value, pixel) => Math.max(most, Math.abs(value - (truth[i]?.[pixel] ?? NaN))), 0);
      expect(worst).toBeLessThan(1e-4);
    });
    wasm.dispose();
  });
});
