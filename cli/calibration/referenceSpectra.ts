/** The spectra of the shared data that a calibration rests on, and how each is brought to the survey's view before it is fitted. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, success, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { seenBySurvey } from '../../src/spectra/seenBySurvey.ts';
import type { FitService } from '../../src/compute/service.ts';
import { readCsvTable } from '../files/csvTable.ts';
import { lamostStars } from '../files/lamostStars.ts';
import { readSun } from '../files/sun.ts';
import { starName } from './starName.ts';

export type Library = 'miles' | 'stelib' | 'clusters' | 'lamost' | 'sun';

/** Fitted wavelengths, Å vacuum: the survey's own, and where the MILES library ends. */
export const SURVEY_RANGE = [3950, 8900] as const;
export const BLUE_RANGE = [3950, 7400] as const;

/** One spectrum to fit, over one range. */
export interface ReferenceSpectrum {
  /** Library, file and range: unique. */
  readonly id: string;
  readonly library: Library;
  readonly star: string;
  /** The file; of the Sun, the folder of shared data. */
  readonly path: string;
  readonly range: readonly [number, number];
  /** Members of a cluster share its [X/H]. */
  readonly cluster?: string;
}

/** LAMOST's resolving power, and an S/N like that of its good spectra and of the libraries. */
const LAMOST_VIEW = { resolvingPower: 1800, snr: 150, range: [3700, 9000] } as const;
/** FWHM of the libraries, Å: MILES 2.50 (Falcón-Barroso et al. 2011, A&A 532, A95), STELIB 3 (Le Borgne et al. 2003, A&A 402, 433). */
const FWHM = { miles: 2.5, stelib: 3 } as const;
/** Every so many LAMOST stars are fitted over the short range, too. */
const SHORT_EVERY = 6;
/** Cluster stars hotter than this (K, by the library) are blue stragglers and beyond the models. */
const HOTTEST = 7000;

const entry = (library: Library, star: string, path: string, range: readonly [number, number], cluster?: string): ReferenceSpectrum => ({
  id: `${library}/${basename(path)}${range[1] === BLUE_RANGE[1] ? '#blue' : ''}`,
  library,
  star,
  path,
  range,
  ...(cluster === undefined ? {} : { cluster }),
});

/** What to fit of the shared data, those that decide most first; `lamost` limits how many stars of the survey. Failure `FILE_UNREADABLE`. */
export async function referenceSpectra(shared: string, lamost = Infinity): Promise<Result<ReferenceSpectrum[]>> {
  const folder = (name: string): string => join(shared, 'spectra', name);
  const miles = await readCsvTable(join(folder('miles'), 'labels.csv'));
  if (!miles.ok) return miles;
  const stelib = await readCsvTable(join(folder('stelib'), 'labels.csv'));
  if (!stelib.ok) return stelib;
  const spocs = await readCsvTable(join(folder('miles'), 'spocs.csv'));
  if (!spocs.ok) return spocs;
  const clusters = await readCsvTable(join(folder('miles-clusters'), 'labels.csv'));
  if (!clusters.ok) return clusters;
  const survey = await lamostStars(shared);
  if (!survey.ok) return survey;

  const homogeneous = new Set(spocs.value.map(({ star = '' }) => starName(star)));
  const known = new Set(miles.value.map(({ miles_name: name = '' }) => starName(name)));
  const stelibFiles = stelib.value.flatMap(({ file = '', object = '', miles_name: name = '' }) => {
    const star = starName(name === '' ? object : name);
    return known.has(star) || homogeneous.has(star) ? [{ star, path: join(folder('stelib'), file) }] : [];
  });
  const lamostFiles = survey.value.slice(0, lamost).map(({ name, path }) => ({ star: name, path }));
  return success([
    entry('sun', 'Sun', shared, SURVEY_RANGE),
    entry('sun', 'Sun', shared, BLUE_RANGE),
    ...miles.value.map(({ file = '', miles_name: name = '' }) => entry('miles', starName(name), join(folder('miles'), file), BLUE_RANGE)),
    ...clusters.value.flatMap(({ file = '', cluster = '', name = '', teff_miles: teff }) =>
      Number(teff) > HOTTEST ? [] : [entry('clusters', name, join(folder('miles-clusters'), file), BLUE_RANGE, cluster)],
    ),
    ...stelibFiles.flatMap(({ star, path }) => [entry('stelib', star, path, SURVEY_RANGE), entry('stelib', star, path, BLUE_RANGE)]),
    ...lamostFiles.map(({ star, path }) => entry('lamost', star, path, SURVEY_RANGE)),
    ...lamostFiles.filter((_, i) => i % SHORT_EVERY === 0).map(({ star, path }) => entry('lamost', star, path, BLUE_RANGE)),
  ]);
}

/** The bytes whose content names a reference spectrum. */
export const contentOf = ({ library, path }: ReferenceSpectrum): Promise<Uint8Array> =>
  readFile(library === 'sun' ? join(path, 'spectra', 'sun', 'tsis1-hsrs-v2_p1nm.csv.gz') : path);

/** A reference spectrum as the survey would see it. Failures: those of reading it, and `NO_SPECTRUM`. */
export async function readReference(reference: ReferenceSpectrum, service: Pick<FitService, 'read'>): Promise<Result<Spectrum>> {
  if (reference.library === 'sun') return readSun(reference.path);
  const stelib = reference.library === 'stelib';
  // STELIB's files say neither; its paper does.
  const said = stelib ? ({ medium: 'air', resolvingPower: 5500 / FWHM.stelib } as const) : {};
  const read = await service.read(basename(reference.path), new Uint8Array(await readFile(reference.path)), said);
  if (!read.ok) return read;
  const [spectrum] = read.value;
  if (spectrum === undefined) return failed('NO_SPECTRUM', `${reference.path} holds no spectrum.`);
  if (reference.library === 'lamost') return success(spectrum);
  return success(seenBySurvey(spectrum, stelib ? FWHM.stelib : FWHM.miles, LAMOST_VIEW));
}
