/** What the readers of stars share: tables, vacuum wavelengths, and spectra of the ground without what the Earth's air and the detector left in them. */
import Papa from 'papaparse';
import { angstrom } from '../../src/domain/units.ts';
import { airToVacuum } from '../../src/spectra/airVacuum.ts';

/** Rows of a CSV with a header. */
export const rows = (text: string): readonly Readonly<Record<string, string>>[] =>
  Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;

/** Vacuum wavelength of an air wavelength, both in Å. */
export const vacuumOf = (air: number): number => airToVacuum(angstrom(air));

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

/** NaN for tellurics (spectra from the ground), holes, and their neighbourhood. */
export function cleaned(wavelength: Float64Array, flux: Float64Array): Float64Array {
  const out = Float64Array.from(flux);
  const sorted = Float64Array.from(flux).filter(Number.isFinite).sort();
  const low = 0.005 * (sorted[Math.floor(0.9 * sorted.length)] ?? 1);
  flux.forEach((f, i) => {
    if (!(f > low)) for (let k = Math.max(0, i - 20); k <= Math.min(flux.length - 1, i + 20); k++) out[k] = NaN;
  });
  wavelength.forEach((w, i) => (TELLURIC.some(([a, b]) => w > a && w < b) ? (out[i] = NaN) : 0));
  return out;
}
