import { describe, expect, it } from 'vitest';
import type { Nature } from '../../domain/nature.ts';
import { atType, modelErrorOf, weightsOf } from './modelError.ts';

const node = (teff: number, factor: number, amplitude: number) => ({
  ...{ teff, logg: 4.4, feh: 0, stars: 20, amplitudes: [amplitude] },
  factor: new Float32Array(101).fill(factor),
});
const nature: Nature = {
  model: { id: 'toy', weights: '' },
  date: '2026-01-01',
  command: 'a test',
  stars: { MILES: 40 },
  resolvingPower: 2000,
  correlation: 200,
  grid: { lnStart: Math.log(5000), lnStep: 2e-4, count: 101 },
  law: { wavelength: [5000, 5100], constant: [0.01, 0.01], depth: [0, 0.1] },
  nodes: [node(5000, 1, 0.01), node(6000, 2, 0.03)],
  shapes: [new Float32Array(101).fill(1)],
};
const rest = Float64Array.from({ length: 50 }, (_, p) => 5000 * Math.exp(2e-4 * p));
const of = (teff: number, lines = 0, resolvingPower = 2000, more: Partial<Nature> = {}) =>
  modelErrorOf(
    { ...nature, ...more },
    {
      type: { teff, logg: 4.4, feh: 0 },
      rest,
      model: rest.map(() => 1 - lines),
      continuum: rest.map(() => 3),
      resolvingPower,
      network: () => 0.001,
    },
  );

describe('the model’s error for a star', () => {
  it('is that of its type, in the unit of the flux, and between two types lies between theirs', () => {
    const [cool, between, warm] = [5000, 5500, 6000].map((teff) => of(teff).error.sigma[0] ?? NaN);
    expect(cool).toBeGreaterThan(0.03);
    expect(cool).toBeLessThan(0.035);
    expect(between).toBeCloseTo(3 * 0.01 * Math.sqrt((1 + 4) / 2), 6);
    expect(warm).toBeLessThan(0.06);
    expect(of(5500).note).toBeNull();
    expect(Math.abs(of(5500).error.shapes[0]?.[0] ?? NaN)).toBeCloseTo(3 * Math.sqrt((1e-4 + 9e-4) / 2), 6);
  });

  it('grows with the lines of the star’s own model, where the law says so', () => {
    const [plain, deep] = [of(5500).error.sigma, of(5500, 0.5).error.sigma];
    expect(deep[0]).toBeCloseTo(plain[0] ?? NaN, 9);
    expect((deep[49] ?? NaN) / (plain[49] ?? NaN)).toBeGreaterThan(1.5);
  });

  it('of a type that was not measured is the nearest one’s, widened, and says so', () => {
    const { error, note } = of(3500);
    expect(note).toMatch(/not measured for a star like this \(T_eff 3500 K.*\): that of T_eff 5000 K/);
    expect((error.sigma[0] ?? NaN) / 0.03).toBeGreaterThan(1.3);
    expect(atType(nature, { teff: 30000, logg: 4, feh: 0 }).widening).toBe(2);
  });

  it('of sharper data is larger in a pixel and shared by fewer: as many independent errors in a stretch of wavelengths', () => {
    const [blunt, sharp] = [of(5500).error, of(5500, 0, 4000).error];
    expect((sharp.sigma[0] ?? NaN) / (blunt.sigma[0] ?? NaN)).toBeCloseTo(Math.SQRT2, 6);
    expect(blunt.shared / sharp.shared).toBeCloseTo(2, 2);
  });

  it('enters the weights once as it is and once with what neighbours share', () => {
    const { error } = of(5500);
    const { survey, weight } = weightsOf(
      rest.map(() => 1000),
      error,
      (p) => p > 0,
    );
    expect([survey[0], weight[0]]).toEqual([0, 0]);
    const variance = (error.sigma[1] ?? NaN) ** 2;
    expect(1 / (survey[1] ?? NaN)).toBeCloseTo(0.001 + variance, 9);
    expect(1 / (weight[1] ?? NaN)).toBeCloseTo(0.001 + error.shared * variance, 9);
  });
});
