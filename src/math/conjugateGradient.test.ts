import { expect, it } from 'vitest';
import { conjugateGradient } from './conjugateGradient.ts';
import { randomStream } from './random.ts';

it('solves a symmetric positive definite system as its inverse does', () => {
  const n = 12;
  const random = randomStream(3);
  const b = Array.from({ length: n }, () => Array.from({ length: n }, () => random.normal()));
  // A = B·Bᵀ + 1, of very different scales
  const scale = Array.from({ length: n }, (_, i) => 10 ** (i / 3 - 2));
  const a = b.map((row, i) =>
    b.map((other, j) => (row.reduce((s, x, k) => s + x * (other[k] ?? 0), 0) + (i === j ? 1 : 0)) * (scale[i] ?? 1) * (scale[j] ?? 1)),
  );
  const truth = Float64Array.from({ length: n }, () => random.normal());
  const times = (v: Float64Array): Float64Array => Float64Array.from(a, (row) => row.reduce((s, x, k) => s + x * (v[k] ?? 0), 0));
  const { x, steps } = conjugateGradient(
    (v, out) => {
      out.set(times(v));
    },
    Float64Array.from(a, (row, i) => row[i] ?? 1),
    times(truth),
    1e-12,
  );
  truth.forEach((t, i) => {
    expect(x[i]).toBeCloseTo(t, 6);
  });
  expect(steps).toBeLessThanOrEqual(3 * n);
});

it('is at rest when nothing pulls', () => {
  const { x, steps } = conjugateGradient(
    (v, out) => {
      out.set(v);
    },
    new Float64Array(3).fill(1),
    new Float64Array(3),
  );
  expect([...x]).toEqual([0, 0, 0]);
  expect(steps).toBe(0);
});
