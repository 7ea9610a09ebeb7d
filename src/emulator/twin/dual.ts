/**
 * A float64 matrix [rows, columns] with its derivatives along any number of directions (forward mode): the operations the
 * network needs, each with its exact tangent. Slow and plain, to be right.
 */
export interface Dual {
  readonly rows: number;
  readonly columns: number;
  readonly value: Float64Array;
  readonly tangents: readonly Float64Array[];
}

const at = (array: Float64Array, i: number): number => array[i];

/** a·w, with a [rows, n] and w [n, columns]. */
export function multiply(a: Float64Array, w: Float64Array, rows: number, n: number, columns: number): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const to = i * columns;
    for (let k = 0; k < n; k++) {
      const factor = at(a, i * n + k);
      const from = k * columns;
      for (let j = 0; j < columns; j++) out[to + j] = at(out, to + j) + factor * at(w, from + j);
    }
  }
  return out;
}

/** a·w + b */
export function linear(a: Dual, w: Float64Array, b: Float64Array): Dual {
  const columns = b.length;
  const apply = (x: Float64Array): Float64Array => multiply(x, w, a.rows, a.columns, columns);
  const value = apply(a.value).map((v, i) => v + at(b, i % columns));
  return { rows: a.rows, columns, value, tangents: a.tangents.map(apply) };
}

/** Row i times its own matrix w[i], with w [rows, a.columns, columns]. */
export function linearPerRow(a: Dual, w: Float64Array, columns: number): Dual {
  const size = a.columns * columns;
  const apply = (x: Float64Array): Float64Array => {
    const out = new Float64Array(a.rows * columns);
    for (let i = 0; i < a.rows; i++) {
      const row = x.subarray(i * a.columns, (i + 1) * a.columns);
      out.set(multiply(row, w.subarray(i * size, (i + 1) * size), 1, a.columns, columns), i * columns);
    }
    return out;
  };
  return { rows: a.rows, columns, value: apply(a.value), tangents: a.tangents.map(apply) };
}

export function add(a: Dual, b: Dual): Dual {
  const sum = (x: Float64Array, y: Float64Array): Float64Array => x.map((v, i) => v + at(y, i));
  return { ...a, value: sum(a.value, b.value), tangents: a.tangents.map((t, j) => sum(t, b.tangents[j])) };
}

/** Columns of b beside those of a; one row each. */
export function beside(a: Dual, b: Dual): Dual {
  const join = (x: Float64Array, y: Float64Array): Float64Array => Float64Array.of(...x, ...y);
  return {
    rows: 1,
    columns: a.columns + b.columns,
    value: join(a.value, b.value),
    tangents: a.tangents.map((t, j) => join(t, b.tangents[j])),
  };
}

/** x·sigmoid(x); derivative s·(1 + x·(1 − s)). */
export function silu(a: Dual): Dual {
  const s = a.value.map((x) => 1 / (1 + Math.exp(-x)));
  const slope = a.value.map((x, i) => at(s, i) * (1 + x * (1 - at(s, i))));
  return { ...a, value: a.value.map((x, i) => x * at(s, i)), tangents: a.tangents.map((t) => t.map((v, i) => v * at(slope, i))) };
}

/** x above zero, 0.01·x below. */
export function leakyRelu(a: Dual): Dual {
  const slope = a.value.map((x) => (x > 0 ? 1 : 0.01));
  const scaled = (x: Float64Array): Float64Array => x.map((v, i) => v * at(slope, i));
  return { ...a, value: scaled(a.value), tangents: a.tangents.map(scaled) };
}

/** Layer normalisation of every row: (x − mean)/√(var + ε)·g + b. */
export function layerNorm(a: Dual, g: Float64Array, b: Float64Array, epsilon: number): Dual {
  const { rows, columns: n } = a;
  const value = new Float64Array(a.value.length);
  const tangents = a.tangents.map(() => new Float64Array(a.value.length));
  const unit = new Float64Array(n);
  for (let i = 0; i < rows; i++) {
    const row = a.value.subarray(i * n, (i + 1) * n);
    const mean = row.reduce((sum, x) => sum + x, 0) / n;
    const inverse = 1 / Math.sqrt(row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n + epsilon);
    for (let j = 0; j < n; j++) {
      unit[j] = (at(row, j) - mean) * inverse;
      value[i * n + j] = at(unit, j) * at(g, j) + at(b, j);
    }
    a.tangents.forEach((tangent, t) => {
      const d = tangent.subarray(i * n, (i + 1) * n);
      const dMean = d.reduce((sum, x) => sum + x, 0) / n;
      const along = d.reduce((sum, x, j) => sum + x * at(unit, j), 0) / n;
      const out = tangents[t] as Float64Array;
      for (let j = 0; j < n; j++) out[i * n + j] = inverse * (at(d, j) - dMean - at(unit, j) * along) * at(g, j);
    });
  }
  return { ...a, value, tangents };
}

/** Multi-head self-attention between rows; qkv [rows, 3·width], heads side by side within q, k and v. */
export function attention(qkv: Dual, heads: number): Dual {
  const { rows: p, columns } = qkv;
  const width = columns / 3;
  const size = width / heads;
  const value = new Float64Array(p * width);
  const tangents = qkv.tangents.map(() => new Float64Array(p * width));
  const factor = 1 / Math.sqrt(size);
  /** Where q (0), k (1) or v (2) of a row and head begins. */
  const part = (row: number, which: number, head: number): number => row * columns + which * width + head * size;
  const dot = (x: Float64Array, i: number, y: Float64Array, j: number): number => {
    let sum = 0;
    for (let c = 0; c < size; c++) sum += at(x, i + c) * at(y, j + c);
    return sum;
  };
  const weights = new Float64Array(p);
  const slopes = new Float64Array(p);
  for (let head = 0; head < heads; head++) {
    for (let i = 0; i < p; i++) {
      const q = part(i, 0, head);
      const out = i * width + head * size;
      for (let j = 0; j < p; j++) weights[j] = factor * dot(qkv.value, q, qkv.value, part(j, 1, head));
      const top = weights.reduce((a, b) => Math.max(a, b), -Infinity);
      for (let j = 0; j < p; j++) weights[j] = Math.exp(at(weights, j) - top);
      const total = weights.reduce((a, b) => a + b, 0);
      for (let j = 0; j < p; j++) weights[j] = at(weights, j) / total;
      for (let j = 0; j < p; j++) {
        const v = part(j, 2, head);
        for (let c = 0; c < size; c++) value[out + c] = at(value, out + c) + at(weights, j) * at(qkv.value, v + c);
      }
      qkv.tangents.forEach((tangent, t) => {
        for (let j = 0; j < p; j++) {
          const k = part(j, 1, head);
          slopes[j] = factor * (dot(tangent, q, qkv.value, k) + dot(qkv.value, q, tangent, k));
        }
        const mean = slopes.reduce((sum, slope, j) => sum + slope * at(weights, j), 0);
        const d = tangents[t] as Float64Array;
        for (let j = 0; j < p; j++) {
          const v = part(j, 2, head);
          const dWeight = at(weights, j) * (at(slopes, j) - mean);
          for (let c = 0; c < size; c++) d[out + c] = at(d, out + c) + dWeight * at(qkv.value, v + c) + at(weights, j) * at(tangent, v + c);
        }
      });
    }
  }
  return { rows: p, columns: width, value, tangents };
}
