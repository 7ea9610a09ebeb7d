/** From pixels to likelihood: the velocity at low S/N over the whole range, and what must not matter to the labels. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitOptions, FitResult } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { pixelsOf } from '../domain/problem.ts';
import type { Lsf, Spectrum } from '../domain/spectrum.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import type { FitTuning } from './defaults.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from './defaults.ts';
import { fitSpectrum } from './fitSpectrum.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'C', 'Mg', 'Ca', 'Ti', 'Ni'];
const toy = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200, linesPerElement: 8 });
const TYPICAL = toyLabels(toy, [5400, 3.9, 1.1, -0.4], (i) => (i % 2 === 0 ? 0.1 : -0.1));
const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'lm', range: [4450, 6150] };
/** The toy is the truth: it has no error of its own. */
const exact: FitTuning = { ...DEFAULT_TUNING, errorFloor: () => 0 };
const R1800: Lsf = { kind: 'resolving-power', resolvingPower: 1800 };

async function observe(more: Partial<Parameters<typeof simulateSpectrum>[1]> = {}, truth = TYPICAL): Promise<Spectrum> {
  const [flux] = await toy.predict([truth]);
  if (flux === undefined) throw new Error('no flux');
  return simulateSpectrum({ flux, ...toy.info }, { id: 'toy', lsf: R1800, snr: 100, rv: 40, seed: 1, ...more });
}

async function fit(spectrum: Spectrum, tuning = exact, more: Partial<FitOptions> = {}): Promise<FitResult> {
  const result = await fitSpectrum(spectrum, toy, { ...options, ...more }, {}, tuning);
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`);
  return result.value;
}

const shifts = (a: FitResult, b: FitResult): number[] =>
  a.labels.map(({ value, sigma }, i) => Math.abs(value - (b.labels[i]?.value ?? NaN)) / sigma);

describe('radial velocity at S/N 10', { timeout: 120_000 }, () => {
  it('from −600 to +600 km/s: found every time, without bias, with errors that hold', async () => {
    const pulls: number[] = [];
    for (let k = 0; k <= 24; k++) {
      const rv = -600 + 50 * k;
      const result = await fit(await observe({ snr: 10, rv, seed: 100 + k }));
      expect(result.rv.sigma).toBeLessThan(20);
      pulls.push((result.rv.value - rv) / result.rv.sigma);
    }
    const mean = pulls.reduce((a, b) => a + b, 0) / pulls.length;
    const rms = Math.sqrt(pulls.reduce((a, b) => a + b * b, 0) / pulls.length);
    // 25 pulls: the error of their mean is 0.2, that of their rms 0.14. Three of those each way.
    expect(Math.abs(mean)).toBeLessThan(0.6);
    expect(rms).toBeGreaterThan(0.58);
    expect(rms).toBeLessThan(1.42);
    expect(Math.max(...pulls.map(Math.abs))).toBeLessThan(4);
  });
});

/**
 * Extinction A(λ)/A(V) at R_V = 3.1, optical part (3030–9090 Å). Cardelli, Clayton & Mathis (1989, ApJ 345, 245), eqs. 1 and 3.
 */
function extinction(wavelength: number): number {
  const y = 1e4 / wavelength - 1.82;
  const power = (coefficients: readonly number[]) => coefficients.reduceRight((sum, c) => sum * y + c, 0);
  const a = power([1, 0.17699, -0.50447, -0.02427, 0.72085, 0.01979, -0.7753, 0.32999]);
  const b = power([0, 1.41338, 2.28305, 1.07233, -5.38434, -0.62251, 5.3026, -2.09002]);
  return a + b / 3.1;
}

/** A fourth-order polynomial with two bends over the toy's range. */
function quartic(wavelength: number): number {
  const x = (wavelength - 5300) / 900;
  return 1.2 + 0.168 * x - 1.26 * x ** 2 - 0.14 * x ** 3 + 1.288 * x ** 4;
}

describe('what multiplies the data', { timeout: 120_000 }, () => {
  let spectrum: Spectrum;
  beforeAll(async () => {
    spectrum = await observe();
  });
  const times = (factor: (wavelength: number) => number): Spectrum => {
    const by = spectrum.wavelength.map(factor);
    return {
      ...spectrum,
      flux: spectrum.flux.map((value, p) => value * (by[p] ?? 1)),
      ivar: spectrum.ivar.map((value, p) => value / (by[p] ?? 1) ** 2),
    };
  };

  it('the extinction law is one: A(V) at 5500 Å, E(B − V) = A(V)/R_V, and A(R) of the table 3 of its paper', () => {
    expect(extinction(5500)).toBeCloseTo(1, 2);
    expect(extinction(4400) - extinction(5500)).toBeCloseTo(1 / 3.1, 2);
    expect(extinction(7000)).toBeCloseTo(0.751, 2);
  });

  it.each([
    { name: 'the noise alone', tuning: exact },
    { name: 'the model error as well', tuning: DEFAULT_TUNING },
  ])('a quartic of 50 % range and A_V = 1 move no label by 0.1 σ, with $name', async ({ tuning }) => {
    const factors = spectrum.wavelength.map(quartic);
    expect(Math.max(...factors) / Math.min(...factors)).toBeGreaterThan(1.45);
    const plain = await fit(spectrum, tuning);
    for (const factor of [quartic, (w: number) => 10 ** (-0.4 * extinction(w))]) {
      const bent = await fit(times(factor), tuning);
      for (const shift of shifts(plain, bent)) expect(shift).toBeLessThan(0.1);
      expect(Math.abs(bent.rv.value - plain.rv.value)).toBeLessThan(0.1 * plain.rv.sigma);
    }
  });
});

describe('line-spread functions', { timeout: 120_000 }, () => {
  it.each<readonly [string, Lsf]>([
    ['R along the spectrum', { kind: 'table', wavelength: [4400, 5300, 6200], resolvingPower: [1500, 1900, 2300] }],
    ['FWHM in Å', { kind: 'fwhm', fwhm: 2.6 }],
  ])('%s is taken as stated, and extra broadening is fitted on top', async (_, lsf) => {
    const result = await fit(await observe({ lsf, broadening: 40, snr: 150 }));
    result.labels.forEach(({ value, sigma }, i) => {
      expect(Math.abs(value - (TYPICAL[i] ?? NaN)) / sigma).toBeLessThan(4);
    });
    expect(Math.abs(result.rv.value - 40)).toBeLessThan(4 * result.rv.sigma);
    expect(result.chi2Reduced).toBeLessThan(1.15);
  });
});

describe('pixels that are left out', { timeout: 60_000 }, () => {
  it('cosmic rays are clipped and say where they were; diffuse bands only where asked for', async () => {
    const spectrum = await observe();
    const hit = 700;
    const flux = spectrum.flux.map((value, p) => (p === hit ? 3 * value : value));
    const result = await fit({ ...spectrum, flux });
    const clipped = pixelsOf(result.problem.data[0], 'clipped');
    expect([clipped[hit], result.used[hit], clipped[hit + 50]]).toEqual([1, 0, 0]);
    const near = (wavelength: number) => spectrum.wavelength.findIndex((value) => value > wavelength);
    const masked = await fit(spectrum, exact, { maskDiffuseBands: true });
    expect([result.used[near(5781)], masked.used[near(5781)], masked.used[near(5895)]]).toEqual([1, 0, 0]);
  });
});
