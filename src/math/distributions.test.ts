import { describe, expect, it } from 'vitest';
import { chiSquareTail, erfc, normalCdf, uniformityP } from './distributions.ts';
import { randomStream } from './random.ts';

describe('distributions', () => {
  it('erfc has its tabulated values (Abramowitz & Stegun, table 7.1) and both branches meet', () => {
    expect(erfc(0)).toBe(1);
    expect(erfc(0.5)).toBeCloseTo(1 - 0.5204998778, 9);
    expect(erfc(1)).toBeCloseTo(1 - 0.8427007929, 9);
    expect(erfc(2.5 - 1e-12) / erfc(2.5 + 1e-12)).toBeCloseTo(1, 9);
    expect(erfc(-1)).toBeCloseTo(1.8427007929, 9);
  });
  it('the normal holds 68.27 and 95.45 % within one and two σ', () => {
    expect(normalCdf(1) - normalCdf(-1)).toBeCloseTo(0.6826894921, 9);
    expect(normalCdf(2) - normalCdf(-2)).toBeCloseTo(0.9544997361, 9);
  });
  it('χ² tails: the tabulated 5 % points (Abramowitz & Stegun, table 26.8)', () => {
    for (const [x, freedom] of [
      [3.84146, 1],
      [5.99147, 2],
      [16.919, 9],
      [18.307, 10],
    ] as const)
      expect(chiSquareTail(x, freedom)).toBeCloseTo(0.05, 5);
  });
  it('Kolmogorov–Smirnov: uniform draws pass about as often as they should, squeezed ones do not', () => {
    const random = randomStream(4);
    const passed = Array.from({ length: 400 }, () => uniformityP(Array.from({ length: 50 }, () => random.uniform())) > 0.1);
    const share = passed.filter(Boolean).length / passed.length;
    expect(share).toBeGreaterThan(0.85);
    expect(share).toBeLessThan(0.95);
    expect(uniformityP(Array.from({ length: 300 }, () => 0.25 + 0.5 * random.uniform()))).toBeLessThan(1e-6);
  });
});
