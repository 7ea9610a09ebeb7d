/**
 * Lists of lines that a person made: text with a column of wavelengths (Å) and one of names, with a header or without, separated by commas, semicolons, tabs
 * or blanks. `wavelength_air` or `wavelength_vac` in the header says the medium.
 */
import Papa from 'papaparse';
import type { OwnLines } from '../domain/ownLines.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { angstrom } from '../domain/units.ts';
import { airToVacuum } from '../spectra/airVacuum.ts';

const MOST = 5000;
const RANGE = [1000, 30_000] as const;
const WAVELENGTH = /^(wave|wavelength|lambda|wl|λ)([_ (].*)?$/i;
const NAME = /^(name|names|species|element|ion|line|label|id)$/i;
const MEASURED = /flux|intens|counts|sigma|err|ivar|continuum/i;
const AIR = /air/i;
const VACUUM = /vac/i;
const HINT = 'A list of lines has a column of wavelengths in Å and a column of names that are not numbers, such as "5185.05, Mg I".';

const numberOf = (text: string): number => (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : NaN);
const isWavelength = (text: string): boolean => numberOf(text) >= RANGE[0] && numberOf(text) <= RANGE[1];

interface Rows {
  readonly header: readonly string[] | null;
  readonly rows: readonly (readonly string[])[];
}

/** Fields of a text, its header apart. Between blanks a name may be several words, before or after the wavelength. */
function rowsOf(text: string): Rows {
  const body = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const delimiter = ['\t', ';', ','].find((sign) => body.filter((line) => line.includes(sign)).length > 0.8 * body.length);
  const split = (line: string): string[] => {
    const words = line.trim().split(/\s+/);
    if (isWavelength(words[0] ?? '')) return [words[0] ?? '', words.slice(1).join(' ')];
    return isWavelength(words.at(-1) ?? '') ? [words.slice(0, -1).join(' '), words.at(-1) ?? ''] : words;
  };
  const records =
    delimiter === undefined
      ? body.map(split)
      : Papa.parse<string[]>(body.join('\n'), { delimiter, skipEmptyLines: 'greedy' }).data.map((fields) =>
          fields.map((field) => field.trim()),
        );
  const [first = []] = records;
  return first.some(isWavelength) ? { header: null, rows: records } : { header: first, rows: records.slice(1) };
}

/** Places of wavelength and name; −1 where there is none. */
function columnsOf({ header, rows }: Rows): { readonly wavelength: number; readonly name: number } {
  const width = Math.max(0, ...rows.map(({ length }) => length));
  const places = Array.from({ length: width }, (_, k) => k);
  const shareOf = (k: number, is: (text: string) => boolean): number => rows.filter((row) => is(row[k] ?? '')).length / rows.length;
  const titled = (pattern: RegExp): number => header?.findIndex((title) => pattern.test(title)) ?? -1;
  const wavelength = titled(WAVELENGTH) >= 0 ? titled(WAVELENGTH) : places.findIndex((k) => shareOf(k, isWavelength) > 0.9);
  const isName = (text: string): boolean => text !== '' && Number.isNaN(numberOf(text)) && !/^(nan|inf)$/i.test(text);
  const named = (k: number): boolean => k !== wavelength && shareOf(k, isName) > 0.8;
  const name = titled(NAME) >= 0 && named(titled(NAME)) ? titled(NAME) : places.findIndex(named);
  return { wavelength, name };
}

/**
 * A list of lines. Where its header does not say whether wavelengths are in air or vacuum they are taken as in `medium`, with a warning. Failures:
 * `LINE_LIST_NO_WAVELENGTHS`, `LINE_LIST_NO_NAMES`, `LINE_LIST_IS_SPECTRUM`, `LINE_LIST_TOO_LONG`.
 */
export function parseOwnLines(file: string, text: string, medium: 'air' | 'vacuum'): Result<OwnLines> {
  const table = rowsOf(text);
  const { header, rows } = table;
  const { wavelength, name } = columnsOf(table);
  if (rows.length === 0 || wavelength < 0)
    return failed(
      'LINE_LIST_NO_WAVELENGTHS',
      `${file} has no column of wavelengths between ${String(RANGE[0])} and ${String(RANGE[1])} Å.`,
      HINT,
    );
  if (header?.some((title) => MEASURED.test(title)) === true)
    return failed('LINE_LIST_IS_SPECTRUM', `${file} has the columns ${header.join(', ')}: it is a spectrum.`, HINT);
  if (name < 0) return failed('LINE_LIST_NO_NAMES', `${file} has no column of names: all its columns are numbers.`, HINT);
  const names = new Set(rows.map((row) => row[name] ?? ''));
  if (rows.length > 100 && names.size < 3)
    return failed(
      'LINE_LIST_IS_SPECTRUM',
      `${file} has ${String(rows.length)} rows with ${[...names].join(', ')}: these are flags, not names.`,
      HINT,
    );
  if (rows.length > MOST)
    return failed(
      'LINE_LIST_TOO_LONG',
      `${file} has ${String(rows.length)} lines; at most ${String(MOST)} are drawn.`,
      'Keep those that matter to you.',
    );
  const title = header?.[wavelength] ?? '';
  const said = AIR.test(title) ? 'air' : VACUUM.test(title) ? 'vacuum' : null;
  const inAir = (said ?? medium) === 'air';
  const lines = rows
    .filter((row) => isWavelength(row[wavelength] ?? '') && (row[name] ?? '') !== '')
    .map((row) => {
      const at = Number(row[wavelength]);
      return { wavelength: inAir ? airToVacuum(angstrom(at)) : at, name: (row[name] ?? '').slice(0, 24) };
    })
    .sort((a, b) => a.wavelength - b.wavelength);
  if (lines.length === 0) return failed('LINE_LIST_NO_WAVELENGTHS', `${file} has no row with a wavelength and a name.`, HINT);
  const left = rows.length - lines.length;
  return success({ name: file, lines }, [
    ...(said === null ? [`taken to be in ${medium}, as the spectrum; a header wavelength_air or wavelength_vac says so itself`] : []),
    ...(left > 0 ? [`${String(left)} rows without a wavelength or a name left out`] : []),
  ]);
}
