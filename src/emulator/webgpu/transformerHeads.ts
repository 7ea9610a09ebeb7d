import * as tf from '@tensorflow/tfjs-core';

import { dense, product, transposed } from './ops.ts';
import type { LayerWeights } from './transformerWeights.ts';

/** Queries (with 1/√dₕ inside) and values [patches, dₕ] of a head, and its keys, transposed [dₕ, patches]. */
export type HeadValues = { q: tf.Tensor2D; kT: tf.Tensor2D; v: tf.Tensor2D };

/** What the heads of a layer make of tokens u [patches, width], in plain 2-D products. */
export function headValues(u: tf.Tensor2D, layer: LayerWeights): HeadValues[] {
  const keys = product(layer.kT, transposed(u));
  return layer.heads.map((head, h) => {
    const size = head.v.shape[1];
    return { q: dense(u, head.q, head.qBias), kT: tf.slice(keys, [h * size, 0], [size, u.shape[0]]), v: product(u, head.v) };
  });
}
