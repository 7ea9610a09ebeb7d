import * as tf from '@tensorflow/tfjs-core';

import type { FoldedLayer, FoldedNetwork } from '../bundle/fold.ts';
import { matrix, vector } from './ops.ts';

/** A layer of the folded transformer as tensors; what they are is said at FoldedLayer. */
export interface LayerWeights {
  readonly heads: readonly { readonly q: tf.Tensor2D; readonly qBias: tf.Tensor1D; readonly v: tf.Tensor2D }[];
  readonly kT: tf.Tensor2D;
  readonly out: tf.Tensor2D;
  readonly outBias: tf.Tensor1D;
  readonly up: tf.Tensor2D;
  readonly upBias: tf.Tensor1D;
  readonly down: tf.Tensor2D;
  readonly downBias: tf.Tensor1D;
}

/** What every pass through the folded transformer shares; the products of output patches are each pass's own. */
export interface TransformerWeights {
  readonly input: tf.Tensor2D;
  readonly inputBias: tf.Tensor2D;
  readonly layers: readonly LayerWeights[];
  readonly skip: tf.Tensor2D;
  readonly outputBias: tf.Tensor2D;
}

export function transformerWeights(folded: FoldedNetwork): TransformerWeights {
  return {
    input: matrix(folded.input),
    inputBias: matrix(folded.inputBias),
    layers: folded.layers.map(layerWeights),
    skip: matrix(folded.skip),
    outputBias: matrix(folded.outputBias),
  };
}

function layerWeights(layer: FoldedLayer): LayerWeights {
  return {
    heads: layer.heads.map((head) => ({ q: matrix(head.q), qBias: vector(head.qBias), v: matrix(head.v) })),
    kT: matrix(layer.kT),
    out: matrix(layer.out),
    outBias: vector(layer.outBias),
    up: matrix(layer.up),
    upBias: vector(layer.upBias),
    down: matrix(layer.down),
    downBias: vector(layer.downBias),
  };
}

export function disposeWeights({ input, inputBias, layers, skip, outputBias }: TransformerWeights): void {
  tf.dispose([input, inputBias, skip, outputBias]);
  for (const { heads, ...matrices } of layers) tf.dispose([...heads.flatMap((head) => Object.values(head)), ...Object.values(matrices)]);
}
