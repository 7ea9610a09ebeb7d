import { codeSizes, inputSize } from './architecture.ts';
import type { TransformerArchitecture } from './architecture.ts';
import { tensorOf } from './bundle.ts';
import type { ModelBundle } from './bundle.ts';

interface Dense {
  readonly w: Float64Array;
  readonly b: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * What the transformer's patches look at: the scaled labels x and a small perceptron's view of them, f = [x, code(x)]. Worked out once per
 * star in float64 on the CPU: it costs a thousandth of the patches.
 */
export class LabelCode {
  private readonly layers: readonly Dense[];
  private readonly labels: number;
  /** Length of f. */
  readonly size: number;

  constructor(bundle: ModelBundle, architecture: TransformerArchitecture) {
    this.labels = architecture.labels;
    this.size = inputSize(architecture);
    this.layers = codeSizes(architecture).map(([rows, columns], l) => ({
      w: Float64Array.from(tensorOf(bundle, `code${String(l)}.w`)),
      b: Float64Array.from(tensorOf(bundle, `code${String(l)}.b`)),
      rows,
      columns,
    }));
  }

  /** f at x. */
  inputs(x: Float64Array): Float64Array {
    const f = new Float64Array(this.size);
    f.set(x);
    if (this.layers.length > 0) f.set(this.forward(x).at(-1) ?? [], this.labels);
    return f;
  }

  /** ∂f/∂x, row-major [labels, size]. */
  jacobian(x: Float64Array): Float64Array {
    const { labels, size } = this;
    const out = new Float64Array(labels * size);
    for (let j = 0; j < labels; j++) out[j * size + j] = 1;
    if (this.layers.length === 0) return out;
    const sums = this.forward(x);
    for (let j = 0; j < labels; j++) {
      let tangent: Float64Array = Float64Array.from(x, (_, i) => (i === j ? 1 : 0));
      this.layers.forEach((layer, l) => {
        tangent = product(tangent, layer);
        if (l < this.layers.length - 1) scaleBySlope(tangent, sums[l]);
      });
      out.set(tangent, j * size + labels);
    }
    return out;
  }

  /** ∂L/∂x from ∂L/∂f. */
  pullback(x: Float64Array, byInputs: ArrayLike<number>): Float64Array {
    const out = Float64Array.from({ length: this.labels }, (_, i) => byInputs[i]);
    if (this.layers.length === 0) return out;
    const sums = this.forward(x);
    let adjoint: Float64Array = Float64Array.from({ length: this.size - this.labels }, (_, i) => byInputs[this.labels + i]);
    for (let l = this.layers.length - 1; l >= 0; l--) {
      if (l < this.layers.length - 1) scaleBySlope(adjoint, sums[l]);
      adjoint = transposedProduct(adjoint, this.layers[l]);
    }
    return out.map((value, i) => value + adjoint[i]);
  }

  /** Sums of every layer before its activation; the last one has none. */
  private forward(x: Float64Array): Float64Array[] {
    const sums: Float64Array[] = [];
    let h = x;
    for (const layer of this.layers) {
      const sum = product(h, layer).map((value, i) => value + layer.b[i]);
      sums.push(sum);
      h = sum.map((value) => value * sigmoid(value));
    }
    return sums;
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Times the derivative of silu, s·(1 + x·(1 − s)), in place. */
function scaleBySlope(values: Float64Array, at: Float64Array | undefined): void {
  values.forEach((value, i) => {
    const x = at?.[i] ?? 0;
    const s = sigmoid(x);
    values[i] = value * s * (1 + x * (1 - s));
  });
}

function product(x: Float64Array, { w, rows, columns }: Dense): Float64Array {
  const out = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const factor = x[i];
    if (factor === 0) continue;
    for (let j = 0; j < columns; j++) out[j] = out[j] + factor * w[i * columns + j];
  }
  return out;
}

function transposedProduct(y: Float64Array, layer: Dense | undefined): Float64Array {
  if (layer === undefined) return y;
  const { w, rows, columns } = layer;
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += w[i * columns + j] * y[j];
    out[i] = sum;
  }
  return out;
}
