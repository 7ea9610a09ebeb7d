import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Spectrum } from '../../domain/spectrum.ts';
import { describeWithShared } from '../../testing/shared.ts';
import { resolvingPowerAt } from '../../spectra/resolvingPower.ts';
import { failureOf, valueOf } from '../../testing/result.ts';
import { readSpectra } from '../readSpectra.ts';

describeWithShared('real files', (shared) => {
  const folder = join(shared, 'spectra');
  const result = (path: string) => readSpectra(path, new Uint8Array(readFileSync(join(folder, path))));
  const load = (path: string): Spectrum => {
    const [spectrum, ...others] = valueOf(result(path));
    if (!spectrum || others.length > 0) throw new Error(`${path}: ${others.length + 1} spectra`);
    return spectrum;
  };
  /** The file in formats/ whose name begins so. */
  const format = (start: string): string => {
    const name = readdirSync(join(folder, 'formats')).find((file) => file.startsWith(start));
    if (name === undefined) throw new Error(start);
    return `formats/${name}`;
  };

  it('the two LAMOST layouts of one star give the same arrays', () => {
    const image = load(format('lamost-dr5-image'));
    const table = load(format('lamost-dr9-table'));
    expect(table.wavelength).toEqual(image.wavelength);
    expect(table.mask).toEqual(image.mask);
    expect(table.survey.name).toBe(image.survey.name);
    for (const key of ['object', 'medium', 'frame', 'fluxUnit', 'lsf', 'ivarIsMeasured'] as const) expect(table[key]).toEqual(image[key]);
    expect(Object.keys(table.meta)).toEqual(Object.keys(image.meta));
    expect(table.snr / image.snr).toBeCloseTo(1, 2);
    // The releases' pipelines (2.9.7, 2.9.8) differ in the red arm only: the blue arm is equal to the last bit, the red to its noise.
    image.wavelength.forEach((w, i) => {
      if (w < 5700) expect([table.flux[i], table.ivar[i]]).toEqual([image.flux[i], image.ivar[i]]);
      else expect(Math.abs((table.flux[i] ?? NaN) - (image.flux[i] ?? NaN)) * Math.sqrt(image.ivar[i] ?? NaN)).toBeLessThan(1);
    });
  });

  it('LAMOST wavelengths follow COEFF0 and COEFF1, also where the third row is not the wavelength (DR1)', () => {
    const [name] = readdirSync(join(folder, 'lamost-dr1')).filter((file) => file.endsWith('.fits'));
    const s = load(`lamost-dr1/${name ?? ''}`);
    expect(s.wavelength[0]).toBeCloseTo(10 ** 3.5682, 9);
    expect(Math.log10((s.wavelength[1000] ?? NaN) / (s.wavelength[0] ?? NaN))).toBeCloseTo(0.1, 12);
  });

  it.each([
    ['lamost-dr10', 240, 'LAMOST'],
    ['lamost-dr1', 40, 'LAMOST'],
    ['lamost-repeats', 64, 'LAMOST'],
    ['miles', 251, 'MILES'],
    ['miles-clusters', 14, 'MILES'],
  ])(
    'all of %s load',
    (sub, atLeast, survey) => {
      const names = readdirSync(join(folder, sub)).filter((name) => /\.fits(\.gz)?$/.test(name));
      expect(names.length).toBeGreaterThanOrEqual(atLeast);
      for (const name of names) {
        const s = load(`${sub}/${name}`);
        expect(s.survey.name, name).toBe(survey);
        expect(sane(s), name).toBe('');
        if (survey === 'LAMOST') {
          expect([s.medium, s.frame, s.ivarIsMeasured], name).toEqual(['vacuum', 'barycentric', true]);
          const g = Number(s.meta['snr_g']);
          const i = Number(s.meta['snr_i']);
          // The median over all pixels lies between the pipeline's S/N of its bands, give or take its ceiling of 999.
          expect(s.snr, name).toBeGreaterThan(0.5 * Math.min(g, i));
          expect(s.snr, name).toBeLessThan(2 * Math.max(g, i));
        } else {
          expect([s.medium, s.frame, s.ivarIsMeasured, s.lsf], name).toEqual(['air', 'rest', false, { kind: 'fwhm', fwhm: 2.5 }]);
          expect(s.snr, name).toBeGreaterThan(30);
          expect(s.snr, name).toBeLessThan(1500);
        }
      }
    },
    60_000,
  );

  it.each([
    ['segue2', 2000, 'F9'],
    ['boss', 2000, 'G8V (101501)'],
  ])('%s', (start, resolvingPower, subclass) => {
    const s = load(format(start));
    expect(s).toMatchObject({ survey: { name: 'SDSS', mediumKnown: true }, medium: 'vacuum', frame: 'barycentric', ivarIsMeasured: true });
    expect(Math.abs(resolvingPowerAt(s.lsf, 6000) / resolvingPower - 1)).toBeLessThan(0.2);
    // Sharper in the red of each arm, as the surveys' papers show.
    expect(resolvingPowerAt(s.lsf, 8800) / resolvingPowerAt(s.lsf, 6500)).toBeGreaterThan(1.1);
    expect(s.meta['subclass']).toBe(subclass);
    expect(sane(s)).toBe('');
  });

  it('a file that was saved as text is refused by name', () => {
    const failure = failureOf(result(format('med')));
    expect([failure.code, failure.hint?.includes('Download')]).toEqual(['FITS_DAMAGED_AS_TEXT', true]);
  });

  it.each([
    ['galah', 'GALAH', 'air', 'barycentric', 5000],
    ['gaia-rvs', 'Gaia RVS', 'vacuum', 'rest', 5000],
    ['harps', 'HARPS', 'air', 'barycentric', 1800],
    ['xsl', 'XSL', 'air', 'rest', 1800],
  ] as const)(
    '%s is convolved to what the model can match',
    (start, survey, medium, frame, resolvingPower) => {
      const s = load(format(start));
      expect([s.survey.name, s.medium, s.frame]).toEqual([survey, medium, frame]);
      expect(s.lsf).toEqual({ kind: 'resolving-power', resolvingPower });
      expect(sane(s)).toBe('');
      // 2.5 pixels per FWHM.
      const middle = s.wavelength.length >> 1;
      expect((s.wavelength[middle] ?? 0) / ((s.wavelength[middle + 1] ?? 0) - (s.wavelength[middle] ?? 0)) / resolvingPower).toBeCloseTo(
        2.5,
        2,
      );
    },
    60_000,
  );

  it('DESI: a target by TARGETID, three arms on their own pixels', () => {
    const bytes = new Uint8Array(readFileSync(join(folder, format('desi'))));
    const read = readSpectra('coadd.fits', bytes, undefined, { target: '39633300968442591' });
    const [s] = valueOf(read);
    expect(s).toMatchObject({ survey: { name: 'DESI' }, medium: 'vacuum', frame: 'barycentric', object: '39633300968442591' });
    expect(s?.arms?.map((at) => Math.round(at))).toEqual([5780, 7570]);
    expect(failureOf(readSpectra('coadd.fits', bytes, undefined, { target: '39633300968442592' })).hint).toContain('39633300968442591');
    expect(resolvingPowerAt(s?.lsf ?? { kind: 'fwhm', fwhm: 1 }, 4500) / 2500).toBeCloseTo(1, 0);
  });

  it('the Sun as text: nm and vacuum from the column name', () => {
    const s = load('sun/tsis1-hsrs-v2_p1nm.csv.gz');
    expect([s.wavelength[0], s.medium, s.ivarIsMeasured]).toEqual([3550.25, 'vacuum', true]);
    expect(sane(s)).toBe('');
  });
});

/** What breaks the contract of `Spectrum`, in words; empty when nothing does. */
function sane(s: Spectrum): string {
  const n = s.wavelength.length;
  if (s.flux.length !== n || s.ivar.length !== n || (s.mask && s.mask.length !== n)) return 'lengths';
  for (let i = 0; i < n; i++) {
    if (i > 0 && !((s.wavelength[i] ?? NaN) > (s.wavelength[i - 1] ?? NaN))) return `wavelength ${i}`;
    if (!Number.isFinite(s.flux[i])) return `flux ${i}`;
    if (!Number.isFinite(s.ivar[i]) || (s.ivar[i] ?? -1) < 0) return `ivar ${i}`;
  }
  return s.snr > 0 && Number.isFinite(s.snr) ? '' : `snr ${s.snr}`;
}
