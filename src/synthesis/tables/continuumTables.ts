/** Tables of continuous opacity made ready: published cross-sections on the continuum's wavelengths and temperatures. */
import { C_CGS, HC_EV_ANGSTROM, K_EV } from '../constants.ts';
import { atomicNumber } from './elements.ts';
import { interpolate } from './eosTables.ts';
import { readNpz } from '../../io/npz.ts';
import { arrayOf, checkCount, checkFinite, checkIncreasing, completeLines, numberRows } from './tableChecks.ts';
import { TERM_ENERGIES } from './termEnergies.ts';

/** Tables of continuous opacity, resampled on the wavelengths where the continuum is computed. */
export interface ContinuumTables {
  /** Wavelengths where the continuum is computed, Å vacuum, increasing. */
  readonly wavelength: Float64Array;
  /** H⁻ bound-free cross-section, cm² (McLaughlin et al. 2017). */
  readonly hMinusBoundFree: Float64Array;
  /**
   * H I bound-free: [level][wavelength], statistical weight × cross-section, cm², and the level's excitation energy (eV) and n. Beyond the edge (Å) it is
   * extrapolated as λ³: dissolved upper levels absorb there.
   */
  readonly hydrogen: readonly { readonly n: number; readonly excitation: number; readonly edge: number; readonly sigma: Float64Array }[];
  readonly gauntFreeFree: (log10Gamma2: number, log10U: number) => number;
  /** Metals: Σ g·exp(−E/kT)·σ [cm²] on `temperatures` × wavelengths. */
  readonly metals: readonly { readonly z: number; readonly stage: number; readonly sum: Float64Array }[];
  readonly temperatures: Float64Array;
  /**
   * log10 of the thermal photodissociation cross-section (cm² per molecule) of CH and OH on 15 temperatures 2000…9000 K × energies 0.1 eV apart from the first.
   * The files call it σ·Q; Kurucz's routines multiply these numbers by Q and n/Q (and σ·Q could not be so flat in T, nor σ ~ 10⁻²² cm²).
   */
  readonly molecules: readonly {
    readonly name: string;
    readonly firstEnergy: number;
    readonly energies: number;
    readonly table: Float64Array;
  }[];
}

/** Spacing of the continuum's wavelengths, Å. */
const STEP = 10;
/** File, symbol, stage, and the number that TOPbase gave the last level: the files do not say how many they hold. */
const TOPBASE: readonly (readonly [string, string, number, number])[] = [
  ['c1', 'C', 0, 256],
  ['n1', 'N', 0, 191],
  ['o1', 'O', 0, 245],
  ['na1', 'Na', 0, 32],
  ['mg1', 'Mg', 0, 129],
  ['al1', 'Al', 0, 99],
  ['si1', 'Si', 0, 254],
  ['s1', 'S', 0, 253],
  ['ca1', 'Ca', 0, 180],
  ['ca2', 'Ca', 1, 36],
];

export function buildContinuumTables(bytes: (path: string) => Uint8Array, text: (path: string) => string): ContinuumTables {
  const wavelength = Float64Array.from({ length: Math.round((9160 - 3640) / STEP) + 1 }, (_, i) => 3640 + STEP * i);
  const temperatures = Float64Array.from({ length: 25 }, (_, i) => 2500 * 1.08 ** i);

  const hMinus = columns(completeLines(text('continuum/McLaughlin2017Hminusbf.dat')));
  checkCovers(hMinus[0], wavelength);
  const hMinusBoundFree = wavelength.map((w) => interpolate(hMinus[0], hMinus[1], HC_EV_ANGSTROM / w) * 1e-18);

  const h = readNpz(bytes('continuum/hydrogen_bound_free_norad.npz'));
  const energy = arrayOf(h, 'energy_eV', [null, null]);
  const sigma = arrayOf(h, 'sigma_Mb', energy.shape);
  const [levels = 0, per = 0] = energy.shape;
  if (levels < 8) throw new Error(`expected at least 8 levels of hydrogen, found ${String(levels)}`);
  checkFinite('energy_eV', energy.data);
  checkFinite('sigma_Mb', sigma.data);
  const hydrogen = Array.from({ length: 8 }, (_, i) => {
    const e = energy.data.subarray(i * per, (i + 1) * per);
    const s = sigma.data.subarray(i * per, (i + 1) * per);
    const edge = HC_EV_ANGSTROM / e[0];
    return {
      n: i + 1,
      excitation: energy.data[0] - e[0],
      edge,
      sigma: wavelength.map((w) => (w > edge ? s[0] * (w / edge) ** 3 : interpolate(e, s, HC_EV_ANGSTROM / w)) * 1e-18),
    };
  });

  const metals = TOPBASE.map(([file, symbol, stage, last]) => ({
    z: atomicNumber(symbol),
    stage,
    sum: boltzmannSum(parseTopbase(completeLines(text(`continuum/topbase_bound_free/${file}.xs`)), last, file), wavelength, temperatures),
  }));
  metals.push({ z: 26, stage: 0, sum: boltzmannSum(parseOpFit(completeLines(text('continuum/op_fe1.dat'))), wavelength, temperatures) });
  const molecules = (
    [
      ['CH', 0.1],
      ['OH', 2.1],
    ] as const
  ).map(([name, firstEnergy]) => {
    const lines = completeLines(text(`continuum/cross${name.toLowerCase()}.dat`));
    const declared = lines.map((line) => /^# Dimensions: 15 (\d+)/.exec(line)?.[1]).find((n) => n !== undefined);
    const rows = numberRows(lines, 15);
    checkCount('energies', Number(declared ?? NaN), rows.length);
    return { name, firstEnergy, energies: rows.length, table: Float64Array.from(rows.flat()) };
  });
  return {
    wavelength,
    hMinusBoundFree,
    hydrogen,
    gauntFreeFree: parseGaunt(completeLines(text('continuum/gauntff_vanhoof.dat'))),
    metals,
    temperatures,
    molecules,
  };
}

interface Level {
  readonly g: number;
  /** Excitation, eV. */
  readonly excitation: number;
  /** Binding energy, eV: the tables begin a little below, and there is no ionisation there. */
  readonly threshold: number;
  /** Photon energies (eV, increasing) and cross-sections (cm²). */
  readonly energy: Float64Array;
  readonly sigma: Float64Array;
}

/** Σ over levels of g·exp(−E/kT)·σ(λ), σ averaged over ±25 Å: the computed resonances are not at their true places. */
function boltzmannSum(levels: readonly Level[], wavelength: Float64Array, temperatures: Float64Array): Float64Array {
  const out = new Float64Array(temperatures.length * wavelength.length);
  for (const level of levels) {
    const threshold = Math.max(level.threshold, level.energy.at(0) ?? Infinity);
    const smooth = wavelength.map((w) => {
      let sum = 0;
      for (let k = -5; k <= 5; k++) {
        const e = HC_EV_ANGSTROM / (w + 5 * k);
        if (e >= threshold) sum += interpolate(level.energy, level.sigma, e);
      }
      return sum / 11;
    });
    if (!smooth.some((s) => s > 0)) continue;
    temperatures.forEach((t, i) => {
      const weight = level.g * Math.exp(-level.excitation / (K_EV * t));
      for (let k = 0; k < wavelength.length; k++) out[i * wavelength.length + k] += weight * smooth[k];
    });
  }
  return out;
}

/**
 * TOPbase layout: a line (I NZ NE ISLP ILV E(Ry) NP), then NP pairs of photon energy (Ry) and cross-section (Mb).
 * Where the term's energy is measured the whole table is shifted to the true threshold. Throws unless it ends with level I = `last`, complete.
 */
function parseTopbase(lines: readonly string[], last: number, file: string): Level[] {
  const rydberg = 13.605_693;
  const rows = lines.map((line) => line.trim().split(/\s+/));
  const measured = TERM_ENERGIES[file];
  let reached = 0;
  const levels: (Omit<Level, 'excitation'> & { excitation: number | undefined })[] = [];
  for (let i = 0; i < rows.length; i++) {
    const head = rows[i];
    if (head.length !== 7 || !/^\d+$/.test(head[0])) continue;
    const islp = Number(head[3]);
    const count = Number(head[6]);
    const pairs = rows.slice(i + 1, i + 1 + count);
    reached = Number(head[0]);
    const whole = pairs.filter((pair) => pair.length === 2 && pair.map(Number).every(Number.isFinite));
    checkCount(`energies of level ${String(reached)}`, count, whole.length);
    const computed = -Number(head[5]) * rydberg;
    const excitation = measured?.terms[`${String(islp)} ${head[4]}`];
    const threshold = measured && excitation !== undefined ? measured.ionisation - excitation : computed;
    levels.push({
      g: Math.floor(islp / 100) * (2 * Math.floor((islp % 100) / 10) + 1),
      excitation,
      threshold,
      energy: Float64Array.from(pairs, (p) => Number(p[0]) * rydberg + threshold - computed),
      sigma: Float64Array.from(pairs, (p) => Number(p[1]) * 1e-18),
    });
    i += count;
  }
  if (reached !== last) throw new Error(`expected levels up to number ${String(last)}, found them up to ${String(reached)}`);
  const ground = Math.max(...levels.map((level) => level.threshold));
  return levels
    .filter(({ threshold }) => threshold > 0)
    .map((level) => ({ ...level, excitation: level.excitation ?? ground - level.threshold }));
}

/** TLUSTY fit-point layout of Bautista (1997): levels with threshold frequency, then (log ν/ν₀, log σ/Mb) pairs. */
function parseOpFit(lines: readonly string[]): Level[] {
  const tokens = lines
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/'[^']*'/g, '')
    .trim()
    .split(/\s+/)
    .map(Number);
  checkFinite('numbers', tokens);
  let at = 0;
  const next = (): number => {
    if (at === tokens.length) throw new Error(`expected more than ${String(tokens.length)} numbers: the last level is not complete`);
    return tokens[at++];
  };
  const count = next();
  const evPerHz = HC_EV_ANGSTROM / (C_CGS * 1e8);
  const heads = Array.from({ length: count }, () => [next(), next(), next()] as const);
  const ground = (heads[0]?.[2] ?? 0) * evPerHz;
  const levels: Level[] = [];
  while (at < tokens.length) {
    const number = next();
    if (!(number >= 1 && number <= count)) throw new Error(`expected a level of 1 to ${String(count)}, found ${String(number)}`);
    const [, g, nu] = heads[number - 1];
    const kind = next();
    const points = next();
    if (kind === 2) {
      const [s0, alpha, beta, gamma] = [next(), next(), next(), next()];
      const ratio = Float64Array.from({ length: 60 }, (_, i) => 1 + i * 0.05);
      levels.push({
        g,
        excitation: ground - nu * evPerHz,
        threshold: nu * evPerHz,
        energy: ratio.map((r) => r * nu * evPerHz),
        sigma: ratio.map((r) => 1e-18 * s0 * (beta + (1 - beta) * r ** -gamma) * r ** -alpha),
      });
      continue;
    }
    const pairs = Array.from({ length: points }, () => [next(), next()] as const);
    levels.push({
      g,
      excitation: ground - nu * evPerHz,
      threshold: nu * evPerHz,
      energy: Float64Array.from(pairs, ([x]) => 10 ** x * nu * evPerHz),
      sigma: Float64Array.from(pairs, ([, s]) => 10 ** (s - 18)),
    });
  }
  checkCount('levels with cross-sections', count, levels.length);
  return levels;
}

/** Thermally averaged free-free Gaunt factors, van Hoof et al. (2014, MNRAS 444, 420): bilinear in (log γ², log u). */
function parseGaunt(all: readonly string[]): (log10Gamma2: number, log10U: number) => number {
  const lines = all.filter((line) => !line.startsWith('#') && line.trim() !== '');
  const [nGamma = 0, nU = 0] = (lines[1] ?? '').split('#')[0]?.trim().split(/\s+/).map(Number) ?? [];
  const [gamma0, u0, step] = [2, 3, 4].map((i) => Number((lines[i] ?? '').split('#')[0]));
  const rows = numberRows(lines.slice(5, 5 + nU), nGamma);
  checkCount('rows of Gaunt factors', Math.max(nU, 2), rows.length);
  checkFinite('first values and step', [gamma0, u0, step]);
  const table = Float64Array.from(rows.flat());
  return (log10Gamma2, log10U) => {
    const x = Math.min(Math.max((log10Gamma2 - gamma0) / step, 0), nGamma - 1.001);
    const y = Math.min(Math.max((log10U - u0) / step, 0), nU - 1.001);
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [f, g] = [x - i, y - j];
    const at = j * nGamma + i;
    return (1 - g) * ((1 - f) * table[at] + f * table[at + 1]) + g * ((1 - f) * table[at + nGamma] + f * table[at + nGamma + 1]);
  };
}

/** Throws unless photon energies (eV) increase and reach over all wavelengths (Å). */
function checkCovers(energy: ArrayLike<number>, wavelength: Float64Array): void {
  checkIncreasing('photon energies', energy);
  const [low, high] = [HC_EV_ANGSTROM / (wavelength.at(-1) ?? NaN), HC_EV_ANGSTROM / wavelength[0]];
  const [first, last] = [energy[0], energy[energy.length - 1]];
  if (!(first <= low && last >= high))
    throw new Error(`expected photon energies from ${low.toFixed(2)} to ${high.toFixed(2)} eV, found ${String(first)} to ${String(last)}`);
}

function columns(lines: readonly string[]): Float64Array[] {
  const rows = numberRows(lines, 2);
  return [0, 1].map((c) => Float64Array.from(rows, (row) => row[c]));
}
