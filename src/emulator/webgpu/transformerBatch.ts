import * as tf from '@tensorflow/tfjs-core';

import type { TransformerArchitecture } from '../bundle/architecture.ts';
import { dense, flat, product, transposed } from './ops.ts';
import type { LayerWeights, TransformerWeights } from './transformerWeights.ts';
import { gpuAttention, gpuNorm, gpuSilu, registerWebgpuKernels } from './kernels.ts';

/** Queries, keys and values of all heads as one linear layer. */
interface Projection {
  readonly w: tf.Tensor2D;
  readonly b: tf.Tensor1D;
}

/** The layers of the folded transformer for many label vectors at once on WebGPU, in ten dispatches each. */
export class TransformerBatch {
  private readonly projections: readonly Projection[];

  constructor(
    private readonly architecture: TransformerArchitecture,
    private readonly weights: TransformerWeights,
  ) {
    registerWebgpuKernels();
    this.projections = weights.layers.map(projection);
  }

  /** Inputs f [n, inputs] → normed tokens [n·patches, width]. Call inside a tidy. */
  tokens(f: tf.Tensor2D): tf.Tensor2D {
    const { patches, width, heads, normEpsilon } = this.architecture;
    let h = flat(tf.add(product(f, this.weights.input), this.weights.inputBias), f.shape[0] * patches, width);
    for (const [l, { out, outBias, up, upBias, down, downBias }] of this.weights.layers.entries()) {
      const { w, b } = this.projections[l];
      const mixed = gpuAttention(dense(gpuNorm(h, normEpsilon), w, b), patches, heads);
      h = tf.add(h, dense(mixed, out, outBias));
      h = tf.add(h, dense(gpuSilu(dense(gpuNorm(h, normEpsilon), up, upBias)), down, downBias));
    }
    return gpuNorm(h, normEpsilon);
  }

  dispose(): void {
    tf.dispose(this.projections.flatMap(({ w, b }) => [w, b]));
  }
}

/** Keys and values have no bias left (FoldedNetwork says why). */
function projection({ heads, kT }: LayerWeights): Projection {
  return tf.tidy(() => ({
    w: tf.concat2d([...heads.map(({ q }) => q), transposed(kT), ...heads.map(({ v }) => v)], 1),
    b: tf.concat1d([...heads.map(({ qBias }) => qBias), tf.zeros<tf.Rank.R1>([2 * kT.shape[0]])]),
  }));
}
