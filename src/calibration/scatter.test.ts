import { describe, expect, test } from 'vitest';
import { randomStream } from '../math/random.ts';
import { quantile, robustRegression } from './robust.ts';
import { fitScale, robustScatter, shareWithin } from './scatter.ts';

describe('intrinsic scatter', () => {
  const random = randomStream(2);
  const sample = (intrinsic: number) =>
    Array.from({ length: 3000 }, () => ({ difference: Math.hypot(0.05, intrinsic) * random.normal(), sigma: 0.05 }));

  test('is what the known errors leave unexplained, and nothing where they suffice', () => {
    expect(robustScatter(sample(0.1))).toBeGreaterThan(0.09);
    expect(robustScatter(sample(0.1))).toBeLessThan(0.11);
    expect(robustScatter(sample(0))).toBeLessThan(0.015);
    expect(robustScatter([])).toBeNaN();
  });

  test('makes the shares within one and two σ those of a Gaussian', () => {
    const some = sample(0.08);
    const found = robustScatter(some);
    expect(Math.abs(shareWithin(some, found, 1) - 0.683)).toBeLessThan(0.03);
    expect(Math.abs(shareWithin(some, found, 2) - 0.954)).toBeLessThan(0.02);
  });
});

describe('the scale of a fit’s σ', () => {
  test('is one where stars scatter as it says or more, and shrinks where it is too wide', () => {
    const random = randomStream(9);
    const of = (spread: number) =>
      Array.from({ length: 2000 }, () => ({ difference: Math.hypot(spread, 0.03) * random.normal(), fit: 0.1, reference: 0.03 }));
    expect(fitScale(of(0.13))).toBe(1);
    expect(Math.abs(fitScale(of(0.06)) - 0.6)).toBeLessThan(0.05);
    expect(fitScale(of(0))).toBeCloseTo(0.3, 6);
    expect(fitScale([])).toBe(1);
  });
});

describe('robust statistics', () => {
  test('a regression shrugs off a tenth of wild points, and a quantile is what it says', () => {
    const random = randomStream(1);
    const x = Array.from({ length: 400 }, () => 2 * random.uniform() - 1);
    const y = x.map((value, i) => 3 - 2 * value + 0.1 * random.normal() + (i % 10 === 0 ? 50 : 0));
    const beta = robustRegression(
      x.map((value) => [1, value]),
      y,
    );
    expect(beta?.[0]).toBeCloseTo(3, 1);
    expect(beta?.[1]).toBeCloseTo(-2, 1);
    expect(quantile([0, 10, 20, 30, 40], 0.6)).toBe(24);
  });

  test('a regression on a constant column twice is refused, not invented', () => {
    const rows = [
      [1, 1],
      [1, 1],
      [1, 1],
    ];
    expect(robustRegression(rows, [1, 2, 3])).toBeNull();
  });
});
