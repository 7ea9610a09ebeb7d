import * as tf from '@tensorflow/tfjs-core';

import type { TransformerArchitecture } from './architecture.ts';
import type { FoldedNetwork, Matrix } from './fold.ts';
import type { ForwardPass } from './tfForwardPass.ts';
import { cube, dense, flat, product, rootMeanSquareNorm, siluSlope, transposed } from './tfOps.ts';
import type { LayerWeights, TransformerWeights } from './tfTransformerWeights.ts';

/**
 * Forward mode of the folded transformer for one label vector: tangents of all labels ride as rows (patch, label) of plain 2-D
 * products.
 */
export class TransformerJacobian {
  /** The derivative of the input along every label, rows (patch, label): [patches·labels, width]. */
  private readonly inputTangent: tf.Tensor2D;
  /** [patches·labels, patchSize] */
  private readonly skipTangent: tf.Tensor2D;

  constructor(
    private readonly architecture: TransformerArchitecture,
    folded: FoldedNetwork,
    private readonly weights: TransformerWeights,
    private readonly forwardPass: Pick<ForwardPass, 'pixels' | 'output'>,
  ) {
    const { labels, patches, patchSize, width } = architecture;
    const patchMajor = (m: Matrix, size: number): tf.Tensor2D =>
      tf.tidy(() => flat(tf.transpose(tf.tensor3d(m.values, [labels, patches, size]), [1, 0, 2]), patches * labels, size));
    this.inputTangent = patchMajor(folded.input, width);
    this.skipTangent = patchMajor(folded.skip, patchSize);
  }

  /** Flux [1, count], and its tangents with rows (patch, label), [patches·labels, patchSize]. Tidies up after itself. */
  jacobian(x: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    return tf.tidy(() => this.compute(x));
  }

  dispose(): void {
    tf.dispose([this.inputTangent, this.skipTangent]);
  }

  private compute(x: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    const { patches: p, labels: t, width } = this.architecture;
    let h = flat(tf.add(product(x, this.weights.input), this.weights.inputBias), p, width);
    let dh: tf.Tensor2D = this.inputTangent;
    for (const layer of this.weights.layers) {
      const [h0, dh0] = [h, dh];
      [h, dh] = step(dh === this.inputTangent ? [h] : [h, dh], () => {
        const { u, du } = this.normTangent(h0, dh0);
        const { mixed, dMixed } = attendTangent(u, du, layer, p, t);
        return [tf.add(h0, dense(mixed, layer.out, layer.outBias)), tf.add(dh0, product(dMixed, layer.out))];
      });
      const [h1, dh1] = [h, dh];
      [h, dh] = step([h, dh], () => {
        const { u, du } = this.normTangent(h1, dh1);
        const a = dense(u, layer.up, layer.upBias);
        const s = tf.sigmoid<tf.Tensor2D>(a);
        const value = tf.mul<tf.Tensor2D>(a, s);
        const da = spread(product(du, layer.up), siluSlope(s, value), p, t);
        return [tf.add(h1, dense(value, layer.down, layer.downBias)), tf.add(dh1, product(da, layer.down))];
      });
    }
    const { u, du } = this.normTangent(h, dh);
    return { flux: this.forwardPass.pixels(x, u), dFlux: tf.add(this.forwardPass.output.applyToMany(du), this.skipTangent) };
  }

  /** u = r·h; du = r·(dh − h·(r²·mean(h·dh))), r and h shared by all tangents of a patch. */
  private normTangent(h: tf.Tensor2D, dh: tf.Tensor2D): { u: tf.Tensor2D; du: tf.Tensor2D } {
    const { patches: p, labels: t, width, normEpsilon } = this.architecture;
    const { u, r } = rootMeanSquareNorm(h, normEpsilon);
    const d3 = spread3(dh, r, p, t);
    const u3 = cube(u, p, 1, width);
    const along = tf.mean<tf.Tensor3D>(tf.mul(d3, u3), -1, true);
    return { u, du: flat(tf.sub(d3, tf.mul(along, u3)), p * t, width) };
  }
}

/** Tangents [p·t, n] times a factor per patch, [p, n] or [p, 1]. */
const spread3 = (d: tf.Tensor2D, factor: tf.Tensor2D, p: number, t: number): tf.Tensor3D =>
  tf.mul(cube(d, p, t, d.shape[1]), cube(factor, p, 1, factor.shape[1]));
const spread = (d: tf.Tensor2D, factor: tf.Tensor2D, p: number, t: number): tf.Tensor2D =>
  flat(spread3(d, factor, p, t), p * t, d.shape[1]);

/** One step in its own tidy, so that a Jacobian's peak of memory is one step's; frees what it replaces. */
function step(replaced: readonly tf.Tensor[], compute: () => [tf.Tensor2D, tf.Tensor2D]): [tf.Tensor2D, tf.Tensor2D] {
  const result = tf.tidy(compute);
  tf.dispose([...replaced]);
  return result;
}

/** Attention with tangents; rows of du are (patch, label). A tangent of the scores is dq·kᵀ + q·dkᵀ, of the result dA·v + A·dv. */
function attendTangent(
  u: tf.Tensor2D,
  du: tf.Tensor2D,
  layer: LayerWeights,
  p: number,
  t: number,
): { mixed: tf.Tensor2D; dMixed: tf.Tensor2D } {
  const width = u.shape[1];
  const uT = transposed(u);
  // [width, (label, patch)]: then q·dkᵀ has columns (label, patch) and, read as [(patch, label), patch], lies as dq·kᵀ does.
  const duT = flat(tf.transpose(cube(du, p, t, width), [2, 1, 0]), width, t * p);
  const [allKeys, allKeyTangents] = [product(layer.kT, uT), product(layer.kT, duT)];
  const parts = layer.heads.map((head, h) =>
    tf.tidy(() => {
      const size = head.v.shape[1];
      const q = dense(u, head.q, head.qBias);
      const kT = tf.slice(allKeys, [h * size, 0], [size, p]);
      const dkT = tf.slice(allKeyTangents, [h * size, 0], [size, t * p]);
      const v = product(u, head.v);
      const weights = tf.softmax<tf.Tensor2D>(product(q, kT));
      const dScores = tf.add<tf.Tensor2D>(product(product(du, head.q), kT), flat(product(q, dkT), p * t, p));
      const weighted = spread3(dScores, weights, p, t);
      const dWeights = tf.sub(weighted, tf.mul(tf.sum<tf.Tensor3D>(weighted, -1, true), cube(weights, p, 1, p)));
      const dv = flat(product(du, head.v), p, t * size);
      const dMixed = tf.add<tf.Tensor2D>(product(flat(dWeights, p * t, p), v), flat(product(weights, dv), p * t, size));
      return { mixed: product(weights, v), dMixed };
    }),
  );
  return {
    mixed: tf.concat2d(
      parts.map((part) => part.mixed),
      1,
    ),
    dMixed: tf.concat2d(
      parts.map((part) => part.dMixed),
      1,
    ),
  };
}
