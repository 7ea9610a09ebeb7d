import * as tf from '@tensorflow/tfjs-core';

import type { ManifestLabel } from '../domain/emulator.ts';
import type { TransformerArchitecture } from './architecture.ts';
import type { ModelBundle } from './bundle.ts';
import { foldNetwork } from './fold.ts';
import type { FoldedNetwork, Matrix } from './fold.ts';
import { LabelCode } from './labelCode.ts';
import type { ForwardPass } from './tfForwardPass.ts';
import type { TfNetwork, Traced } from './tfNetwork.ts';
import { dense, flat, product, rootMeanSquareNorm, rowOf } from './tfOps.ts';
import { batchedRowProducts, convolvedRowProducts } from './tfRowProducts.ts';
import type { RowProducts } from './tfRowProducts.ts';
import { TransformerBatch } from './tfTransformerBatch.ts';
import { TransformerGradient } from './tfTransformerGradient.ts';
import { headValues } from './tfTransformerHeads.ts';
import { TransformerJacobian } from './tfTransformerJacobian.ts';
import { disposeWeights, transformerWeights } from './tfTransformerWeights.ts';
import type { TransformerWeights } from './tfTransformerWeights.ts';

/** Label vectors that go through the network at once on a GPU. */
const GPU_BATCH = 64;

/** The folded transformer on tfjs; what its derivatives need is made when they are first asked for. */
export class TfTransformer implements TfNetwork, ForwardPass {
  readonly batch: number;
  readonly derivativeBlocks: number;
  private readonly labels: readonly ManifestLabel[];
  private readonly code: LabelCode;
  private readonly folded: FoldedNetwork;
  private readonly weights: TransformerWeights;
  private readonly gpu: TransformerBatch | null;
  readonly output: RowProducts;
  private reverse: TransformerGradient | null = null;
  private tangents: TransformerJacobian | null = null;

  /** `onGpu`: many samples at once, by kernels for WebGPU; else plain 2-D products, sample by sample, as wasm wants. */
  constructor(
    bundle: ModelBundle,
    private readonly architecture: TransformerArchitecture,
    onGpu: boolean,
  ) {
    this.labels = bundle.manifest.labels;
    this.code = new LabelCode(bundle, architecture);
    this.folded = foldNetwork(bundle, architecture);
    this.batch = onGpu ? GPU_BATCH : 1;
    this.derivativeBlocks = architecture.patches;
    this.weights = transformerWeights(this.folded);
    this.gpu = onGpu ? new TransformerBatch(architecture, this.weights) : null;
    this.output = this.rowProducts(this.folded.output);
  }

  inputs(x: Float64Array): Float64Array {
    return this.code.inputs(x);
  }

  pullback(x: Float64Array, byInputs: ArrayLike<number>): Float64Array {
    return this.code.pullback(x, byInputs);
  }

  forward(f: tf.Tensor2D): tf.Tensor2D {
    return this.pixels(f, this.gpu === null ? this.tokens(f) : this.gpu.tokens(f));
  }

  trace(f: tf.Tensor2D): Traced {
    this.reverse ??= new TransformerGradient(this.architecture, this.folded, this.weights, this);
    return this.reverse.trace(f);
  }

  /** Blocks are patches. */
  jacobian(x: Float64Array): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    this.tangents ??= new TransformerJacobian(this.architecture, this.weights, this);
    const { size } = this.code;
    const slopes = this.code.jacobian(x).map((value, i) => value / (this.labels[Math.floor(i / size)]?.halfRange ?? NaN));
    const [f, df] = [rowOf(this.inputs(x)), tf.tensor2d(Float32Array.from(slopes), [this.labels.length, size])];
    const derivatives = this.tangents.jacobian(f, df);
    tf.dispose([f, df]);
    return derivatives;
  }

  dispose(): void {
    disposeWeights(this.weights);
    this.gpu?.dispose();
    this.output.dispose();
    this.reverse?.dispose();
    this.tangents?.dispose();
  }

  rowProducts(matrices: readonly Matrix[]): RowProducts {
    return this.gpu !== null ? batchedRowProducts(matrices) : convolvedRowProducts(matrices);
  }

  /** Inputs [n, inputs] and tokens u [n·patches, width] → flux [n, count]. */
  pixels(f: tf.Tensor2D, u: tf.Tensor2D): tf.Tensor2D {
    return tf.add(this.output.apply(u), tf.add(product(f, this.weights.skip), this.weights.outputBias));
  }

  /** One row of inputs [1, inputs] → normed tokens [patches, width], in plain 2-D products, head after head. */
  private tokens(f: tf.Tensor2D): tf.Tensor2D {
    const { patches, width, normEpsilon } = this.architecture;
    const norm = (rows: tf.Tensor2D): tf.Tensor2D => rootMeanSquareNorm(rows, normEpsilon).u;
    let h = flat(tf.add(product(f, this.weights.input), this.weights.inputBias), patches, width);
    for (const layer of this.weights.layers) {
      const mixed = headValues(norm(h), layer).map(({ q, kT, v }) => product(tf.softmax(product(q, kT)), v));
      h = tf.add(h, dense(tf.concat2d(mixed, 1), layer.out, layer.outBias));
      const a = dense(norm(h), layer.up, layer.upBias);
      h = tf.add(h, dense(tf.mul(a, tf.sigmoid(a)), layer.down, layer.downBias));
    }
    return norm(h);
  }
}
