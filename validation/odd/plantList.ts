/** The list of planted spectra: which donors, hosts and strengths; made anew, and the same, in every run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { readSpectra } from '../../src/io/readSpectra.ts';
import { readCsvTable } from '../../cli/files/csvTable.ts';
import { success, type Result } from '../../src/domain/result.ts';
import {
  broadened,
  carbonStar,
  CHROMOSPHERE,
  GALAXY_LINES,
  lightAt,
  lightOf,
  planted,
  quasar,
  rotated,
  seeded,
  whiteDwarf,
  withLines,
  type Kind,
  type Light,
} from './plants.ts';

export interface Plant {
  readonly id: string;
  readonly kind: Kind;
  readonly spectrum: Spectrum;
}

/** km/s: hosts of a survey move so. */
const velocityOf = (k: number): number => ((k * 67) % 240) - 120;

async function one(path: string): Promise<Spectrum> {
  const read = readSpectra(path.split('/').at(-1) ?? path, new Uint8Array(await readFile(path)));
  const [spectrum] = read.ok ? read.value : [];
  if (spectrum === undefined) throw new Error(`${path} cannot be read`);
  return spectrum;
}

/** Plants of every kind, at most `each` of a kind, from the folder of shared spectra. Failure `FILE_UNREADABLE`. */
export async function plantList(shared: string, each: number): Promise<Result<Plant[]>> {
  const folder = join(shared, 'spectra');
  const [lamost, stelib] = await Promise.all([
    readCsvTable(join(folder, 'lamost-dr10', 'labels.csv')),
    readCsvTable(join(folder, 'stelib', 'labels.csv')),
  ]);
  if (!lamost.ok) return lamost;
  if (!stelib.ok) return stelib;
  const hosts = lamost.value.flatMap((row) => {
    const [snr, teff] = [Number(row['snrg']), Number(row['lasp_teff'])];
    return snr > 20 && snr < 200 ? [{ file: row['file'] ?? '', teff }] : [];
  });
  const ofType = (pattern: RegExp): string[] =>
    stelib.value.flatMap((row) => (pattern.test(row['spectype'] ?? '') && Number(row['frac_good']) > 0.6 ? [row['file'] ?? ''] : []));
  const library = async (file: string): Promise<Light> => lightOf(await one(join(folder, 'stelib', file)));
  const host = (k: number): Promise<Spectrum> => one(join(folder, 'lamost-dr10', hosts[(k * 7) % hosts.length]?.file ?? ''));
  const between = (from: number, to: number): string[] => hosts.flatMap(({ file, teff }) => (teff >= from && teff < to ? [file] : []));
  const star = (files: readonly string[], k: number): Promise<Spectrum> =>
    one(join(folder, 'lamost-dr10', files[(k * 5) % files.length] ?? ''));
  const pick = (files: readonly string[]): string[] => {
    const count = Math.min(each, files.length);
    return Array.from({ length: count }, (_, k) => files[Math.floor((k * files.length) / count)] ?? '');
  };

  const plants: Plant[] = [];
  const add = (kind: Kind, name: string, on: Spectrum, light: Float64Array, noise = true): void => {
    const id = `${kind}: ${name}`;
    plants.push({ id, kind, spectrum: planted(on, id, light, noise ? seeded(id) : null) });
  };
  const [hot, cool] = [pick(ofType(/^(O|B|A[0-4]|W)/)), pick(ofType(/^M[0-9]/))];
  for (const [kind, files] of [
    ['hot', hot],
    ['M', cool],
  ] as const)
    for (const [k, file] of files.entries()) {
      const on = await host(k + (kind === 'M' ? 3 : 0));
      add(kind, file, on, lightAt(await library(file), on.wavelength, velocityOf(k)));
    }
  const giants = between(4000, 4900);
  const dwarfs = between(5300, 6600);
  const whites = [...ofType(/^D/).slice(0, 1), ...ofType(/^x$/)];
  for (let k = 0; k < each; k++) {
    const on = await host(k + 11);
    const { wavelength } = on;
    const giant = await star(giants, k);
    const v = velocityOf(k);
    add(
      'carbon',
      `C2 of strength ${(0.25 + 0.15 * (k % 6)).toFixed(2)}`,
      giant,
      carbonStar(lightAt(lightOf(giant), giant.wavelength), giant.wavelength, 0.25 + 0.15 * (k % 6), 0),
      false,
    );
    const file = whites[k];
    const type = k % 2 === 0 ? 'DA' : 'DB';
    add(
      'white dwarf',
      file ?? `${type} ${String(k)}`,
      on,
      file === undefined
        ? lightAt({ wavelength, flux: whiteDwarf(wavelength, type, 10 + 3 * (k % 5), 0.25 + 0.1 * (k % 4)) }, wavelength, v)
        : lightAt(await library(file), wavelength, v),
    );
    // A galaxy of old stars, some with gas, moved by a redshift.
    const z = 0.004 + 0.011 * k;
    const own = lightAt(lightOf(giant), giant.wavelength, 0);
    const old = lightAt(
      { wavelength: giant.wavelength, flux: broadened(own, giant.wavelength, 170 + 10 * (k % 4)) },
      wavelength,
      z * 299_792.458,
    );
    add(
      'galaxy',
      `z = ${z.toFixed(3)}`,
      on,
      k % 2 === 0 ? old : withLines(old, wavelength, GALAXY_LINES, { velocity: z * 299_792.458, fwhm: 300 }),
    );
    add('quasar', `z = ${(0.3 + 0.27 * k).toFixed(2)}`, on, quasar(wavelength, 0.3 + 0.27 * k));
    const calm = await star(k % 3 === 2 ? giants : dwarfs, k + 2);
    const own2 = lightAt(lightOf(calm), calm.wavelength);
    const ew = 0.7 + 0.4 * k;
    // The star's velocity is in its header.
    const at = calm.survey.pipelineVelocity ?? 0;
    add('emission', `Hα ${ew.toFixed(1)} Å`, calm, withLines(own2, calm.wavelength, CHROMOSPHERE(ew), { velocity: at, fwhm: 190 }), false);
    const single = await star(dwarfs, k + 9);
    const alone = lightOf(single);
    const [apart, share] = [190 + 35 * k, 1 - 0.06 * (k % 8)];
    const [first, second] = [lightAt(alone, single.wavelength, -apart / 2), lightAt(alone, single.wavelength, apart / 2)];
    add(
      'two stars',
      `${String(apart)} km/s, ${share.toFixed(2)}`,
      single,
      first.map((value, p) => value + share * (second[p] ?? NaN)),
      false,
    );
    const vsini = 150 + 15 * k;
    add('rotation', `v sin i ${String(vsini)}`, single, rotated(lightAt(alone, single.wavelength), single.wavelength, vsini), false);
    // A cool star with a hot one: M and A, K and B.
    const [warmFile = '', coolFile = ''] = [hot[(3 * k + 1) % hot.length], cool[k % cool.length]];
    const warm = lightAt(await library(warmFile), wavelength, v);
    const cold = k % 2 === 0 ? lightAt(await library(coolFile), wavelength, v) : lightAt(lightOf(giant), wavelength, v);
    const part = 0.25 + 0.1 * (k % 5);
    add(
      'composite',
      `${part.toFixed(2)} ${warmFile} + ${k % 2 === 0 ? coolFile : 'giant'}`,
      on,
      cold.map((value, p) => (1 - part) * value + part * (warm[p] ?? NaN)),
    );
  }
  return success(plants);
}
