import { failed, success, type Result } from '../../domain/result.ts';
import type { Lsf, Spectrum } from '../../domain/spectrum.ts';
import { assemble } from '../assemble.ts';
import { columnMeaning, toIvar, type ColumnMeaning } from '../columns.ts';
import { tooSharp, unitGuess, type ReadLimits } from '../limits.ts';
import { assumedMedium, unknownLsf } from '../surveys/assumed.ts';
import { surveyNamed } from '../surveys/records.ts';
import { angstromsPer } from '../wavelengthUnit.ts';
import { textTable, type TextTable } from './rows.ts';

/**
 * A spectrum as text: comma, semicolon, tab or white space between columns; `#` comments; a header of names, or 2–3 columns without one
 * (wavelength, flux, σ). Units and medium come from names (`wavelength_nm`, `wave_air`, `Flux [erg/s/cm2/A]`) or comments
 * (`# medium: air`, `# frame: rest`, `# resolving_power: 1800`, `# fwhm_angstrom: 2.5`, `# flux_unit: …`, `# object: …`); without them
 * Å, vacuum, observed frame and R = 1800, each with a warning. Columns flux_0, flux_1 … are a spectrum each.
 * Failures: TEXT_NO_NUMBERS, TEXT_ONE_COLUMN, TEXT_UNITS, RESOLUTION_TOO_HIGH (Gaia RVS), and those of `assemble`.
 */
export function readText(id: string, text: string, limits: ReadLimits): Result<readonly Spectrum[]> {
  const table = textTable(text);
  const [first] = table.rows;
  if (!first) {
    return failed(
      'TEXT_NO_NUMBERS',
      table.firstLine === ''
        ? 'The text has no line with numbers.'
        : `No line of the text begins with two numbers; the first line is "${table.firstLine.slice(0, 60)}".`,
      'Give one pixel a line: wavelength (Å), flux and, if known, sigma, separated by commas or blanks.',
    );
  }
  if (first.length < 2) {
    return failed(
      'TEXT_ONE_COLUMN',
      `The text has ${table.rows.length} lines with a single number.`,
      'Give at least two columns: wavelength (Å) and flux.',
    );
  }
  if (table.header?.includes('combined_ccds') === true && table.header.includes('source_id')) {
    return tooSharp(11_500, 'This is a spectrum of Gaia RVS (846–870 nm), which', limits);
  }
  const notes = readNotes(table.comments);
  const warnings: string[] = table.skipped > 0 ? [`${table.skipped} lines without numbers were skipped.`] : [];
  const columns = chooseColumns(table, warnings);
  const wavelength = wavelengths(table, columns.wavelength, notes, limits);
  if (!wavelength.ok) return wavelength;
  const medium = columns.wavelength.meaning.medium ?? notes.medium ?? assumedMedium(warnings);
  const lsf = notes.lsf ?? unknownLsf(warnings);
  const ivar = columns.error && toIvar(columns.error.role, column(table, columns.error.index));
  const spectra: Spectrum[] = [];
  for (const flux of columns.fluxes) {
    const built = assemble({
      id: columns.fluxes.length > 1 ? `${id}#${flux.name}` : id,
      survey: surveyNamed(notes.text.get('survey') ?? 'unknown'),
      object: notes.text.get('object'),
      wavelength: wavelength.value,
      flux: column(table, flux.index),
      ivar,
      medium,
      frame: notes.frame,
      fluxUnit: flux.meaning.unit ?? notes.text.get('flux_unit') ?? 'unknown unit',
      lsf,
      meta: Object.fromEntries(notes.text),
      simulated: notes.text.get('simulated') === 'yes',
      ivarIsMeasured: notes.text.get('errors') !== 'guessed',
    });
    if (!built.ok) return built;
    spectra.push(built.value);
    warnings.push(...built.warnings);
  }
  return success(spectra, [...new Set(warnings)]);
}

interface Chosen {
  readonly index: number;
  readonly name: string;
  readonly meaning: ColumnMeaning;
}
interface Columns {
  readonly wavelength: Chosen;
  readonly fluxes: readonly Chosen[];
  readonly error: { readonly index: number; readonly role: 'sigma' | 'ivar' | 'variance' } | null;
}

const column = (table: TextTable, index: number): Float64Array => Float64Array.from(table.rows, (row) => row[index] ?? NaN);

/** By name; by position (wavelength, flux, σ) where the names do not tell. */
function chooseColumns(table: TextTable, warnings: string[]): Columns {
  const width = table.rows[0]?.length ?? 0;
  const named: Chosen[] = (table.header ?? []).map((name, index) => ({ index, name, meaning: columnMeaning(name) }));
  const wavelength = named.find(({ meaning }) => meaning.role === 'wavelength' || meaning.role === 'log-wavelength');
  const fluxes = named.filter(({ meaning }) => meaning.role === 'flux');
  const [flux] = fluxes;
  if (wavelength && flux) {
    const numbered = fluxes.filter(({ name }) => /^flux_\d+$/i.test(name));
    const isError = (role: ColumnMeaning['role']): role is 'sigma' | 'ivar' | 'variance' =>
      role === 'ivar' || role === 'sigma' || role === 'variance';
    const errors = named.flatMap(({ index, meaning: { role } }) => (isError(role) ? [{ index, role }] : []));
    return { wavelength, fluxes: numbered.length > 1 ? numbered : [flux], error: errors[0] ?? null };
  }
  if (table.header) {
    warnings.push(
      `The header "${table.header.join(', ').slice(0, 80)}" names no wavelength and flux: the columns are taken as wavelength, flux, sigma.`,
    );
  }
  const plain = (index: number): Chosen => ({
    index,
    name: named[index]?.name ?? '',
    meaning: { ...columnMeaning(named[index]?.name ?? ''), role: null },
  });
  return { wavelength: plain(0), fluxes: [plain(1)], error: width > 2 ? { index: 2, role: 'sigma' } : null };
}

function wavelengths(table: TextTable, { index, meaning }: Chosen, notes: Notes, limits: ReadLimits): Result<Float64Array> {
  const raw = column(table, index);
  if (meaning.role === 'log-wavelength') return success(raw.map((log) => 10 ** log));
  const factor = meaning.angstroms ?? notes.angstroms;
  if (factor !== null) return success(raw.map((value) => factor * value));
  const finite = raw.filter(Number.isFinite).sort();
  const [from, to] = [finite[0] ?? NaN, finite.at(-1) ?? NaN];
  const guess = unitGuess(from, to, limits.range);
  if (guess === null) return success(raw);
  return failed(
    'TEXT_UNITS',
    `The wavelengths run from ${from} to ${to} without a unit: as Å that is outside ${limits.range[0]}–${limits.range[1]} Å, as ${guess} it is not.`,
    `Name the column wavelength_${guess} if that is the unit, and open the file again.`,
  );
}

/** What comments such as `# medium: air` say. */
interface Notes {
  readonly text: ReadonlyMap<string, string>;
  readonly medium: 'air' | 'vacuum' | null;
  readonly frame: Spectrum['frame'];
  readonly lsf: Lsf | null;
  readonly angstroms: number | null;
}

/** `1800`, or R at increasing wavelengths as `4000:1650 9000:2100`; null where it is neither. */
function lsfOf(stated: string): Lsf | null {
  const resolvingPower = Number(stated);
  if (resolvingPower > 0) return { kind: 'resolving-power', resolvingPower };
  const pairs = stated.split(/[\s,]+/).map((pair) => pair.split(':').map(Number));
  const [wavelength, power] = [pairs.map((pair) => pair[0] ?? NaN), pairs.map((pair) => pair[1] ?? NaN)];
  const increasing = wavelength.every((value, i) => value > (wavelength[i - 1] ?? 0));
  return increasing && power.every((value) => value > 0) ? { kind: 'table', wavelength, resolvingPower: power } : null;
}

function readNotes(comments: readonly string[]): Notes {
  const text = new Map<string, string>();
  for (const comment of comments) {
    const match = /^([A-Za-z][\w ]{0,40}?)\s*[:=]\s*(.+)$/.exec(comment);
    if (match) text.set((match[1] ?? '').toLowerCase().replace(/ /g, '_'), (match[2] ?? '').trim());
  }
  const free = text.get('medium') ?? comments.join('\n');
  const air = /\bair\b/i.test(free);
  const vacuum = /\bvac(uum)?\b/i.test(free);
  const frame = text.get('frame')?.toLowerCase() ?? '';
  const stated = text.get('resolving_power') ?? text.get('r') ?? '';
  const fwhm = Number(text.get('fwhm_angstrom') ?? text.get('fwhm'));
  const unit = text.get('wavelength_unit');
  return {
    text,
    medium: air === vacuum ? null : air ? 'air' : 'vacuum',
    frame: frame === 'rest' ? 'rest' : /^(bary|helio)/.test(frame) ? 'barycentric' : 'observed',
    lsf: lsfOf(stated) ?? (fwhm > 0 ? { kind: 'fwhm', fwhm } : null),
    angstroms: unit === undefined ? null : angstromsPer(unit),
  };
}
