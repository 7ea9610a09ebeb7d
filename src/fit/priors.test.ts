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

  describe('in a region', () => {
    const withCarbon = ['teff', 'logg', 'C', 'O'] as const;
    const bounded = {
      ...info,
      labels: info.labels.filter(({ name }) => (withCarbon as readonly string[]).includes(name)),
      region: { lowestLogg: { floor: 0.5, ceiling: 3, from: 5200, kelvinPerDex: 550 } },
    };
    const prior = new PriorModel(bounded.labels, priorOf(bounded, DEFAULT_FIT_OPTIONS, DEFAULT_TUNING));
    const scaled = (values: readonly number[]) =>
      Float64Array.from(bounded.labels, ({ centre, halfRange }, i) => ((values[i] ?? centre) - centre) / halfRange);

    it('has a wall at its conditions, whose rows have their own derivatives', () => {
      expect(prior.wallRows(scaled([5000, 2]))).toEqual([]);
      const z = scaled([6200, 1.5]);
      const [row] = prior.wallRows(z);
      // Lowest log g at 6200 K is 2.318: 0.818 dex of a half-range of 2.25, over the wall's σ.
      expect(row?.residual).toBeCloseTo((0.5 + 1000 / 550 - 1.5) / 2.25 / DEFAULT_TUNING.wallSigma, 9);
      const h = 1e-6;
      for (const [i, slope] of row?.gradient ?? []) {
        const at = (step: number) => prior.wallRows(z.map((value, k) => (k === i ? value + step : value)))[0]?.residual ?? NaN;
        expect(slope).toBeCloseTo((at(h) - at(-h)) / (2 * h), 4);
      }
      expect(row?.gradient).toHaveLength(2);
    });

    it('is come back to along the slope of a broken condition, as far as is asked and no further', () => {
      const outside = scaled([6200, 1.5]);
      const back = prior.intoRegion(outside, 0.02);
      expect(prior.conditions(back)[0]?.beyond).toBeCloseTo(0.02, 6);
      expect(prior.conditions(back)[0]?.beyond).toBeLessThanOrEqual(0.02);
      // Nearest: both labels give way, and no other.
      expect([back[0] !== outside[0], back[1] !== outside[1], back[2] === outside[2], back[3] === outside[3]]).toEqual([
        true,
        true,
        true,
        true,
      ]);
      const inside = scaled([5000, 2]);
      expect([...prior.intoRegion(inside, 0)]).toEqual([...inside]);
      // Beyond the kink, where the lowest log g no longer rises.
      expect(prior.conditions(prior.intoRegion(scaled([7100, 2.2]), 0))[0]?.beyond).toBeLessThanOrEqual(0);
    });

    it('draws within it, and refuses fixed labels outside it by name', () => {
      const random = randomStream(11);
      for (let k = 0; k < 300; k++) {
        const [teff = NaN, logg = NaN] = prior.draw(random);
        expect(logg).toBeGreaterThanOrEqual(Math.min(3, Math.max(0.5, 0.5 + (teff - 5200) / 550)));
      }
      const priors = { teff: { fixed: 6500 }, logg: { fixed: 1 } };
      expect(priorFailure(bounded, { ...DEFAULT_FIT_OPTIONS, priors })?.message).toMatch(/log g = 1 at 6500 K/);
    });
  });
});
