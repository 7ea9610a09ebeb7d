import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { madeUpCalibration, madeUpFit, madeUpSpectrum } from '../../testing/fit.ts';
import { resultsToCsv, resultsToJson } from './results.ts';

const spectrum = madeUpSpectrum();
const star = { spectrum, fit: madeUpFit(spectrum), calibrated: madeUpCalibration() };
const provenance = { software: 'Maury 0.0.0', date: '2026-01-02T03:04:05Z' };

describe('results as CSV', () => {
  const csv = resultsToCsv([star, { ...star, spectrum: madeUpSpectrum(60, { meta: { other: 1 } }) }], provenance);
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, comments: '#', skipEmptyLines: true });

  it('has units in the names, raw and calibrated values, and the worst flag', () => {
    expect(data).toHaveLength(2);
    expect(data[0]).toMatchObject({
      id: 'made-up.fits',
      object: 'Star, "A"',
      model: 'model-1',
      calibration: 'calibration-1',
      method: 'lm',
      seed: '7',
      rv_kms: '-30.5',
      teff_K: '5800',
      teff_calibrated_K: '5790',
      teff_sigma_calibrated_K: '60',
      teff_flag: 'ok',
      vmic_kms: '1.1',
      Mg_H_dex: '0.1',
      Mg_H_flag: 'prior-dominated',
      Mg_Fe_dex: '0.3',
      Mg_Fe_prior_fraction: '0.9',
      meta_date: '2022-06-02',
      warnings: 'a warning, with a comma',
    });
  });
  it('leaves empty what is not known', () => {
    expect(data[0]).toMatchObject({ chi2_reduced: '', vmic_calibrated_kms: '', meta_other: '' });
    expect(data[1]).toMatchObject({ meta_date: '', meta_other: '1' });
  });
  it('says what wrote it, and is the same for the same input', () => {
    expect(csv).toContain('# Maury 0.0.0\n# date: 2026-01-02T03:04:05Z\n');
    expect(resultsToCsv([star], provenance)).toBe(resultsToCsv([star], provenance));
  });
});

it('results as JSON: numbers that are not finite are null, provenance and units are there', () => {
  const json = JSON.parse(resultsToJson([star], provenance)) as { results: unknown[] };
  expect(json).toMatchObject({ software: 'Maury 0.0.0', date: '2026-01-02T03:04:05Z', units: { teff: 'K', rv: 'km/s' } });
  expect(json.results[0]).toMatchObject({
    id: 'made-up.fits',
    model: 'model-1',
    calibration: 'calibration-1',
    method: 'lm',
    seed: 7,
    chi2Reduced: null,
    rv: { value: -30.5, sigma: 1.25, frame: 'barycentric' },
    labels: {
      teff: { value: 5800, sigma: 40, calibrated: 5790, sigmaCalibrated: 60, flag: 'ok' },
      vmic: { calibrated: null, flag: 'uncalibrated' },
    },
    abundances: { Mg: { xh: 0.1, sigma: 0.12, calibrated: null, sigmaCalibrated: null, flag: 'prior-dominated' } },
    xfe: { Mg: { value: 0.3, sigma: 0.1, priorFraction: 0.9, flag: 'prior-dominated' } },
    meta: { z_pipeline: -0.0001 },
  });
});
