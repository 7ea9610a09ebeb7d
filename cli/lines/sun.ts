/** The Sun as several instruments saw it (shared folder, `sun` and `highres`). Its abundances are the scale, so they and its temperature are held. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'fflate';
import { readNpz } from '../../src/io/npz.ts';
import type { KnownStar, ObservedStar } from '../../src/synthesis/correction/observedStar.ts';
import { readHighRes } from './highRes.ts';
import { cleaned, rows, vacuumOf } from './tables.ts';

const SUN: KnownStar = {
  name: 'Sun',
  teff: 5772,
  logg: 4.438,
  vmic: 1.0,
  feh: 0,
  alphaM: 0,
  xh: new Map(),
  sigmaTeff: 0,
  sigmaVmic: 0.1,
  sigmaXh: 0,
};

const base = { star: SUN, knots: 25, noise: 0.003, broadening: 4, stride: 2 };

/** HARPS (Ganymede), R = 60 000, 3800–6910 Å; it has a gap at 5303–5338 Å. */
export function harpsSun(spectra: string): ObservedStar[] {
  const npz = readNpz(readFileSync(join(spectra, 'sun/obs_sun_harps_R60k_air.npz')), ['g0', 'dlog10', 'norm']);
  const first = Math.log10(npz.get('g0')?.data[0] ?? NaN);
  const step = npz.get('dlog10')?.data[0] ?? NaN;
  const flux = npz.get('norm')?.data ?? new Float64Array(0);
  const wavelength = flux.map((_, i) => vacuumOf(10 ** (first + i * step)));
  return [{ ...base, id: 'Sun HARPS', wavelength, flux: cleaned(wavelength, flux), fwhm: (w) => w / 60_000, from: 3802, to: 6860 }];
}

/** The solar atlas of the benchmark library, where HARPS has its gap. */
export const atlasSun = (spectra: string): ObservedStar[] => [
  { ...base, id: 'Sun atlas', ...readHighRes(spectra, 'Sun'), from: 5297, to: 5345 },
];

const irradiance = (path: string): { readonly wavelength: Float64Array; readonly flux: Float64Array } => {
  const table = rows(new TextDecoder().decode(gunzipSync(readFileSync(path))));
  return {
    wavelength: Float64Array.from(table, (r) => 10 * Number(r['wavelength_nm_vacuum'])),
    flux: Float64Array.from(table, (r) => Number(r['irradiance_W_m2_nm'])),
  };
};

/** Chance & Kurucz (2010), FWHM 0.4 Å, from above the air: on both sides of HARPS. */
export function saoSun(spectra: string): ObservedStar[] {
  const sao = { ...base, ...irradiance(join(spectra, 'sun/sao2010.csv.gz')), fwhm: () => 0.4, knots: 60, stride: 3 };
  return [
    { ...sao, id: 'Sun SAO blue', from: 3700, to: 3806 },
    { ...sao, id: 'Sun SAO red', from: 6850, to: 9100 },
  ];
}

/** TSIS-1 hybrid reference (Coddington et al. 2021, 2023), FWHM 1 Å, over all of the range. */
export const tsisSun = (spectra: string): ObservedStar[] => [
  {
    ...base,
    ...irradiance(join(spectra, 'sun/tsis1-hsrs-v2_p1nm.csv.gz')),
    id: 'Sun TSIS',
    fwhm: () => 1,
    knots: 120,
    stride: 8,
    from: 3700,
    to: 9100,
  },
];
