import { describe, expect, it } from 'vitest';
import type { FitOptions } from '../domain/fitOptions.ts';
import { randomStream } from '../math/random.ts';
import { ToyEmulator } from '../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from './defaults.ts';
import { empiricalVmic, PriorModel, priorFailure, priorOf } from './priors.ts';

const { info } = new ToyEmulator({ labels: ['teff', 'logg', 'vmic', 'feh', 'C', 'Mg'] });
const model = (more: Partial<FitOptions> = {}) =>
  new PriorModel(info.labels, priorOf(info, { ...DEFAULT_FIT_OPTIONS, ...more }, DEFAULT_TUNING));
const chosen = { teff: { mean: 5400, sigma: 60 }, logg: { fixed: 4.4 }, Mg: { mean: 0.2, sigma: 0.05 } } as const;

describe('the prior of a fit', () => {
  it.each([
    ['as usual', {}],
    ['as chosen', { priors: chosen }],
  ])('%s has the gradient that differences find, v_mic with its slopes along the other labels', (_, more) => {
    const prior = model(more);
    const z = Float64Array.from(info.labels, (__, i) => 0.3 * Math.sin(i + 1));
    const h = 1e-5;
    prior.rows(z).forEach((row, r) => {
      const gradient = new Map(row.gradient);
      z.forEach((__, i) => {
        const at = (step: number) => prior.rows(z.map((value, k) => (k === i ? value + step : value)))[r]?.residual ?? NaN;
        const numeric = (at(h) - at(-h)) / (2 * h);
        expect(Math.abs((gradient.get(i) ?? 0) - numeric)).toBeLessThan(2e-3 * Math.max(1, Math.abs(numeric)));
      });
    });
  });

  it('says σ and flat precision of every label, and which are held', () => {
    const usual = model();
    expect(info.labels.map((_, i) => usual.sigma(i))).toEqual([
      3200 / Math.sqrt(12),
      4.5 / Math.sqrt(12),
      0.3,
      3 / Math.sqrt(12),
      0.4,
      0.3,
    ]);
    expect([...usual.flatPrecision()]).toEqual([3, 3, 0, 3, 0, 0]);
    const own = model({ priors: chosen });
    expect([0, 1, 5].map((i) => own.sigma(i))).toEqual([60, 0, 0.05]);
    expect([...own.flatPrecision()]).toEqual([0, 0, 0, 3, 0, 0]);
    expect(info.labels.map((_, i) => own.fixed(i))).toEqual([null, 4.4, null, null, null, null]);
  });

  it('draws within the box: means and widths of the prior, v_mic about the relation, fixed labels at their value', () => {
    const prior = model({ priors: chosen });
    const random = randomStream(5);
    const draws = Array.from({ length: 2000 }, () => prior.draw(random));
    const moments = (of: (x: Float64Array) => number) => {
      const values = draws.map(of);
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return [mean, Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)] as const;
    };
    const [teff, width] = moments((x) => x[0] ?? NaN);
    expect(Math.abs(teff - 5400)).toBeLessThan(5);
    expect(Math.abs(width / 60 - 1)).toBeLessThan(0.07);
    expect(new Set(draws.map((x) => x[1]))).toEqual(new Set([4.4]));
    const [off, spread] = moments((x) => (x[2] ?? NaN) - empiricalVmic(x[0] ?? NaN, x[1] ?? NaN, x[3] ?? NaN));
    expect(Math.abs(off)).toBeLessThan(0.08);
    // The lower edge of the box, 0.5 km/s, cuts a little off.
    expect(spread / 0.3).toBeGreaterThan(0.8);
    expect(spread / 0.3).toBeLessThan(1.05);
    for (const x of draws)
      info.labels.forEach(({ min, max }, i) => {
        expect((x[i] ?? NaN) >= min && (x[i] ?? NaN) <= max).toBe(true);
      });
  });

  it('that no model can have is refused by name', () => {
    const why = (priors: FitOptions['priors'] & object) => priorFailure(info, { ...DEFAULT_FIT_OPTIONS, priors })?.message ?? '';
    expect(why({ Eu: { fixed: 0 } })).toMatch(/no label Eu/);
    expect(why({ logg: { fixed: 7 } })).toMatch(/log g at 7 dex; .* 0.5 to 5/);
    expect(why({ teff: { mean: 5000, sigma: 0 } })).toMatch(/σ = 0/);
    expect(why(chosen)).toBe('');
  });
});
