import * as tf from '@tensorflow/tfjs-core';

import type { BackendReport, EmulatedGradient, EmulatedJacobian, Emulator } from '../domain/emulator.ts';
import type { ModelBundle } from './bundle.ts';
import { emulatorInfo, nativeWavelength } from './manifest.ts';
import { scaleLabels } from './scaling.ts';
import { TfMlp } from './tfMlp.ts';
import type { TfNetwork } from './tfNetwork.ts';
import { TfTransformer } from './tfTransformer.ts';

/** On wasm a batch saves nothing: a few, so that calls return soon. */
const WASM_BATCH = 4;

/** The emulator on a tfjs backend that is ready. All tensors but the weights are freed before a call returns. */
export function createTfEmulator(bundle: ModelBundle, backend: BackendReport): Emulator {
  const info = emulatorInfo(bundle.manifest);
  const { count } = info.grid;
  const network = createTfNetwork(bundle, backend.name === 'webgpu');
  let disposed = false;

  const inputs = (vectors: readonly Float64Array[]): tf.Tensor2D => {
    const rows = vectors.map((vector) => network.inputs(scaleLabels(info.labels, vector)));
    return tf.tensor2d(Float32Array.from(rows.flatMap((row) => Array.from(row))), [rows.length, rows[0]?.length ?? 0]);
  };

  /** Another emulator of this process may have chosen another backend since. */
  async function ready(): Promise<void> {
    if (disposed) throw new Error('the emulator was disposed of');
    if (tf.getBackend() !== backend.name) await tf.setBackend(backend.name);
  }

  return {
    info,
    backend,
    wavelength: nativeWavelength(info.grid),
    batch: backend.name === 'webgpu' ? network.batch : WASM_BATCH,
    async predict(labels) {
      const flux: Float32Array[] = [];
      for (let start = 0; start < labels.length; start += network.batch) {
        const part = labels.slice(start, start + network.batch);
        await ready();
        const block = tf.tidy(() => network.forward(inputs(part)));
        const values = await block.data<'float32'>();
        block.dispose();
        for (let i = 0; i < part.length; i++) flux.push(values.slice(i * count, (i + 1) * count));
      }
      return flux;
    },
    async gradient(labels, seed): Promise<EmulatedGradient> {
      await ready();
      const f = inputs([labels]);
      const traced = network.trace(f);
      f.dispose();
      try {
        const flux = (await traced.flux.data<'float32'>()).slice();
        const slope = seed(flux);
        await ready();
        const byInputs = tf.tidy(() => traced.pull(tf.tensor2d(slope, [1, count])));
        const values = network.pullback(scaleLabels(info.labels, labels), await byInputs.data<'float32'>());
        byInputs.dispose();
        return { flux, gradient: Float64Array.from(info.labels, ({ halfRange }, j) => (values[j] ?? NaN) / halfRange) };
      } finally {
        traced.dispose();
      }
    },
    async jacobian(labels): Promise<EmulatedJacobian> {
      await ready();
      const { flux, dFlux } = network.jacobian(scaleLabels(info.labels, labels));
      const [values, rows] = await Promise.all([flux.data<'float32'>(), dFlux.data<'float32'>()]);
      tf.dispose([flux, dFlux]);
      return {
        flux: values.slice(),
        derivatives: info.labels.map((_, j) => {
          const derivative = new Float32Array(count);
          const size = count / network.derivativeBlocks;
          for (let block = 0; block < network.derivativeBlocks; block++) {
            const from = (block * info.labels.length + j) * size;
            derivative.set(rows.subarray(from, from + size), block * size);
          }
          return derivative;
        }),
      };
    },
    dispose() {
      if (!disposed) network.dispose();
      disposed = true;
    },
  };
}

/** The bundle's network, on the backend that is active. */
function createTfNetwork(bundle: ModelBundle, onGpu: boolean): TfNetwork {
  const { architecture } = bundle.manifest;
  switch (architecture.name) {
    case 'patch-transformer':
      return new TfTransformer(bundle, architecture, onGpu);
    case 'mlp':
      return new TfMlp(bundle, architecture);
  }
}
