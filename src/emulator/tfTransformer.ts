import * as tf from '@tensorflow/tfjs-core';

import type { TransformerArchitecture } from './architecture.ts';
import type { ModelBundle } from './bundle.ts';
import { foldNetwork } from './fold.ts';
import type { FoldedNetwork, Matrix } from './fold.ts';
import type { ForwardPass } from './tfForwardPass.ts';
import type { TfNetwork, Traced } from './tfNetwork.ts';
import { cube, dense, flat, product, rootMeanSquareNorm, transposed } from './tfOps.ts';
import { batchedRowProducts, convolvedRowProducts } from './tfRowProducts.ts';
import type { RowProducts } from './tfRowProducts.ts';
import { TransformerGradient } from './tfTransformerGradient.ts';
import { TransformerJacobian } from './tfTransformerJacobian.ts';
import { disposeWeights, transformerWeights } from './tfTransformerWeights.ts';
import type { LayerWeights, TransformerWeights } from './tfTransformerWeights.ts';

/** Label vectors that go through the network at once on a GPU. */
const GPU_BATCH = 64;

/** The folded transformer on tfjs; what its derivatives need is made when they are first asked for. */
export class TfTransformer implements TfNetwork, ForwardPass {
  readonly batch: number;
  readonly derivativeBlocks: number;
  private readonly folded: FoldedNetwork;
  private readonly weights: TransformerWeights;
  readonly output: RowProducts;
  private reverse: TransformerGradient | null = null;
  private tangents: TransformerJacobian | null = null;

  /** `batched`: many samples in one 3-D product, as a GPU wants; else plain 2-D products, sample by sample, as wasm wants. */
  constructor(
    bundle: ModelBundle,
    private readonly architecture: TransformerArchitecture,
    private readonly batched: boolean,
  ) {
    this.folded = foldNetwork(bundle, architecture);
    this.batch = batched ? GPU_BATCH : 1;
    this.derivativeBlocks = architecture.patches;
    this.weights = transformerWeights(this.folded);
    this.output = this.rowProducts(this.folded.output);
  }

  forward(x: tf.Tensor2D): tf.Tensor2D {
    const { patches, width } = this.architecture;
    const n = x.shape[0];
    let h = flat(tf.add(product(x, this.weights.input), this.weights.inputBias), n * patches, width);
    for (const layer of this.weights.layers) {
      h = tf.add(h, dense(this.attend(this.norm(h), layer, n), layer.out, layer.outBias));
      const a = dense(this.norm(h), layer.up, layer.upBias);
      h = tf.add(h, dense(tf.mul(a, tf.sigmoid(a)), layer.down, layer.downBias));
    }
    return this.pixels(x, this.norm(h));
  }

  trace(x: tf.Tensor2D): Traced {
    this.reverse ??= new TransformerGradient(this.architecture, this.folded, this.weights, this);
    return this.reverse.trace(x);
  }

  /** Blocks are patches. */
  jacobian(x: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    this.tangents ??= new TransformerJacobian(this.architecture, this.folded, this.weights, this);
    return this.tangents.jacobian(x);
  }

  dispose(): void {
    disposeWeights(this.weights);
    this.output.dispose();
    this.reverse?.dispose();
    this.tangents?.dispose();
  }

  rowProducts(matrices: readonly Matrix[]): RowProducts {
    return this.batched ? batchedRowProducts(matrices) : convolvedRowProducts(matrices);
  }

  private norm(h: tf.Tensor2D): tf.Tensor2D {
    return rootMeanSquareNorm(h, this.architecture.normEpsilon).u;
  }

  /** Label vectors [n, labels] and tokens u [n·patches, width] → flux [n, count]. */
  pixels(x: tf.Tensor2D, u: tf.Tensor2D): tf.Tensor2D {
    return tf.add(this.output.apply(u), tf.add(product(x, this.weights.skip), this.weights.outputBias));
  }

  /** Heads one after another; samples together in 3-D products on a GPU, a sample alone in 2-D ones. */
  private attend(u: tf.Tensor2D, layer: LayerWeights, n: number): tf.Tensor2D {
    const { patches, width, heads } = this.architecture;
    const size = width / heads;
    // Keys of all heads, transposed: [width, n·patches], a head's are `size` of its rows.
    const kT = product(layer.kT, transposed(u));
    const mixed = layer.heads.map((head, h): tf.Tensor2D => {
      const q = dense(u, head.q, head.qBias);
      const v = product(u, head.v);
      const keys = tf.slice(kT, [h * size, 0], [size, n * patches]);
      if (!this.batched) return product(tf.softmax(product(q, keys)), v);
      const k = tf.transpose(cube(keys, size, n, patches), [1, 0, 2]);
      const weights = tf.softmax(tf.matMul(cube(q, n, patches, size), k));
      return flat(tf.matMul(weights, cube(v, n, patches, size)), n * patches, size);
    });
    return tf.concat2d(mixed, 1);
  }
}
