/** A line list as columns, in the units in which lines are computed. */
import { angstrom } from '../../domain/units.ts';
import { airToVacuum } from '../../spectra/airVacuum.ts';
import { ATOMIC_MASS, isotopeFraction, MAX_Z } from './elements.ts';
import { AMU_CGS, HC_EV_ANGSTROM, K_CGS, RYDBERG_H_EV } from '../constants.ts';
import type { EosTables } from './eosTables.ts';
import type { NpyArray } from '../../io/npz.ts';
import { arrayOf, checkFinite, checkPositive } from './tableChecks.ts';

/** What carries a line: an ion stage of an atom, or a molecule. */
export interface LineSpecies {
  readonly name: string;
  /** Atomic number and stage (0 neutral), or the index of the molecule in the equation of state. */
  readonly kind:
    { readonly type: 'atom'; readonly z: number; readonly stage: number } | { readonly type: 'molecule'; readonly index: number };
  /** amu */
  readonly mass: number;
}

/** Lines by increasing vacuum wavelength, as columns. */
export interface LineList {
  readonly species: readonly LineSpecies[];
  readonly count: number;
  /** Å, vacuum. */
  readonly wavelength: Float64Array;
  readonly speciesIndex: Int32Array;
  /** Row of the file that each line came from. */
  readonly row: Int32Array;
  /** Lower excitation, eV. */
  readonly excitation: Float64Array;
  /** gf times the isotope fraction. */
  readonly gf: Float64Array;
  /** Radiative damping, rad s⁻¹ (full width). */
  readonly gammaRadiative: Float64Array;
  /** Stark full width per electron at 10⁴ K, rad s⁻¹ cm³. */
  readonly gammaStark: Float64Array;
  /** Van der Waals full width per H atom at 10⁴ K, rad s⁻¹ cm³, and exponent of T. */
  readonly gammaVdw: Float64Array;
  readonly vdwExponent: Float64Array;
}

/** Reads a merged line list (air wavelengths, MOOG species codes; components of one isotope sum to the full gf). */
export function buildLineList(npz: ReadonlyMap<string, NpyArray>, eos: EosTables): LineList {
  const wave = arrayOf(npz, 'wave', [null]).data;
  const numbers = (name: string): Float64Array => arrayOf(npz, name, [wave.length]).data;
  const codes = arrayOf(npz, 'species', [wave.length]).text;
  if (!codes) throw new Error("expected text in 'species', found numbers");
  const ep = numbers('ep');
  const loggf = numbers('loggf');
  const abo = numbers('abo_loggam');
  const aboAlpha = numbers('abo_alpha');
  const gamrad = numbers('gamrad');
  checkPositive('wave', wave);
  for (const [name, values] of Object.entries({ ep, loggf, gamrad })) checkFinite(name, values);
  const order = [...wave.keys()].sort((a, b) => wave[a] - wave[b]);
  const n = order.length;
  const species: LineSpecies[] = [];
  const known = new Map<string, { index: number; fraction: number }>();
  const list = {
    species,
    count: n,
    wavelength: new Float64Array(n),
    speciesIndex: new Int32Array(n),
    row: Int32Array.from(order),
    excitation: new Float64Array(n),
    gf: new Float64Array(n),
    gammaRadiative: new Float64Array(n),
    gammaStark: new Float64Array(n),
    gammaVdw: new Float64Array(n),
    vdwExponent: new Float64Array(n),
  };
  order.forEach((row, i) => {
    const code = codes[row];
    let entry = known.get(code);
    if (!entry) {
      const { kind, mass, fraction, name } = decodeSpecies(code, eos);
      let index = species.findIndex((s) => s.name === name);
      if (index < 0) index = species.push({ name, kind, mass }) - 1;
      entry = { index, fraction };
      known.set(code, entry);
    }
    const vacuum = airToVacuum(angstrom(wave[row]));
    const { kind, mass } = species[entry.index];
    list.wavelength[i] = vacuum;
    list.speciesIndex[i] = entry.index;
    list.excitation[i] = ep[row];
    list.gf[i] = 10 ** loggf[row] * entry.fraction;
    const radiative = gamrad[row];
    list.gammaRadiative[i] = radiative > 0 ? radiative : 2.223e15 / (vacuum * vacuum);
    if (kind.type === 'molecule') return;
    const [first, second] = eos.ionisation[kind.z];
    const ionisation = kind.stage === 0 ? first : second;
    const charge = kind.stage + 1;
    const upper = ep[row] + HC_EV_ANGSTROM / vacuum;
    const nUpper2 = (RYDBERG_H_EV * charge * charge) / Math.max(ionisation - upper, 0.3);
    list.gammaStark[i] = 1e-8 * nUpper2 ** 2.5;
    const width = abo[row];
    if (Number.isNaN(width)) {
      list.gammaVdw[i] = unsoeldWidth(mass, charge, ionisation, ep[row], upper);
      list.vdwExponent[i] = 0.3;
    } else {
      list.gammaVdw[i] = 10 ** width;
      list.vdwExponent[i] = (1 - aboAlpha[row]) / 2;
    }
  });
  return list;
}

/** Unsöld's (1955) van der Waals full width per H atom at 10⁴ K, rad s⁻¹ cm³: 17·v^(3/5)·C6^(2/5), C6 from hydrogenic ⟨r²⟩ (Gray 2005, eq. 11.28–11.30), no enhancement. */
function unsoeldWidth(mass: number, charge: number, ionisation: number, lower: number, upper: number): number {
  const term = (e: number): number => (charge / Math.max(ionisation - e, 0.3)) ** 2;
  const c6 = 0.3e-30 * Math.abs(term(upper) - term(lower));
  const v = Math.sqrt(((8 * K_CGS * 1e4) / (Math.PI * AMU_CGS)) * (1 / ATOMIC_MASS[1] + 1 / mass));
  return 17 * v ** 0.6 * c6 ** 0.4;
}

interface Decoded {
  readonly name: string;
  readonly kind: LineSpecies['kind'];
  readonly mass: number;
  readonly fraction: number;
}

/** MOOG codes: `26.1` Fe II; `27.0059` Co I of mass 59; `607.01214` ¹²C¹⁴N. */
function decodeSpecies(code: string, eos: EosTables): Decoded {
  const [whole = '', decimals = '0'] = code.split('.');
  if (whole.length <= 2) {
    const z = Number(whole);
    if (!(z >= 1 && z <= MAX_Z)) throw new Error(`no element for species '${code}'`);
    const stage = Number(decimals.charAt(0));
    const isotope = Number(decimals.slice(1) || '0');
    return {
      name: `${whole}.${String(stage)}`,
      kind: { type: 'atom', z, stage },
      mass: ATOMIC_MASS[z],
      fraction: isotope > 0 ? isotopeFraction(z, isotope) : 1,
    };
  }
  const a = Number(whole.slice(0, -2));
  const b = Number(whole.slice(-2));
  const index = eos.molecules.findIndex((molecule) => (molecule.a === a && molecule.b === b) || (molecule.a === b && molecule.b === a));
  if (index < 0) throw new Error(`no molecule for species '${code}'`);
  const molecule = eos.molecules[index];
  // decimals: charge, then the mass numbers of the lighter and the heavier atom, two digits each
  const m1 = Number(decimals.slice(1, 3));
  const m2 = Number(decimals.slice(3, 5));
  let fraction = isotopeFraction(a, m1) * isotopeFraction(b, m2);
  if (a === b && m1 !== m2) fraction *= 2;
  return { name: molecule.name, kind: { type: 'molecule', index }, mass: molecule.mass, fraction };
}
