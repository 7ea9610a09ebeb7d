import { describe, expect, it } from 'vitest';
import { dawson, voigt } from './voigt.ts';

/** H(a, v) as the convolution integral, by the trapezoid rule. */
function brute(a: number, v: number): number {
  const h = 5e-4;
  let sum = 0;
  for (let y = -8; y <= 8; y += h) sum += Math.exp(-y * y) / ((v - y) ** 2 + a * a);
  return (sum * h * a) / Math.PI;
}

describe('voigt', () => {
  it.each([0.01, 0.05, 0.099, 0.15, 0.5, 1, 3])('a = %f agrees with its integral', (a) => {
    for (const v of [0, 0.5, 1, 2, 3, 4, 5, 7, 20]) expect(Math.abs(voigt(a, v) / brute(a, v) - 1)).toBeLessThan(3e-3);
  });
  it('is even in v', () => {
    expect(voigt(0.05, -1.3)).toBe(voigt(0.05, 1.3));
  });
  it("gives Dawson's integral at 1 (Abramowitz & Stegun, table 7.5)", () => {
    expect(dawson(1)).toBeCloseTo(0.538_079_506_9, 9);
  });
});
