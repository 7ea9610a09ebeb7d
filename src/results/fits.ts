/** Results as FITS: one binary table, for TOPCAT and astropy. */
import { softwareText } from '../domain/version.ts';
import { fitsTable, type FitsColumn } from '../io/write/fits.ts';
import { resultColumns, type ResultColumn } from './columns.ts';
import type { ResultRecord, Run, StarRecord } from './record.ts';

/** A column by what it holds; where kinds are mixed, as text. */
function fitsColumn({ cells, unit }: ResultColumn, name: string): FitsColumn {
  // The FITS standard knows no unit `dex`: such columns are plain numbers.
  const head = unit === null || unit === 'dex' ? { name } : { name, unit };
  const filled = cells.filter((cell) => cell !== null);
  if (filled.length > 0 && filled.every((cell) => typeof cell === 'number'))
    return { ...head, kind: 'number', values: cells.map((cell) => (typeof cell === 'number' ? cell : null)) };
  if (filled.length > 0 && filled.every((cell) => typeof cell === 'boolean'))
    return { ...head, kind: 'boolean', values: cells.map((cell) => (typeof cell === 'boolean' ? cell : null)) };
  return { ...head, kind: 'text', values: cells.map((cell) => (cell === null ? null : String(cell))) };
}

/** Readers take names for equal that differ in case alone: a second of them is numbered. */
function distinct(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name.toLowerCase()) ?? 0) + 1;
    seen.set(name.toLowerCase(), count);
    return count === 1 ? name : `${name}_${String(count)}`;
  });
}

/** A matrix of a star over `names`, row by row; NaN for labels that it does not have. */
function matrix(record: StarRecord, kind: 'covariance' | 'correlations', names: readonly string[]): Float64Array {
  const { names: own, lower } = record[kind];
  const places = names.map((name) => own.indexOf(name));
  const at = (i: number, j: number): number => {
    if (i < 0 || j < 0) return NaN;
    return i === j && kind === 'correlations' ? 1 : (lower[Math.max(i, j)]?.[Math.min(i, j)] ?? NaN);
  };
  return Float64Array.from(places.flatMap((i) => places.map((j) => at(i, j))));
}

/**
 * All stars as a FITS binary table `RESULTS`, one row each. The columns are those of the CSV, with units in TUNITn (none for dex), and `correlation` and
 * `covariance` (in products of the labels' units): the matrices over the labels that the keyword LABELS names, row by row.
 */
export function resultsFits(records: readonly ResultRecord[], run: Run): Uint8Array<ArrayBuffer> {
  const columns = resultColumns(records);
  const names = distinct(columns.map(({ name }) => name));
  const labels = [...new Set(records.flatMap((record) => (record.ok ? record.correlations.names : [])))];
  const written = columns.map((column, i) => fitsColumn(column, names[i] ?? column.name));
  const matrices = (['correlations', 'covariance'] as const).map((kind): FitsColumn => ({
    name: kind === 'correlations' ? 'correlation' : kind,
    kind: 'vector',
    length: labels.length ** 2,
    values: records.map((record) => (record.ok ? matrix(record, kind, labels) : null)),
  }));
  return fitsTable('RESULTS', labels.length === 0 ? written : [...written, ...matrices], [
    ['CREATOR', softwareText(run.software)],
    ['DATE', run.date.replace(/Z$/, '')],
    ['LABELS', labels.join(' ')],
  ]);
}
