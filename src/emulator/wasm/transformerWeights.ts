/** The folded transformer's weights in the kernels' memory, padded and packed once. */
import type { TransformerArchitecture } from '../bundle/architecture.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { foldHead, foldStream } from '../bundle/fold.ts';
import type { FoldedLayer } from '../bundle/fold.ts';
import { transposedMatrix } from '../bundle/matrix.ts';
import type { Matrix } from '../bundle/matrix.ts';
import { padded, paddedRuns } from './padding.ts';
import type { Block, Factor, KernelMemory } from './memory.ts';

/** A layer's matrices as they are multiplied with forward. */
export interface LayerMatrices {
  /** Queries (with 1/√dₕ inside), keys and values of all heads side by side, each padded, [width, 3·heads·headSize]. */
  readonly qkv: Matrix;
  /** [heads·headSize, width] */
  readonly out: Matrix;
  readonly up: Matrix;
  readonly down: Matrix;
}

export interface LayerWeights extends Readonly<Record<'qkv' | 'out' | 'up' | 'down', Factor>> {
  readonly matrices: LayerMatrices;
  readonly qkvBias: Block;
  readonly outBias: Block;
  readonly upBias: Block;
  readonly downBias: Block;
}

export interface TransformerWeights {
  /** From inputs to the stream of all patches, [inputs, patches·stride]. */
  readonly input: Factor;
  readonly inputBias: Block;
  readonly layers: readonly LayerWeights[];
  /** Per patch, from its last normed token to its coefficients, [width, components]. */
  readonly heads: readonly Factor[];
  /** From inputs straight to the coefficients of all patches, [inputs, patches·padded components]. */
  readonly skip: Factor;
  readonly headBias: Block;
  /** What the reverse mode packs anew, transposed. */
  readonly matrices: { readonly input: Matrix; readonly heads: readonly Matrix[]; readonly skip: Matrix };
}

export function packTransformer(memory: KernelMemory, bundle: ModelBundle, architecture: TransformerArchitecture): TransformerWeights {
  const { width, components, heads, mlpRatio } = architecture;
  const folded = foldStream(bundle, architecture);
  const head = foldHead(bundle, architecture);
  const input = paddedRuns(folded.input, width);
  const skip = paddedRuns(head.skip, components);
  const blocks = (bias: Matrix, size: number): Block => memory.put(paddedRuns(bias, size).values);
  return {
    input: memory.pack(input),
    inputBias: blocks(folded.inputBias, width),
    layers: folded.layers.map((layer) => packLayer(memory, layer, heads, padded(mlpRatio * width))),
    heads: head.heads.map((matrix) => memory.pack(matrix)),
    skip: memory.pack(skip),
    headBias: blocks(head.bias, components),
    matrices: { input, heads: head.heads, skip },
  };
}

function packLayer(memory: KernelMemory, layer: FoldedLayer, heads: number, hidden: number): LayerWeights {
  const keys = transposedMatrix(layer.kT);
  const size = keys.columns / heads;
  const [queries, values] = [layer.heads.map(({ q }) => q), layer.heads.map(({ v }) => v)];
  const all = beside([...queries, keys, ...values]);
  const bias = beside([...layer.heads.map(({ qBias }) => qBias), zeros(1, 2 * keys.columns)]);
  const matrices: LayerMatrices = {
    qkv: paddedRuns(all, size),
    // A head's padded values are 0 and meet rows of 0.
    out: transposedMatrix(paddedRuns(transposedMatrix(layer.out), size)),
    up: layer.up,
    down: layer.down,
  };
  const wide = (matrix: Matrix): Block => memory.put(matrix.values, padded(matrix.columns));
  return {
    qkv: memory.pack(matrices.qkv),
    out: memory.pack(matrices.out),
    up: memory.pack(matrices.up),
    down: memory.pack(matrices.down),
    matrices,
    qkvBias: memory.put(paddedRuns(bias, size).values),
    outBias: wide(layer.outBias),
    upBias: memory.put(layer.upBias.values, hidden),
    downBias: wide(layer.downBias),
  };
}

const zeros = (rows: number, columns: number): Matrix => ({ rows, columns, values: new Float32Array(rows * columns) });

/** Matrices of as many rows, side by side. */
function beside(parts: readonly Matrix[]): Matrix {
  const rows = parts[0]?.rows ?? 0;
  const columns = parts.reduce((sum, part) => sum + part.columns, 0);
  const values = new Float32Array(rows * columns);
  let from = 0;
  for (const part of parts) {
    for (let i = 0; i < rows; i++) values.set(part.values.subarray(i * part.columns, (i + 1) * part.columns), i * columns + from);
    from += part.columns;
  }
  return { rows, columns, values };
}
