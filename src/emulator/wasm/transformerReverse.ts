/** Reverse mode of the transformer: from dL/dcoefficients to dL/dinputs, at the one spectrum that went through alone last. */
import { transposedMatrix } from '../bundle/matrix.ts';
import type { TransformerLayer } from './layer.ts';
import type { LayerSizes } from './layerRoom.ts';
import { factorOf, rowsOf } from './memory.ts';
import { padded } from './padding.ts';
import type { Block, Factor, KernelMemory, Rows } from './memory.ts';
import type { LayerMatrices, TransformerWeights } from './transformerWeights.ts';

type LayerTransposes = Readonly<Record<keyof LayerMatrices, Factor>>;

export class TransformerReverse {
  private readonly layers: readonly LayerTransposes[];
  private readonly heads: readonly Factor[];
  private readonly skip: Factor;
  private readonly input: Factor;
  private readonly inputs: number;
  /** dL/dinputs; dL/dh of the stream; the same of a norm's u; of hidden values and mixed values; of queries, keys and values. */
  private readonly byInputs: Block;
  private readonly g: Block;
  private readonly byU: Block;
  private readonly byHidden: Block;
  private readonly byMixed: Block;
  private readonly byQkv: Block;
  private readonly scores: Block;
  private readonly transposed: Block;

  constructor(
    private readonly memory: KernelMemory,
    private readonly sizes: LayerSizes,
    { matrices, layers }: TransformerWeights,
  ) {
    const { patches, stride, heads, headSize, keys, hidden } = sizes;
    const packT = (matrix: Parameters<typeof transposedMatrix>[0]): Factor => memory.pack(transposedMatrix(matrix));
    this.layers = layers.map(({ matrices: { qkv, out, up, down } }) => ({
      qkv: packT(qkv),
      out: packT(out),
      up: packT(up),
      down: packT(down),
    }));
    this.heads = matrices.heads.map(packT);
    this.skip = packT(matrices.skip);
    this.input = packT(matrices.input);
    this.inputs = matrices.input.rows;
    this.byInputs = memory.allocate(padded(this.inputs));
    this.g = memory.allocate(patches * stride);
    this.byU = memory.allocate(patches * stride);
    this.byHidden = memory.allocate(patches * hidden);
    this.byMixed = memory.allocate(patches * heads * headSize);
    this.byQkv = memory.allocate(patches * 3 * heads * headSize);
    this.scores = memory.allocate(patches * keys);
    this.transposed = memory.allocate(Math.max(headSize, patches) * keys);
  }

  /** dL/dinputs, from dL/dcoefficients [patches·padded components], with what the last norm left behind. */
  run(layers: readonly TransformerLayer[], last: { readonly u: Block; readonly r: Block }, byCoefficients: Block): Float32Array {
    const { memory, sizes, g, byU } = this;
    const { patches, stride, width } = sizes;
    const wide = byCoefficients.length;
    memory.product(rowsOf(byCoefficients, wide), this.skip, rowsOf(this.byInputs, 0), 1);
    const components = this.heads[0]?.inner ?? 0;
    this.heads.forEach((head, p) => {
      memory.product(rowsOf(byCoefficients, 0, p * padded(components)), head, rowsOf(byU, 0, p * stride), 1);
    });
    memory.kernels.normSlope(byU.address, last.u.address, last.r.address, g.address, patches, stride, width, 0);
    for (let l = layers.length - 1; l >= 0; l--) this.layer(layers[l], this.layers[l]);
    memory.product(rowsOf(g, 0), this.input, rowsOf(this.byInputs, 0), 1, 'add');
    return memory.view(this.byInputs).slice(0, this.inputs);
  }

  private layer({ tape }: TransformerLayer, weights: LayerTransposes): void {
    const { memory, sizes, g, byU, byHidden, byMixed, byQkv } = this;
    const { patches, stride, width, heads, headSize, hidden } = sizes;
    const { multiply, normSlope } = memory.kernels;
    const values = heads * headSize;

    memory.product(rowsOf(g, stride), weights.down, rowsOf(byHidden, hidden), patches);
    multiply(byHidden.address, tape.slope.address, patches * hidden);
    memory.product(rowsOf(byHidden, hidden), weights.up, rowsOf(byU, stride), patches);
    normSlope(byU.address, tape.u2.address, tape.r2.address, g.address, patches, stride, width, 1);

    memory.product(rowsOf(g, stride), weights.out, rowsOf(byMixed, values), patches);
    for (let head = 0; head < heads; head++) this.head(tape, head);
    memory.product(rowsOf(byQkv, 3 * values), weights.qkv, rowsOf(byU, stride), patches);
    normSlope(byU.address, tape.u1.address, tape.r1.address, g.address, patches, stride, width, 1);
  }

  /** With dM = dL/d(A·v): dA = dM·vᵀ, dS = A∘(dA − Σ A∘dA), dq = dS·k, dk = dSᵀ·q, dv = Aᵀ·dM. */
  private head({ qkv, attention }: TransformerLayer['tape'], head: number): void {
    const { memory, sizes, scores, transposed } = this;
    const { patches, heads, headSize, keys } = sizes;
    const { transpose, softmaxSlope } = memory.kernels;
    const values = heads * headSize;
    const part = (block: Block, which: number): Rows => rowsOf(block, 3 * values, which * values + head * headSize);
    const [q, k, v] = [part(qkv, 0), part(qkv, 1), part(qkv, 2)];
    const [dq, dk, dv] = [part(this.byQkv, 0), part(this.byQkv, 1), part(this.byQkv, 2)];
    const dMixed = rowsOf(this.byMixed, values, head * headSize);
    const weights = attention[head];
    const across = rowsOf(transposed, keys);

    transpose(v.address, v.step, across.address, across.step, patches, headSize);
    memory.product(dMixed, factorOf(across, headSize, keys), rowsOf(scores, keys), patches);
    softmaxSlope(scores.address, weights.address, patches, keys);
    memory.product(rowsOf(scores, keys), factorOf(k, patches, headSize), dq, patches);
    transpose(scores.address, 4 * keys, across.address, across.step, patches, patches);
    memory.product(across, factorOf(q, patches, headSize), dk, patches);
    transpose(weights.address, 4 * keys, across.address, across.step, patches, patches);
    memory.product(across, factorOf(dMixed, patches, headSize), dv, patches);
  }
}
