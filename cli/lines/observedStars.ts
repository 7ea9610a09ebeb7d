/**
 * The stars whose lines correct a line list: high-resolution spectra of the shared folder, each with its labels from homogeneous work, where that exists.
 *
 * T_eff, log g, [Fe/H] and [X/H]: Gaia FGK benchmark stars v2.1 (Jofré et al. 2014, 2015; Heiter et al. 2015), read from the folder; else the Hypatia
 * means of the MILES table. T_eff of HD 140283: Karovicova et al. (2018, MNRAS 475, L81), 5787 ± 48 K. v_mic are starting values with wide errors.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'fflate';
import Papa from 'papaparse';
import { angstrom } from '../../src/domain/units.ts';
import { readNpz } from '../../src/io/npz.ts';
import { readSpectra } from '../../src/io/readSpectra.ts';
import { airToVacuum } from '../../src/spectra/airVacuum.ts';
import { atomicNumber } from '../../src/synthesis/tables/elements.ts';
import type { KnownStar, ObservedStar } from '../../src/synthesis/correction/observedStar.ts';

/** Stretches (Å, vacuum) where the Earth's atmosphere absorbs; not used in spectra taken from the ground. */
const TELLURIC: readonly (readonly [number, number])[] = [
  [5887, 5994],
  [6276, 6322],
  [6466, 6590],
  [6865, 7060],
  [7160, 7420],
  [7590, 7720],
  [8100, 8400],
  [8930, 9200],
];

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

/**
 * K stars of the MILES library (FWHM 2.5 Å): no cool star of high resolution is at hand below 4800 Å, where lines of low excitation crowd. Giants and
 * dwarfs with all or nearly all abundances of the Hypatia catalogue, spread in temperature and metallicity.
 */
const MILES_GIANTS = ['HD075691', 'HD102224', 'HD114038', 'HD037160'] as const;
const MILES_DWARFS = ['HD156026', 'HD061606'] as const;
/** Stars of the MILES library, by its names, that take part here: these, and two of which there are sharper spectra. */
export const LIBRARY_STARS_WITH_PART: ReadonlySet<string> = new Set<string>([...MILES_GIANTS, ...MILES_DWARFS, 'HD201891', 'HD106038']);

const HYPATIA = ['C', 'O', 'Na', 'Mg', 'Al', 'Si', 'Ca', 'Sc', 'Ti', 'V', 'Cr', 'Mn', 'Co', 'Ni', 'Y'] as const;

const rows = (text: string): readonly Readonly<Record<string, string>>[] =>
  Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;

const vacuumOf = (air: number): number => airToVacuum(angstrom(air));

/** Reads the observations of the shared folder `spectra`. Throws when a file is missing or damaged, naming it. */
export function readObservedStars(spectra: string): ObservedStar[] {
  const benchmarks = rows(readFileSync(join(spectra, 'highres/gbs_v2.1_abundances.csv'), 'utf8'));
  const out: ObservedStar[] = [];
  const harps = readNpz(readFileSync(join(spectra, 'sun/obs_sun_harps_R60k_air.npz')), ['g0', 'dlog10', 'norm']);
  const g0 = Math.log10(harps.get('g0')?.data[0] ?? NaN);
  const step = harps.get('dlog10')?.data[0] ?? NaN;
  const norm = harps.get('norm')?.data ?? new Float64Array(0);
  const harpsWave = norm.map((_, i) => vacuumOf(10 ** (g0 + i * step)));
  const base = { knots: 25, noise: 0.003, broadening: 4, stride: 2 };
  const sharp = (r: number) => (wavelength: number) => wavelength / r;
  out.push({
    ...base,
    star: SUN,
    id: 'Sun HARPS',
    wavelength: harpsWave,
    flux: cleaned(harpsWave, norm),
    fwhm: sharp(60_000),
    from: 3802,
    to: 6860,
  });
  const atlas = highRes(spectra, 'Sun');
  out.push({ ...base, star: SUN, id: 'Sun atlas', ...atlas, from: 5297, to: 5345 });
  const sao = rows(new TextDecoder().decode(gunzipSync(readFileSync(join(spectra, 'sun/sao2010.csv.gz')))));
  const saoWave = Float64Array.from(sao, (r) => 10 * Number(r['wavelength_nm_vacuum']));
  const saoFlux = Float64Array.from(sao, (r) => Number(r['irradiance_W_m2_nm']));
  const saoBase = { ...base, star: SUN, wavelength: saoWave, flux: saoFlux, fwhm: () => 0.4, knots: 60, stride: 3 };
  out.push({ ...saoBase, id: 'Sun SAO blue', from: 3700, to: 3806 });
  out.push({ ...saoBase, id: 'Sun SAO red', from: 6850, to: 9100 });

  const tsis = rows(new TextDecoder().decode(gunzipSync(readFileSync(join(spectra, 'sun/tsis1-hsrs-v2_p1nm.csv.gz')))));
  out.push({
    ...base,
    star: SUN,
    id: 'Sun TSIS',
    wavelength: Float64Array.from(tsis, (r) => 10 * Number(r['wavelength_nm_vacuum'])),
    flux: Float64Array.from(tsis, (r) => Number(r['irradiance_W_m2_nm'])),
    fwhm: () => 1,
    knots: 120,
    stride: 8,
    from: 3700,
    to: 9100,
  });

  for (const [name, s] of Object.entries(STARS)) {
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
    const data = highRes(spectra, s.file);
    const mike = feh < -2;
    out.push({
      star,
      id: name,
      ...data,
      broadening: s.broadening,
      knots: 25,
      stride: 2,
      noise: mike ? 0.008 : 0.005,
      from: mike ? 3800 : 4802,
      to: mike ? 8920 : 6802,
    });
  }
  out.push(...readMiles(spectra));
  return out;
}

function readMiles(spectra: string): ObservedStar[] {
  const table = rows(readFileSync(join(spectra, 'miles/labels.csv'), 'utf8'));
  return [...MILES_GIANTS, ...MILES_DWARFS].flatMap((name): ObservedStar[] => {
    const row = table.find((r) => r['miles_name'] === name);
    if (row === undefined) return [];
    const file = row['file'] ?? '';
    const read = readSpectra(file, readFileSync(join(spectra, 'miles', file)));
    if (!read.ok) throw new Error(read.failure.message);
    const spectrum = read.value[0];
    if (spectrum === undefined) return [];
    const feh = Number(row['Fe_H']);
    const xh = new Map<number, number>([[26, feh]]);
    for (const symbol of HYPATIA) {
      const value = row[`${symbol}_H`] ?? '';
      if (value !== '') xh.set(atomicNumber(symbol), Number(value));
    }
    const alpha = ['Mg', 'Si', 'Ca', 'Ti'].map((x) => (xh.get(atomicNumber(x)) ?? feh) - feh);
    const dwarf = Number(row['hypatia_logg']) > 4;
    const star: KnownStar = {
      name,
      teff: Number(row['hypatia_teff']),
      logg: Number(row['hypatia_logg']),
      vmic: dwarf ? 0.8 : 1.4,
      feh,
      alphaM: Math.min(0.4, Math.max(0, alpha.reduce((sum, a) => sum + a, 0) / alpha.length)),
      xh,
      sigmaTeff: 60,
      sigmaVmic: 0.25,
      sigmaXh: 0.08,
    };
    return [
      {
        star,
        id: `MILES ${name}`,
        wavelength: spectrum.wavelength.map(vacuumOf),
        flux: Float64Array.from(spectrum.flux),
        fwhm: () => 2.5,
        broadening: 20,
        knots: 120,
        stride: 20,
        noise: 0.004,
        from: 3920,
        to: 7350,
      },
    ];
  });
}

function highRes(spectra: string, file: string): { wavelength: Float64Array; flux: Float64Array; fwhm: (w: number) => number } {
  const npz = readNpz(readFileSync(join(spectra, `highres/${file}.npz`)), ['wave0', 'step', 'flux', 'R']);
  const number = (name: string): number => npz.get(name)?.data[0] ?? NaN;
  const flux = npz.get('flux')?.data ?? new Float64Array(0);
  const wavelength = flux.map((_, i) => vacuumOf(number('wave0') + i * number('step')));
  const r = number('R');
  return { wavelength, flux: cleaned(wavelength, flux), fwhm: (w) => w / r };
}

/** NaN for tellurics (spectra from the ground), holes, and their neighbourhood. */
function cleaned(wavelength: Float64Array, flux: Float64Array): Float64Array {
  const out = Float64Array.from(flux);
  const sorted = Float64Array.from(flux).filter(Number.isFinite).sort();
  const low = 0.005 * (sorted[Math.floor(0.9 * sorted.length)] ?? 1);
  flux.forEach((f, i) => {
    if (!(f > low)) for (let k = Math.max(0, i - 20); k <= Math.min(flux.length - 1, i + 20); k++) out[k] = NaN;
  });
  wavelength.forEach((w, i) => (TELLURIC.some(([a, b]) => w > a && w < b) ? (out[i] = NaN) : 0));
  return out;
}
