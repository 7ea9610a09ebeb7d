/** The error model of a fit: floors, widening, Huber's weights. */
import { describe, expect, it } from 'vitest';
import { randomStream } from '../math/random.ts';
import { errorInflation, flooredWeights, huberWeight } from './weights.ts';

/** So many normal deviates. */
function normalVariates(count: number, seed: number): Float64Array {
  const stream = randomStream(seed);
  return Float64Array.from({ length: count }, () => stream.normal());
}

describe('weights with a floor', () => {
  const one = Float64Array.of(1, 1, 1, 1);
  it('add the floor to the noise in quadrature', () => {
    const weight = flooredWeights(
      Float64Array.of(100, 25, 0, 4),
      Float64Array.of(1, 2, 1, 1),
      Float64Array.of(0.1, 0.1, 0.1, 0),
      new Uint8Array(4).fill(1),
    );
    expect(weight[0]).toBeCloseTo(1 / (0.01 + 0.01), 12);
    expect(weight[1]).toBeCloseTo(1 / (0.04 + 0.04), 12);
    expect([weight[2], weight[3]]).toEqual([0, 4]);
  });
  it('are 0 where a pixel is left out or its inverse variance is none', () => {
    expect([...flooredWeights(Float64Array.of(4, -1, NaN, 4), one, one, Uint8Array.of(0, 1, 1, 1))]).toEqual([0, 0, 0, 0.8]);
  });
});

describe('widening of errors', () => {
  it('is none for residuals of unit width, and theirs for wider ones', () => {
    const unit = normalVariates(2000, 3);
    expect([...errorInflation(unit, 200)].every((x) => x < 1.25)).toBe(true);
    const wide = unit.map((x, p) => (p < 1000 ? x : 3 * x));
    const factor = errorInflation(wide, 200);
    expect(factor[300]).toBeLessThan(1.25);
    expect(factor[1700] ?? NaN).toBeGreaterThan(2.6);
    expect(factor[1700] ?? NaN).toBeLessThan(3.4);
  });
  it('never narrows, and passes over pixels that are not used', () => {
    const small = normalVariates(1000, 5).map((x, p) => (p % 3 === 0 ? NaN : 0.2 * x));
    expect([...errorInflation(small, 100)]).toEqual(Array.from({ length: 1000 }, () => 1));
  });
  it('is none where there is no full window, or none is asked for', () => {
    const wide = normalVariates(50, 7).map((x) => 9 * x);
    expect(Math.max(...errorInflation(wide, 100))).toBe(1);
    expect(Math.max(...errorInflation(wide, 0))).toBe(1);
  });
});

it("Huber's weight is 1 within the limit and falls as 1/|r| beyond", () => {
  expect([0, -2.9, 3].map((r) => huberWeight(r, 3))).toEqual([1, 1, 1]);
  expect(huberWeight(-6, 3)).toBe(0.5);
  expect(huberWeight(30, 3)).toBeCloseTo(0.1, 12);
});
