import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, expect, it } from 'vitest';

import { loadBundle } from './bundle/bundle.ts';
import { createEmulator } from './createEmulator.ts';
import { describeWithPython } from '../testing/python.ts';
import { createReferenceEmulator } from './twin/reference.ts';
import { checkAtStart, startupTruth } from './startupCheck.ts';

const toy = fileURLToPath(new URL('../../training/toy.py', import.meta.url));

interface Truth {
  readonly labels: number[];
  readonly flux: number[];
  readonly derivatives: number[][];
}
const largest = (a: Float32Array | undefined, b: readonly number[]): number =>
  b.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (a?.[i] ?? NaN))), 0);

describeWithPython('a bundle trained and exported by training/', ['numpy', 'torch'], (python) => {
  const folder = mkdtempSync(join(tmpdir(), 'maury-toy-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([
    ['transformer', ['--network', 'transformer']],
    ['mlp', ['--network', 'mlp']],
    ['mlp with leaky ReLU', ['--network', 'mlp', '--activation', 'leaky-relu']],
  ])('%s: the same flux and derivatives here as in PyTorch', { timeout: 300_000 }, async (name, options) => {
    const out = join(folder, name);
    const made = spawnSync(python, [toy, out, ...options, '--steps', '30'], {
      encoding: 'utf8',
      env: { ...process.env, OMP_NUM_THREADS: '1' },
    });
    if (made.status !== 0) throw new Error(made.stderr);
    const loaded = await loadBundle((path) => Promise.resolve(new Uint8Array(readFileSync(join(out, path)))));
    if (!loaded.ok) throw new Error(loaded.failure.message);
    const truth = JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')) as Truth;
    const labels = Float64Array.from(truth.labels);

    const stored = await startupTruth(loaded.value);
    if (stored?.source !== 'stored') throw new Error('the bundle carries no truth of its own');
    const twin = createReferenceEmulator(loaded.value);
    const wasm = await createEmulator(loaded.value, { backend: 'wasm' });
    expect(wasm.backend.name).toBe('wasm');
    for (const [emulator, tolerance, ofDerivatives] of [
      [twin, 1e-6, 1e-4],
      [wasm, 1e-5, 1e-3],
    ] as const) {
      expect(await checkAtStart(emulator, stored)).toMatchObject({ ok: true });
      const { flux, derivatives } = await emulator.jacobian(labels);
      expect(largest(flux, truth.flux)).toBeLessThan(tolerance);
      // PyTorch's are central differences; an error is told against the largest pixel of the derivative.
      truth.derivatives.forEach((derivative, j) => {
        expect(largest(derivatives[j], derivative)).toBeLessThan(ofDerivatives * Math.max(...derivative.map(Math.abs)));
      });
    }
    wasm.dispose();
  });
});
