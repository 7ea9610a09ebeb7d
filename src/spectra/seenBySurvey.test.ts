import { describe, expect, test } from 'vitest';
import { unknownSurvey } from '../domain/survey.ts';
import { madeUpSpectrum } from '../testing/fit.ts';
import { degradeToSurvey } from './degradeToSurvey.ts';
import { seenBySurvey } from './seenBySurvey.ts';

const sigmaOf = (fwhm: number): number => fwhm / 2.3548200450309493;
const VIEW = { resolvingPower: 1800, snr: 150, range: [3700, 9000] } as const;

describe('a library as a survey would see it', () => {
  const wavelength = Float64Array.from({ length: 3800 }, (_, i) => 3600 + i);
  const line = (fwhm: number, at: number, centre: number) => 1 - (0.8 / fwhm) * Math.exp(-0.5 * ((at - centre) / sigmaOf(fwhm)) ** 2);
  const library = madeUpSpectrum(1, {
    survey: unknownSurvey('library'),
    wavelength,
    flux: wavelength.map((at) => line(2.5, at, 4000) * line(2.5, at, 6500)),
    ivar: wavelength.map((at) => (at > 5200 && at < 5230 ? 0 : 1)),
  });
  const seen = seenBySurvey(library, 2.5, VIEW);
  const at = (target: number): number => seen.wavelength.findIndex((value) => value >= target);

  test('a line is as wide as the survey makes it where the library is sharper, and stays where that is blunter', () => {
    for (let p = at(6470); p < at(6530); p++)
      expect(Math.abs((seen.flux[p] ?? NaN) - line(6500 / 1800, seen.wavelength[p] ?? NaN, 6500))).toBeLessThan(0.004);
    for (let p = at(3980); p < at(4020); p++)
      expect(Math.abs((seen.flux[p] ?? NaN) - line(2.5, seen.wavelength[p] ?? NaN, 4000))).toBeLessThan(0.03);
    const { lsf } = seen;
    if (lsf.kind !== 'table') throw new Error(lsf.kind);
    expect(Math.min(...lsf.resolvingPower)).toBeLessThan(1500);
    expect(Math.max(...lsf.resolvingPower)).toBe(1800);
  });

  test('what was not observed stays out, and the errors are those of the S/N asked for', () => {
    expect(seen.ivar[at(5215)]).toBe(0);
    expect(1 / Math.sqrt(seen.ivar[at(5000)] ?? 0)).toBeCloseTo((seen.flux[at(5000)] ?? NaN) / 150, 10);
    expect(seen.wavelength.at(-1)).toBeLessThan(7400);
    expect(seen.frame).toBe('barycentric');
  });

  test('air wavelengths become vacuum', () => {
    const air = seenBySurvey({ ...library, medium: 'air' }, 2.5, VIEW);
    const deepest = air.wavelength[air.flux.indexOf(Math.min(...air.flux.slice(air.wavelength.findIndex((w) => w > 6400))))] ?? NaN;
    expect(Math.abs(deepest - 6501.8)).toBeLessThan(1);
  });
});

describe('an atlas degraded to a survey', () => {
  const wavelength = Float64Array.from({ length: 40000 }, (_, i) => 5000 + 0.025 * i);

  test('a line of FWHM 1 Å becomes one of λ/R with the same equivalent width', () => {
    const line = (fwhm: number, at: number) => 1 - (0.5 / fwhm) * Math.exp(-0.5 * ((at - 5500) / sigmaOf(fwhm)) ** 2);
    const atlas = { id: 'a', wavelength, flux: wavelength.map((at) => line(1, at)), fwhm: 1, fluxUnit: '' };
    const spectrum = degradeToSurvey(atlas, 1800, 300);
    const expected = 5500 / 1800;
    spectrum.flux.forEach((value, p) => {
      expect(Math.abs(value - line(expected, spectrum.wavelength[p] ?? NaN))).toBeLessThan(2e-4);
    });
    expect(Math.log10((spectrum.wavelength[1] ?? 0) / (spectrum.wavelength[0] ?? 1))).toBeCloseTo(1e-4, 10);
    expect(1 / Math.sqrt(spectrum.ivar[0] ?? 0)).toBeCloseTo((spectrum.flux[0] ?? 0) / 300, 10);
  });

  test('a smooth slope stays as it is', () => {
    const flux = wavelength.map((at) => at / 5000);
    degradeToSurvey({ id: 'a', wavelength, flux, fwhm: 1, fluxUnit: '' }, 1800, 300).flux.forEach((value, p) => {
      expect(value).toBeCloseTo(10 ** ((Math.ceil(Math.log10(5010) / 1e-4) + p) * 1e-4) / 5000, 6);
    });
  });
});
