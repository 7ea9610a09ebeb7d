import { expect, it } from 'vitest';
import { median } from '../math/statistics.ts';
import { guessSigma } from './noise.ts';

/** Twelve uniform numbers less six: σ = 1, nearly Gaussian; a fixed sequence. */
function noise(n: number): Float64Array {
  let state = 1;
  const uniform = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  return Float64Array.from({ length: n }, () => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, -6));
}

it('finds the σ of white noise on a sloping continuum, also where it changes', () => {
  const flux = noise(4000).map((e, i) => 1000 + 0.1 * i + (i < 2000 ? 5 : 15) * e);
  const sigma = guessSigma(flux);
  expect(median(sigma.subarray(0, 1800)) / 5).toBeCloseTo(1, 1);
  expect(median(sigma.subarray(2200)) / 15).toBeCloseTo(1, 1);
});

it('lines three pixels wide add little: at most 30 % with one in every 60 pixels', () => {
  const flux = noise(4000).map((e, i) => 100 - 30 * Math.exp(-0.5 * (((i % 60) - 30) / 1.3) ** 2) + 0.5 * e);
  const typical = median(guessSigma(flux));
  expect(typical).toBeGreaterThan(0.45);
  expect(typical).toBeLessThan(0.65);
});

it('bad pixels stay without σ and do not spoil their neighbours', () => {
  const flux = noise(1000).map((e, i) => (i === 500 ? NaN : 100 + e));
  const sigma = guessSigma(flux);
  expect(sigma[500]).toBeNaN();
  expect(sigma[501]).toBeCloseTo(1, 0);
});
