import * as tf from '@tensorflow/tfjs-core';

import type { TransformerArchitecture } from '../bundle/architecture.ts';
import type { FoldedNetwork } from '../bundle/fold.ts';
import { transposedMatrix } from '../bundle/matrix.ts';
import type { ForwardPass } from './forwardPass.ts';
import type { Traced } from './tensorNetwork.ts';
import { dense, flat, product, rootMeanSquareNorm, siluSlope, transposed } from './ops.ts';
import type { RowProducts } from './rowProducts.ts';
import { headValues } from './transformerHeads.ts';
import type { HeadValues } from './transformerHeads.ts';
import type { LayerWeights, TransformerWeights } from './transformerWeights.ts';

/** Weights of a layer transposed, as its reverse multiplies with them. */
interface ReverseLayer {
  /** Per head, [width, dₕ]. */
  readonly outT: readonly tf.Tensor2D[];
  /** [q of every head, k of every head, v of every head]ᵀ, [3·width, width]. */
  readonly qkvT: tf.Tensor2D;
  readonly upT: tf.Tensor2D;
  readonly downT: tf.Tensor2D;
}

/** What a norm leaves behind: u = r·h. (Tapes are type aliases and mutable, or tf.tidy would not see the tensors in them.) */
type NormTape = { u: tf.Tensor2D; r: tf.Tensor2D };
type HeadTape = HeadValues & { weights: tf.Tensor2D; mixed: tf.Tensor2D };
type LayerTape = { norm1: NormTape; heads: HeadTape[]; norm2: NormTape; slope: tf.Tensor2D };
type Tape = { flux: tf.Tensor2D; layers: LayerTape[]; last: NormTape };

/**
 * Reverse mode of the folded transformer for one label vector, by hand: stock autodiff transposes every weight at every call, which
 * wasm does slowly. Here are only plain 2-D products, of activations with weights that were transposed beforehand.
 */
export class TransformerGradient {
  private readonly inputT: tf.Tensor2D;
  private readonly skipT: tf.Tensor2D;
  private readonly outputT: RowProducts;
  private readonly layers: readonly ReverseLayer[];

  constructor(
    private readonly architecture: TransformerArchitecture,
    folded: FoldedNetwork,
    private readonly weights: TransformerWeights,
    private readonly forwardPass: Pick<ForwardPass, 'pixels' | 'rowProducts'>,
  ) {
    this.inputT = transposed(weights.input);
    this.skipT = transposed(weights.skip);
    this.outputT = forwardPass.rowProducts(folded.output.map(transposedMatrix));
    this.layers = weights.layers.map((layer) => reverseLayer(layer, architecture));
  }

  /** The forward pass, step by step as TensorTransformer's, keeping what the reverse needs. */
  trace(f: tf.Tensor2D): Traced {
    const tape = tf.tidy(() => this.forward(f));
    return {
      flux: tape.flux,
      pull: (seed) => this.reverse(seed, tape),
      dispose: () => {
        tf.dispose(tape);
      },
    };
  }

  dispose(): void {
    tf.dispose([this.inputT, this.skipT]);
    this.outputT.dispose();
    for (const { outT, ...matrices } of this.layers) tf.dispose([...outT, ...Object.values(matrices)]);
  }

  private forward(f: tf.Tensor2D): Tape {
    const { patches, width, normEpsilon } = this.architecture;
    let h = flat(tf.add(product(f, this.weights.input), this.weights.inputBias), patches, width);
    const layers = this.weights.layers.map((layer): LayerTape => {
      const norm1 = rootMeanSquareNorm(h, normEpsilon);
      const tapes = attend(norm1.u, layer);
      h = tf.add(h, dense(joined(tapes.map(({ mixed }) => mixed)), layer.out, layer.outBias));
      const norm2 = rootMeanSquareNorm(h, normEpsilon);
      const a = dense(norm2.u, layer.up, layer.upBias);
      const s = tf.sigmoid<tf.Tensor2D>(a);
      const value = tf.mul<tf.Tensor2D>(a, s);
      h = tf.add(h, dense(value, layer.down, layer.downBias));
      return { norm1, heads: tapes, norm2, slope: siluSlope(s, value) };
    });
    const last = rootMeanSquareNorm(h, normEpsilon);
    return { flux: this.forwardPass.pixels(f, last.u), layers, last };
  }

  private reverse(seed: tf.Tensor2D, tape: Tape): tf.Tensor2D {
    const { patches, patchSize, width } = this.architecture;
    let g = reverseNorm(flat(this.outputT.apply(flat(seed, patches, patchSize)), patches, width), tape.last);
    for (let l = tape.layers.length - 1; l >= 0; l--) {
      const { norm1, heads, norm2, slope } = tape.layers[l];
      const { outT, qkvT, upT, downT } = this.layers[l];
      g = tf.add(g, reverseNorm(product(tf.mul(product(g, downT), slope), upT), norm2));
      const parts = heads.map((head, h) => reverseHead(product(g, outT[h]), head));
      const [q, k, v] = [parts.map((part) => part.q), parts.map((part) => part.k), parts.map((part) => part.v)];
      g = tf.add(g, reverseNorm(product(joined([...q, ...k, ...v]), qkvT), norm1));
    }
    return tf.add(product(flat(g, 1, patches * width), this.inputT), product(seed, this.skipT));
  }
}

const joined = (parts: tf.Tensor2D[]): tf.Tensor2D => tf.concat2d(parts, 1);

function attend(u: tf.Tensor2D, layer: LayerWeights): HeadTape[] {
  return headValues(u, layer).map(({ q, kT, v }) => {
    const weights = tf.softmax<tf.Tensor2D>(product(q, kT));
    return { q, kT, v, weights, mixed: product(weights, v) };
  });
}

/** From dL/d(u) to dL/d(h), with u = r·h: r·(g − u·mean(u·g)). */
function reverseNorm(g: tf.Tensor2D, { u, r }: NormTape): tf.Tensor2D {
  return tf.mul(r, tf.sub(g, tf.mul(u, tf.mean(tf.mul(u, g), -1, true))));
}

/** From dL/d(mixed) of a head to dL/d of its queries, keys and values. Rows of A sum to 1, so Σ A·dA is g·mixed. */
function reverseHead(g: tf.Tensor2D, { q, kT, v, weights, mixed }: HeadTape): { q: tf.Tensor2D; k: tf.Tensor2D; v: tf.Tensor2D } {
  const along = tf.sum(tf.mul(g, mixed), -1, true);
  const dScores = tf.mul<tf.Tensor2D>(weights, tf.sub(product(g, transposed(v)), along));
  return { q: product(dScores, transposed(kT)), k: product(transposed(dScores), q), v: product(transposed(weights), g) };
}

function reverseLayer(layer: LayerWeights, { width, heads }: TransformerArchitecture): ReverseLayer {
  const size = width / heads;
  return tf.tidy(() => {
    const outT = transposed(layer.out);
    return {
      outT: layer.heads.map((_, h) => tf.slice(outT, [0, h * size], [width, size])),
      qkvT: tf.concat2d([...layer.heads.map(({ q }) => transposed(q)), layer.kT, ...layer.heads.map(({ v }) => transposed(v))], 0),
      upT: transposed(layer.up),
      downT: transposed(layer.down),
    };
  });
}
