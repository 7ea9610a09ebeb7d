import { inputSize } from './architecture.ts';
import type { TransformerArchitecture } from './architecture.ts';
import { tensorOf } from './bundle.ts';
import type { ModelBundle } from './bundle.ts';
import type { Matrix } from './matrix.ts';
import { multiply } from '../twin/dual.ts';

export interface FoldedLayer {
  /** Per head: queries with 1/√dₕ inside, [width, dₕ] and [1, dₕ]; values [width, dₕ]. */
  readonly heads: readonly { readonly q: Matrix; readonly qBias: Matrix; readonly v: Matrix }[];
  /** Keys of all heads, transposed: [width (head by head), width]. */
  readonly kT: Matrix;
  readonly out: Matrix;
  readonly outBias: Matrix;
  readonly up: Matrix;
  readonly upBias: Matrix;
  readonly down: Matrix;
  readonly downBias: Matrix;
}

/**
 * The same network with fewer operations, for a back end where every operation costs. Algebra, done once in float64:
 * - layer norm ignores the mean of a row, so everything written to the residual stream is centred beforehand; the norm is then
 *   x/√(mean x² + ε), and its gain and bias go into the matrix that follows;
 * - a bias of the keys adds the same number to all scores of a query: softmax ignores it;
 * - attention weights sum to 1, so the bias of the values goes through to the bias of the output;
 * - head, scale and basis of a patch are one matrix from its token to its pixels.
 */
export interface FoldedNetwork extends FoldedStream, FoldedOutput {}

/** From the inputs to the end of the residual stream. */
export interface FoldedStream {
  readonly input: Matrix;
  /** embedding + bias, [1, patches·width] */
  readonly inputBias: Matrix;
  readonly layers: readonly FoldedLayer[];
}

/** From the normed residual stream to pixels, in one product per patch: for a back end where every operation costs. */
export interface FoldedOutput {
  /** Per patch, from the normed residual stream to pixels: gain ∘ head·scale·basis, [width, patchSize]. */
  readonly output: readonly Matrix[];
  /** Pixels where the residual stream and its inputs are 0: mean and biases, [1, count]. */
  readonly outputBias: Matrix;
  /** From what the patches look at straight to pixels: skip·scale·basis, [inputs, count]. */
  readonly skip: Matrix;
}

interface Wide {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** From the normed residual stream to coefficients: fewer multiplications than to pixels at once, and fewer bytes of weights. */
export interface FoldedHead {
  /** Per patch, gain ∘ head, [width, components]. */
  readonly heads: readonly Matrix[];
  /** Coefficients where the residual stream and its inputs are 0, [1, patches·components]. */
  readonly bias: Matrix;
  /** From what the patches look at straight to coefficients, [inputs, patches·components]. */
  readonly skip: Matrix;
}

export function foldNetwork(bundle: ModelBundle, architecture: TransformerArchitecture): FoldedNetwork {
  return { ...foldStream(bundle, architecture), ...foldOutput(bundle, architecture) };
}

export function foldStream(bundle: ModelBundle, architecture: TransformerArchitecture): FoldedStream {
  const { patches, width, layers, heads, mlpRatio } = architecture;
  const inputs = inputSize(architecture);
  const wide = (name: string, rows: number, columns: number): Wide => ({
    rows,
    columns,
    values: Float64Array.from(tensorOf(bundle, name)),
  });
  /** A linear layer after a layer norm: [w, b] with gain and bias of the norm inside. */
  const normed = (norm: string, name: string, columns: number): [Wide, Wide] => {
    const w = wide(`${name}.w`, width, columns);
    const [gain, shift] = [tensorOf(bundle, `${norm}.g`), tensorOf(bundle, `${norm}.b`)];
    const bias = wide(`${name}.b`, 1, columns);
    const moved = rowTimes(Float64Array.from(shift), w).map((value, j) => value + bias.values[j]);
    return [
      { ...w, values: w.values.map((value, i) => value * gain[Math.floor(i / columns)]) },
      { ...bias, values: moved },
    ];
  };
  const folded = Array.from({ length: layers }, (_, l): FoldedLayer => {
    const name = `layer${String(l)}`;
    const [qkv, qkvBias] = normed(`${name}.norm1`, `${name}.qkv`, 3 * width);
    const size = width / heads;
    const out = wide(`${name}.out.w`, width, width);
    const outBias = wide(`${name}.out.b`, 1, width);
    const through = rowTimes(columnsOf(qkvBias, 2 * width, width).values, out);
    const [up, upBias] = normed(`${name}.norm2`, `${name}.up`, mlpRatio * width);
    return {
      heads: Array.from({ length: heads }, (_h, h) => ({
        q: narrow(times(columnsOf(qkv, h * size, size), 1 / Math.sqrt(size))),
        qBias: narrow(times(columnsOf(qkvBias, h * size, size), 1 / Math.sqrt(size))),
        v: narrow(columnsOf(qkv, 2 * width + h * size, size)),
      })),
      kT: narrow(transposed(columnsOf(qkv, width, width))),
      out: narrow(centred(out, width)),
      outBias: narrow(centred({ ...outBias, values: outBias.values.map((value, j) => value + through[j]) }, width)),
      up: narrow(up),
      upBias: narrow(upBias),
      down: narrow(centred(wide(`${name}.down.w`, mlpRatio * width, width), width)),
      downBias: narrow(centred(wide(`${name}.down.b`, 1, width), width)),
    };
  });
  const embedding = wide('embedding', 1, patches * width);
  const inputBias = wide('input.b', 1, patches * width);
  return {
    input: narrow(centred(wide('input.w', inputs, patches * width), width)),
    inputBias: narrow(centred({ ...inputBias, values: inputBias.values.map((v, i) => v + embedding.values[i]) }, width)),
    layers: folded,
  };
}

export function foldHead(bundle: ModelBundle, architecture: TransformerArchitecture): FoldedHead {
  const { patches, components, width } = architecture;
  const [head, bias] = [tensorOf(bundle, 'head.w'), Float64Array.from(tensorOf(bundle, 'head.b'))];
  const [gain, shift] = [tensorOf(bundle, 'norm.g'), Float64Array.from(tensorOf(bundle, 'norm.b'))];
  const heads = Array.from({ length: patches }, (_, p): Matrix => {
    const own = Float64Array.from(head.subarray(p * width * components, (p + 1) * width * components));
    multiply(shift, own, 1, width, components).forEach((value, k) => {
      bias[p * components + k] = bias[p * components + k] + value;
    });
    return narrow({
      rows: width,
      columns: components,
      values: own.map((value, i) => value * gain[Math.floor(i / components)]),
    });
  });
  return {
    heads,
    bias: narrow({ rows: 1, columns: patches * components, values: bias }),
    skip: { rows: inputSize(architecture), columns: patches * components, values: tensorOf(bundle, 'skip.w') },
  };
}

function foldOutput(bundle: ModelBundle, architecture: TransformerArchitecture): FoldedOutput {
  const { patches, components, width, patchSize } = architecture;
  const inputs = inputSize(architecture);
  const tensor = (name: string): Float64Array => Float64Array.from(tensorOf(bundle, name));
  const [head, headBias, skip, scale, basis, mean] = ['head.w', 'head.b', 'skip.w', 'scale', 'basis', 'mean'].map(tensor) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const [gain, shift] = [tensor('norm.g'), tensor('norm.b')];
  const count = patches * patchSize;
  const output: Matrix[] = [];
  const outputBias = Float32Array.from(mean);
  const toPixels = new Float32Array(inputs * count);
  for (let p = 0; p < patches; p++) {
    const own = (values: Float64Array, size: number): Float64Array => values.subarray(p * size, (p + 1) * size);
    const scales = own(scale, components);
    const rows = own(basis, components * patchSize).map((value, i) => value * scales[Math.floor(i / patchSize)]);
    const fromToken = own(head, width * components);
    const gained = fromToken.map((value, i) => value * gain[Math.floor(i / components)]);
    output.push(narrow({ rows: width, columns: patchSize, values: multiply(gained, rows, width, components, patchSize) }));
    const constant = multiply(shift, fromToken, 1, width, components).map((value, k) => value + own(headBias, components)[k]);
    multiply(constant, rows, 1, components, patchSize).forEach((value, i) => {
      outputBias[p * patchSize + i] = outputBias[p * patchSize + i] + value;
    });
    for (let j = 0; j < inputs; j++) {
      const direct = skip.subarray((j * patches + p) * components, (j * patches + p + 1) * components);
      toPixels.set(multiply(direct, rows, 1, components, patchSize), j * count + p * patchSize);
    }
  }
  return {
    output,
    outputBias: { rows: 1, columns: count, values: outputBias },
    skip: { rows: inputs, columns: count, values: toPixels },
  };
}

const narrow = (m: Wide): Matrix => ({ ...m, values: Float32Array.from(m.values) });
const times = (m: Wide, factor: number): Wide => ({ ...m, values: m.values.map((value) => value * factor) });

function rowTimes(row: Float64Array, m: Wide): Float64Array {
  const out = new Float64Array(m.columns);
  m.values.forEach((value, i) => {
    out[i % m.columns] = out[i % m.columns] + value * row[Math.floor(i / m.columns)];
  });
  return out;
}

function columnsOf(m: Wide, from: number, count: number): Wide {
  const values = new Float64Array(m.rows * count);
  for (let i = 0; i < m.rows; i++) values.set(m.values.subarray(i * m.columns + from, i * m.columns + from + count), i * count);
  return { rows: m.rows, columns: count, values };
}

function transposed(m: Wide): Wide {
  const values = new Float64Array(m.values.length);
  for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.columns; j++) values[j * m.rows + i] = m.values[i * m.columns + j];
  return { rows: m.columns, columns: m.rows, values };
}

/** Every run of `width` values less its mean. */
function centred(m: Wide, width: number): Wide {
  const values = m.values.slice();
  for (let start = 0; start < values.length; start += width) {
    const run = values.subarray(start, start + width);
    const mean = run.reduce((sum, value) => sum + value, 0) / width;
    run.forEach((value, i) => (run[i] = value - mean));
  }
  return { ...m, values };
}
