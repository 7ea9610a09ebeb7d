import { describe, expect, it } from 'vitest';
import { madeUpCalibration, madeUpFit, madeUpSpectrum } from '../testing/fit.ts';
import { kindOfStar, verdictOf } from './verdict.ts';

describe('the verdict on a fit', () => {
  const fit = madeUpFit(madeUpSpectrum());
  const calibrated = madeUpCalibration();

  it.each([
    [5772, 4.44, 0, 'G2 dwarf'],
    [4286, 1.66, -0.52, 'K2 giant'],
    [4500, 1.2, -2.3, 'metal-poor K2 giant'],
    [6540, 3.98, 0.03, 'F5 subgiant'],
    [5150, 4.55, -0.25, 'K2 dwarf'],
    [5900, 3.2, 0, 'G0 giant'],
  ])('calls a star of %d K, log g %d and [Fe/H] %d a %s', (teff, logg, feh, kind) => {
    expect(kindOfStar(teff, logg, feh)).toBe(kind);
  });

  it('counts what is measured and calibrated, and says when nothing is doubtful', () => {
    const { state, text } = verdictOf(fit, calibrated);
    expect(state).toBe('good');
    expect(text).toMatch(/^.+, S\/N 50; \d of \d abundances measured(?: \(and \d weakly\))?, none calibrated; nothing doubtful$/);
  });

  it('says what is doubtful, and does not praise a fit that must not be used', () => {
    const alert = { code: 'EMISSION', message: 'Hα stands above the model.', spoilsLabels: false };
    expect(verdictOf({ ...fit, alerts: [alert] }, calibrated)).toMatchObject({
      state: 'doubtful',
      text: expect.stringContaining('one doubt, below') as string,
    });
    const spoilt = verdictOf({ ...fit, alerts: [{ ...alert, spoilsLabels: true }] }, calibrated);
    expect(spoilt.state).toBe('spoilt');
    expect(spoilt.text).toMatch(/do not use these labels$/);
    expect(verdictOf({ ...fit, converged: false }, calibrated).text).toMatch(/^the fit has not converged/);
  });
});
