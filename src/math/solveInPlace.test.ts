import { expect, it } from 'vitest';
import { solveInPlace } from './solveInPlace.ts';

it('solves a system that needs pivoting', () => {
  const a = [0, 2, 1, 1, -2, -3, -1, 1, 2];
  const x = [1, -2, 3];
  const b = Float64Array.from([0, 1, 2], (row) => x.reduce((sum, value, k) => sum + a[3 * row + k] * value, 0));
  solveInPlace(Float64Array.from(a), b, 3);
  x.forEach((value, k) => {
    expect(b[k]).toBeCloseTo(value, 12);
  });
});

it('a singular matrix gives no finite solution', () => {
  const b = Float64Array.of(1, 2);
  solveInPlace(Float64Array.of(1, 1, 1, 1), b, 2);
  expect([...b].every(Number.isFinite)).toBe(false);
});
