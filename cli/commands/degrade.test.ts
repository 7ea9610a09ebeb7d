import { expect, test } from 'vitest';
import { degrader } from './degrade.ts';

const lnStep = 1 / (5000 * 3);
const grid = { lnStart: Math.log(3700), lnStep, count: Math.floor(Math.log(9100 / 3700) / lnStep) + 1 };
const wavelength = Float64Array.from({ length: grid.count }, (_, i) => Math.exp(grid.lnStart + i * lnStep));

test('wavelengths start at 3700 Å in steps of 1e-4 in log10 and stay within the grid', () => {
  const { wavelength: out } = degrader(grid, 5000, 1800);
  expect(out[0]).toBeCloseTo(3700, 9);
  out.forEach((value, i) => {
    expect(Math.abs(value / (3700 * 10 ** (1e-4 * i)) - 1)).toBeLessThan(1e-12);
  });
  expect(out.at(-1)).toBeLessThanOrEqual(wavelength.at(-1) ?? 0);
  expect((out.at(-1) ?? 0) * 10 ** 1e-4).toBeGreaterThan(wavelength.at(-1) ?? 0);
});

test('a Gaussian line of R = 5000 becomes one of R = 1800 with the same equivalent width', () => {
  const centre = Math.log(5500);
  // Depth ∝ R keeps the equivalent width.
  const line = (r: number, value: number) =>
    1 - ((0.5 * r) / 5000) * Math.exp(-0.5 * ((Math.log(value) - centre) * r * 2.3548200450309493) ** 2);
  const native = wavelength.map((value) => line(5000, value));
  const { wavelength: out, spectrum } = degrader(grid, 5000, 1800);
  spectrum(native).forEach((value, i) => {
    expect(Math.abs(value - line(1800, out[i] ?? NaN))).toBeLessThan(2e-5);
  });
});

test('without a lower resolving power a constant stays a constant to both ends', () => {
  for (const r of [1800, 5000, 20000])
    degrader(grid, 5000, r)
      .spectrum(new Float32Array(grid.count).fill(0.75))
      .forEach((value) => {
        expect(value).toBeCloseTo(0.75, 12);
      });
});
