import type * as tf from '@tensorflow/tfjs-core';

import type { Matrix } from '../bundle/matrix.ts';
import type { RowProducts } from './rowProducts.ts';

/** What the derivatives of the folded transformer take from its forward pass, as it runs on the backend. */
export interface ForwardPass {
  /** From labels [1, labels] and last tokens [patches, width] to the flux [1, count]. */
  pixels(x: tf.Tensor2D, u: tf.Tensor2D): tf.Tensor2D;
  /** From last tokens to pixels. */
  readonly output: RowProducts;
  rowProducts(matrices: readonly Matrix[]): RowProducts;
}
