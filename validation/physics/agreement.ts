/** Our spectra of the published decks against Turbospectrum and SYNTHE: tables in Markdown, and the list of what misses its limit. */
import { success, type Result } from '../../src/domain/result.ts';
import { NATIVE_GRID } from '../../src/synthesis/native.ts';
import { markdownTable } from '../../cli/files/markdownTable.ts';
import { analyticDerivatives, deckSpectrum } from './deckSpectra.ts';
import {
  meanRatio,
  overSmooth,
  publishedFull,
  publishedGradient,
  PUBLISHED_WAVELENGTH,
  rmsBetween,
  starNames,
  starRow,
  toPublished,
  toR5000,
  wavelengthsOf,
} from './published.ts';

const WINDOWS = [
  [3900, 4000],
  [4000, 4500],
  [4500, 5000],
  [5000, 5500],
  [5500, 6500],
  [6500, 6640],
  [6640, 8200],
  [8200, 9090],
] as const;
const LIMIT_OF_SPREAD = 1.2;
const BLUE = [3720, 3900] as const;
const BLUE_LIMIT = 0.05;
const ABSOLUTE_LIMIT = 0.03;
const R5000_LIMIT = 0.01;
const GRADIENTS = ['Fe', 'Mg', 'Ca', 'Ti', 'C', 'N', 'O', 'Na', 'Eu'] as const;
/** Whose spread is used for a star that SYNTHE did not run: the Sun's other structure. */
const SPREAD_OF: Readonly<Record<string, string>> = { sun_marcs: 'sun' };
/** Å around hydrogen lines (vacuum) left out at R = 5000. */
const HYDROGEN = [6564.6, 4862.7, 4341.7, 4102.9, ...[8441, 8470, 8505, 8548, 8601, 8668, 8753, 8865]];
const outsideHydrogen = (lambda: number): boolean => HYDROGEN.every((centre) => Math.abs(lambda - centre) > (centre < 8000 ? 15 : 8));

export interface Agreement {
  readonly markdown: string;
  readonly misses: readonly string[];
}

const percent = (value: number, digits = 2): string => (100 * value).toFixed(digits);

/** Normalised flux at R = 1800 on the published sampling, of a deck. */
export function normalised(name: string): Result<Float64Array> {
  const spectrum = deckSpectrum(name);
  if (!spectrum.ok) return spectrum;
  const { flux, continuum } = spectrum.value;
  return success(toPublished(flux.map((f, i) => f / (continuum[i] ?? NaN))));
}

/** All tables, for all stars of the reference. */
export function agreement(): Result<Agreement> {
  const misses: string[] = [];
  const windows: string[][] = [];
  const absolute: string[][] = [];
  const native = wavelengthsOf(NATIVE_GRID);
  for (const name of starNames()) {
    const spectrum = deckSpectrum(name);
    if (!spectrum.ok) return spectrum;
    const ours = normalised(name);
    if (!ours.ok) return ours;
    const [theirs, flux, theirFlux] = [starRow('ts_norm', name), toPublished(spectrum.value.flux), starRow('ts_flux', name)];
    const pair = SPREAD_OF[name] ?? name;
    const rms = WINDOWS.map(([from, to]) => {
      const value = rmsBetween(PUBLISHED_WAVELENGTH, ours.value, theirs, from, to);
      const limit = LIMIT_OF_SPREAD * rmsBetween(PUBLISHED_WAVELENGTH, starRow('ts_norm', pair), starRow('sy_norm', pair), from, to);
      if (!(value <= limit)) misses.push(`${name} ${String(from)}–${String(to)} Å: rms ${percent(value)} %, limit ${percent(limit)} %`);
      return `${percent(value)} / ${percent(limit)}`;
    });
    const smooth = (values: Float64Array): Float64Array => overSmooth(PUBLISHED_WAVELENGTH, values);
    const blue = rmsBetween(PUBLISHED_WAVELENGTH, smooth(flux), smooth(theirFlux), ...BLUE);
    if (!(blue <= BLUE_LIMIT)) misses.push(`${name} below 3900 Å: ${percent(blue)} %, limit ${percent(BLUE_LIMIT)} %`);
    const full = publishedFull(name);
    const unit = spectrum.value.flux.map((f, i) => f / (spectrum.value.continuum[i] ?? NaN));
    const sharp = rmsBetween(native, toR5000(unit), toR5000(full), 4000, 9000, outsideHydrogen);
    if (!(sharp <= R5000_LIMIT)) misses.push(`${name} at R = 5000: ${percent(sharp)} %, limit ${percent(R5000_LIMIT)} %`);
    windows.push([name, percent(blue), ...rms, percent(sharp)]);
    absolute.push([
      name,
      ...[3700, 3900, 4000, 4500, 5000, 5500, 6000, 6500, 7000, 7500, 8000, 8500].map((from, i, all) => {
        const ratio = meanRatio(PUBLISHED_WAVELENGTH, flux, theirFlux, from, all[i + 1] ?? 9090);
        if (from >= 4000 && !(Math.abs(ratio - 1) <= ABSOLUTE_LIMIT))
          misses.push(`${name} absolute flux from ${String(from)} Å: ratio ${ratio.toFixed(3)}`);
        return ratio.toFixed(3);
      }),
    ]);
  }
  const gradients = gradientTable(misses);
  if (!gradients.ok) return gradients;
  const heads = WINDOWS.map(([from, to]) => `${String(from)}–${String(to)}`);
  return success({
    misses,
    markdown: [
      '# Agreement with published codes',
      '',
      'Written by `npm run validate -- physics`. Same decks, same lines, same abundances, v_mic 1 km/s; see the comments of `validation/physics` for what is compared.',
      '',
      '## Normalised flux',
      '',
      `rms of ours − Turbospectrum at R = 1800 in % / limit = ${String(LIMIT_OF_SPREAD)} × rms of Turbospectrum − SYNTHE on the same star (sun_marcs, which SYNTHE did not run: the Sun's). Below 3900 Å: flux over a 50 Å running mean, limit ${percent(BLUE_LIMIT, 0)} %. Last column: R = 5000, 4000–9000 Å outside hydrogen lines, limit ${percent(R5000_LIMIT, 0)} %.`,
      '',
      markdownTable(['star', `${String(BLUE[0])}–3900`, ...heads, 'R = 5000'], windows),
      '',
      '## Absolute flux',
      '',
      'Mean ratio of surface flux at R = 1800, ours / Turbospectrum, from the wavelength given to the next. Redward of 4000 Å the limit is 3 %.',
      '',
      markdownTable(['star', '3700', '3900', '4000', '4500', '5000', '5500', '6000', '6500', '7000', '7500', '8000', '8500'], absolute),
      '',
      '## Derivatives',
      '',
      'Change of normalised flux per dex at fixed T and P of the Sun, 3900–9090 Å, correlation / slope against Turbospectrum. "+0.2 dex": difference of two complete syntheses, as the published ones are; "analytic": our derivative at the Sun itself, which differs from the former where lines saturate. Limits for the first: correlation 0.99, slope within 8 %.',
      '',
      gradients.value,
      '',
      '## Misses',
      '',
      misses.length === 0 ? 'None.' : misses.map((miss) => `- ${miss}`).join('\n'),
      '',
    ].join('\n'),
  });
}

function gradientTable(misses: string[]): Result<string> {
  const base = normalised('sun');
  if (!base.ok) return base;
  const analytic = analyticDerivatives('sun', GRADIENTS);
  if (!analytic.ok) return analytic;
  const rows: string[][] = [];
  for (const [i, element] of GRADIENTS.entries()) {
    const raised = normalised(`sun_d${element}`);
    if (!raised.ok) return raised;
    const ours = raised.value.map((f, k) => (f - (base.value[k] ?? NaN)) / 0.2);
    const theirs = publishedGradient('ts', element);
    const difference = likeness(ours, theirs);
    if (!(difference.correlation >= 0.99) || !(Math.abs(difference.slope - 1) <= 0.08))
      misses.push(`derivative of ${element}: correlation ${difference.correlation.toFixed(4)}, slope ${difference.slope.toFixed(3)}`);
    rows.push([
      element,
      ...[difference, likeness(toPublished(analytic.value[i] ?? []), theirs), likeness(publishedGradient('sy', element), theirs)].map(
        ({ correlation, slope }) => `${correlation.toFixed(4)} / ${slope.toFixed(3)}`,
      ),
    ]);
  }
  return success(markdownTable(['element', 'ours, +0.2 dex', 'ours, analytic', 'SYNTHE, +0.2 dex'], rows));
}

/** Pearson correlation, and slope of a on b through the origin, over 3900–9090 Å. */
function likeness(a: ArrayLike<number>, b: Float64Array): { readonly correlation: number; readonly slope: number } {
  let [n, sa, sb, aa, ab, bb] = [0, 0, 0, 0, 0, 0];
  PUBLISHED_WAVELENGTH.forEach((lambda, i) => {
    if (lambda < 3900 || lambda >= 9090) return;
    const [x, y] = [a[i] ?? NaN, b[i] ?? NaN];
    n++;
    sa += x;
    sb += y;
    aa += x * x;
    ab += x * y;
    bb += y * y;
  });
  return { correlation: (ab - (sa * sb) / n) / Math.sqrt((aa - (sa * sa) / n) * (bb - (sb * sb) / n)), slope: ab / bb };
}
