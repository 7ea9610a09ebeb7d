/** The bundle's network on WebGPU by tfjs, with typed arrays in and out: one upload and one download per batch. */
import * as tf from '@tensorflow/tfjs-core';

import type { ModelBundle } from '../bundle/bundle.ts';
import type { Network } from '../network.ts';
import { TensorMlp } from './mlp.ts';
import type { TensorNetwork } from './tensorNetwork.ts';
import { TensorTransformer } from './transformer.ts';

/** On the backend that is active (start.ts). All tensors but the weights are freed before a call returns. */
export function createWebgpuNetwork(bundle: ModelBundle): Network {
  const network = tensorNetwork(bundle);
  const { labels } = bundle.manifest;
  const { count } = bundle.manifest.grid;
  const inputs = (x: readonly Float64Array[]): tf.Tensor2D => {
    const rows = x.map((vector) => network.inputs(vector));
    return tf.tensor2d(Float32Array.from(rows.flatMap((row) => Array.from(row))), [rows.length, rows[0]?.length ?? 0]);
  };
  return {
    batch: network.batch,
    async forward(x) {
      const block = tf.tidy(() => network.forward(inputs(x)));
      const values = await block.data<'float32'>();
      block.dispose();
      return x.map((_, i) => values.slice(i * count, (i + 1) * count));
    },
    async gradient(x, seed) {
      const f = inputs([x]);
      const traced = network.trace(f);
      f.dispose();
      try {
        const flux = (await traced.flux.data<'float32'>()).slice();
        const slope = seed(flux);
        const byInputs = tf.tidy(() => traced.pull(tf.tensor2d(slope, [1, count])));
        const slopes = network.pullback(x, await byInputs.data<'float32'>());
        byInputs.dispose();
        return { flux, slopes };
      } finally {
        traced.dispose();
      }
    },
    async jacobian(x) {
      const { flux, dFlux } = network.jacobian(x);
      const [values, rows] = await Promise.all([flux.data<'float32'>(), dFlux.data<'float32'>()]);
      tf.dispose([flux, dFlux]);
      const size = count / network.derivativeBlocks;
      return {
        flux: values.slice(),
        derivatives: labels.map((_, j) => {
          const derivative = new Float32Array(count);
          for (let block = 0; block < network.derivativeBlocks; block++) {
            const from = (block * labels.length + j) * size;
            derivative.set(rows.subarray(from, from + size), block * size);
          }
          return derivative;
        }),
      };
    },
    dispose: () => {
      network.dispose();
    },
  };
}

function tensorNetwork(bundle: ModelBundle): TensorNetwork {
  const { architecture } = bundle.manifest;
  switch (architecture.name) {
    case 'patch-transformer':
      return new TensorTransformer(bundle, architecture);
    case 'mlp':
      return new TensorMlp(bundle, architecture);
  }
}
