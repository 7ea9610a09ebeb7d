import * as tf from '@tensorflow/tfjs-core';

import type { TransformerArchitecture } from './architecture.ts';
import type { ModelBundle } from './bundle.ts';
import { foldNetwork } from './fold.ts';
import type { FoldedLayer, Matrix } from './fold.ts';
import type { TfNetwork } from './tfNetwork.ts';

/** Label vectors that go through the network at once on a GPU. */
const GPU_BATCH = 64;

/** The folded transformer as tensors of the active backend. */
export class TfTransformer implements TfNetwork {
  readonly batch: number;
  readonly derivativeBlocks: number;
  private readonly input: tf.Tensor2D;
  private readonly inputBias: tf.Tensor2D;
  /** The derivative of the input along every label, rows (patch, label): [patches·labels, width]. */
  private readonly inputTangent: tf.Tensor2D;
  private readonly skip: tf.Tensor2D;
  /** [patches·labels, patchSize] */
  private readonly skipTangent: tf.Tensor2D;
  /** [patches, width, patchSize] */
  private readonly output: tf.Tensor3D;
  private readonly outputBias: tf.Tensor2D;
  private readonly outputOfPatch: readonly tf.Tensor2D[];
  private readonly layers: readonly TfLayer[];

  /** `batched`: many samples in one 3-D product, as a GPU wants; else plain 2-D products, sample by sample, as wasm wants. */
  constructor(
    bundle: ModelBundle,
    private readonly architecture: TransformerArchitecture,
    private readonly batched: boolean,
  ) {
    const folded = foldNetwork(bundle, architecture);
    this.batch = batched ? GPU_BATCH : 1;
    this.derivativeBlocks = architecture.patches;
    const { labels, patches, patchSize, width } = architecture;
    const patchMajor = (m: Matrix, size: number): tf.Tensor2D =>
      tf.tidy(() => flat(tf.transpose(tf.tensor3d(m.values, [labels, patches, size]), [1, 0, 2]), patches * labels, size));
    this.input = matrix(folded.input);
    this.inputBias = matrix(folded.inputBias);
    this.inputTangent = patchMajor(folded.input, width);
    this.skip = matrix(folded.skip);
    this.skipTangent = patchMajor(folded.skip, patchSize);
    this.outputOfPatch = folded.output.map(matrix);
    this.output = tf.stack([...this.outputOfPatch]) as tf.Tensor3D;
    this.outputBias = matrix(folded.outputBias);
    this.layers = folded.layers.map(layerTensors);
  }

  forward(x: tf.Tensor2D): tf.Tensor2D {
    const { patches, width } = this.architecture;
    const n = x.shape[0];
    let h = flat(tf.add(product(x, this.input), this.inputBias), n * patches, width);
    for (const layer of this.layers) {
      h = tf.add(h, dense(this.attend(this.norm(h).u, layer, n), layer.out, layer.outBias));
      const a = dense(this.norm(h).u, layer.up, layer.upBias);
      h = tf.add(h, dense(tf.mul(a, tf.sigmoid(a)), layer.down, layer.downBias));
    }
    return this.pixels(x, this.norm(h).u, n);
  }

  /** Blocks are patches. Tangents of all labels ride as rows of plain 2-D products. */
  jacobian(x: tf.Tensor2D): { flux: tf.Tensor2D; dFlux: tf.Tensor2D } {
    const { patches: p, labels: t, width } = this.architecture;
    let h = flat(tf.add(product(x, this.input), this.inputBias), p, width);
    let dh: tf.Tensor2D = this.inputTangent;
    for (const layer of this.layers) {
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
        const s = tf.sigmoid(a);
        // d silu = s + a·s·(1 − s), the same for all tangents of a patch.
        const slope = tf.add<tf.Tensor2D>(s, tf.mul(tf.mul(a, s), tf.sub(1, s)));
        const da = spread(product(du, layer.up), slope, p, t);
        return [tf.add(h1, dense(tf.mul(a, s), layer.down, layer.downBias)), tf.add(dh1, product(da, layer.down))];
      });
    }
    const { u, du } = this.normTangent(h, dh);
    return { flux: this.pixels(x, u, 1), dFlux: tf.add(this.tangentPixels(du), this.skipTangent) };
  }

  dispose(): void {
    tf.dispose([this.input, this.inputBias, this.inputTangent, this.skip, this.skipTangent, this.output, this.outputBias]);
    tf.dispose([...this.outputOfPatch]);
    for (const { heads, ...matrices } of this.layers)
      tf.dispose([...heads.flatMap((head) => Object.values(head)), ...Object.values(matrices)]);
  }

  private norm(h: tf.Tensor2D): { u: tf.Tensor2D; r: tf.Tensor2D } {
    const r = tf.rsqrt<tf.Tensor2D>(tf.add(tf.mean<tf.Tensor2D>(tf.square(h), -1, true), this.architecture.normEpsilon));
    return { u: tf.mul<tf.Tensor2D>(h, r), r };
  }

  /** u = r·h; du = r·(dh − h·(r²·mean(h·dh))), r and h shared by all tangents of a patch. */
  private normTangent(h: tf.Tensor2D, dh: tf.Tensor2D): { u: tf.Tensor2D; du: tf.Tensor2D } {
    const { patches: p, labels: t, width } = this.architecture;
    const { u, r } = this.norm(h);
    const d3 = spread3(dh, r, p, t);
    const u3 = cube(u, p, 1, width);
    const along = tf.mean<tf.Tensor3D>(tf.mul(d3, u3), -1, true);
    return { u, du: flat(tf.sub(d3, tf.mul(along, u3)), p * t, width) };
  }

  /** Tokens u [n·patches, width] → flux [n, count]. */
  private pixels(x: tf.Tensor2D, u: tf.Tensor2D, n: number): tf.Tensor2D {
    const { patches, width, patchSize } = this.architecture;
    const tokens = tf.transpose(cube(u, n, patches, width), [1, 0, 2]);
    const fromTokens = flat(tf.transpose(tf.matMul(tokens, this.output), [1, 0, 2]), n, patches * patchSize);
    return tf.add(fromTokens, tf.add(product(x, this.skip), this.outputBias));
  }

  /** Tangents of tokens [patches·labels, width] → tangents of pixels, row by row. */
  private tangentPixels(du: tf.Tensor2D): tf.Tensor2D {
    const { patches: p, labels: t, width, patchSize } = this.architecture;
    if (this.batched) return flat(tf.matMul(cube(du, p, t, width), this.output), p * t, patchSize);
    // A slice on wasm copies the whole tensor first; uploading each patch's rows anew is cheaper.
    const rows = du.dataSync<'float32'>();
    const size = t * width;
    return tf.concat2d(
      this.outputOfPatch.map((output, i) => product(tf.tensor2d(rows.subarray(i * size, (i + 1) * size), [t, width]), output)),
      0,
    );
  }

  /** Heads one after another; samples together in 3-D products on a GPU, a sample alone in 2-D ones. */
  private attend(u: tf.Tensor2D, layer: TfLayer, n: number): tf.Tensor2D {
    const { patches, width, heads } = this.architecture;
    const size = width / heads;
    // Keys of all heads, transposed: [width, n·patches], a head's are `size` of its rows.
    const kT = product(layer.kT, tf.transpose<tf.Tensor2D>(u));
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

interface TfLayer {
  readonly heads: readonly { readonly q: tf.Tensor2D; readonly qBias: tf.Tensor1D; readonly v: tf.Tensor2D }[];
  readonly kT: tf.Tensor2D;
  readonly out: tf.Tensor2D;
  readonly outBias: tf.Tensor1D;
  readonly up: tf.Tensor2D;
  readonly upBias: tf.Tensor1D;
  readonly down: tf.Tensor2D;
  readonly downBias: tf.Tensor1D;
}

function layerTensors(layer: FoldedLayer): TfLayer {
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

const flat = (x: tf.Tensor, rows: number, columns: number): tf.Tensor2D => tf.reshape(x, [rows, columns]);
const cube = (x: tf.Tensor, a: number, b: number, c: number): tf.Tensor3D => tf.reshape(x, [a, b, c]);
const matrix = (m: Matrix): tf.Tensor2D => tf.tensor2d(m.values, [m.rows, m.columns]);
const vector = (m: Matrix): tf.Tensor1D => tf.tensor1d(m.values);

/** a·w + b, all 2-D and not transposed: the only form in which wasm's fused product is right. */
const dense = (a: tf.Tensor2D, w: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D => tf.fused.matMul({ a, b: w, bias }) as tf.Tensor2D;
const product = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => tf.matMul<tf.Tensor2D>(a, b);

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
function attendTangent(u: tf.Tensor2D, du: tf.Tensor2D, layer: TfLayer, p: number, t: number): { mixed: tf.Tensor2D; dMixed: tf.Tensor2D } {
  const width = u.shape[1];
  const uT = tf.transpose<tf.Tensor2D>(u);
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
