import { describe, expect, it } from 'vitest';
import { randomStream } from '../../src/math/random.ts';
import { robustSigma } from '../../src/math/statistics.ts';
import { independentDifferences, trendOf } from './differences.ts';

describe('independent differences', () => {
  it('of two measurements is their difference, of one there is none', () => {
    expect(
      independentDifferences([
        { value: 3, sigma: 3 },
        { value: 8, sigma: 4 },
      ]),
    ).toEqual([{ value: 5, sigma: 5 }]);
    expect(independentDifferences([{ value: 3, sigma: 3 }])).toEqual([]);
  });

  it('over their σ are unit normals, uncorrelated within a star', () => {
    const random = randomStream(2);
    const all = Array.from({ length: 4000 }, () => {
      const truth = 100 * random.normal();
      const visits = [1, 3, 0.5].map((sigma) => ({ value: truth + sigma * random.normal(), sigma }));
      return independentDifferences(visits).map(({ value, sigma }) => value / sigma);
    });
    expect(all.every((pair) => pair.length === 2)).toBe(true);
    expect(Math.abs(robustSigma(all.flat(), 0) - 1)).toBeLessThan(0.05);
    const product = all.reduce((sum, [a = NaN, b = NaN]) => sum + a * b, 0) / all.length;
    expect(Math.abs(product)).toBeLessThan(0.06);
  });
});

describe('trend', () => {
  it('finds slopes through outliers, with errors that say how far off they are', () => {
    const random = randomStream(5);
    const pulls: number[] = [];
    for (let k = 0; k < 60; k++) {
      const x = Array.from({ length: 80 }, () => [random.normal(), 2 * random.uniform()]);
      const y = x.map(([a = 0, b = 0], i) => 1 + 0.5 * a - 2 * b + 0.1 * random.normal() + (i % 20 === 0 ? 5 : 0));
      const trend = trendOf(x, y);
      if (trend === null) throw new Error('no trend');
      pulls.push(((trend.slopes[0] ?? NaN) - 0.5) / (trend.errors[0] ?? NaN), ((trend.slopes[1] ?? NaN) + 2) / (trend.errors[1] ?? NaN));
      expect(Math.abs(trend.scatter / 0.1 - 1)).toBeLessThan(0.5);
    }
    const rms = Math.sqrt(pulls.reduce((sum, p) => sum + p * p, 0) / pulls.length);
    expect(rms).toBeGreaterThan(0.75);
    expect(rms).toBeLessThan(1.35);
  });

  it('of fewer points than it needs there is none', () => {
    expect(trendOf([[1], [2]], [1, 2])).toBeNull();
  });
});
