import { describe, expect, it } from 'vitest';
import type { CalibratedLabels, CalibratedValue, FittedLabel } from '../domain/fit.ts';
import type { LabelPosterior, Posterior } from '../domain/posterior.ts';
import { randomStream } from '../math/random.ts';
import { worstFirst } from './convergence.ts';
import { bandOf, correlationOnScale, drawsOnScale, rowsOnScale, strongestPairs } from './onScale.ts';
import type { FittedLabels } from './rows.ts';

const label = (name: 'teff' | 'feh' | 'Mg', value: number, sigma: number): FittedLabel => ({
  name,
  value,
  sigma,
  priorFraction: 0.2,
  flags: [],
});
const labels = [label('teff', 5800, 40), label('feh', -0.5, 0.1), label('Mg', 0.2, 0.1)];
/** σ 40 K, 0.1 and 0.1 dex; T_eff and [Fe/H] at +0.5, [Fe/H] and [Mg/Fe] at −0.5. */
const covariance = Float64Array.of(1600, 2, 0, 2, 0.01, -0.005, 0, -0.005, 0.01);
const random = randomStream(11);
const feh = Float64Array.from({ length: 20_000 }, () => -0.5 + 0.1 * random.normal());
const draws = [
  feh.map((x) => 5800 + 40 * (5 * (x + 0.5) + Math.sqrt(0.75) * random.normal())),
  feh,
  feh.map((x) => 0.2 + 0.1 * (-5 * (x + 0.5) + Math.sqrt(0.75) * random.normal())),
];
const described = labels.map(({ name, value, sigma }): LabelPosterior => ({
  name,
  mean: value,
  sigma,
  quantiles: [value - 1.6 * sigma, value - sigma, value, value + sigma, value + 1.6 * sigma],
  rhat: 1.001,
  essBulk: 800,
  essTail: 700,
  tau: 3,
  converged: true,
}));
const posterior: Posterior = { sampler: 'turns', labels: described, covariance, acceptance: 0.5, steps: 100, sample: { chains: 4, draws } };
const result: FittedLabels = { labels, covariance, posterior };
const raw = (value: number, sigma: number): CalibratedValue => ({ value, sigma, calibrated: null, sigmaCalibrated: null, flags: [] });
const moved = (value: number, sigma: number, calibrated: number, sigmaCalibrated: number): CalibratedValue => ({
  value,
  sigma,
  calibrated,
  sigmaCalibrated,
  flags: [],
});
const none: CalibratedLabels = {
  calibration: 'none',
  parameters: { teff: raw(5800, 40), feh: raw(-0.5, 0.1) },
  abundances: { Fe: raw(-0.5, 0.1), Mg: raw(-0.3, 0.1) },
  ratios: { Mg: raw(0.2, 0.1) },
};
const calibrated: CalibratedLabels = {
  calibration: 'made',
  parameters: { teff: raw(5800, 40), feh: moved(-0.5, 0.1, -0.4, 0.2) },
  abundances: { Fe: moved(-0.5, 0.1, -0.4, 0.2), Mg: moved(-0.3, 0.1, -0.25, 0.05) },
  ratios: { Mg: moved(0.2, 0.1, 0.15, 0.125) },
};
const mean = (x: Float64Array) => x.reduce((sum, v) => sum + v, 0) / x.length;
const correlation = (x: Float64Array, y: Float64Array) => {
  const [mx, my] = [mean(x), mean(y)];
  const dot = (a: Float64Array, ma: number, b: Float64Array, mb: number) =>
    a.reduce((sum, v, i) => sum + (v - ma) * ((b[i] ?? NaN) - mb), 0);
  return dot(x, mx, y, my) / Math.sqrt(dot(x, mx, x, mx) * dot(y, my, y, my));
};
const sigmaOf = (x: Float64Array) => {
  const middle = mean(x);
  return Math.sqrt(mean(x.map((v) => (v - middle) ** 2)));
};

describe('correlations on the scale that is shown', () => {
  it('of [Mg/Fe] are the fit’s, of [Mg/H] those of a sum', () => {
    const xfe = correlationOnScale(result, rowsOnScale(result, none, 'xfe'), 'xfe');
    expect(xfe[1]?.[2]).toBeCloseTo(-0.5, 12);
    expect(xfe[0]?.[1]).toBeCloseTo(0.5, 12);
    const xh = correlationOnScale(result, rowsOnScale(result, none, 'xh'), 'xh');
    // var [Mg/H] = 0.01 + 0.01 − 2·0.005 = 0.01; cov with [Fe/H] = −0.005 + 0.01; with T_eff = 0 + 2.
    expect(xh[1]?.[2]).toBeCloseTo(0.5, 12);
    expect(xh[0]?.[2]).toBeCloseTo(2 / (40 * 0.1), 12);
    expect(xh[2]?.[2]).toBe(1);
  });
  it('fall by what calibration adds to either σ, and do not rise where it takes away', () => {
    const xfe = correlationOnScale(result, rowsOnScale(result, calibrated, 'xfe'), 'xfe');
    expect(xfe[1]?.[2]).toBeCloseTo(-0.5 * (0.1 / 0.2) * (0.1 / 0.125), 12);
    const xh = correlationOnScale(result, rowsOnScale(result, calibrated, 'xh'), 'xh');
    expect(xh[1]?.[2]).toBeCloseTo(0.5 * 0.5, 12);
  });
  it('are not known beside a label that was held, and the strongest come first, of either sign', () => {
    const held = { ...result, covariance: Float64Array.of(0, 0, 0, 0, 0.01, -0.005, 0, -0.005, 0.01) };
    const rows = rowsOnScale(held, none, 'xfe');
    const matrix = correlationOnScale(held, rows, 'xfe');
    expect(matrix[0]?.every(Number.isNaN)).toBe(true);
    expect(strongestPairs(rows, matrix, 3)).toEqual([{ pair: ['feh', 'Mg'], coefficient: matrix[1]?.[2] }]);
  });
});

describe('draws on the scale that is shown', () => {
  const [, iron, magnesium] = rowsOnScale(result, calibrated, 'xfe');
  if (iron === undefined || magnesium === undefined) throw new Error('no rows');
  it('of a calibrated label have its value and σ, and the correlation that the matrix says', () => {
    const [x, y] = [drawsOnScale(result, iron, 'xfe'), drawsOnScale(result, magnesium, 'xfe')];
    if (x === null || y === null) throw new Error('no draws');
    expect(mean(x)).toBeCloseTo(-0.4, 2);
    expect(sigmaOf(x)).toBeCloseTo(0.2, 2);
    expect(sigmaOf(y)).toBeCloseTo(0.125, 2);
    expect(correlation(x, y)).toBeCloseTo(-0.2, 1);
    expect(bandOf(iron, x)[1]).toBeCloseTo(-0.4, 1);
    expect(drawsOnScale(result, iron, 'xfe')).toEqual(x);
  });
  it('are drawn together where calibration takes away from σ', () => {
    const row = rowsOnScale(result, calibrated, 'xh')[2];
    const made = row === undefined ? null : drawsOnScale(result, row, 'xh');
    if (made === null) throw new Error('no draws');
    made.forEach((value, k) => {
      expect(value).toBeCloseTo(-0.25 + 0.5 * ((feh[k] ?? NaN) + (draws[2]?.[k] ?? NaN) + 0.3), 10);
    });
  });
  it('of a raw label are those that were kept, and sums for [Mg/H]; none where nothing was sampled', () => {
    const [teff, , mg] = rowsOnScale(result, none, 'xh');
    if (teff === undefined || mg === undefined) throw new Error('no rows');
    expect(drawsOnScale(result, teff, 'xh')).toBe(draws[0]);
    expect(bandOf(teff, new Float64Array(1))).toEqual([5760, 5800, 5840]);
    expect(drawsOnScale(result, mg, 'xh')?.[7]).toBe((draws[1]?.[7] ?? NaN) + (draws[2]?.[7] ?? NaN));
    expect(drawsOnScale({ labels, covariance }, teff, 'xh')).toBeNull();
  });
});

describe('worstFirst', () => {
  it('orders by how far a label is from converged; one that was held comes last', () => {
    const [a, b, c] = described;
    if (a === undefined || b === undefined || c === undefined) throw new Error('no labels');
    // 1.02 is twice the allowed excess, 100 draws a quarter of those wanted, 800 twice as many.
    const order = worstFirst([
      { ...a, rhat: NaN, essBulk: NaN },
      { ...b, rhat: 1.02 },
      { ...c, essBulk: 100 },
      { ...a, name: 'logg' },
    ]);
    expect(order.map(({ name }) => name)).toEqual(['Mg', 'feh', 'logg', 'teff']);
  });
});
