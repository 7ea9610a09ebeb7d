/**
 * Physical lines of a line list: the hyperfine and isotopic components of one transition, which a correction moves together.
 *
 * Components are recognised by what linemake writes: rows of the same ion and source with an isotope in the species code or a source that gives
 * hyperfine structure, with the same lower level and within a fraction of an Ångström. Every other row is a line of its own.
 */
import type { LineList } from '../tables/lineList.ts';
import type { NpyArray } from '../../io/npz.ts';
import { arrayOf } from '../tables/tableChecks.ts';

/** How well the oscillator strength of a line is known before any star is looked at. */
export type Provenance = 'laboratory' | 'molecule' | 'uncurated' | 'suspect' | 'added';

/** One transition with all of its components. */
export interface PhysicalLine {
  /** Rows of the file (before sorting), increasing. */
  readonly rows: readonly number[];
  /** MOOG code without the isotope: `26.0` Fe I, `106.0` CH. */
  readonly species: string;
  /** Mean wavelength weighted by gf, Å, air. */
  readonly wavelength: number;
  /** Lower excitation, eV. */
  readonly excitation: number;
  /** log10 of the summed gf, isotope fractions left out. */
  readonly loggf: number;
  readonly provenance: Provenance;
}

/** Sources that are computed or compiled without a measurement of the line itself. */
const UNCURATED = new Set(['', 'KURHFS', 'KURUCZ', 'VALD']);
const WITH_COMPONENTS = /hfs|nohfs|law|gal|den|lju|nil|sob/i;
/** Components of one transition lie within this distance of their neighbour, Å, and share the lower level to this many eV. */
const NEAR = 0.25;
const SAME_LEVEL = 0.004;

const withoutIsotope = (code: string): string => {
  const [whole = '', decimals = '0'] = code.split('.');
  return `${whole}.${decimals[0] ?? '0'}`;
};

/** The physical lines of the arrays of a line list, by increasing wavelength. Throws when an array is missing or of another length. */
export function physicalLines(npz: ReadonlyMap<string, NpyArray>): PhysicalLine[] {
  const wave = arrayOf(npz, 'wave', [null]).data;
  const column = (name: string): NpyArray => arrayOf(npz, name, [wave.length]);
  const codes = column('species').text ?? [];
  const sources = column('ref').text ?? [];
  const ep = column('ep').data;
  const loggf = column('loggf').data;
  const order = [...wave.keys()].sort((a, b) => (wave[a] ?? 0) - (wave[b] ?? 0));
  const open = new Map<string, number[][]>();
  const groups: number[][] = [];
  for (const row of order) {
    const code = codes[row] ?? '';
    const source = sources[row] ?? '';
    const [whole = '', decimals = ''] = code.split('.');
    const joins = whole.length <= 2 && (decimals.length > 1 || WITH_COMPONENTS.test(source));
    if (!joins) {
      groups.push([row]);
      continue;
    }
    const key = `${withoutIsotope(code)} ${source}`;
    const candidates = (open.get(key) ?? []).filter((g) => (wave[row] ?? 0) - (wave[g[g.length - 1] ?? 0] ?? 0) < NEAR);
    let group = candidates.find((g) => Math.abs((ep[g[0] ?? 0] ?? 0) - (ep[row] ?? 0)) < SAME_LEVEL);
    if (group) group.push(row);
    else {
      group = [row];
      groups.push(group);
      candidates.push(group);
    }
    open.set(key, candidates);
  }
  return groups
    .map((rows): PhysicalLine => {
      const first = rows[0] ?? 0;
      const gf = rows.map((row) => 10 ** (loggf[row] ?? -99));
      const total = gf.reduce((sum, g) => sum + g, 0);
      const species = withoutIsotope(codes[first] ?? '');
      return {
        rows: [...rows].sort((a, b) => a - b),
        species,
        wavelength: rows.reduce((sum, row, k) => sum + (wave[row] ?? 0) * (gf[k] ?? 0), 0) / total,
        excitation: ep[first] ?? 0,
        loggf: Math.log10(total),
        provenance: provenanceOf(species, sources[first] ?? ''),
      };
    })
    .sort((a, b) => a.wavelength - b.wavelength);
}

const provenanceOf = (species: string, source: string): Provenance => {
  if ((species.split('.')[0] ?? '').length > 2) return 'molecule';
  return UNCURATED.has(source) ? 'uncurated' : 'laboratory';
};

/** Physical line of every line of the sorted list, −1 where none: `owner[i]` indexes `lines`. */
export function ownersOf(list: LineList, lines: readonly PhysicalLine[]): Int32Array {
  const byRow = new Int32Array(list.count).fill(-1);
  lines.forEach((line, g) => {
    for (const row of line.rows) byRow[row] = g;
  });
  return Int32Array.from(list.row, (row) => byRow[row] ?? -1);
}
