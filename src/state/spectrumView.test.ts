import { describe, expect, it } from 'vitest';

import { calibrate } from '../calibration/apply.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import type { Entry } from './entries.ts';
import { IDLE } from './fitRun.ts';
import { overlay, shownWavelength, usedPixels } from './spectrumView.ts';

const client = new FakeClient();
const spectrum = await client.star('a.fits', false);
const fitted = await client.fit(spectrum, DEFAULT_FIT_OPTIONS, () => undefined).result;
if (!fitted.ok) throw new Error('the fake fit failed');
const shifted = { ...fitted.value.result, restWavelength: spectrum.wavelength.map((value) => value / 1.0003) };
const idle: Entry = { key: 'a.fits', spectrum, warnings: [], run: IDLE, manual: null };
const done: Entry = { ...idle, run: { kind: 'done', result: shifted, calibrated: calibrate(shifted, null) } };

describe('shownWavelength', () => {
  it('gives the rest frame once a velocity is known, and never pretends before', () => {
    expect(shownWavelength(idle, 'rest')).toMatchObject({ frame: 'observed', shift: 1 });
    expect(shownWavelength(done, 'rest')).toEqual({ wavelength: shifted.restWavelength, frame: 'rest', shift: 1 });
    const observed = shownWavelength(done, 'observed');
    expect(observed.wavelength).toBe(spectrum.wavelength);
    expect(observed.shift).toBeCloseTo(1.0003, 10);
  });

  it('shows air spectra in vacuum: Hβ at 4861.33 Å in air is at 4862.69 Å', () => {
    const air: Entry = { ...idle, spectrum: { ...spectrum, medium: 'air', wavelength: Float64Array.of(4861.33) } };
    expect(shownWavelength(air, 'observed').wavelength[0]).toBeCloseTo(4862.69, 2);
  });
});

describe('overlay', () => {
  const drawn = { model: Float64Array.of(1), continuum: Float64Array.of(2), residuals: Float64Array.of(3) };

  it('is the fit, the sliders over it, and the search over both', () => {
    expect(overlay(idle).source).toBe('none');
    expect(overlay(done)).toMatchObject({ source: 'fit', model: shifted.modelFlux });
    const moved: Entry = { ...done, manual: { labels: client.solution, drawn } };
    expect(overlay(moved)).toEqual({ source: 'sliders', ...drawn });
    const progress = {
      stage: 'search',
      message: '',
      fraction: 0,
      evaluations: 1,
      chi2Reduced: 1,
      best: { labels: {}, model: spectrum.flux },
    } as const;
    expect(overlay({ ...moved, run: { kind: 'running', progress } }).source).toBe('searching');
  });

  it('has no residual where a pixel has no weight', () => {
    const progress = {
      stage: 'search',
      message: '',
      fraction: 0,
      evaluations: 1,
      chi2Reduced: 1,
      best: { labels: {}, model: spectrum.flux },
    } as const;
    const { residuals } = overlay({ ...idle, run: { kind: 'running', progress } });
    expect(residuals?.[0]).toBeNaN();
    expect(residuals?.[100]).toBe(0);
  });
});

describe('usedPixels', () => {
  it('follows weights and survey mask before a fit', () => {
    const masked: Entry = { ...idle, spectrum: { ...spectrum, mask: Int32Array.from(spectrum.wavelength, (_, i) => (i === 50 ? 4 : 0)) } };
    expect([0, 50, 51].map((i) => usedPixels(masked)[i])).toEqual([0, 0, 1]);
  });
});
