import { describe, expect, it } from 'vitest';

import { calibrate } from '../calibration/apply.ts';
import { ELEMENTS } from '../domain/labels.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import { abundanceRows, parameterRows } from './rows.ts';

const client = new FakeClient();
const spectrum = await client.star('a.fits', true);
const fitted = await client.fit(spectrum, DEFAULT_FIT_OPTIONS, () => undefined).result;
if (!fitted.ok) throw new Error('the fake fit failed');
const { result, calibrated } = fitted.value;
const row = (scale: 'xh' | 'xfe', name: string) =>
  abundanceRows(result, calibrated, spectrum.truth, scale).find((one) => one.name === name);

describe('rows of the tables', () => {
  it('give the parameters in order with calibrated and true values', () => {
    const rows = parameterRows(result, calibrated, spectrum.truth);
    expect(rows.map(({ name }) => name)).toEqual(['teff', 'logg', 'vmic', 'feh']);
    expect(rows[0]).toMatchObject({ value: 5650, sigma: 40, calibrated: 5649.99, sigmaCalibrated: 48, truth: 5650 });
  });

  it('give [X/H] = [X/Fe] + [Fe/H], true values included', () => {
    const mg = row('xh', 'Mg');
    const feh = spectrum.truth?.feh ?? NaN;
    expect(mg?.value).toBeCloseTo((spectrum.truth?.Mg ?? NaN) + feh, 12);
    expect(mg?.truth).toBeCloseTo((spectrum.truth?.Mg ?? NaN) + feh, 12);
    expect(row('xh', 'Fe')?.truth).toBe(feh);
  });

  it('give calibrated [X/Fe] as the difference, with the scatter that X alone gained', () => {
    const mg = calibrated.abundances.Mg;
    const fe = calibrated.abundances.Fe;
    const xfe = row('xfe', 'Mg');
    expect(xfe?.calibrated).toBeCloseTo((mg?.calibrated ?? NaN) - (fe?.calibrated ?? NaN), 12);
    const gained = (one: typeof mg) => (one?.sigmaCalibrated ?? NaN) ** 2 - (one?.sigma ?? NaN) ** 2;
    expect(xfe?.sigmaCalibrated).toBeCloseTo(Math.sqrt((xfe?.sigma ?? NaN) ** 2 + Math.max(0, gained(mg) - gained(fe))), 12);
    expect(row('xfe', 'Fe')).toBeUndefined();
  });

  it('stay raw without a calibration, and say so', () => {
    const raw = calibrate(result, null);
    expect(abundanceRows(result, raw, undefined, 'xh').map(({ name }) => name)).toEqual(['Fe', ...ELEMENTS]);
    expect(parameterRows(result, raw, undefined)[0]).toMatchObject({ calibrated: null, truth: null, flags: ['uncalibrated'] });
  });
});
