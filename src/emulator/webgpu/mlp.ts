import * as tf from '@tensorflow/tfjs-core';

import type { MlpArchitecture } from '../bundle/architecture.ts';
import { tensorOf } from '../bundle/bundle.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { multiply } from '../twin/dual.ts';
import type { TensorNetwork, Traced } from './tensorNetwork.ts';
import { dense, product, rowOf, siluSlope, transposed } from './ops.ts';

interface Dense {
  readonly w: tf.Tensor2D;
  readonly b: tf.Tensor1D;
}

/** The perceptron on tfjs: plain 2-D products throughout, one vector or many. */
export class TensorMlp implements TensorNetwork {
  readonly batch = 64;
  readonly derivativeBlocks = 1;
  private readonly hidden: readonly Dense[];
  /** Head, scale and basis as one matrix from the last hidden layer to the pixels. */
  private readonly output: Dense;
  private readonly activation: Activation;
  /** Weights of hidden layers and output, transposed; made when a gradient is first asked for. */
  private transposes: readonly tf.Tensor2D[] | null = null;

  constructor(bundle: ModelBundle, architecture: MlpArchitecture) {
    const { labels, width, layers, patches, patchSize } = architecture;
    this.activation = ACTIVATIONS[architecture.activation];
    this.hidden = Array.from({ length: layers }, (_, l) => ({
      w: tf.tensor2d(tensorOf(bundle, `hidden${String(l)}.w`), [l === 0 ? labels : width, width]),
      b: tf.tensor1d(tensorOf(bundle, `hidden${String(l)}.b`)),
    }));
    const { w, b } = foldMlpOutput(bundle, architecture);
    this.output = { w: tf.tensor2d(w, [width, patches * patchSize]), b: tf.tensor1d(b) };
  }

  inputs(x: Float64Array): Float64Array {
    return x;
  }

  pullback(_x: Float64Array, byInputs: ArrayLike<number>): Float64Array {
    return Float64Array.from(byInputs);
  }

  forward(x: tf.Tensor2D): tf.Tensor2D {
    const h = this.hidden.reduce((input, layer) => this.activation.value(dense(input, layer.w, layer.b)), x);
    return dense(h, this.output.w, this.output.b);
  }

  trace(x: tf.Tensor2D): Traced {
    this.transposes ??= [...this.hidden, this.output].map(({ w }) => transposed(w));
    const transposes = this.transposes;
    const slopes: tf.Tensor2D[] = [];
    const tape = tf.tidy(() => {
      let h = x;
      for (const layer of this.hidden) {
        const a = dense(h, layer.w, layer.b);
        slopes.push(this.activation.slope(a));
        h = this.activation.value(a);
      }
      return { flux: dense(h, this.output.w, this.output.b), slopes };
    });
    return {
      flux: tape.flux,
      pull: (seed) => transposes.reduceRight((g, w, l) => product(l < slopes.length ? tf.mul(g, slopes[l]) : g, w), seed),
      dispose: () => {
        tf.dispose(tape);
      },
    };
  }

  jacobian(x: Float64Array): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    return tf.tidy(() => this.tangents(rowOf(x)));
  }

  dispose(): void {
    tf.dispose([...this.hidden, this.output].flatMap(({ w, b }) => [w, b]));
    tf.dispose([...(this.transposes ?? [])]);
  }

  private tangents(x: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    let h = x;
    // Tangents of the labels are rows of the identity: the first layer's are rows of its weights.
    let dh = this.hidden[0]?.w ?? this.output.w;
    for (const [l, layer] of this.hidden.entries()) {
      const a = dense(h, layer.w, layer.b);
      dh = tf.mul(l === 0 ? dh : product(dh, layer.w), this.activation.slope(a));
      h = this.activation.value(a);
    }
    const { w, b } = this.output;
    return { flux: dense(h, w, b), dFlux: product(dh, w) };
  }
}

interface Activation {
  value(a: tf.Tensor2D): tf.Tensor2D;
  slope(a: tf.Tensor2D): tf.Tensor2D;
}

const ACTIVATIONS: Readonly<Record<MlpArchitecture['activation'], Activation>> = {
  silu: {
    value: (a) => tf.mul(a, tf.sigmoid(a)),
    slope: (a) => {
      const s = tf.sigmoid<tf.Tensor2D>(a);
      return siluSlope(s, tf.mul(a, s));
    },
  },
  'leaky-relu': {
    value: (a) => tf.maximum(a, tf.mul(a, 0.01)),
    slope: (a) => tf.add(0.01, tf.mul(0.99, tf.cast(tf.greater(a, 0), 'float32'))),
  },
};

/** head·scale·basis [width, count] and the pixels where the last hidden layer is 0 [count], multiplied out in float64. */
function foldMlpOutput(bundle: ModelBundle, architecture: MlpArchitecture): { w: Float32Array; b: Float32Array } {
  const { width, patches, patchSize, components } = architecture;
  const [head, headBias] = [tensorOf(bundle, 'head.w'), tensorOf(bundle, 'head.b')];
  const [scale, basis] = [tensorOf(bundle, 'scale'), Float64Array.from(tensorOf(bundle, 'basis'))];
  const count = patches * patchSize;
  const w = new Float32Array(width * count);
  const b = tensorOf(bundle, 'mean').slice();
  // The bias rides along as one more row of the head.
  const rows = new Float64Array((width + 1) * components);
  for (let p = 0; p < patches; p++) {
    for (let k = 0; k < components; k++) {
      const column = p * components + k;
      const factor = scale[column];
      for (let i = 0; i < width; i++) rows[i * components + k] = head[i * patches * components + column] * factor;
      rows[width * components + k] = headBias[column] * factor;
    }
    const own = basis.subarray(p * components * patchSize, (p + 1) * components * patchSize);
    const pixels = multiply(rows, own, width + 1, components, patchSize);
    for (let i = 0; i < width; i++) w.set(pixels.subarray(i * patchSize, (i + 1) * patchSize), i * count + p * patchSize);
    for (let j = 0; j < patchSize; j++) b[p * patchSize + j] = b[p * patchSize + j] + pixels[width * patchSize + j];
  }
  return { w, b };
}
