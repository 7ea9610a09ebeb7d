/**
 * How fast the emulator is on wasm, as a ratio to plain matrix products of as many multiply-adds on the same backend in the same
 * run, so that the numbers mean the same on every machine: `npx tsx src/emulator/emulator.bench.ts`.
 */
import * as tf from '@tensorflow/tfjs-core';

import { FULL_SIZE, createTinyBundle } from '../testing/tinyBundle.ts';
import { createEmulator } from './createEmulator.ts';

const wasmPaths = new URL('../../node_modules/@tensorflow/tfjs-backend-wasm/dist/', import.meta.url).pathname;
const bundle = createTinyBundle(7, FULL_SIZE);
const emulator = await createEmulator(bundle, { backend: 'wasm', wasmPaths });
const labels = Float64Array.from(emulator.info.labels, (label, j) => label.centre + 0.5 * label.halfRange * Math.sin(j));

/** Fastest of some calls, ms: the least disturbed by whatever else runs. */
async function fastest(calls: number, call: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < calls + 2; i++) {
    const start = performance.now();
    await call();
    if (i >= 2) best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Multiply-adds of one forward pass. */
function multiplyAdds(): number {
  const { patches: p, width: d, layers, mlpRatio, labels: j, patchSize } = bundle.manifest.architecture;
  const layer = p * d * d * (4 + 2 * mlpRatio) + 2 * p * p * d;
  return j * p * (d + patchSize) + layers * layer + p * d * patchSize;
}

/** Plain products [75,128]·[128,128] of `total` multiply-adds in all. */
function products(total: number): () => Promise<unknown> {
  const [a, b] = [tf.randomNormal([75, 128]), tf.randomNormal([128, 128])];
  const count = Math.round(total / (75 * 128 * 128));
  return () => {
    tf.tidy(() => {
      for (let i = 0; i < count; i++) tf.matMul(a, b);
    });
    return Promise.resolve();
  };
}

console.log(`${emulator.backend.name}: ${emulator.backend.reason}`);
for (const [name, calls, factor, call] of [
  ['forward', 30, 1, () => emulator.predict([labels])],
  ['jacobian, 33 labels', 8, 1 + emulator.info.labels.length, () => emulator.jacobian(labels)],
] as const) {
  const [own, plain] = [await fastest(calls, call), await fastest(calls, products(factor * multiplyAdds()))];
  console.log(
    `${name}: ${own.toFixed(1)} ms; plain products of as many multiply-adds (${(factor * multiplyAdds() * 1e-6).toFixed(0)} M): ` +
      `${plain.toFixed(1)} ms; ratio ${(own / plain).toFixed(2)}`,
  );
}
emulator.dispose();
