import { describe, expect, it } from 'vitest';
import { compareLabels } from './compare.ts';
import type { ResultRow } from './rows.ts';

const row = (value: number, sigma: number, calibrated: number | null = null, sigmaCalibrated: number | null = null): ResultRow => ({
  name: 'teff',
  value,
  sigma,
  calibrated,
  sigmaCalibrated,
  flags: [],
  exposureSigma: null,
  errors: null,
  note: null,
  cramerRao: null,
  priorFraction: null,
  quantiles: null,
  given: null,
  truth: null,
});

describe('compareLabels', () => {
  it('counts fits of one star in the larger σ, and two stars in that of both', () => {
    expect(compareLabels([row(5860, 30)], [row(5800, 40)], 'fit')[0]).toMatchObject({ difference: 60, inSigma: 1.5, told: true });
    expect(compareLabels([row(5860, 30)], [row(5800, 40)], 'star')[0]).toMatchObject({ inSigma: 1.2, told: false });
    expect(compareLabels([row(5600, 30)], [row(5800, 40)], 'star')[0]).toMatchObject({ inSigma: -4, told: true });
  });
  it('sets like against like: calibrated where both are, else raw', () => {
    const both = compareLabels([row(5860, 30, 5900, 60)], [row(5800, 40, 5870, 50)], 'fit')[0];
    expect(both).toMatchObject({ calibrated: true, difference: 30, inSigma: 0.5, told: false });
    expect(compareLabels([row(5860, 30, 5900, 60)], [row(5800, 40)], 'fit')[0]).toMatchObject({ calibrated: false, difference: 60 });
  });
  it('says nothing in σ of labels that were held in both, and leaves out what one lacks', () => {
    expect(compareLabels([row(5860, 0)], [row(5800, 0)], 'fit')[0]).toMatchObject({ inSigma: NaN, told: false });
    expect(compareLabels([row(5860, 30)], [{ ...row(0, 1), name: 'Mg' }], 'fit')).toEqual([]);
  });
});
