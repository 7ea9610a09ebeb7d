/** From columns of numbers, whatever the format of the table they stood in, to spectra. */
import { failed, success, type Result } from '../domain/result.ts';
import type { Lsf, Spectrum } from '../domain/spectrum.ts';
import type { Survey } from '../domain/survey.ts';
import { median } from '../math/statistics.ts';
import { assemble } from './assemble.ts';
import { chooseColumns, type ColumnGroup, type MeantColumn } from './chooseColumns.ts';
import { toIvar, type ColumnDescription } from './columns.ts';
import { unitGuess } from './limits.ts';
import type { ReadRequest } from './readOptions.ts';
import { angstromsPer } from './wavelengthUnit.ts';

/** A column with its numbers, one per pixel. */
export interface DataColumn extends ColumnDescription {
  readonly values: Float64Array;
}

/** What the file says besides its columns; null where it is silent. */
export interface TableFacts {
  readonly id: string;
  /** `text`, `FITS table` …: for messages and for the layout. */
  readonly format: string;
  readonly survey: Survey;
  readonly object?: string | undefined;
  readonly medium: Spectrum['medium'] | null;
  /** True where `medium` is known better than what the columns say of it. */
  readonly mediumIsSure?: boolean;
  readonly frame: Spectrum['frame'];
  readonly lsf: Lsf | null;
  readonly fluxUnit: string | null;
  /** Å per unit of the wavelengths, where neither name nor unit of the column tells. */
  readonly angstroms: number | null;
  readonly meta: Readonly<Record<string, string | number | undefined>>;
  readonly simulated?: boolean;
  readonly ivarIsMeasured?: boolean;
  readonly cleaned?: boolean;
}

/** True where the columns name a wavelength and a flux. */
export const isSpectral = (columns: readonly ColumnDescription[]): boolean => chooseColumns(columns).groups.length > 0;

/**
 * A spectrum for every flux column of the best rank (`flux`; `flux1`, `flux2` …), each with its own wavelengths, errors and masks. One that
 * fails among several is a warning. Failures: NO_COLUMNS, WAVELENGTH_UNIT, TEXT_UNITS, those of `assemble`.
 */
export function spectraFromColumns(columns: readonly DataColumn[], facts: TableFacts, request: ReadRequest): Result<readonly Spectrum[]> {
  const { groups, warnings } = chooseColumns(columns, request.options.errorColumn);
  if (groups.length === 0) {
    return failed(
      'NO_COLUMNS',
      `The columns ${columns
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 120)} name no wavelength and flux.`,
      'Name them wavelength and flux (and sigma or ivar), and open the file again.',
    );
  }
  const results = groups.map((group) => ({
    name: group.flux.name,
    result: fromGroup(columns, group, { ...facts, id: groups.length > 1 ? `${facts.id}#${group.flux.name}` : facts.id }, request),
  }));
  return collect(results, warnings);
}

/** All that could be read; the failures among several as warnings, and the first failure where nothing was read. */
export function collect(
  results: readonly { readonly name: string; readonly result: Result<Spectrum | readonly Spectrum[]> }[],
  before: readonly string[] = [],
): Result<readonly Spectrum[]> {
  const spectra: Spectrum[] = [];
  const warnings = [...before];
  let failure: Result<readonly Spectrum[]> | null = null;
  for (const { name, result } of results) {
    if (result.ok) {
      spectra.push(...[result.value].flat());
      warnings.push(...result.warnings);
      continue;
    }
    failure ??= result;
    warnings.push(`"${name}" is left out (${result.failure.code}): ${result.failure.message}`);
  }
  return spectra.length > 0 || !failure ? success(spectra, [...new Set(warnings)]) : failure;
}

function fromGroup(columns: readonly DataColumn[], group: ColumnGroup, facts: TableFacts, request: ReadRequest): Result<Spectrum> {
  const warnings: string[] = [];
  const values = ({ index }: MeantColumn): Float64Array => columns[index]?.values ?? new Float64Array(0);
  const wavelength = wavelengths(group.wavelength, values(group.wavelength), facts, request);
  if (!wavelength.ok) return wavelength;
  const flux = values(group.flux);
  const ivar = group.error && toIvar(group.error.role, values(group.error.column), flux);
  const mask = maskOf(group, values, warnings);
  const resolved = group.resolution && lsfOf(group.resolution, values(group.resolution), wavelength.value);
  const built = assemble(
    {
      ...facts,
      wavelength: wavelength.value,
      flux,
      ivar,
      ...(mask ? { mask } : {}),
      medium: facts.mediumIsSure === true ? facts.medium : (group.wavelength.meaning.medium ?? facts.medium),
      fluxUnit: group.flux.meaning.unit ?? facts.fluxUnit,
      lsf: resolved ?? facts.lsf,
      layout: `${facts.format}: ${columns.map(({ name }) => name).join(', ')}`.slice(0, 200),
    },
    request.options,
  );
  return built.ok ? success(built.value, [...warnings, ...built.warnings]) : built;
}

function wavelengths({ name, meaning }: MeantColumn, raw: Float64Array, facts: TableFacts, request: ReadRequest): Result<Float64Array> {
  if (meaning.role === 'log-wavelength') return success(raw.map((log) => 10 ** log));
  if (meaning.role === 'ln-wavelength') return success(raw.map(Math.exp));
  if (meaning.angstroms === null && meaning.unit !== null && meaning.unit.trim() !== '' && angstromsPer(meaning.unit) === null) {
    if (/^log/i.test(meaning.unit)) return success(raw.map((log) => 10 ** log));
    if (!/^(air|vac(uum)?)$/i.test(meaning.unit)) {
      return failed('WAVELENGTH_UNIT', `The wavelength unit of column "${name}" is "${meaning.unit}".`, 'Use Angstrom, nm, um or m.');
    }
  }
  const factor = meaning.angstroms ?? facts.angstroms;
  if (factor !== null) return success(factor === 1 ? raw : raw.map((value) => factor * value));
  const finite = raw.filter(Number.isFinite).sort();
  const [from, to] = [finite[0] ?? NaN, finite.at(-1) ?? NaN];
  if (from > 3.2 && to < 4.1 && to - from > 0.005) {
    return success(
      raw.map((log) => 10 ** log),
      ['The wavelengths are taken for log10 of Å.'],
    );
  }
  const guess = unitGuess(from, to, request.limits.range);
  if (guess === null) return success(raw);
  return failed(
    'TEXT_UNITS',
    `The wavelengths run from ${from} to ${to} without a unit: as Å that is outside ${request.limits.range[0]}–${request.limits.range[1]} Å, as ${guess} it is not.`,
    `Name the column wavelength_${guess} if that is the unit, and open the file again.`,
  );
}

/** Bits of all mask columns together; a column that marks most pixels with 1 and nothing else marks the good ones. */
function maskOf({ masks, orMasks }: ColumnGroup, values: (column: MeantColumn) => Float64Array, warnings: string[]): Int32Array | null {
  let mask: Int32Array | null = null;
  for (const column of masks) {
    const bits = values(column);
    const set = bits.reduce((count, value) => count + (Number.isFinite(value) && value !== 0 ? 1 : 0), 0);
    const oneOnly = bits.every((value) => value === 0 || value === 1 || Number.isNaN(value));
    const marksGood = column.meaning.role === 'good' || (oneOnly && set > 0.5 * bits.length && set < bits.length);
    mask ??= new Int32Array(bits.length);
    for (let i = 0; i < bits.length; i++) {
      const value = bits[i] ?? 0;
      if (marksGood ? value === 0 : Number.isFinite(value) && value !== 0) mask[i] = (mask[i] ?? 0) | (marksGood ? 1 : toBits(value));
    }
    const bad = marksGood ? bits.length - set : set;
    if (bad > 0) {
      warnings.push(
        `${bad} of ${bits.length} pixels are left out by the mask column "${column.name}"${marksGood ? ', in which most pixels are 1: it is taken to mark the good ones' : ''}.`,
      );
    }
  }
  for (const column of orMasks) {
    const set = values(column).reduce((count, value) => count + (value !== 0 ? 1 : 0), 0);
    if (set > 0)
      warnings.push(`${set} pixels are marked in "${column.name}" (bad in some exposure); they stay, with the error that the file states.`);
  }
  return mask;
}

const toBits = (value: number): number => (Number.isInteger(value) ? value | 0 || 1 : 1);

/** R along the spectrum from a column of resolving power or of FWHM (in the unit of its own column, Å where none is given); medians at up to 40 nodes. */
function lsfOf({ meaning }: MeantColumn, values: Float64Array, wavelength: Float64Array): Lsf | null {
  const factor = meaning.role === 'fwhm' ? (meaning.unit === null ? 1 : angstromsPer(meaning.unit)) : 1;
  if (factor === null) return null;
  const power = values.map((value, i) => (meaning.role === 'fwhm' ? (wavelength[i] ?? NaN) / (factor * value) : value));
  return tabulatedLsf(wavelength, power);
}

/** A table of R at up to 40 nodes, medians of the values between 100 and 10⁶ about them; null where there are none. */
export function tabulatedLsf(wavelength: Float64Array, resolvingPower: Float64Array): Lsf | null {
  const n = wavelength.length;
  const step = Math.max(1, Math.ceil(n / 40));
  const nodes: [number, number][] = [];
  for (let from = 0; from < n; from += step) {
    const to = Math.min(n, from + step);
    const power = median(resolvingPower.subarray(from, to).filter((value) => value > 100 && value < 1e6));
    const at = median(wavelength.subarray(from, to));
    if (power > 0 && at > 0) nodes.push([at, power]);
  }
  nodes.sort(([a], [b]) => a - b);
  const distinct = nodes.filter(([at], i) => at > (nodes[i - 1]?.[0] ?? 0));
  if (distinct.length === 0) return null;
  return { kind: 'table', wavelength: distinct.map(([at]) => at), resolvingPower: distinct.map(([, power]) => power) };
}
