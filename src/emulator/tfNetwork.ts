import type * as tf from '@tensorflow/tfjs-core';

/** A network as tensors of the active backend; one file per kind implements it. */
export interface TfNetwork {
  /** Label vectors that `forward` takes at once. */
  readonly batch: number;
  /** Blocks of neighbouring pixels by which `jacobian` orders its rows. */
  readonly derivativeBlocks: number;
  /** Flux [n, count] at n scaled label vectors [n, labels], n ≤ batch. Call inside a tidy. */
  forward(x: tf.Tensor2D): tf.Tensor2D;
  /**
   * Flux [1, count] and its derivatives at one scaled label vector [1, labels]: dflux/dx with rows (block, label),
   * [blocks·labels, count/blocks]. Call inside a tidy.
   */
  jacobian(x: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D };
  /** Frees the weights. */
  dispose(): void;
}
