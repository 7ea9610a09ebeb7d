/** The memory of one network with the kernels that work in it, and where its matrices lie. */
import type { Matrix } from '../bundle/matrix.ts';
import { TILE_COLUMNS } from './kernels.ts';
import type { KernelModule } from './module.ts';
import { padded } from './padding.ts';

const PAGE = 65536;
/** Blocks begin at multiples of a cache line, bytes. */
const LINE = 64;

/** Numbers in memory; addresses are in bytes. */
export interface Block {
  readonly address: number;
  readonly length: number;
}

/** A matrix whose rows are `step` bytes apart. */
export interface Rows {
  readonly address: number;
  readonly step: number;
}

/** The right-hand side of a product: `inner` rows, and columns (a multiple of 8) in panels of 8. */
export interface Factor extends Rows {
  readonly panelStep: number;
  readonly inner: number;
  readonly columns: number;
}

/** What a product is added to: the bias row alone, or that and what is there already. */
type Onto = 'set' | 'add';

export class KernelMemory {
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private top = LINE;
  readonly kernels: Kernels;
  private noBias: Block = { address: 0, length: 0 };

  constructor({ module }: KernelModule) {
    const instance = new WebAssembly.Instance(module, { host: { memory: this.memory } });
    this.kernels = instance.exports as unknown as Kernels;
  }

  /** Room for `length` numbers, which are 0. It is never given back: it goes with the memory. */
  allocate(length: number): Block {
    const address = this.top;
    this.top = LINE * Math.ceil((address + 4 * length) / LINE);
    const missing = Math.ceil(this.top / PAGE) - this.memory.buffer.byteLength / PAGE;
    if (missing > 0) this.memory.grow(missing);
    return { address, length };
  }

  /** The numbers of a block, until the next `allocate`. */
  view({ address, length }: Block): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }

  /** A block with these numbers. */
  put(values: ArrayLike<number>, length = values.length): Block {
    const block = this.allocate(length);
    this.view(block).set(values);
    return block;
  }

  /** A matrix, packed in panels of 8 columns as `product` reads it fastest. */
  pack({ rows, columns, values }: Matrix): Factor {
    const wide = padded(columns);
    const block = this.allocate(rows * wide);
    const to = this.view(block);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        to[(j - (j % TILE_COLUMNS)) * rows + i * TILE_COLUMNS + (j % TILE_COLUMNS)] = values[i * columns + j];
    return { address: block.address, step: 4 * TILE_COLUMNS, panelStep: 4 * TILE_COLUMNS * rows, inner: rows, columns: wide };
  }

  /** c = a·b + bias (`set`), or c += a·b + bias (`add`), for `rows` rows of a; no bias: zeros. */
  product(a: Rows, b: Factor, c: Rows, rows: number, onto: Onto = 'set', bias?: Block): void {
    if (bias === undefined && this.noBias.length < b.columns) this.noBias = this.allocate(b.columns);
    const { address } = bias ?? this.noBias;
    const { product } = this.kernels;
    product(
      a.address,
      a.step,
      b.address,
      b.step,
      b.panelStep,
      address,
      c.address,
      c.step,
      rows,
      b.columns,
      b.inner,
      onto === 'add' ? 1 : 0,
    );
  }
}

/** Rows of `columns` numbers that lie one after another in a block, from its number `from` on. */
export const rowsOf = ({ address }: Block, columns: number, from = 0): Rows => ({ address: address + 4 * from, step: 4 * columns });

/** A matrix in plain rows as the right-hand side of a product: `inner` rows, `columns` (a multiple of 8) columns. */
export const factorOf = ({ address, step }: Rows, inner: number, columns: number): Factor => ({
  address,
  step,
  panelStep: 4 * TILE_COLUMNS,
  inner,
  columns,
});

type Kernel = (...values: number[]) => void;
/** What the module exports; kernels.ts says what each does, and in which order its parameters come. */
export type Kernels = Readonly<
  Record<'product' | 'transpose' | 'norm' | 'normSlope' | 'softmax' | 'softmaxSlope' | 'silu' | 'leakyRelu' | 'multiply', Kernel>
>;
