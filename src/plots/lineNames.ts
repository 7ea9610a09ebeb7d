/** Names of lines by the table that the synthesis wrote: what contributes at a wavelength, and which names find room over a plot. */
import type { LineTable } from '../domain/lineTable.ts';
import type { OwnLines } from '../domain/ownLines.ts';
import { lowerBound } from '../math/lowerBound.ts';

/** The table with the typical star that is most like the labels on show (place in `table.stars`). */
export interface LinesOfStar {
  readonly table: LineTable;
  readonly star: number;
}

/** One line or band in that star. */
export interface NamedLine {
  readonly species: string;
  /** Å, vacuum, rest. */
  readonly wavelength: number;
  /** Share of the depth at R = 1800, per cent. */
  readonly share: number;
  /** mÅ */
  readonly width: number;
}

/** Stars this far apart (K, dex, dex) are as unlike in one label as in another. */
const UNLIKE = { teff: 500, logg: 1, feh: 1 } as const;

/** The typical star nearest to labels (K, dex, dex). */
export function nearestStar(
  { stars }: Pick<LineTable, 'stars'>,
  labels: { readonly teff: number; readonly logg: number; readonly feh: number },
): number {
  const apart = stars.map((star) =>
    Math.hypot((star.teff - labels.teff) / UNLIKE.teff, (star.logg - labels.logg) / UNLIKE.logg, (star.feh - labels.feh) / UNLIKE.feh),
  );
  return Math.max(0, apart.indexOf(Math.min(...apart)));
}

/** Chemical elements of a species but for a molecule's hydrogen: `Fe` of `Fe I`, `C` and `N` of `CN`, `Mg` of `MgH`. */
export function elementsOfSpecies(species: string): readonly string[] {
  const [word = ''] = species.split(' ');
  const found = word.match(/[A-Z][a-z]?/g) ?? [];
  return found.length > 1 ? found.filter((symbol) => symbol !== 'H') : found;
}

const lineAt = ({ table, star }: LinesOfStar, i: number): NamedLine => ({
  species: table.species[table.speciesOf[i] ?? -1] ?? '',
  wavelength: table.wavelength[i] ?? NaN,
  share: table.share[star]?.[i] ?? 0,
  width: table.width[star]?.[i] ?? 0,
});

/** A broad line is looked for no farther than this from its centre, Å. */
const FARTHEST = 10;

/**
 * Lines of the star that reach a rest wavelength (Å, vacuum), of one element or of all (null), by decreasing share: those within one resolution element about
 * it, and strong ones as far as half their equivalent width beyond.
 */
export function contributorsAt(lines: LinesOfStar, wavelength: number, element: string | null = null): NamedLine[] {
  const { table } = lines;
  const half = wavelength / table.resolvingPower / 2;
  const found: NamedLine[] = [];
  for (
    let i = lowerBound(table.wavelength, wavelength - half - FARTHEST);
    (table.wavelength[i] ?? Infinity) <= wavelength + half + FARTHEST;
    i++
  ) {
    const line = lineAt(lines, i);
    const reach = half + line.width / 2000;
    if (line.width === 0 || Math.abs(line.wavelength - wavelength) > reach) continue;
    if (element === null || elementsOfSpecies(line.species).includes(element)) found.push(line);
  }
  return found.sort((a, b) => b.share - a.share || b.width - a.width);
}

/** `Fe I 5271.0 (56 %)` */
const described = ({ species, wavelength, share }: NamedLine): string =>
  `${species} ${wavelength.toFixed(1)} (${share < 1 ? '< 1' : String(share)} %)`;

/** Contributors told at once, and the least share told, per cent. */
const TOLD = 3;
const LEAST_TOLD = 3;

/**
 * What a pointer at a rest wavelength is told, a line each in the markup of plotly, empty where nothing is known: the strongest contributors; those of
 * `element` in bold, and one of them always, where there is any.
 */
export function contributorsText(lines: LinesOfStar, wavelength: number, element: string | null = null): string {
  const strongest = contributorsAt(lines, wavelength).filter(({ share }, i) => i < TOLD && share >= LEAST_TOLD);
  const isOwn = ({ species }: NamedLine): boolean => element !== null && elementsOfSpecies(species).includes(element);
  const [own] = element === null || strongest.some(isOwn) ? [] : contributorsAt(lines, wavelength, element);
  return [...strongest, ...(own === undefined ? [] : [own])]
    .map((line) => `<br>${isOwn(line) ? `<b>${described(line)}</b>` : described(line)}`)
    .join('');
}

/** Steps per Å at which hovers are told: a resolution element is tens of them. */
const TOLD_PER_ANGSTROM = 5;
const told = new WeakMap<LinesOfStar, Map<string | null, Map<number, string>>>();

/** `contributorsText` at each of many wavelengths, Å as shown at λ times `shift`, to 0.2 Å: a figure that is drawn again finds what it told before. */
export function contributorsTexts(lines: LinesOfStar, shown: Float64Array, shift: number, element: string | null = null): string[] {
  const byElement = told.get(lines) ?? new Map<string | null, Map<number, string>>();
  told.set(lines, byElement);
  const texts = byElement.get(element) ?? new Map<number, string>();
  byElement.set(element, texts);
  return Array.from(shown, (at) => {
    const place = Math.round((at / shift) * TOLD_PER_ANGSTROM);
    const text = texts.get(place) ?? contributorsText(lines, place / TOLD_PER_ANGSTROM, element);
    texts.set(place, text);
    return text;
  });
}

/** A name that stands upright over a plot. */
export interface UprightName {
  readonly text: string;
  /** Å as shown. */
  readonly at: number;
  /** Whether it is of a person's own list. */
  readonly own?: boolean;
}

/** Pixels that an upright name takes of the axis. */
const PITCH = 13;
/** Lines of a smaller share (per cent) are not named over the plot: they are told under the pointer. */
const LEAST_NAMED = 8;
/** Below this range (Å) there is room for a decimal. */
const DECIMALS_BELOW = 60;

/** What of `lines` (strongest first; rest wavelengths, shown at λ times `shift`) finds room on an axis `pixels` wide that shows `shown` (Å). */
export function uprightNames(
  lines: Iterable<{ readonly text: string; readonly wavelength: number; readonly own?: boolean }>,
  shift: number,
  shown: readonly [number, number],
  pixels: number,
): UprightName[] {
  const apart = (PITCH * (shown[1] - shown[0])) / Math.max(1, pixels);
  const standing: UprightName[] = [];
  for (const { text, wavelength, own = false } of lines) {
    const at = wavelength * shift;
    if (at >= shown[0] + apart / 2 && at <= shown[1] - apart / 2 && standing.every((other) => Math.abs(other.at - at) >= apart))
      standing.push({ text, at, own });
  }
  return standing.sort((a, b) => a.at - b.at);
}

/** The names that find room: those of a person's own list, then those of a star's lines (null for none), the strongest first. */
export function namesInView(
  lines: LinesOfStar | null,
  shift: number,
  shown: readonly [number, number],
  pixels: number,
  own: OwnLines['lines'] = [],
): UprightName[] {
  const mine = own.map(({ wavelength, name }) => ({ text: name, wavelength, own: true }));
  return uprightNames([...mine, ...(lines === null ? [] : strongestInView(lines, shift, shown))], shift, shown, pixels);
}

/** Lines of a star within `shown`, by decreasing width, as they are named. */
function strongestInView(
  lines: LinesOfStar,
  shift: number,
  shown: readonly [number, number],
): { readonly text: string; readonly wavelength: number }[] {
  const { wavelength } = lines.table;
  const digits = shown[1] - shown[0] < DECIMALS_BELOW ? 1 : 0;
  const inView: NamedLine[] = [];
  for (let i = lowerBound(wavelength, shown[0] / shift); (wavelength[i] ?? Infinity) * shift <= shown[1]; i++) {
    const line = lineAt(lines, i);
    if (line.share >= LEAST_NAMED) inView.push(line);
  }
  return inView
    .sort((a, b) => b.width - a.width)
    .map((line) => ({ text: `${line.species} ${line.wavelength.toFixed(digits)}`, wavelength: line.wavelength }));
}
