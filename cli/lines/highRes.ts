/**
 * Stars of high resolution (shared folder, `highres`), each with its labels from homogeneous work, where that exists.
 *
 * T_eff, log g, [Fe/H] and [X/H]: Gaia FGK benchmark stars v2.1 (Jofré et al. 2014, 2015; Heiter et al. 2015), read from the folder; else round values of the
 * literature with wide errors. T_eff of HD 140283: Karovicova et al. (2018, MNRAS 475, L81). v_mic are starting values with wide errors.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readNpz } from '../../src/io/npz.ts';
import type { KnownStar, ObservedStar } from '../../src/synthesis/correction/observedStar.ts';
import { atomicNumber } from '../../src/synthesis/tables/elements.ts';
import { cleaned, rows, vacuumOf } from './tables.ts';

/** What the tables do not say of each star, and where it is looked up. `given`: labels of stars that are no benchmark. */
interface Entry {
  readonly file: string;
  readonly benchmark?: string;
  readonly vmic: number;
  readonly alphaM: number;
  /** FWHM of rotation and macroturbulence to begin with, km/s. */
  readonly broadening: number;
  readonly given?: { readonly teff: number; readonly sigmaTeff: number; readonly logg?: number; readonly feh?: number };
}
const STARS: Readonly<Record<string, Entry>> = {
  Procyon: { file: 'Procyon', benchmark: 'Procyon', vmic: 1.8, alphaM: 0, broadening: 9 },
  'beta Hyi': { file: 'bet_Hyi', benchmark: 'bet Hyi', vmic: 1.25, alphaM: 0, broadening: 5 },
  'delta Eri': { file: 'del_Eri', benchmark: 'del Eri', vmic: 0.95, alphaM: 0, broadening: 4 },
  'HD 122563': { file: 'HD122563', benchmark: 'HD 122563', vmic: 1.9, alphaM: 0.3, broadening: 5 },
  'HD 140283': { file: 'HD140283', benchmark: 'HD 140283', vmic: 1.5, alphaM: 0.3, broadening: 5, given: { teff: 5787, sigmaTeff: 48 } },
  'HD 201891': { file: 'HD201891', vmic: 1.2, alphaM: 0.25, broadening: 5, given: { teff: 5900, sigmaTeff: 80, logg: 4.33, feh: -1.05 } },
  'HD 106038': { file: 'HD106038', vmic: 1.2, alphaM: 0.3, broadening: 5, given: { teff: 5970, sigmaTeff: 80, logg: 4.34, feh: -1.29 } },
};

export const SHARP_STARS: readonly string[] = Object.keys(STARS);

/** One of `SHARP_STARS`. Throws when a file is missing or damaged. */
export function sharpStar(spectra: string, name: string): ObservedStar {
  const s = STARS[name];
  if (s === undefined) throw new Error(`no star '${name}'`);
  const benchmarks = rows(readFileSync(join(spectra, 'highres/gbs_v2.1_abundances.csv'), 'utf8'));
  const row = benchmarks.find((r) => r['StarID1'] === s.benchmark);
  const value = (column: string): number => Number(row?.[column]);
  const feh = s.given?.feh ?? value('Fe_H');
  const xh = new Map<number, number>([[26, feh]]);
  for (const symbol of ['Mg', 'Si', 'Ca', 'Ti', 'Sc', 'V', 'Cr', 'Mn', 'Co', 'Ni'] as const) {
    const v = value(`${symbol}_H`);
    if (Number.isFinite(v)) xh.set(atomicNumber(symbol), v);
  }
  if (s.benchmark === undefined) for (const symbol of ['Mg', 'Si', 'Ca', 'Ti'] as const) xh.set(atomicNumber(symbol), feh + s.alphaM);
  if (feh < -1) xh.set(8, feh + 0.5);
  const star: KnownStar = {
    name,
    teff: s.given?.teff ?? value('Teff'),
    logg: s.given?.logg ?? value('logg'),
    vmic: s.vmic,
    feh,
    alphaM: s.alphaM,
    xh,
    sigmaTeff: s.given?.sigmaTeff ?? value('e_Teff'),
    sigmaVmic: 0.2,
    sigmaXh: s.benchmark === undefined ? 0.15 : 0.08,
  };
  const data = readHighRes(spectra, s.file);
  const mike = feh < -2;
  return {
    star,
    id: name,
    ...data,
    broadening: s.broadening,
    knots: 25,
    stride: 2,
    noise: mike ? 0.008 : 0.005,
    from: mike ? 3800 : 4802,
    to: mike ? 8920 : 6802,
  };
}

/** A spectrum of the folder: vacuum wavelengths, cleaned flux, width of the instrument. Throws when the file is missing or damaged. */
export function readHighRes(spectra: string, file: string): { wavelength: Float64Array; flux: Float64Array; fwhm: (w: number) => number } {
  const npz = readNpz(readFileSync(join(spectra, `highres/${file}.npz`)), ['wave0', 'step', 'flux', 'R']);
  const number = (name: string): number => npz.get(name)?.data[0] ?? NaN;
  const flux = npz.get('flux')?.data ?? new Float64Array(0);
  const wavelength = flux.map((_, i) => vacuumOf(number('wave0') + i * number('step')));
  const r = number('R');
  return { wavelength, flux: cleaned(wavelength, flux), fwhm: (w) => w / r };
}
