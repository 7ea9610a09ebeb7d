import { describe, expect, it } from 'vitest';
import { randomStream } from '../math/random.ts';
import { invertSymmetric } from '../math/symmetric.ts';
import { SharedShapes } from './sharedError.ts';

const N = 60;
const random = randomStream(4);
const normals = (scale = 1) => Float64Array.from({ length: N }, () => scale * random.normal());
const weight = Float64Array.from({ length: N }, (_, p) => (p % 9 === 0 ? 0 : 0.5 + random.uniform()));
const shapes = [normals(), normals(0.3), Float64Array.from({ length: N }, (_, p) => Math.sin(p / 5))];
const residual = weight.map((w) => (w > 0 ? random.normal() : 0));
const nothing = () => undefined;
const dot = (a: Float64Array, b: Float64Array, w?: Float64Array) =>
  a.reduce((sum, value, p) => sum + value * (b[p] ?? 0) * (w?.[p] ?? 1), 0);

/** (W⁻¹ + S Sᵀ)⁻¹ over the pixels with weight, by brute force. */
const used = [...weight.keys()].filter((p) => (weight[p] ?? 0) > 0);
const m = used.length;
const covariance = new Float64Array(m * m);
used.forEach((p, a) => {
  used.forEach((q, b) => {
    covariance[a * m + b] = shapes.reduce((sum, s) => sum + (s[p] ?? 0) * (s[q] ?? 0), p === q ? 1 / (weight[p] ?? NaN) : 0);
  });
});
const inverse = invertSymmetric(covariance, m) ?? new Float64Array();
const form = (x: Float64Array, y: Float64Array) =>
  used.reduce((sum, p, a) => sum + used.reduce((part, q, b) => part + (x[p] ?? 0) * (inverse[a * m + b] ?? NaN) * (y[q] ?? 0), 0), 0);

describe('shapes that pixels share', () => {
  const at = new SharedShapes(shapes, weight).at(nothing, residual);
  if (at === null) throw new Error('the shapes cannot be told');

  it('lower χ² to that of the whole covariance', () => {
    expect(dot(residual, residual, weight) - at.found.gain).toBeCloseTo(form(residual, residual), 9);
  });

  it('give columns whose products are those of the whole covariance, with each other and with the residuals', () => {
    const [x, y] = [normals(), normals()];
    const [a, b] = [at.freed(x), at.freed(y)];
    const rows = Float64Array.from({ length: N + 3 }, (_, p) => (p < N ? (weight[p] ?? 0) : 1));
    expect(dot(a, b, rows)).toBeCloseTo(form(x, y), 9);
    const left = residual.map((r, p) => r - (at.found.flux[p] ?? 0));
    const residuals = Float64Array.from([...left, ...at.found.amplitudes.map((value) => -value)]);
    expect(dot(a, residuals, rows)).toBeCloseTo(form(x, residual), 9);
  });

  it('of which there are none change nothing', () => {
    const none = new SharedShapes([], weight).at(nothing, residual);
    expect(none?.found.gain).toBe(0);
    expect(none?.freed(residual)).toEqual(residual);
  });
});
