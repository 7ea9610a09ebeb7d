import type { LsfOperator } from './lsf.ts';

/** Pixels → native grid by the transposed operator: with `pixels` = ∂f/∂(pixel), the result [count] is ∂f/∂(native flux). */
export function applyTransposed(operator: LsfOperator, pixels: Float64Array, count: number): Float32Array {
  const { start, offset, weights } = operator;
  const native = new Float64Array(count);
  let k = offset[0];
  for (let p = 0; p < operator.pixels; p++) {
    const end = offset[p + 1];
    const value = pixels[p];
    for (let j = start[p]; k < end; k++, j++) native[j] += weights[k] * value;
  }
  return Float32Array.from(native);
}
