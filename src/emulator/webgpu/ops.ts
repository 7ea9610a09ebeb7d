import * as tf from '@tensorflow/tfjs-core';

import type { Matrix } from '../bundle/matrix.ts';

export const flat = (x: tf.Tensor, rows: number, columns: number): tf.Tensor2D => tf.reshape(x, [rows, columns]);
export const cube = (x: tf.Tensor, a: number, b: number, c: number): tf.Tensor3D => tf.reshape(x, [a, b, c]);
export const matrix = (m: Matrix): tf.Tensor2D => tf.tensor2d(m.values, [m.rows, m.columns]);
export const vector = (m: Matrix): tf.Tensor1D => tf.tensor1d(m.values);
/** A row [1, n] of float32. */
export const rowOf = (values: Float64Array): tf.Tensor2D => tf.tensor2d(Float32Array.from(values), [1, values.length]);
export const transposed = (m: tf.Tensor2D): tf.Tensor2D => tf.transpose<tf.Tensor2D>(m);

/** a·w + b, all 2-D and not transposed: the only form in which wasm's fused product is right. */
export const dense = (a: tf.Tensor2D, w: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D => tf.fused.matMul({ a, b: w, bias }) as tf.Tensor2D;
/** a·b, both 2-D and not transposed: about ten times as fast on wasm as any other form. */
export const product = (a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D => tf.matMul<tf.Tensor2D>(a, b);

/** The slope of a·sigmoid(a), given s = sigmoid(a) and value = a·s: s + value·(1 − s). */
export const siluSlope = (s: tf.Tensor2D, value: tf.Tensor2D): tf.Tensor2D => tf.add(s, tf.mul(value, tf.sub(1, s)));

/** Layer norm of centred rows without gain and bias: r = 1/√(mean h² + ε), u = r·h. */
export function rootMeanSquareNorm(h: tf.Tensor2D, epsilon: number): { u: tf.Tensor2D; r: tf.Tensor2D } {
  const r = tf.rsqrt<tf.Tensor2D>(tf.add(tf.mean<tf.Tensor2D>(tf.square(h), -1, true), epsilon));
  return { u: tf.mul<tf.Tensor2D>(h, r), r };
}
