import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Spectrum } from '../../domain/spectrum.ts';
import { madeUpFit, madeUpSpectrum } from '../../testing/fit.ts';
import { valueOf } from '../../testing/result.ts';
import { readSpectra } from '../readSpectra.ts';
import { spectrumCsv } from './spectrumCsv.ts';

const provenance = { software: 'Maury 0.0.0', date: '2026-01-02' };
const FIT_NOTE =
  '# reasons: 0 good, 1 outside the fitted range, 2 no information, 3 survey mask, 4 telluric band, 5 interstellar line, 6 left out by the person, 7 clipped, 8 no finite flux, 9 no error, 10 filled: constant or interpolated, 11 placeholder instead of a flux, 12 wild: far beyond any spectral line';

function roundTrip(spectrum: Spectrum): Spectrum {
  const text = spectrumCsv(spectrum, madeUpFit(spectrum), provenance);
  const [back] = valueOf(readSpectra(spectrum.id, new TextEncoder().encode(text)));
  if (!back) throw new Error('no spectrum');
  return back;
}

describe('a spectrum as CSV', () => {
  it('has named columns with units, the fit beside the data, and provenance', () => {
    const spectrum = madeUpSpectrum();
    const lines = spectrumCsv(spectrum, madeUpFit(spectrum), provenance).split('\n');
    const table = lines.filter((line) => !line.startsWith('#'));
    const unit = '[1E-17 erg/cm^2/s/Ang]';
    expect(table[0]).toBe(
      `wavelength_vacuum [Angstrom],flux ${unit},sigma ${unit},model ${unit},continuum ${unit},residual [sigma],used [0 or 1],reason [code]`,
    );
    expect(table[1 + 7]?.split(',').slice(2)).toEqual(['NaN', String((spectrum.flux[7] ?? 0) + 0.5), '100', 'NaN', '0', '2']);
    expect(table[1]?.split(',').slice(4)).toEqual(['100', '-0.25', '1', '0']);
    for (const line of ['# software: Maury 0.0.0', '# date: 2026-01-02', '# model: model-1', '# method: lm', '# seed: 7', FIT_NOTE])
      expect(lines).toContain(line);
  });
  it('without a fit has the data only', () => {
    expect(spectrumCsv(madeUpSpectrum(), null, provenance)).not.toContain('model');
  });

  it('is read back as it was, whatever the numbers', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 });
    const ivar = fc.oneof(fc.constant(0), fc.double({ noNaN: true, min: 1e-20, max: 1e20 }));
    const unit = fc.constantFrom('counts', 'erg cm**(-2) s**(-1) angstrom**(-1)', '1E-17 erg/cm^2/s/Ang', 'a, b');
    const arbitrary = fc.record({
      pixels: fc.array(fc.tuple(fc.double({ noNaN: true, min: 0.5, max: 8 }), finite, ivar), { minLength: 450, maxLength: 500 }),
      medium: fc.constantFrom('air' as const, 'vacuum' as const),
      frame: fc.constantFrom('observed' as const, 'barycentric' as const, 'rest' as const),
      fluxUnit: unit,
      lsf: fc.constantFrom(
        { kind: 'fwhm' as const, fwhm: 2.5 },
        { kind: 'resolving-power' as const, resolvingPower: 1234.5 },
        { kind: 'table' as const, wavelength: [4000, 6500.5, 9000], resolvingPower: [1650, 1800.5, 2100] },
      ),
      simulated: fc.boolean(),
      ivarIsMeasured: fc.boolean(),
      object: fc.constantFrom('HD 1', 'air of vacuum', 'x: y = z'),
    });
    fc.assert(
      fc.property(arbitrary, ({ pixels, ...rest }) => {
        let at = 4000;
        const spectrum = madeUpSpectrum(0, {
          ...rest,
          wavelength: Float64Array.from(pixels, ([step]) => (at += step)),
          flux: Float64Array.from(pixels, ([, flux]) => flux),
          ivar: Float64Array.from(pixels, ([, , value], i) => (i < 60 ? 1 : value)),
        });
        const back = roundTrip(spectrum);
        expect(back.wavelength).toEqual(spectrum.wavelength);
        expect([...back.flux]).toEqual([...spectrum.flux].map((f) => f + 0));
        back.ivar.forEach((value, i) => {
          const want = spectrum.ivar[i] ?? NaN;
          expect(Math.abs(value - want)).toBeLessThanOrEqual(1e-14 * want);
        });
        for (const key of ['id', 'object', 'survey', 'medium', 'frame', 'fluxUnit', 'lsf', 'simulated', 'ivarIsMeasured'] as const) {
          expect(back[key], key).toEqual(spectrum[key]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
