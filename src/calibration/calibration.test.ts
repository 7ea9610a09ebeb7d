import { describe, expect, test } from 'vitest';
import type { FitResult, FittedLabel, LabelFlag } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { randomStream } from '../math/random.ts';
import { madeUpSpectrum } from '../testing/fit.ts';
import { madeUpCore, madeUpProblem } from '../testing/problem.ts';
import { calibrate, calibratedXfe } from './apply.ts';
import { deriveCorrection, evaluateTrend, MIN_STARS, type ReferenceStar } from './derive.ts';
import { quantile, robustRegression } from './robust.ts';
import { calibrationSchema, type Calibration, type Correction, type ValidityRange } from './schema.ts';
import { calibrationFor } from './select.ts';
import { degradeToSurvey } from '../spectra/degradeToSurvey.ts';
import { deriveZeroPoints } from './zeroPoints.ts';

function stream(seed: number): { uniform(from: number, to: number): number; normal(): number } {
  const random = randomStream(seed);
  return { uniform: (from, to) => from + (to - from) * random.uniform(), normal: () => random.normal() };
}

/** Stars whose raw T_eff is the reference plus a known bias and noise, a share of them far off. */
function stars(count: number, bias: (teff: number) => number, noise: number, outliers: number): ReferenceStar[] {
  const random = stream(7);
  return Array.from({ length: count }, () => {
    const reference = { teff: random.uniform(4200, 6800), logg: random.uniform(1, 4.8), feh: random.uniform(-1.5, 0.4) };
    const wild = random.uniform(0, 1) < outliers ? random.uniform(800, 2000) : 0;
    const raw = { ...reference, teff: reference.teff + bias(reference.teff) + noise * random.normal() + wild };
    return { raw, reference, sigma: { teff: 0.6 * noise, logg: 0.05, feh: 0.05 } };
  });
}

describe('robust statistics', () => {
  test('a regression shrugs off a tenth of wild points, and a quantile is what it says', () => {
    const random = stream(1);
    const x = Array.from({ length: 400 }, () => random.uniform(-1, 1));
    const y = x.map((value, i) => 3 - 2 * value + 0.1 * random.normal() + (i % 10 === 0 ? 50 : 0));
    const beta = robustRegression(
      x.map((value) => [1, value]),
      y,
    );
    expect(beta?.[0]).toBeCloseTo(3, 1);
    expect(beta?.[1]).toBeCloseTo(-2, 1);
    expect(quantile([0, 10, 20, 30, 40], 0.6)).toBe(24);
  });

  test('a regression on a constant column twice is refused, not invented', () => {
    expect(
      robustRegression(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        [1, 2, 3],
      ),
    ).toBeNull();
  });
});

describe('a correction from reference stars', () => {
  test('a constant offset under outliers is found, and no trend is invented', () => {
    const correction = deriveCorrection(
      stars(240, () => 120, 80, 0.08),
      'teff',
    );
    expect(correction?.terms).toEqual([]);
    expect(Math.abs((correction?.offset ?? NaN) - 120)).toBeLessThan(20);
    expect(correction?.scatterTotal).toBeGreaterThan(70);
    expect(correction?.scatterTotal).toBeLessThan(105);
    // The fit's own σ (0.6 of the noise) is not counted again in what a calibrated σ adds.
    expect(correction?.scatter).toBeLessThan((correction?.scatterTotal ?? 0) * 0.95);
  });

  test('a real trend with T_eff is found and taken out', () => {
    const correction = deriveCorrection(
      stars(240, (teff) => 100 + 0.15 * (teff - 5500), 60, 0.05),
      'teff',
    );
    expect(correction?.terms.map((term) => term.label)).toEqual(['teff']);
    if (correction === null) return;
    for (const teff of [4500, 5500, 6500]) {
      const raw = teff + 100 + 0.15 * (teff - 5500);
      expect(Math.abs(raw - evaluateTrend(correction, { teff: raw, logg: 3, feh: 0 }) - teff)).toBeLessThan(25);
    }
  });

  test('errors of ours and of the reference alone make no trend', () => {
    const random = stream(11);
    const noisy = Array.from({ length: 400 }, (): ReferenceStar => {
      const star = { teff: random.uniform(4500, 6500), logg: random.uniform(1, 4.8), feh: random.uniform(-1, 0.4) };
      const off = () => ({
        teff: star.teff + 90 * random.normal(),
        logg: star.logg + 0.25 * random.normal(),
        feh: star.feh + 0.1 * random.normal(),
      });
      return { raw: off(), reference: off(), sigma: { teff: 90, logg: 0.25, feh: 0.1 } };
    });
    for (const label of ['teff', 'logg', 'feh'] as const) expect(deriveCorrection(noisy, label)?.terms).toEqual([]);
  });

  test('too few stars give no correction', () => {
    expect(
      deriveCorrection(
        stars(MIN_STARS - 1, () => 0, 10, 0),
        'teff',
      ),
    ).toBeNull();
  });
});

const NAMES: readonly LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'Mg', 'Eu'];
function fit(values: readonly number[], flags: Partial<Record<LabelName, readonly LabelFlag[]>> = {}): FitResult {
  const labels: FittedLabel[] = NAMES.map((name, i) => ({
    name,
    value: values[i] ?? NaN,
    sigma: i === 0 ? 50 : 0.1,
    priorFraction: 0.1,
    flags: flags[name] ?? [],
  }));
  const covariance = new Float64Array(36);
  labels.forEach((label, i) => (covariance[7 * i] = label.sigma ** 2));
  // [Fe/H] and [Mg/Fe] anticorrelate.
  covariance[3 * 6 + 4] = covariance[4 * 6 + 3] = -0.006;
  const none = new Float64Array(0);
  return {
    ...madeUpCore(madeUpProblem(madeUpSpectrum(1), NAMES, 'toy')),
    spectrumId: 's',
    simulated: false,
    model: 'toy',
    backend: { name: 'reference', reason: '' },
    method: 'lm',
    seed: 1,
    seconds: 0,
    evaluations: 1,
    converged: true,
    chi2Reduced: 1,
    pixelsUsed: 1,
    rv: { value: 0, sigma: 1 },
    resolvingPower: 1800,
    snr: 50,
    labels,
    covariance,
    modelFlux: none,
    continuum: none,
    residuals: none,
    used: new Uint8Array(0),
    restWavelength: none,
    warnings: [],
  };
}

const range: ValidityRange = { teff: [4000, 7000], logg: [0, 5], feh: [-2, 0.5] };
const correction = (offset: number, scatter: number): Correction => ({
  offset,
  terms: [],
  scatter,
  scatterTotal: scatter,
  stars: 200,
  range,
  crossValidation: [],
});
const labels = {
  teff: { ...correction(100, 30), terms: [{ label: 'teff' as const, pivot: 5500, scale: 1000, coefficient: 50 }] },
  logg: correction(-0.1, 0.1),
  feh: correction(0.05, 0.06),
};
const sun = fit([5900, 4.35, 1.1, 0.03, 0.08, 0.01], { Eu: ['prior-dominated'] });
const calibration: Calibration = {
  format: 'maury-calibration-1',
  id: 'test',
  title: '',
  model: { id: 'toy', weights: 'abc' },
  derived: { command: '', date: '', method: '' },
  sources: [],
  labels,
  abundances: deriveZeroPoints(sun, labels),
};

describe('applying a calibration', () => {
  test('the Sun that set the zero points comes out at [X/H] = 0, and its prior-dominated elements have none', () => {
    const calibrated = calibrate(sun, calibration);
    expect(calibrated.abundances['Mg']?.calibrated).toBeCloseTo(0, 12);
    expect(calibrated.parameters['feh']?.calibrated).toBeCloseTo(-0.02, 12);
    expect(calibration.abundances.sunFeh).toBeCloseTo(-0.02, 12);
    expect(calibration.abundances.zeroPoints.Eu).toBeUndefined();
    expect(calibrated.abundances['Eu']).toMatchObject({
      calibrated: null,
      sigmaCalibrated: null,
      flags: ['prior-dominated', 'uncalibrated'],
    });
  });

  test('trends, offsets and σ add as written; v_mic stays raw', () => {
    const calibrated = calibrate(fit([6000, 4.2, 1.1, -0.3, 0.2, 0]), calibration);
    expect(calibrated.parameters['teff']).toMatchObject({ calibrated: 6000 - 100 - 25, sigmaCalibrated: Math.hypot(50, 30), flags: [] });
    expect(calibrated.parameters['logg']?.calibrated).toBeCloseTo(4.3, 12);
    expect(calibrated.parameters['vmic']).toMatchObject({ calibrated: null, flags: ['uncalibrated'] });
    expect(calibrated.abundances['Fe']).toEqual(calibrated.parameters['feh']);
  });

  test('[X/H] carries the correction of [Fe/H] once, and the covariance of [X/Fe] with [Fe/H]', () => {
    const result = fit([5800, 4.4, 1.1, -0.3, 0.2, 0]);
    const mg = calibrate(result, calibration).abundances['Mg'];
    expect(mg?.value).toBeCloseTo(-0.1, 12);
    expect(mg?.sigma).toBeCloseTo(Math.sqrt(0.01 + 0.01 - 0.012), 12);
    // The Sun's raw [Mg/H] is 0.11, so a star at -0.1 raw is at -0.21: whatever [Fe/H]'s own correction is.
    expect(mg?.calibrated).toBeCloseTo(-0.21, 12);
  });

  test('calibrated [X/Fe] is calibrated [X/H] − [Fe/H]', () => {
    const result = fit([5800, 4.4, 1.1, -0.3, 0.2, 0]);
    const calibrated = calibrate(result, calibration);
    const mg = result.labels[4];
    if (mg === undefined) throw new Error('no Mg');
    const xfe = calibratedXfe(mg, calibrated);
    expect(xfe.calibrated).toBeCloseTo(
      (calibrated.abundances['Mg']?.calibrated ?? NaN) - (calibrated.parameters['feh']?.calibrated ?? NaN),
      12,
    );
  });

  test('outside the range, and for elements far from the Sun, values stay raw and say so', () => {
    const hot = calibrate(fit([7200, 4.2, 1.1, 0, 0, 0]), calibration);
    expect(hot.parameters['teff']).toMatchObject({ value: 7200, calibrated: null, flags: ['uncalibrated'] });
    const giant = calibrate(fit([4800, 2.2, 1.1, 0, 0, 0]), calibration);
    expect(giant.parameters['teff']?.calibrated).not.toBeNull();
    expect(giant.abundances['Mg']).toMatchObject({ calibrated: null, flags: ['uncalibrated'] });
  });

  test('no calibration, or one of another model, leaves everything raw', () => {
    for (const other of [null, { ...calibration, model: { id: 'another', weights: 'abc' } }]) {
      const calibrated = calibrate(sun, other);
      expect(calibrated.calibration).toBe('none');
      for (const value of [...Object.values(calibrated.parameters), ...Object.values(calibrated.abundances)]) {
        expect(value.calibrated).toBeNull();
        expect(value.flags).toContain('uncalibrated');
      }
    }
  });
});

describe('the file', () => {
  test('survives JSON and its schema', () => {
    expect(calibrationSchema.parse(JSON.parse(JSON.stringify(calibration)))).toEqual(calibration);
  });

  test('is refused by name for another model, other weights, or another format', () => {
    expect(calibrationFor(calibration, { id: 'toy', weights: 'abc' }).ok).toBe(true);
    expect(calibrationFor(calibration, { id: 'other', weights: 'abc' })).toMatchObject({
      ok: false,
      failure: { code: 'CALIBRATION_OTHER_MODEL' },
    });
    expect(calibrationFor(calibration, { id: 'toy', weights: 'abd' })).toMatchObject({
      ok: false,
      failure: { code: 'CALIBRATION_OTHER_MODEL' },
    });
    expect(calibrationFor({ id: 'x' }, { id: 'toy', weights: 'abc' })).toMatchObject({
      ok: false,
      failure: { code: 'CALIBRATION_INVALID' },
    });
  });
});

describe('an atlas degraded to a survey', () => {
  const wavelength = Float64Array.from({ length: 40000 }, (_, i) => 5000 + 0.025 * i);
  const sigmaOf = (fwhm: number): number => fwhm / 2.3548200450309493;

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
