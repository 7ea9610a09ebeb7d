/** One layer of the transformer: tokens of several spectra forward, and tangents at the one spectrum that went through alone last. */
import { factorOf, rowsOf } from './memory.ts';
import type { Block, KernelMemory, Rows } from './memory.ts';
import { roomOf, workspaceOf } from './layerRoom.ts';
import type { LayerRoom, LayerSizes, Workspace } from './layerRoom.ts';
import type { LayerWeights } from './transformerWeights.ts';

export class TransformerLayer {
  private constructor(
    private readonly memory: KernelMemory,
    private readonly sizes: LayerSizes,
    private readonly weights: LayerWeights,
    private readonly work: Workspace,
    /** What this layer leaves behind of one spectrum. */
    readonly tape: LayerRoom,
  ) {}

  /** All layers, with room for `batch` spectra at once. */
  static stack(memory: KernelMemory, sizes: LayerSizes, weights: readonly LayerWeights[], batch: number): TransformerLayer[] {
    const work = workspaceOf(memory, sizes, batch);
    return weights.map((layer) => new TransformerLayer(memory, sizes, layer, work, roomOf(memory, sizes, 1)));
  }

  /** h += attention(norm(h)); h += perceptron(norm(h)), of `count` spectra; a single one leaves its tape. */
  forward(h: Block, count: number): void {
    const { memory, sizes, weights, work } = this;
    const { patches, stride, width, headSize, heads, hidden, normEpsilon } = sizes;
    const { norm, silu } = memory.kernels;
    const room = count === 1 ? this.tape : work.room;
    const rows = count * patches;
    const values = heads * headSize;
    const stream = rowsOf(h, stride);

    norm(h.address, room.u1.address, room.r1.address, rows, stride, width, normEpsilon);
    memory.product(rowsOf(room.u1, stride), weights.qkv, rowsOf(room.qkv, 3 * values), rows, 'set', weights.qkvBias);
    for (let star = 0; star < count; star++) this.attend(room, star);
    memory.product(rowsOf(work.mixed, values), weights.out, stream, rows, 'add', weights.outBias);

    norm(h.address, room.u2.address, room.r2.address, rows, stride, width, normEpsilon);
    memory.product(rowsOf(room.u2, stride), weights.up, rowsOf(work.hidden, hidden), rows, 'set', weights.upBias);
    silu(work.hidden.address, work.hidden.address, room.slope.address, rows * hidden);
    memory.product(rowsOf(work.hidden, hidden), weights.down, stream, rows, 'add', weights.downBias);
  }

  /** Values of a spectrum's heads, mixed by their attention: softmax(q·kᵀ)·v. */
  private attend(room: LayerRoom, star: number): void {
    const { memory, sizes, work } = this;
    const { patches, headSize, heads, keys } = sizes;
    for (let head = 0; head < heads; head++) {
      const { q, k, v } = this.parts(room.qkv, star, head);
      const [keysT, scores] = [room.keysT[head], room.attention[head]];
      memory.kernels.transpose(k.address, k.step, keysT.address, 4 * keys, patches, headSize);
      memory.product(q, factorOf(rowsOf(keysT, keys), headSize, keys), rowsOf(scores, keys), patches, 'set', work.keyBias);
      memory.kernels.softmax(scores.address, patches, keys);
      memory.product(rowsOf(scores, keys), factorOf(v, patches, headSize), this.mixedOf(star, head), patches);
    }
  }

  /** The same for `count` tangents dh of the stream, at the spectrum on the tape. */
  tangents(dh: Block, count: number): void {
    const { memory, sizes, weights, work, tape } = this;
    const { patches, stride, headSize, heads, hidden } = sizes;
    const { multiply } = memory.kernels;
    const rows = count * patches;
    const values = heads * headSize;
    const stream = rowsOf(dh, stride);

    this.normTangents(dh, tape.u1, tape.r1, count);
    memory.product(rowsOf(work.room.u1, stride), weights.qkv, rowsOf(work.room.qkv, 3 * values), rows);
    for (let label = 0; label < count; label++) this.attendTangent(label);
    memory.product(rowsOf(work.mixed, values), weights.out, stream, rows, 'add');

    this.normTangents(dh, tape.u2, tape.r2, count);
    memory.product(rowsOf(work.room.u1, stride), weights.up, rowsOf(work.hidden, hidden), rows);
    const size = patches * hidden;
    for (let label = 0; label < count; label++) multiply(work.hidden.address + 4 * label * size, tape.slope.address, size);
    memory.product(rowsOf(work.hidden, hidden), weights.down, stream, rows, 'add');
  }

  private normTangents(dh: Block, u: Block, r: Block, count: number): void {
    const { memory, sizes, work } = this;
    const { patches, stride, width } = sizes;
    for (let label = 0; label < count; label++) {
      const at = 4 * label * patches * stride;
      memory.kernels.normSlope(dh.address + at, u.address, r.address, work.room.u1.address + at, patches, stride, width, 0);
    }
  }

  /** With S = q·kᵀ and A its softmax, row by row: dS = dq·kᵀ + q·dkᵀ, dA = A∘(dS − Σ A∘dS), d(A·v) = dA·v + A·dv. */
  private attendTangent(label: number): void {
    const { memory, sizes, work, tape } = this;
    const { patches, headSize, heads, keys } = sizes;
    const [dKeysT, dScores] = [work.room.keysT[0], work.room.attention[0]];
    for (let head = 0; head < heads; head++) {
      const [at, d] = [this.parts(tape.qkv, 0, head), this.parts(work.room.qkv, label, head)];
      const attention = tape.attention[head];
      memory.kernels.transpose(d.k.address, d.k.step, dKeysT.address, 4 * keys, patches, headSize);
      memory.product(d.q, factorOf(rowsOf(tape.keysT[head], keys), headSize, keys), rowsOf(dScores, keys), patches);
      memory.product(at.q, factorOf(rowsOf(dKeysT, keys), headSize, keys), rowsOf(dScores, keys), patches, 'add');
      memory.kernels.softmaxSlope(dScores.address, attention.address, patches, keys);
      memory.product(rowsOf(dScores, keys), factorOf(at.v, patches, headSize), this.mixedOf(label, head), patches);
      memory.product(rowsOf(attention, keys), factorOf(d.v, patches, headSize), this.mixedOf(label, head), patches, 'add');
    }
  }

  /** Queries, keys and values of one head of one spectrum (or tangent). */
  private parts(qkv: Block, star: number, head: number): Record<'q' | 'k' | 'v', Rows> {
    const { patches, heads, headSize } = this.sizes;
    const values = heads * headSize;
    const at = (which: number): Rows => rowsOf(qkv, 3 * values, star * patches * 3 * values + which * values + head * headSize);
    return { q: at(0), k: at(1), v: at(2) };
  }

  /** Where a head's mixed values of one spectrum (or tangent) go. */
  private mixedOf(star: number, head: number): Rows {
    const { patches, heads, headSize } = this.sizes;
    const values = heads * headSize;
    return rowsOf(this.work.mixed, values, star * patches * values + head * headSize);
  }
}
