/** The published spectra of the reference folder, and arithmetic on their sampling. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';
import { airToVacuumArray } from '../../src/spectra/airVacuum.ts';
import type { LnGrid } from '../../src/synthesis/opacity/lineContext.ts';
import { convolver, NATIVE_GRID } from '../../src/synthesis/native.ts';
import { readNpz, type NpyArray } from '../../src/io/npz.ts';
import { DECK_GRID } from './deckSpectra.ts';

/** 3700·10^(1e-4 i) Å, vacuum: the sampling of the published spectra at R = 1800. */
export const PUBLISHED_GRID: LnGrid = { lnStart: Math.log(3700), lnStep: 1e-4 * Math.LN10, count: 3909 };
export const wavelengthsOf = (grid: LnGrid): Float64Array =>
  Float64Array.from({ length: grid.count }, (_, i) => Math.exp(grid.lnStart + i * grid.lnStep));
export const PUBLISHED_WAVELENGTH = wavelengthsOf(PUBLISHED_GRID);

/** From `DECK_GRID` to the published sampling, R = 1800. */
export const toPublished = convolver(DECK_GRID, PUBLISHED_GRID, 1800);
/** From `DECK_GRID` to the native grid, R = 5000. */
export const toR5000 = convolver(DECK_GRID, NATIVE_GRID, 5000);

let kept: ReadonlyMap<string, NpyArray> | undefined;
const archive = (): ReadonlyMap<string, NpyArray> =>
  (kept ??= readNpz(readFileSync(join(sharedFolder(), 'reference/lowres_R1800_vac.npz'))));

/** Names of the stars. */
export const starNames = (): readonly string[] => archive().get('names')?.text ?? [];

/** One star's row of `ts_norm`, `ts_flux`, `sy_norm` or `sy_flux`. */
export function starRow(array: string, name: string): Float64Array {
  const index = starNames().indexOf(name);
  return (
    archive()
      .get(array)
      ?.data.subarray(index * PUBLISHED_GRID.count, (index + 1) * PUBLISHED_GRID.count) ?? new Float64Array(0)
  );
}

/** A published derivative spectrum, change of normalised flux per dex; `code` is ts or sy. */
export const publishedGradient = (code: 'ts' | 'sy', element: string): Float64Array =>
  archive().get(`${code}_grad_${element}`)?.data ?? new Float64Array(0);

/** Turbospectrum's normalised flux at full resolution, on `DECK_GRID`. */
export function publishedFull(name: string): Float64Array {
  const npz = readNpz(readFileSync(join(sharedFolder(), `reference/hires_ts_${name}.npz`)));
  const norm = npz.get('norm')?.data ?? new Float64Array(0);
  const [w0, dw] = [npz.get('w0')?.data[0] ?? NaN, npz.get('dw')?.data[0] ?? NaN];
  return resample(airToVacuumArray(norm.map((_, i) => w0 + dw * i)), norm, wavelengthsOf(DECK_GRID));
}

/** Linear interpolation of increasing (x, y) at increasing `at`; NaN outside. */
export function resample(x: Float64Array, y: Float64Array, at: Float64Array): Float64Array {
  let k = 0;
  return at.map((target) => {
    while (k < x.length - 2 && (x[k + 1] ?? Infinity) <= target) k++;
    const [a, b] = [x[k] ?? NaN, x[k + 1] ?? NaN];
    if (target < a || target > b) return NaN;
    return (y[k] ?? NaN) + ((target - a) / (b - a)) * ((y[k + 1] ?? NaN) - (y[k] ?? NaN));
  });
}

/** Divided by its own running mean over `width` Å. */
export function overSmooth(wavelength: Float64Array, values: Float64Array, width = 50): Float64Array {
  let lo = 0;
  let hi = 0;
  let sum = 0;
  return values.map((value, i) => {
    const centre = wavelength[i] ?? NaN;
    while (hi < values.length && (wavelength[hi] ?? Infinity) <= centre + width / 2) sum += values[hi++] ?? 0;
    while ((wavelength[lo] ?? Infinity) < centre - width / 2) sum -= values[lo++] ?? 0;
    return (value * (hi - lo)) / sum;
  });
}

/** Root mean square of a − b where the wavelength is in [from, to) and the test holds; NaN when nothing is. */
export function rmsBetween(
  wavelength: Float64Array,
  a: Float64Array,
  b: Float64Array,
  from: number,
  to: number,
  keep: (lambda: number) => boolean = () => true,
): number {
  let sum = 0;
  let n = 0;
  wavelength.forEach((lambda, i) => {
    if (lambda < from || lambda >= to || !keep(lambda)) return;
    sum += ((a[i] ?? NaN) - (b[i] ?? NaN)) ** 2;
    n++;
  });
  return n === 0 ? NaN : Math.sqrt(sum / n);
}

/** Mean of a/b where the wavelength is in [from, to). */
export function meanRatio(wavelength: Float64Array, a: Float64Array, b: Float64Array, from: number, to: number): number {
  let sum = 0;
  let n = 0;
  wavelength.forEach((lambda, i) => {
    if (lambda < from || lambda >= to) return;
    sum += (a[i] ?? NaN) / (b[i] ?? NaN);
    n++;
  });
  return sum / n;
}
