import { describe, expect, it } from 'vitest';
import { FWHM_PER_SIGMA } from '../domain/units.ts';
import { convolvePixels, PER_FWHM } from './convolvePixels.ts';

const FROM = 20_000;
const TO = 2000;
/** Pixels of 0.05 Å from 5000 to 5100 Å. */
const N = 2000;
const ln = Float64Array.from({ length: N }, (_, i) => Math.log(5000 + 0.05 * i));
const centre = Math.log(5050);
const line = (sigma: number, depth: number) => ln.map((x) => 1 - depth * Math.exp(-0.5 * ((x - centre) / sigma) ** 2));
const sigmaOf = (power: number): number => 1 / (FWHM_PER_SIGMA * power);
const ones = new Float64Array(N).fill(1);

/** Σ (1 − f), Σ (1 − f) x and Σ (1 − f) (x − mean)², in bins of equal width. */
function moments(result: { ln: Float64Array; flux: Float64Array }): { area: number; mean: number; sigma: number } {
  const depth = result.flux.map((f) => 1 - f);
  const sum = depth.reduce((a, b) => a + b, 0);
  const mean = depth.reduce((a, d, i) => a + d * (result.ln[i] ?? 0), 0) / sum;
  const variance = depth.reduce((a, d, i) => a + d * ((result.ln[i] ?? 0) - mean) ** 2, 0) / sum;
  return { area: sum / (PER_FWHM * TO), mean, sigma: Math.sqrt(variance) };
}

describe('convolvePixels', () => {
  it('an unresolved line gets the width asked for, and keeps its place and equivalent width', () => {
    const own = sigmaOf(FROM);
    const result = convolvePixels({ ln, flux: line(own, 0.6), ivar: ones }, () => FROM, TO);
    const { area, mean, sigma } = moments(result);
    expect(area / (0.6 * own * Math.sqrt(2 * Math.PI))).toBeCloseTo(1, 3);
    expect(Math.abs(mean - centre) * 299_792).toBeLessThan(0.1);
    expect(sigma / sigmaOf(TO)).toBeCloseTo(1, 2);
    expect(result.resolvingPower[50]).toBeCloseTo(TO, 6);
  });

  it('conserves the variance of the sum over a stretch, whatever the errors do along it', () => {
    const variance = ln.map((_, i) => 1 + (i / N) ** 2);
    const result = convolvePixels({ ln, flux: ones, ivar: variance.map((v) => 1 / v) }, () => FROM, TO);
    const width = 1 / (PER_FWHM * TO);
    const inside = (x: number): boolean => x > Math.log(5020) && x < Math.log(5080);
    const before = ln.reduce((sum, x, i) => (inside(x) ? sum + (x - (ln[i - 1] ?? 0)) ** 2 * (variance[i] ?? 0) : sum), 0);
    const after = result.ln.reduce((sum, x, j) => (inside(x) ? sum + width ** 2 / (result.ivar[j] ?? 0) : sum), 0);
    expect(after / before).toBeCloseTo(1, 1);
  });

  it('the stated errors are those of sums of convolved noise, which single pixels scatter less than', () => {
    let state = 5;
    const uniform = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    const gauss = (): number => Array.from({ length: 12 }, uniform).reduce((a, b) => a + b, -6);
    const sums: number[] = [];
    const pixels: number[] = [];
    let sigma = 0;
    for (let trial = 0; trial < 60; trial++) {
      const result = convolvePixels({ ln, flux: ln.map(gauss), ivar: ones }, () => FROM, TO);
      const part = result.flux.subarray(10, 30);
      sigma = 1 / Math.sqrt(result.ivar[20] ?? NaN);
      sums.push(part.reduce((a, b) => a + b, 0));
      pixels.push(...part);
    }
    const rms = (values: readonly number[]): number => Math.sqrt(values.reduce((a, b) => a + b * b, 0) / values.length);
    // 60 trials tell a standard deviation to 9 %; three of those.
    expect(Math.abs(rms(sums) / (Math.sqrt(20) * sigma) - 1)).toBeLessThan(0.3);
    expect(rms(pixels) / sigma).toBeLessThan(0.7);
  });

  it('bridges a lost pixel, rejects bins without information, and makes none in a gap', () => {
    const lost = ones.map((value, i) => (i === 1000 || (i > 1400 && i < 1600) ? 0 : value));
    const result = convolvePixels({ ln, flux: line(sigmaOf(FROM), 0.5).map((f, i) => (i === 1000 ? 99 : f)), ivar: lost }, () => FROM, TO);
    expect(Math.max(...result.flux)).toBeLessThan(1.001);
    const at = (angstrom: number): number => result.ln.findIndex((x) => x > Math.log(angstrom));
    expect([result.ivar[at(5050)] > 0, result.ivar[at(5075)], result.ivar[at(5090)] > 0]).toEqual([true, 0, true]);
    const torn = ln.map((x, i) => (i < 1000 ? x : x + 0.02));
    const gap = convolvePixels({ ln: torn, flux: ones, ivar: ones }, () => FROM, TO);
    expect(gap.ln.some((x) => x > (torn[999] ?? 0) + 0.002 && x < (torn[1000] ?? 0) - 0.002)).toBe(false);
  });

  it('never sharpens: blunter data are binned only', () => {
    const result = convolvePixels({ ln, flux: line(sigmaOf(1000), 0.5), ivar: ones }, () => 1000, TO);
    expect(result.resolvingPower[20]).toBeLessThan(1000);
  });
});
