import { describe, expect, it } from 'vitest';
import { valueOf } from '../../testing/result.ts';
import { readSpectra } from '../readSpectra.ts';

const N = 200;
const pixels = Array.from({ length: N }, (_, i) => ({ w: 5000 + 4 * i, f: 10 + Math.sin(i), s: 0.5 }));
const read = (text: string) => readSpectra('star.txt', new TextEncoder().encode(text));
const one = (text: string) => {
  const [spectrum] = valueOf(read(text));
  if (!spectrum) throw new Error('no spectrum');
  return spectrum;
};
const warnings = (text: string): string => {
  const result = read(text);
  return result.ok ? result.warnings.join('\n') : '';
};
type Pixel = (typeof pixels)[number];
const body = (row: (p: Pixel) => string): string => pixels.map(row).join('\n');

describe('text spectra', () => {
  it.each([
    ['blanks', body((p) => `  ${p.w}   ${p.f}  ${p.s}`)],
    ['tabs', body((p) => [p.w, p.f, p.s].join('\t'))],
    ['commas and a header', `wavelength,flux,sigma\n${body((p) => [p.w, p.f, p.s].join(','))}`],
    ['commas and blanks', body((p) => [p.w, p.f, p.s].join(', '))],
    ['semicolons and decimal commas', `Wave;Flux;Err\n${body((p) => [p.w, p.f, p.s].map((v) => String(v).replace('.', ',')).join(';'))}`],
    ['quoted CSV, CRLF', `"wavelength","flux","sigma"\r\n${body((p) => `"${p.w}","${p.f}","${p.s}"`).replaceAll('\n', '\r\n')}`],
    ['a header in a comment', `# made by hand\n# wave flux err\n${body((p) => `${p.w} ${p.f} ${p.s}`)}`],
    ['columns by name in any order', `id,FLUX_ERR,Flux,Lambda [Å]\n${body((p) => [1, p.s, p.f, p.w].join(','))}`],
    ['ivar by name', `wave flux ivar\n${body((p) => `${p.w} ${p.f} ${1 / p.s ** 2}`)}`],
    ['variance by name', `wave flux var\n${body((p) => `${p.w} ${p.f} ${p.s ** 2}`)}`],
    ['Fortran exponents', body((p) => `${p.w} ${p.f} 5.0D-1`)],
    ['log10 wavelengths', `loglam flux sigma\n${body((p) => `${Math.log10(p.w)} ${p.f} ${p.s}`)}`],
    ['nm in the name', `wavelength_nm,flux,sigma\n${body((p) => [p.w / 10, p.f, p.s].join(','))}`],
    ['µm in brackets', `Wavelength (µm),flux,sigma\n${body((p) => [p.w / 1e4, p.f, p.s].join(','))}`],
    ['nm in a comment', `# wavelength_unit: nm\n${body((p) => `${p.w / 10} ${p.f} ${p.s}`)}`],
  ])('%s', (_, text) => {
    const s = one(text);
    expect(s.wavelength).toHaveLength(N);
    pixels.forEach((p, i) => {
      expect(s.wavelength[i]).toBeCloseTo(p.w, 6);
      expect(s.flux[i]).toBeCloseTo(p.f, 9);
      expect(s.ivar[i]).toBeCloseTo(4, 6);
    });
    expect(s.ivarIsMeasured).toBe(true);
  });

  it('two columns: the errors are guessed and said to be', () => {
    const text = body((p) => `${p.w} ${p.f}`);
    expect(one(text).ivarIsMeasured).toBe(false);
    expect(one(text).ivar.every((v) => v > 0 && Number.isFinite(v))).toBe(true);
    expect(warnings(text)).toContain('gives no errors');
  });
  it('a noiseless flux does not get infinite weight', () => {
    expect(Math.max(...one(body((p) => `${p.w} ${1 + 1e-7 * Math.sin(p.w)}`)).ivar)).toBeLessThanOrEqual(1e6 * (1 + 1e-6));
  });

  it.each([
    ['wave_air flux', 'air'],
    ['wavelength_nm_vacuum,flux', 'vacuum'],
    ['# wavelengths in air', 'air'],
    ['# medium: air', 'air'],
    ['# object: Air Liquide\n# medium: vacuum', 'vacuum'],
  ])('medium from "%s": %s', (head, medium) => {
    const scale = head.includes('_nm') ? 10 : 1;
    const text = `${head}\n${body((p) => [p.w / scale, p.f].join(head.includes(',') ? ',' : ' '))}`;
    expect(one(text).medium).toBe(medium);
    expect(warnings(text)).not.toContain('vacuum is assumed');
  });
  it('vacuum with a warning where nothing tells', () => {
    const text = body((p) => `${p.w} ${p.f}`);
    expect(one(text).medium).toBe('vacuum');
    expect(warnings(text)).toContain('vacuum is assumed');
  });

  it('frame, resolution, object and flux unit from comments', () => {
    const s = one(`# frame: rest\n# fwhm_angstrom: 2.5\n# object: HD 140283\n# flux_unit: Jy\n${body((p) => `${p.w} ${p.f}`)}`);
    expect(s).toMatchObject({ frame: 'rest', lsf: { kind: 'fwhm', fwhm: 2.5 }, object: 'HD 140283', fluxUnit: 'Jy' });
    expect(one(`# R = 2000\n${body((p) => `${p.w} ${p.f}`)}`).lsf).toEqual({ kind: 'resolving-power', resolvingPower: 2000 });
  });

  it('missing values lose their pixel only, and stray lines are counted', () => {
    const text = `wave,flux,err\n${body((p) => [p.w, p.w === 5004 ? 'NaN' : p.f, p.w === 5008 ? '' : p.s].join(','))}\nend of file\n`;
    const s = one(text);
    expect([...s.ivar.subarray(0, 4)]).toEqual([4, 0, 0, 4]);
    expect(warnings(text)).toContain('1 lines without numbers');
  });
  it('shuffled lines are sorted, with a warning', () => {
    const shuffled = pixels.toSorted((a, b) => Math.sin(a.w) - Math.sin(b.w)).map((p) => `${p.w} ${p.f}`);
    expect([...one(shuffled.join('\n')).wavelength]).toEqual(pixels.map((p) => p.w));
    expect(warnings(shuffled.join('\n'))).toContain('sorted');
  });
  it('flux_0, flux_1 are a spectrum each', () => {
    const spectra = valueOf(read(`wavelength,flux_0,flux_1\n${body((p) => [p.w, p.f, 2 * p.f].join(','))}`));
    expect(spectra.map(({ id }) => id)).toEqual(['star.txt#flux_0', 'star.txt#flux_1']);
    expect(spectra[1]?.flux[0]).toBe(20);
  });
  it('a header that names nothing known is taken by position, and said to be', () => {
    const text = `x y z\n${body((p) => `${p.w} ${p.f} ${p.s}`)}`;
    expect(one(text).ivar[0]).toBe(4);
    expect(warnings(text)).toContain('"x, y, z"');
  });
  it('UTF-16 and Windows-1252 are read', () => {
    const table = `Wavelength [Å],Flux\n${body((p) => `${p.w},${p.f}`)}`;
    const utf16 = Uint8Array.from([0xff, 0xfe, ...Array.from(table, (c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]).flat()]);
    const latin = Uint8Array.from(table, (c) => c.charCodeAt(0));
    for (const bytes of [utf16, latin]) expect(valueOf(readSpectra('a', bytes))[0]?.wavelength).toHaveLength(N);
  });
});
