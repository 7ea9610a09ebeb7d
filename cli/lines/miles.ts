/** K stars of the MILES library (shared folder, `miles`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSpectra } from '../../src/io/readSpectra.ts';
import type { KnownStar, ObservedStar } from '../../src/synthesis/correction/observedStar.ts';
import { atomicNumber } from '../../src/synthesis/tables/elements.ts';
import { rows, vacuumOf } from './tables.ts';

/**
 * K stars of the MILES library (FWHM 2.5 Å): no cool star of high resolution is at hand below 4800 Å, where lines of low excitation crowd. Giants and
 * dwarfs with all or nearly all abundances of the Hypatia catalogue, spread in temperature and metallicity.
 */
const MILES_GIANTS = ['HD075691', 'HD102224', 'HD114038', 'HD037160'] as const;
const MILES_DWARFS = ['HD156026', 'HD061606'] as const;
export const MILES_STARS: readonly string[] = [...MILES_GIANTS, ...MILES_DWARFS];

/** Stars of the MILES library, by its names, that take part in the correction of lines: these, and two of which there are sharper spectra. */
export const LIBRARY_STARS_WITH_PART: ReadonlySet<string> = new Set<string>([...MILES_STARS, 'HD201891', 'HD106038']);

const HYPATIA = ['C', 'O', 'Na', 'Mg', 'Al', 'Si', 'Ca', 'Sc', 'Ti', 'V', 'Cr', 'Mn', 'Co', 'Ni', 'Y'] as const;

/** One of `MILES_STARS`. Throws when it is not in the table, or a file is missing or damaged. */
export function milesStar(spectra: string, name: string): ObservedStar {
  const row = rows(readFileSync(join(spectra, 'miles/labels.csv'), 'utf8')).find((r) => r['miles_name'] === name);
  if (row === undefined) throw new Error(`${name} is not in the table of MILES`);
  const file = row['file'] ?? '';
  const read = readSpectra(file, readFileSync(join(spectra, 'miles', file)));
  if (!read.ok) throw new Error(read.failure.message);
  const spectrum = read.value[0];
  if (spectrum === undefined) throw new Error(`${file} holds no spectrum`);
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
  return {
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
  };
}
