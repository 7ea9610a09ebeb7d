/** What a column is, by its name: the table of patterns decides for every text and FITS table. */
import { describe, expect, it } from 'vitest';
import { columnMeaning, toIvar } from './columns.ts';

describe('the role of a column', () => {
  it.each([
    ['wavelength', 'wavelength'],
    ['WAVE', 'wavelength'],
    ['wavelength_nm_vacuum', 'wavelength'],
    ['lambda (nm)', 'wavelength'],
    ['λ', 'wavelength'],
    ['wl', 'wavelength'],
    ['loglam', 'log-wavelength'],
    ['log_lambda', 'log-wavelength'],
    ['flux', 'flux'],
    ['Flux [erg/s/cm2/A]', 'flux'],
    ['f_lambda', 'flux'],
    ['irradiance_W_m2_nm', 'flux'],
    ['counts', 'flux'],
    ['flux_error', 'sigma'],
    ['flux err', 'sigma'],
    ['e_flux', 'sigma'],
    ['sigma', 'sigma'],
    ['uncertainty', 'sigma'],
    ['ivar', 'ivar'],
    ['flux_ivar', 'ivar'],
    ['inverse variance', 'ivar'],
    ['variance', 'variance'],
    ['flux_var', 'variance'],
    ['mask', 'mask'],
  ] as const)('%s is %s', (name, role) => {
    expect(columnMeaning(name).role).toBe(role);
  });
  it.each(['sky', 'wdisp', 'order', 'teff', ''])('%s is none of them', (name) => {
    expect(columnMeaning(name).role).toBeNull();
  });
});

describe('the unit and the medium', () => {
  it('come from the name', () => {
    expect(columnMeaning('wavelength_nm_vacuum')).toMatchObject({ angstroms: 10, medium: 'vacuum' });
    expect(columnMeaning('wave_air (Angstrom)')).toMatchObject({ angstroms: 1, medium: 'air', unit: 'Angstrom' });
    expect(columnMeaning('wave')).toMatchObject({ angstroms: null, medium: null, unit: null });
  });
  it('or from a unit of its own, which goes before the name', () => {
    expect(columnMeaning('wavelength_angstrom', 'nm').angstroms).toBe(10);
  });
  it('of a flux is as written, and says nothing of wavelengths', () => {
    expect(columnMeaning('Flux [erg/s/cm2/A]')).toMatchObject({ unit: 'erg/s/cm2/A', angstroms: null });
  });
});

describe('inverse variances', () => {
  const values = Float64Array.of(2, 0, -1, NaN, Infinity);
  const flux = Float64Array.of(10, 10, 10, 10, 10);
  it('of σ and of variances are 0 where these are no information', () => {
    expect([...toIvar('sigma', values, flux)]).toEqual([0.25, 0, 0, 0, 0]);
    expect([...toIvar('variance', values, flux)]).toEqual([0.5, 0, 0, 0, 0]);
  });
  it('of relative errors are by the flux', () => {
    expect(toIvar('snr', values, flux)[0]).toBeCloseTo(0.04, 12);
    expect(toIvar('relative-sigma', values, flux)[0]).toBeCloseTo(1 / 400, 12);
    expect(toIvar('percent-sigma', values, flux)[0]).toBeCloseTo(25, 12);
  });
  it('are taken as they are', () => {
    expect(toIvar('ivar', values, flux)).toBe(values);
  });
});
