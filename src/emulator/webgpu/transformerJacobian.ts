import * as tf from '@tensorflow/tfjs-core';

import type { TransformerArchitecture } from '../bundle/architecture.ts';
import type { ForwardPass } from './forwardPass.ts';
import { cube, dense, flat, product, rootMeanSquareNorm, siluSlope, transposed } from './ops.ts';
import { headValues } from './transformerHeads.ts';
import type { HeadValues } from './transformerHeads.ts';
import type { LayerWeights, TransformerWeights } from './transformerWeights.ts';

/**
 * Forward mode of the folded transformer for one label vector: tangents of all labels ride as rows (patch, label) of plain 2-D
 * products. They are per unit of each label from the start.
 */
export class TransformerJacobian {
  /** Keys of every layer and head, [width, dₕ]. */
  private readonly keys: readonly (readonly tf.Tensor2D[])[];

  constructor(
    private readonly architecture: TransformerArchitecture,
    private readonly weights: TransformerWeights,
    private readonly forwardPass: Pick<ForwardPass, 'pixels' | 'output'>,
  ) {
    const { width } = architecture;
    const size = width / architecture.heads;
    this.keys = weights.layers.map(({ heads, kT }) =>
      heads.map((_, h) => tf.tidy(() => transposed(tf.slice(kT, [h * size, 0], [size, width])))),
    );
  }

  /**
   * Flux [1, count] at inputs f [1, inputs], and its tangents with rows (patch, label), [patches·labels, patchSize], from the inputs' own,
   * df [labels, inputs]. Tidies up after itself.
   */
  jacobian(f: tf.Tensor2D, df: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    return tf.tidy(() => this.compute(f, df));
  }

  dispose(): void {
    tf.dispose(this.keys.flat());
  }

  private compute(f: tf.Tensor2D, df: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    const { patches: p, labels: t, width, patchSize } = this.architecture;
    let h = flat(tf.add(product(f, this.weights.input), this.weights.inputBias), p, width);
    let dh = this.patchMajor(product(df, this.weights.input), width);
    for (const [l, layer] of this.weights.layers.entries()) {
      const [h0, dh0] = [h, dh];
      [h, dh] = step([h, dh], () => {
        const { u, r, along } = this.normSlopes(h0, dh0);
        const heads = headValues(u, layer);
        const tangents = this.project(this.normed(dh0, u, r, along), layer, this.keys[l] ?? []);
        const parts = heads.map((head, i) => tf.tidy(() => attendTangent(head, tangents[i])));
        const mixed = joined(parts.map((part) => part.mixed));
        const dMixed = joined(parts.map((part) => part.dMixed));
        return [tf.add(h0, dense(mixed, layer.out, layer.outBias)), tf.add(dh0, product(dMixed, layer.out))];
      });
      const [h1, dh1] = [h, dh];
      [h, dh] = step([h, dh], () => {
        const { u, r, along } = this.normSlopes(h1, dh1);
        const a = dense(u, layer.up, layer.upBias);
        const s = tf.sigmoid<tf.Tensor2D>(a);
        const value = tf.mul<tf.Tensor2D>(a, s);
        // The slope is the same for all tangents of a patch.
        const da = tf.mul(
          cube(product(this.normed(dh1, u, r, along), layer.up), p, t, a.shape[1]),
          cube(siluSlope(s, value), p, 1, a.shape[1]),
        );
        return [tf.add(h1, dense(value, layer.down, layer.downBias)), tf.add(dh1, product(flat(da, p * t, a.shape[1]), layer.down))];
      });
    }
    const { u, r, along } = this.normSlopes(h, dh);
    const direct = this.patchMajor(product(df, this.weights.skip), patchSize);
    const dFlux = tf.add<tf.Tensor2D>(this.forwardPass.output.applyToMany(this.normed(dh, u, r, along)), direct);
    return { flux: this.forwardPass.pixels(f, u), dFlux };
  }

  /** Tangents [t, p·size] as rows (patch, label), [p·t, size]. */
  private patchMajor(tangents: tf.Tensor2D, size: number): tf.Tensor2D {
    const { patches: p, labels: t } = this.architecture;
    return flat(tf.transpose(cube(tangents, t, p, size), [1, 0, 2]), p * t, size);
  }

  /** The norm u = r·h, and along = mean(u·dh), [p, t, 1]: with r and h shared by all tangents of a patch, du = r·(dh − along·u). */
  private normSlopes(h: tf.Tensor2D, dh: tf.Tensor2D): NormSlopes {
    const { patches: p, labels: t, width, normEpsilon } = this.architecture;
    const { u, r } = rootMeanSquareNorm(h, normEpsilon);
    return { u, r, along: tf.mean<tf.Tensor3D>(tf.mul(cube(dh, p, t, width), cube(u, p, 1, width)), -1, true) };
  }

  /** Tangents [p·t, n] after the norm, where u [p, n] are values after it, through the same linear layer. */
  private normed(d: tf.Tensor2D, u: tf.Tensor2D, r: tf.Tensor2D, along: tf.Tensor3D): tf.Tensor2D {
    const { patches: p, labels: t } = this.architecture;
    const n = u.shape[1];
    return flat(tf.mul(cube(r, p, 1, 1), tf.sub(cube(d, p, t, n), tf.mul(along, cube(u, p, 1, n)))), p * t, n);
  }

  /** What the heads of a layer make of tangents [p·t, width]. */
  private project(du: tf.Tensor2D, layer: LayerWeights, keys: readonly tf.Tensor2D[]): HeadTangents[] {
    return layer.heads.map(({ q, v }, h) => ({ q: product(du, q), k: product(du, keys[h]), v: product(du, v) }));
  }
}

/** Tangents of a head's queries, keys and values, each with rows (patch, label): [p·t, dₕ]. */
type HeadTangents = { q: tf.Tensor2D; k: tf.Tensor2D; v: tf.Tensor2D };

interface NormSlopes {
  readonly u: tf.Tensor2D;
  readonly r: tf.Tensor2D;
  readonly along: tf.Tensor3D;
}

const joined = (parts: tf.Tensor2D[]): tf.Tensor2D => tf.concat2d(parts, 1);

/** One step in its own tidy, so that a Jacobian's peak of memory is one step's; frees what it replaces. */
function step(replaced: readonly tf.Tensor[], compute: () => [tf.Tensor2D, tf.Tensor2D]): [tf.Tensor2D, tf.Tensor2D] {
  const result = tf.tidy(compute);
  tf.dispose([...replaced]);
  return result;
}

/**
 * A head's attention A·v with tangents, rows (patch, label). With S the scores, dS = dq·kᵀ + q·dkᵀ and W = A∘dS, row by row
 * dA = W − A·ΣW, so d(A·v) = W·v − (A·v)·ΣW + A·dv.
 */
function attendTangent({ q, kT, v }: HeadValues, d: HeadTangents): { mixed: tf.Tensor2D; dMixed: tf.Tensor2D } {
  const [p, size] = v.shape;
  const t = d.v.shape[0] / p;
  const weights = tf.softmax<tf.Tensor2D>(product(q, kT));
  // dk·qᵀ has rows (key, label) and columns query: transposed, it lies as dq·kᵀ does.
  const throughKeys = tf.transpose(cube(product(d.k, transposed(q)), p, t, p), [2, 1, 0]);
  const dScores = tf.add(cube(product(d.q, kT), p, t, p), throughKeys);
  const weighted = flat(tf.mul(dScores, cube(weights, p, 1, p)), p * t, p);
  const mixed = product(weights, v);
  // A product with ones: tfjs sums on wasm one number at a time.
  const sums = cube(product(weighted, tf.ones([p, 1])), p, t, 1);
  const throughScores = tf.sub(cube(product(weighted, v), p, t, size), tf.mul(sums, cube(mixed, p, 1, size)));
  return { mixed, dMixed: tf.add(flat(throughScores, p * t, size), flat(product(weights, flat(d.v, p, t * size)), p * t, size)) };
}
