/** A network as tensors of tfjs: what `network.ts` wraps in typed arrays. */
import type * as tf from '@tensorflow/tfjs-core';

/** A forward pass that remembers what its reverse needs. */
export interface Traced {
  /** [1, count] */
  readonly flux: tf.Tensor2D;
  /** dL/dinputs [1, inputs] of a scalar L, from dL/dflux [1, count]. Call inside a tidy; any number of times. */
  pull(seed: tf.Tensor2D): tf.Tensor2D;
  /** Frees the flux and what was remembered. */
  dispose(): void;
}

/** A network as tensors of the active backend; one file per kind implements it. */
export interface TensorNetwork {
  /** Label vectors that `forward` takes at once. */
  readonly batch: number;
  /** What the network takes in place of scaled labels x: x itself, or x and what is worked out from it beforehand. */
  inputs(x: Float64Array): Float64Array;
  /** dL/dx from dL/dinputs. */
  pullback(x: Float64Array, byInputs: ArrayLike<number>): Float64Array;
  /** Blocks of neighbouring pixels by which `jacobian` orders its rows. */
  readonly derivativeBlocks: number;
  /** Flux [n, count] at n input vectors [n, inputs], n ≤ batch. Call inside a tidy. */
  forward(f: tf.Tensor2D): tf.Tensor2D;
  /** Flux at one input vector [1, inputs], ready to be reversed. Tidies up after itself. */
  trace(f: tf.Tensor2D): Traced;
  /**
   * Flux [1, count] and its derivatives along each scaled label at one vector of them: rows
   * (block, label), [blocks·labels, count/blocks]. Tidies up after itself.
   */
  jacobian(x: Float64Array): { flux: tf.Tensor2D; dFlux: tf.Tensor2D };
  /** Frees the weights. */
  dispose(): void;
}
