/** Room in memory for what a layer of the transformer works out. */
import type { Block, KernelMemory } from './memory.ts';

/** Sizes of a layer; those with padding are multiples of 8, and what is padded is 0. */
export interface LayerSizes {
  readonly patches: number;
  /** Numbers of a token. */
  readonly width: number;
  /** The same, with padding. */
  readonly stride: number;
  readonly heads: number;
  /** Of a query, key or value of one head, with padding. */
  readonly headSize: number;
  /** Patches, with padding: columns of a row of scores. */
  readonly keys: number;
  /** Of the perceptron's hidden layer, with padding. */
  readonly hidden: number;
  readonly normEpsilon: number;
}

/** What the derivatives at a spectrum need of a layer. */
export interface LayerRoom {
  /** The norms u = r·h before attention and before the perceptron. */
  readonly u1: Block;
  readonly r1: Block;
  readonly u2: Block;
  readonly r2: Block;
  /** Queries, keys and values of all heads side by side. */
  readonly qkv: Block;
  /** Per head, of one spectrum: keys transposed [headSize, keys], and weights of the attention [patches, keys]. */
  readonly keysT: readonly Block[];
  readonly attention: readonly Block[];
  /** Slope of the activation in the perceptron. */
  readonly slope: Block;
}

/** Room that all layers share, for what is used up within one of them. */
export interface Workspace {
  readonly room: LayerRoom;
  readonly mixed: Block;
  readonly hidden: Block;
  /** 0 for patches, and so negative for padded keys that they get no weight. */
  readonly keyBias: Block;
}

const NO_WEIGHT = -1e30;

/** Room for `count` spectra at once. */
export function roomOf(memory: KernelMemory, sizes: LayerSizes, count: number): LayerRoom {
  const { patches, stride, heads, headSize, keys, hidden } = sizes;
  const rows = (columns: number): Block => memory.allocate(count * patches * columns);
  const perHead = (length: number): Block[] => Array.from({ length: heads }, () => memory.allocate(length));
  return {
    ...{ u1: rows(stride), r1: rows(1), u2: rows(stride), r2: rows(1), qkv: rows(3 * heads * headSize), slope: rows(hidden) },
    keysT: perHead(headSize * keys),
    attention: perHead(patches * keys),
  };
}

export function workspaceOf(memory: KernelMemory, sizes: LayerSizes, count: number): Workspace {
  const { patches, heads, headSize, keys, hidden } = sizes;
  return {
    room: roomOf(memory, sizes, count),
    mixed: memory.allocate(count * patches * heads * headSize),
    hidden: memory.allocate(count * patches * hidden),
    keyBias: memory.put(Array.from({ length: keys }, (_, key) => (key < patches ? 0 : NO_WEIGHT))),
  };
}
