import type * as tf from '@tensorflow/tfjs-core';

/** A forward pass that remembers what its reverse needs. */
export interface Traced {
  /** [1, count] */
  readonly flux: tf.Tensor2D;
  /** dL/dx [1, labels] of a scalar L, from dL/dflux [1, count]. Call inside a tidy; any number of times. */
  pull(seed: tf.Tensor2D): tf.Tensor2D;
  /** Frees the flux and what was remembered. */
  dispose(): void;
}

/** A network as tensors of the active backend; one file per kind implements it. */
export interface TfNetwork {
  /** Label vectors that `forward` takes at once. */
  readonly batch: number;
  /** Blocks of neighbouring pixels by which `jacobian` orders its rows. */
  readonly derivativeBlocks: number;
  /** Flux [n, count] at n scaled label vectors [n, labels], n ≤ batch. Call inside a tidy. */
  forward(x: tf.Tensor2D): tf.Tensor2D;
  /** Flux at one scaled label vector [1, labels], ready to be reversed. Tidies up after itself. */
  trace(x: tf.Tensor2D): Traced;
  /**
   * Flux [1, count] and its derivatives at one scaled label vector [1, labels]: dflux/dx with rows (block, label),
   * [blocks·labels, count/blocks]. Tidies up after itself.
   */
  jacobian(x: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D };
  /** Frees the weights. */
  dispose(): void;
}
