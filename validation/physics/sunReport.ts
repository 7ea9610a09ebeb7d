/** The model of the Sun against the Sun: residuals per 100 Å beside Turbospectrum's on the same deck, and the lines that fit worst. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineListName } from '../../cli/files/lineLists.ts';
import { readCsvTable } from '../../cli/files/csvTable.ts';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { FWHM_PER_SIGMA, SPEED_OF_LIGHT_KMS } from '../../src/domain/units.ts';
import { airToVacuumArray } from '../../src/spectra/airVacuum.ts';
import { convolver } from '../../src/synthesis/native.ts';
import { readNpz } from '../../src/io/npz.ts';
import { markdownTable } from '../../cli/files/markdownTable.ts';
import { DECK_GRID, deckSpectrum, lineStrengths } from './deckSpectra.ts';
import { overSmooth, PUBLISHED_WAVELENGTH, publishedFull, resample, rmsBetween, toPublished, wavelengthsOf } from './published.ts';

/** The solar atlas has a gap here (Å, vacuum, with margins for the convolution). */
const GAP = [5255, 5390] as const;
const ATLAS_END = 6890;
/** FWHM (Å) of the irradiance spectrum, already in it. */
const TSIS_FWHM = 1;
/** Gaussian FWHM (km/s) of the observed line profiles: the atlas' resolution with macroturbulence and rotation of the disc-integrated Sun (Gray 2005). */
const SOLAR_FWHM = 7.5;
const LINES_NAMED = 50;
const DECK_WAVELENGTH = wavelengthsOf(DECK_GRID);

export interface SunReport {
  readonly markdown: string;
  readonly wavelength: readonly number[];
  /** rms over flux / 50 Å mean, %, per window. */
  readonly series: readonly { readonly name: string; readonly percent: readonly number[] }[];
}

/** HARPS atlas, normalised, on `DECK_GRID`. */
function solarAtlas(): Float64Array {
  const npz = readNpz(readFileSync(join(sharedFolder(), 'spectra/sun/obs_sun_harps_R60k_air.npz')));
  const norm = npz.get('norm')?.data ?? new Float64Array(0);
  const [start, step] = [npz.get('g0')?.data[0] ?? NaN, npz.get('dlog10')?.data[0] ?? NaN];
  return resample(airToVacuumArray(norm.map((_, i) => start * 10 ** (step * i))), norm, DECK_WAVELENGTH);
}

/** TSIS-1 irradiance (Coddington et al. 2021), at R = 1800 on the published sampling. */
async function solarIrradiance(): Promise<Result<Float64Array>> {
  const path = join(sharedFolder(), 'spectra', 'sun', 'tsis1-hsrs-v2_p1nm.csv.gz');
  const rows = await readCsvTable(path);
  if (!rows.ok) return rows;
  const wavelength = Float64Array.from(rows.value, (line) => 10 * Number(line['wavelength_nm_vacuum']));
  const flux = Float64Array.from(rows.value, (line) => Number(line['irradiance_W_m2_nm']));
  if (wavelength.length < 1000)
    return failed('SUN_UNREADABLE', `${path} has ${String(wavelength.length)} rows.`, 'Give the table as published.');
  return success(
    PUBLISHED_WAVELENGTH.map((centre) => {
      const sigma = Math.sqrt((centre / 1800) ** 2 - TSIS_FWHM ** 2) / FWHM_PER_SIGMA;
      let [sum, norm] = [0, 0];
      for (let i = lowerIndex(wavelength, centre - 4 * sigma); (wavelength[i] ?? Infinity) < centre + 4 * sigma; i++) {
        const weight = Math.exp(-0.5 * (((wavelength[i] ?? 0) - centre) / sigma) ** 2);
        sum += weight * (flux[i] ?? 0);
        norm += weight;
      }
      return sum / norm;
    }),
  );
}

function lowerIndex(sorted: Float64Array, value: number): number {
  let [lo, hi] = [0, sorted.length];
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((sorted[mid] ?? 0) < value) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

const unitFlux = (lineFile: LineListName): Result<Float64Array> => {
  const spectrum = deckSpectrum('sun', lineFile);
  return spectrum.ok ? success(spectrum.value.flux.map((f, i) => f / (spectrum.value.continuum[i] ?? NaN))) : spectrum;
};

export async function sunReport(): Promise<Result<SunReport>> {
  const [merged, vald] = [unitFlux('merged'), unitFlux('vald')];
  if (!merged.ok) return merged;
  if (!vald.ok) return vald;
  const irradiance = await solarIrradiance();
  if (!irradiance.ok) return irradiance;
  const atlas = solarAtlas();
  const theirs = publishedFull('sun');
  const smooth = (values: Float64Array): Float64Array => overSmooth(PUBLISHED_WAVELENGTH, values);
  // outside the atlas the model stands in, so that edges of the convolution see no hole
  const filled = atlas.map((value, i) => (Number.isNaN(value) ? (theirs[i] ?? NaN) : value));
  const observed = smooth(toPublished(filled));
  const observedAbsolute = smooth(irradiance.value);
  const models = { ours: merged.value, ts: theirs.map((v, i) => (Number.isNaN(v) ? (merged.value[i] ?? NaN) : v)), vald: vald.value };
  const deck = deckSpectrum('sun');
  if (!deck.ok) return deck;
  const at = (model: Float64Array): Float64Array => smooth(toPublished(model));
  const inFlux = (model: Float64Array): Float64Array => smooth(toPublished(model.map((v, i) => v * (deck.value.continuum[i] ?? NaN))));
  const low = { ours: at(models.ours), ts: at(models.ts), vald: at(models.vald) };
  const flux = { ours: inFlux(models.ours), ts: inFlux(models.ts), vald: inFlux(models.vald) };
  const keep = (lambda: number): boolean => lambda < GAP[0] || lambda > GAP[1];
  const rows: (readonly [number, number[]])[] = [];
  for (let from = 3900; from < 9050; from += 100) {
    const to = Math.min(from + 100, 9080);
    const values = (['ours', 'ts', 'vald'] as const).flatMap((name) => [
      to <= ATLAS_END ? rmsBetween(PUBLISHED_WAVELENGTH, low[name], observed, from, to, keep) : NaN,
      rmsBetween(PUBLISHED_WAVELENGTH, flux[name], observedAbsolute, from, to),
    ]);
    rows.push([from, values]);
  }
  const worse = rows.filter(
    ([from, v]) => from >= 4000 && ((v[0] ?? 0) > 1.1 * (v[2] ?? Infinity) || (v[1] ?? 0) > 1.1 * (v[3] ?? Infinity)),
  );
  const worst = [...rows]
    .filter(([from]) => from >= 4000)
    .sort((a, b) => Math.max(b[1][0] || 0, b[1][1] ?? 0) - Math.max(a[1][0] || 0, a[1][1] ?? 0));
  const cell = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? '–' : (100 * value).toFixed(2));
  const markdown = [
    '# The Sun',
    '',
    'Written by `npm run validate -- physics`. rms in % of flux over its 50 Å running mean at R = 1800, model of the deck `sun` − Sun, per 100 Å (vacuum). Atlas: HARPS, to 6900 Å; irradiance: TSIS-1 (Coddington et al. 2021), space-borne. "VALD": the other line list, ours only.',
    '',
    markdownTable(
      [
        'from (Å)',
        ...['ours, atlas', 'Turbospectrum, atlas', 'ours with VALD, atlas'],
        ...['ours, irradiance', 'Turbospectrum, irradiance', 'ours with VALD, irradiance'],
      ],
      rows.map(([from, v]) => [String(from), ...[0, 2, 4, 1, 3, 5].map((i) => cell(v[i]))]),
    ),
    '',
    `More than 10 % worse than Turbospectrum redward of 4000 Å: ${worse.length === 0 ? 'nowhere' : worse.map(([from]) => String(from)).join(', ')}.`,
    '',
    `The five worst hundreds of ångströms redward of 4000 Å: ${worst
      .slice(0, 5)
      .map(([from]) => String(from))
      .join(', ')}.`,
    '',
    '## The fifty lines that fit worst',
    '',
    `Where the model (merged list), broadened to ${String(SOLAR_FWHM)} km/s, departs most from the atlas within ±0.1 Å of a line (mean of model − observed, in % of the continuum; negative: too deep); the line named is the strongest of the list there, at the temperature where lines form. A missing line shows under its nearest neighbour, and around 6870 Å the atlas has the telluric B band. No correction is made from this table.`,
    '',
    markdownTable(['λ (Å, air)', 'species', 'model − observed (%)'], worstLines(merged.value, atlas)),
    '',
  ].join('\n');
  const series = (
    [
      ['ours, atlas', 0],
      ['Turbospectrum, atlas', 2],
      ['ours with VALD, atlas', 4],
      ['ours, irradiance', 1],
      ['Turbospectrum, irradiance', 3],
    ] as const
  ).map(([name, i]) => ({ name, percent: rows.map(([, v]) => 100 * (v[i] ?? NaN)) }));
  return success({ markdown, wavelength: rows.map(([from]) => from + 50), series });
}

/** Rows of the table of lines: misfits by position, each under its strongest line, none within 0.2 Å of a worse one. */
function worstLines(model: Float64Array, atlas: Float64Array): readonly (readonly string[])[] {
  const toSun = convolver(DECK_GRID, DECK_GRID, SPEED_OF_LIGHT_KMS / SOLAR_FWHM);
  const broad = toSun(model);
  // the atlas' own continuum: the ratio of 98th percentiles in 10 Å
  const level = localLevel(broad, atlas);
  const difference = broad.map((v, i) => v - (atlas[i] ?? NaN) * (level[i] ?? NaN));
  const meanAt = (values: Float64Array, lambda: number): number => {
    const lo = lowerIndex(DECK_WAVELENGTH, lambda - 0.1);
    const hi = lowerIndex(DECK_WAVELENGTH, lambda + 0.1);
    let sum = 0;
    for (let i = lo; i < hi; i++) sum += values[i] ?? NaN;
    return sum / (hi - lo);
  };
  const lines = lineStrengths();
  const candidates = lines
    .filter(
      ({ wavelength, depth }) => depth > 0.05 && wavelength > 3900 && wavelength < ATLAS_END && (wavelength < 5303 || wavelength > 5340),
    )
    .filter(
      ({ wavelength }) => Math.abs(wavelength - 6564.6) > 20 && Math.abs(wavelength - 4862.7) > 12 && Math.abs(wavelength - 4341.7) > 8,
    )
    .map((line) => ({ line, misfit: meanAt(difference, line.wavelength) }))
    .filter(({ misfit }) => Number.isFinite(misfit))
    .sort((a, b) => Math.abs(b.misfit) - Math.abs(a.misfit));
  const chosen: typeof candidates = [];
  for (const candidate of candidates) {
    if (chosen.length >= LINES_NAMED) break;
    const { wavelength } = candidate.line;
    if (chosen.some(({ line }) => Math.abs(line.wavelength - wavelength) < 0.2)) continue;
    const near =
      lines.filter((other) => Math.abs(other.wavelength - wavelength) < 0.08).sort((a, b) => b.depth - a.depth)[0] ?? candidate.line;
    chosen.push({ line: near, misfit: candidate.misfit });
  }
  return chosen.map(({ line, misfit }) => [line.air.toFixed(3), line.species, (100 * misfit).toFixed(1)]);
}

/** Ratio of the 95th percentiles of model and atlas in windows of 10 Å, interpolated. */
function localLevel(model: Float64Array, atlas: Float64Array): Float64Array {
  const nodes: [number, number][] = [];
  for (let from = 3800; from < ATLAS_END; from += 10) {
    const [lo, hi] = [lowerIndex(DECK_WAVELENGTH, from), lowerIndex(DECK_WAVELENGTH, from + 10)];
    const top = (values: Float64Array): number => {
      const sorted = values.slice(lo, hi).sort();
      return sorted[Math.floor(0.95 * sorted.length)] ?? NaN;
    };
    const ratio = top(model) / top(atlas);
    if (Number.isFinite(ratio)) nodes.push([from + 5, ratio]);
  }
  return resample(
    Float64Array.from(nodes, ([x]) => x),
    Float64Array.from(nodes, ([, y]) => y),
    DECK_WAVELENGTH,
  );
}
