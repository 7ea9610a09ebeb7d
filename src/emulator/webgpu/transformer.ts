import * as tf from '@tensorflow/tfjs-core';

import type { TransformerArchitecture } from '../bundle/architecture.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { foldNetwork } from '../bundle/fold.ts';
import type { FoldedNetwork } from '../bundle/fold.ts';
import type { Matrix } from '../bundle/matrix.ts';
import { LabelCode } from '../bundle/labelCode.ts';
import type { ForwardPass } from './forwardPass.ts';
import type { TensorNetwork, Traced } from './tensorNetwork.ts';
import { product, rowOf } from './ops.ts';
import { batchedRowProducts } from './rowProducts.ts';
import type { RowProducts } from './rowProducts.ts';
import { TransformerBatch } from './transformerBatch.ts';
import { TransformerGradient } from './transformerGradient.ts';
import { TransformerJacobian } from './transformerJacobian.ts';
import { disposeWeights, transformerWeights } from './transformerWeights.ts';
import type { TransformerWeights } from './transformerWeights.ts';

/** Label vectors that go through the network at once. */
const BATCH = 64;

/** The folded transformer on tfjs; what its derivatives need is made when they are first asked for. */
export class TensorTransformer implements TensorNetwork, ForwardPass {
  readonly batch = BATCH;
  readonly derivativeBlocks: number;
  private readonly code: LabelCode;
  private readonly folded: FoldedNetwork;
  private readonly weights: TransformerWeights;
  private readonly layers: TransformerBatch;
  readonly output: RowProducts;
  private reverse: TransformerGradient | null = null;
  private tangents: TransformerJacobian | null = null;

  constructor(
    bundle: ModelBundle,
    private readonly architecture: TransformerArchitecture,
  ) {
    this.code = new LabelCode(bundle, architecture);
    this.folded = foldNetwork(bundle, architecture);
    this.derivativeBlocks = architecture.patches;
    this.weights = transformerWeights(this.folded);
    this.layers = new TransformerBatch(architecture, this.weights);
    this.output = this.rowProducts(this.folded.output);
  }

  inputs(x: Float64Array): Float64Array {
    return this.code.inputs(x);
  }

  pullback(x: Float64Array, byInputs: ArrayLike<number>): Float64Array {
    return this.code.pullback(x, byInputs);
  }

  forward(f: tf.Tensor2D): tf.Tensor2D {
    return this.pixels(f, this.layers.tokens(f));
  }

  trace(f: tf.Tensor2D): Traced {
    this.reverse ??= new TransformerGradient(this.architecture, this.folded, this.weights, this);
    return this.reverse.trace(f);
  }

  /** Blocks are patches. */
  jacobian(x: Float64Array): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    this.tangents ??= new TransformerJacobian(this.architecture, this.weights, this);
    const { size } = this.code;
    const [f, df] = [rowOf(this.inputs(x)), tf.tensor2d(Float32Array.from(this.code.jacobian(x)), [x.length, size])];
    const derivatives = this.tangents.jacobian(f, df);
    tf.dispose([f, df]);
    return derivatives;
  }

  dispose(): void {
    disposeWeights(this.weights);
    this.layers.dispose();
    this.output.dispose();
    this.reverse?.dispose();
    this.tangents?.dispose();
  }

  rowProducts(matrices: readonly Matrix[]): RowProducts {
    return batchedRowProducts(matrices);
  }

  /** Inputs [n, inputs] and tokens u [n·patches, width] → flux [n, count]. */
  pixels(f: tf.Tensor2D, u: tf.Tensor2D): tf.Tensor2D {
    return tf.add(this.output.apply(u), tf.add(product(f, this.weights.skip), this.weights.outputBias));
  }
}
