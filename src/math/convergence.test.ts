import { describe, expect, it } from 'vitest';
import { autocorrelationTime } from './autocorrelation.ts';
import { convergence } from './convergence.ts';
import type { GroupedDraws } from './convergence.ts';
import { normalQuantile } from './normalQuantile.ts';
import { randomStream } from './random.ts';
import { normalScores, quantileOfSorted } from './ranks.ts';

/** Stationary AR(1) of unit variance: its autocorrelation time is (1 + ρ)/(1 − ρ). */
function ar1(n: number, rho: number, seed: number): Float64Array {
  const random = randomStream(seed, 77);
  let x = random.normal();
  return Float64Array.from({ length: n }, () => (x = rho * x + Math.sqrt(1 - rho * rho) * random.normal()));
}
const chains = (count: number, n: number, rho: number, change: (x: number, c: number, t: number) => number = (x) => x): GroupedDraws =>
  Array.from({ length: count }, (_, c) => [ar1(n, rho, 10 + c).map((x, t) => change(x, c, t))]);

describe('normal quantile and scores', () => {
  it('agrees with published values', () => {
    // scipy.stats.norm.ppf
    for (const [p, z] of [
      [0.5, 0],
      [0.975, 1.959963984540054],
      [0.001, -3.090232306167813],
      [1e-9, -5.997807015007685],
      [0.98, 2.053748910631823],
    ] as const)
      expect(normalQuantile(p)).toBeCloseTo(z, 7);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(1.5)]).toEqual([-Infinity, Infinity, NaN]);
  });

  it('scores depend on ranks alone, and ties share theirs', () => {
    const [a, b] = normalScores([Float64Array.of(3, 1e9, 3), Float64Array.of(-5)]);
    expect(a[0]).toBe(a[2]);
    expect(a[1]).toBeCloseTo(normalQuantile(3.625 / 4.25), 12);
    expect(b[0]).toBeCloseTo(normalQuantile(0.625 / 4.25), 12);
    expect(quantileOfSorted([1, 2, 4], 0.75)).toBe(3);
  });
});

describe('convergence of chains', () => {
  it.each([0, 0.5, 0.9, -0.4])('AR(1) with ρ = %d has the analytic effective size', (rho) => {
    const { rhat, essBulk } = convergence(chains(4, 8000, rho));
    const wanted = (32_000 * (1 - rho)) / (1 + rho);
    expect(essBulk / wanted).toBeGreaterThan(0.85);
    expect(essBulk / wanted).toBeLessThan(1.15);
    expect(rhat).toBeLessThan(1.01);
  });

  it('tails forget faster than the bulk of an AR(1), and are counted', () => {
    const { essBulk, essTail } = convergence(chains(4, 8000, 0.9));
    expect(essTail).toBeGreaterThan(essBulk);
    expect(essTail).toBeLessThan(32_000);
  });

  it('one chain shifted by a third of σ shows', () => {
    expect(convergence(chains(4, 1000, 0, (x, c) => (c === 3 ? x + 0.33 : x))).rhat).toBeGreaterThan(1.01);
    expect(convergence(chains(4, 1000, 0)).rhat).toBeLessThan(1.01);
  });

  it('one chain of a third of the width shows, though all means agree', () => {
    expect(convergence(chains(4, 1000, 0, (x, c) => (c === 0 ? x / 3 : x))).rhat).toBeGreaterThan(1.01);
  });

  it('a common drift shows because chains are halved', () => {
    expect(convergence(chains(4, 1000, 0, (x, _, t) => x + t / 1000)).rhat).toBeGreaterThan(1.01);
  });

  it('a chain of Cauchy draws at another place shows, which has no variance to compare', () => {
    const cauchy = (x: number, c: number) => Math.tan(Math.PI * (0.5 * (1 + Math.tanh(0.85 * x)) - 0.5)) + (c === 1 ? 1 : 0);
    expect(convergence(chains(4, 1000, 0, cauchy)).rhat).toBeGreaterThan(1.01);
  });

  it('says nothing of what does not vary, is not finite or is too short', () => {
    for (const draws of [chains(4, 100, 0, () => 2), chains(4, 100, 0, (x, c, t) => (c === 2 && t === 5 ? NaN : x)), chains(4, 7, 0)])
      expect(convergence(draws)).toEqual({ rhat: NaN, essBulk: NaN, essTail: NaN });
  });
});

describe('convergence of ensembles', () => {
  const walkers = (move: (own: Float64Array, common: Float64Array) => Float64Array): GroupedDraws =>
    Array.from({ length: 4 }, (_, g) => {
      const common = ar1(2000, 0.95, 1000 + g);
      return Array.from({ length: 10 }, (__, w) => move(ar1(2000, 0.5, 100 * g + w), common));
    });

  it('independent walkers are worth the sum of their own effective sizes', () => {
    const { essBulk, rhat } = convergence(walkers((own) => own));
    expect(essBulk / (80_000 / 3)).toBeGreaterThan(0.8);
    expect(essBulk / (80_000 / 3)).toBeLessThan(1.2);
    expect(rhat).toBeLessThan(1.01);
  });

  it('walkers that drift together are worth what their mean is worth', () => {
    const draws = walkers((own, common) => own.map((x, t) => Math.sqrt(0.5) * (x + common[t])));
    // Variance of the estimate: half of the variance is common, with τ = 39; the other half has τ = 3 and ten walkers.
    const wanted = 8000 / (0.5 * 39 + (0.5 * 3) / 10);
    const { essBulk } = convergence(draws);
    expect(essBulk / wanted).toBeGreaterThan(0.6);
    expect(essBulk / wanted).toBeLessThan(1.5);
    // Taken for 40 independent chains the same draws would seem many times better.
    expect(convergence(draws.flat().map((one) => [one])).essBulk).toBeGreaterThan(4 * essBulk);
  });

  it('an ensemble that sits elsewhere shows', () => {
    const draws = walkers((own) => own).map((group, g) => group.map((one) => one.map((x) => (g === 0 ? x + 0.4 : x))));
    expect(convergence(draws).rhat).toBeGreaterThan(1.01);
  });
});

describe('autocorrelation time', () => {
  it.each([0, 0.5, 0.9])('of AR(1) with ρ = %d', (rho) => {
    const time = autocorrelationTime([1, 2, 3, 4].map((seed) => ar1(20_000, rho, seed)));
    expect(time / ((1 + rho) / (1 - rho))).toBeGreaterThan(0.9);
    expect(time / ((1 + rho) / (1 - rho))).toBeLessThan(1.1);
  });

  it('is that of the walkers that move, and NaN where none does', () => {
    const still = new Float64Array(500).fill(1);
    expect(autocorrelationTime([still, ar1(500, 0.5, 1)])).toBe(autocorrelationTime([ar1(500, 0.5, 1)]));
    expect(autocorrelationTime([still])).toBeNaN();
  });
});
