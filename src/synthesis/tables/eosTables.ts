/** Tables of the equation of state: partition functions, ionisation energies, equilibrium constants. */
import { ATOMIC_MASS, MAX_Z, SYMBOLS, atomicNumber } from './elements.ts';
import { ELEMENTS } from '../../domain/labels.ts';
import { K_EV } from '../constants.ts';
import type { NpyArray } from '../../io/npz.ts';
import { arrayOf, checkCount, checkFinite, checkIncreasing, checkPositive, completeLines } from './tableChecks.ts';

/** A neutral (or H2⁺) diatomic molecule in the equation of state. */
export interface Molecule {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  /** ln T nodes and log10 of the pressure equilibrium constant p_A p_B / p_AB, dyn cm⁻². */
  readonly lnT: Float64Array;
  readonly log10K: Float64Array;
  /** ln T nodes and ln of the internal partition function; null when no lines or opacity of it are computed. */
  readonly partition: { readonly lnT: Float64Array; readonly lnQ: Float64Array } | null;
  readonly mass: number;
}

export interface EosTables {
  readonly partitionLnT: Float64Array;
  /** ln U of (z, stage 0…2) on `partitionLnT`; undefined where unknown (then 1). */
  readonly lnU: readonly (Float64Array | undefined)[];
  /** First and second ionisation energies by z, eV; Infinity where there is none. */
  readonly ionisation: readonly (readonly [number, number])[];
  readonly molecules: readonly Molecule[];
  /** Elements that take part in molecules, by z. */
  readonly reactive: readonly number[];
}

/** Name in the equilibrium table, conventional name, the two atoms. */
const MOLECULES: readonly (readonly [string, string, string, string])[] = [
  ['HH', 'H2', 'H', 'H'],
  ['HC', 'CH', 'C', 'H'],
  ['HN', 'NH', 'N', 'H'],
  ['HO', 'OH', 'O', 'H'],
  ['CN', 'CN', 'C', 'N'],
  ['CC', 'C2', 'C', 'C'],
  ['CO', 'CO', 'C', 'O'],
  ['NN', 'N2', 'N', 'N'],
  ['OO', 'O2', 'O', 'O'],
  ['NO', 'NO', 'N', 'O'],
  ['OSi', 'SiO', 'Si', 'O'],
  ['HSi', 'SiH', 'Si', 'H'],
  ['HMg', 'MgH', 'Mg', 'H'],
  ['OTi', 'TiO', 'Ti', 'O'],
  ['HCa', 'CaH', 'Ca', 'H'],
  ['HFe', 'FeH', 'Fe', 'H'],
  ['HAl', 'AlH', 'Al', 'H'],
  ['OAl', 'AlO', 'Al', 'O'],
  ['SiS', 'SiS', 'Si', 'S'],
  ['HS', 'HS', 'S', 'H'],
  ['CS', 'CS', 'C', 'S'],
  ['OV', 'VO', 'V', 'O'],
  ['OZr', 'ZrO', 'Zr', 'O'],
  ['OY', 'YO', 'Y', 'O'],
  ['OLa', 'LaO', 'La', 'O'],
  ['OSc', 'ScO', 'Sc', 'O'],
];

/**
 * Dissociation energies (eV) that replace those of the equilibrium table: [table's, newer]. C2: 602.804(29) kJ/mol, Borsovszky et al. (2021, PNAS 118,
 * e2113315118), against the 6.371 eV that Barklem & Collet adopted from a compilation with an uncertainty of 0.16 eV. MgH: 10 365.1 cm⁻¹, Shayesteh et al.
 * (2007, J. Phys. Chem. A 111, 12495).
 */
const DISSOCIATION: Readonly<Partial<Record<string, readonly [number, number]>>> = { C2: [6.371, 6.2476], MgH: [1.271, 1.2851] };

type AtomicPartition = Pick<EosTables, 'partitionLnT' | 'lnU'>;
/** Equilibrium constants by the table's names. */
type Equilibria = ReadonlyMap<string, Pick<Molecule, 'lnT' | 'log10K'>>;
type Partitions = ReadonlyMap<string, { readonly lnT: Float64Array; readonly lnQ: Float64Array }>;

/** Partition functions of atoms and ions (`Fe_I` …) on one grid of ln T. Throws what is missing, of what shape. */
export function readAtomicPartition(atoms: ReadonlyMap<string, NpyArray>): AtomicPartition {
  const partitionLnT = arrayOf(atoms, 'lnT', [null]).data;
  checkIncreasing("'lnT'", partitionLnT);
  const lnU: (Float64Array | undefined)[] = [];
  for (let z = 1; z <= MAX_Z; z++) {
    const symbol = SYMBOLS[z];
    ['I', 'II', 'III'].forEach((stage, s) => {
      const name = `${symbol}_${stage}`;
      const needed =
        s === 0 ? z === 1 || ELEMENTS.some((x) => x === symbol) || symbol === 'Fe' : s === 1 && ELEMENTS.some((x) => x === symbol);
      if (!needed && !atoms.has(name)) return;
      const { data } = arrayOf(atoms, name, [partitionLnT.length]);
      checkPositive(name, data);
      lnU[z * 3 + s] = data.map(Math.log);
    });
  }
  return { partitionLnT, lnU };
}

/** First and second ionisation energies by atomic number, eV. Throws unless every element up to MAX_Z is there. */
export function readIonisation(text: string): EosTables['ionisation'] {
  const ionisation: (readonly [number, number])[] = Array.from({ length: MAX_Z + 1 }, () => [Infinity, Infinity] as const);
  const found = new Set<number>();
  for (const line of completeLines(text)) {
    const cells = line.trim().split(/\s+/);
    const [z, , first, second] = cells;
    if (line.startsWith('#') || !(Number(z) >= 1 && Number(z) <= MAX_Z)) continue;
    if (cells.length < 5 || !cells.slice(2).map(Number).every(Number.isFinite))
      throw new Error(`expected Z, symbol and 3 energies, found "${line.trim()}"`);
    found.add(Number(z));
    ionisation[Number(z)] = [Number(first) > 0 ? Number(first) : Infinity, Number(second) > 0 ? Number(second) : Infinity];
  }
  checkCount('elements', MAX_Z, found.size);
  return ionisation;
}

/** Equilibrium constants of all molecules here. Throws what is missing, of what shape. */
export function readEquilibria(diatomics: ReadonlyMap<string, NpyArray>): Equilibria {
  const names = arrayOf(diatomics, 'molecules', [null]).text ?? [];
  const lnT = arrayOf(diatomics, 'lnT', [null, names.length]);
  const rows = lnT.shape[0];
  const log10K = arrayOf(diatomics, 'log10K', [rows, names.length]);
  const columnOf = (array: NpyArray, j: number): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => array.data[i * names.length + j]);
  return new Map(
    MOLECULES.map(([key]) => {
      const j = names.indexOf(key);
      if (j < 0) throw new Error(`expected a molecule '${key}' among the equilibrium constants, found none`);
      const entry = { lnT: columnOf(lnT, j), log10K: columnOf(log10K, j) };
      checkIncreasing(`lnT of ${key}`, entry.lnT);
      checkFinite(`log10K of ${key}`, entry.log10K);
      return [key, entry];
    }),
  );
}

export function buildEosTables(
  atoms: AtomicPartition,
  equilibria: Equilibria,
  ionisation: EosTables['ionisation'],
  partitions: Partitions,
): EosTables {
  const temperature = FINE_LN_T.map(Math.exp);
  const molecules = MOLECULES.flatMap(([key, name, a, b]): Molecule[] => {
    const equilibrium = equilibria.get(key);
    if (equilibrium === undefined) return [];
    const [za, zb] = [atomicNumber(a), atomicNumber(b)];
    const [old, updated] = DISSOCIATION[name] ?? [0, 0];
    const shift = (old - updated) / (K_EV * Math.LN10);
    return [
      {
        name,
        a: za,
        b: zb,
        lnT: FINE_LN_T,
        log10K: fineConstants(equilibrium.lnT, equilibrium.log10K, temperature).map((log, i) => log + shift / temperature[i]),
        partition: partitions.get(name) ?? null,
        mass: ATOMIC_MASS[za] + ATOMIC_MASS[zb],
      },
    ];
  });
  return { ...atoms, ionisation, molecules, reactive: [...new Set(molecules.flatMap((m) => [m.a, m.b]))].sort((x, y) => x - y) };
}

/** Nodes of the molecular tables in use: 500 … 20 000 K. The published ones are 1000 K apart, where log10 K ∝ −D/kT bends by up to 0.1 dex. */
const FINE_LN_T = Float64Array.from({ length: 400 }, (_, i) => Math.log(500) + (i / 399) * Math.log(40));

/** log10 K at the fine nodes: T·log10 K is nearly linear in T, and a cubic in ln T follows it to 1e-3. */
function fineConstants(lnT: Float64Array, log10K: Float64Array, temperature: Float64Array): Float64Array {
  const product = log10K.map((value, i) => value * Math.exp(lnT[i]));
  return FINE_LN_T.map((x, i) => cubic(lnT, product, x) / temperature[i]);
}

/** Interpolation by the cubic through the four nearest nodes; x increasing. */
function cubic(x: Float64Array, y: Float64Array, at: number): number {
  let first = 0;
  while (first < x.length - 4 && x[first + 2] < at) first++;
  let sum = 0;
  for (let i = first; i < first + 4; i++) {
    let weight = y[i];
    for (let j = first; j < first + 4; j++) if (j !== i) weight *= (at - x[j]) / (x[i] - x[j]);
    sum += weight;
  }
  return sum;
}

/** Internal partition functions of molecules. Throws unless there are as many as the head says, each as long as the temperatures. */
export function readMolecularPartition(text: string): Partitions {
  let lnT: Float64Array = new Float64Array(0);
  const out = new Map<string, { lnT: Float64Array; lnQ: Float64Array }>();
  const lines = completeLines(text);
  const declared = lines.map((line) => /^#\s+(\d+)\s*$/.exec(line)?.[1]).find((n) => n !== undefined);
  for (const line of lines) {
    const cells = line.replace('#', '').trim().split(/\s+/);
    if (line.includes('T [K]')) lnT = Float64Array.from(cells.slice(2), (t) => Math.log(Number(t)));
    else if (!line.startsWith('#') && line.trim() !== '') {
      const lnQ = Float64Array.from(cells.slice(1), (q) => Math.log(Number(q)));
      checkCount(`temperatures of ${cells[0]}`, lnT.length, lnQ.length);
      checkFinite(`ln Q of ${cells[0]}`, lnQ);
      out.set(cells[0], { lnT: FINE_LN_T, lnQ: FINE_LN_T.map((x) => cubic(lnT, lnQ, x)) });
    }
  }
  checkCount('molecules', Number(declared ?? NaN), out.size);
  return out;
}

/** Linear interpolation on increasing nodes, constant beyond the ends. */
export function interpolate(x: ArrayLike<number>, y: ArrayLike<number>, at: number): number {
  let lo = 0;
  let hi = x.length - 1;
  if (at <= x[0]) return y[0];
  if (at >= x[hi]) return y[hi];
  while (hi - lo > 1) {
    const mid = (lo + hi) >> 1;
    if (x[mid] > at) hi = mid;
    else lo = mid;
  }
  const f = (at - x[lo]) / (x[hi] - x[lo]);
  return y[lo] * (1 - f) + y[hi] * f;
}
