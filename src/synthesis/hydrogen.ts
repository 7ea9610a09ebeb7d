import { ATOMIC_MASS } from './elements.ts';
import { AMU_CGS, C_CGS, HC_EV_ANGSTROM, K_CGS, K_EV, PI_E2_MC, RYDBERG_H_EV } from './constants.ts';
import { voigt } from '../math/voigt.ts';
import type { NpyArray } from './npz.ts';
import type { Populations } from './eos.ts';

/** Stark profile of one line on ln Δν/F0, ln n_e, ln T: ln of the profile per Hz. */
interface StarkLine {
  readonly lower: number;
  readonly upper: number;
  /** Å, vacuum. */
  readonly wavelength: number;
  readonly gf: number;
  readonly lnOffset: Float64Array;
  readonly lnElectron: Float64Array;
  /** −1/T, K⁻¹. */
  readonly minusInvT: Float64Array;
  readonly lnProfile: Float64Array;
}
export interface HydrogenTables {
  readonly lines: readonly StarkLine[];
}

/** Self-broadening of Hα, Hβ, Hγ: cross-section at 10⁴ m/s in a0², velocity exponent α and Γ(2 − α/2) (Barklem, Piskunov & O'Mara 2000, A&A 363, 1091). */
const SELF: Readonly<Record<number, { readonly sigma: number; readonly alpha: number; readonly gammaFunction: number }>> = {
  3: { sigma: 1180, alpha: 0.677, gammaFunction: 0.90191 },
  4: { sigma: 2320, alpha: 0.455, gammaFunction: 0.92437 },
  5: { sigma: 4208, alpha: 0.38, gammaFunction: 0.93408 },
};

export function buildHydrogenTables(npz: ReadonlyMap<string, NpyArray>): HydrogenTables {
  const lines = [...npz.keys()]
    .filter((key) => key.endsWith('.profile'))
    .map((key): StarkLine => {
      const name = key.replace('.profile', '');
      const [lower = 0, upper = 0] = name.split('_').map(Number);
      const array = (field: string): NpyArray => {
        const found = npz.get(`${name}.${field}`);
        if (!found) throw new Error(`no array '${name}.${field}'`);
        return found;
      };
      const offset = array('delta_nu_over_F0').data;
      const wavelength = 1e8 / (termValue(lower) - termValue(upper));
      const order = [...offset.keys()].sort((a, b) => (offset[a] ?? 0) - (offset[b] ?? 0));
      const nE = array('electron_number_densities').shape[0] ?? 0;
      const nT = array('temps').shape[0] ?? 0;
      const profile = array('profile').data;
      return {
        lower,
        upper,
        wavelength,
        gf: absorptionOscillator(lower, upper) * 2 * lower * lower,
        lnOffset: Float64Array.from(order, (i) => Math.log(Math.max(offset[i] ?? 0, 1e4))),
        lnElectron: array('electron_number_densities').data.map(Math.log),
        minusInvT: array('temps').data.map((t) => -1 / t),
        lnProfile: Float64Array.from(
          order.flatMap((i) => Array.from({ length: nE * nT }, (_, k) => Math.log(Math.max(profile[i * nE * nT + k] ?? 0, 1e-300)))),
        ),
      };
    });
  return { lines };
}

/** Mean energy of level n below the limit, cm⁻¹: Bohr's with the fine-structure shift R α²/n⁴ (5/4 − 1/n), averaged over j (Bethe & Salpeter 1957, §10–12). */
function termValue(n: number): number {
  const rydberg = 109_677.583_4;
  const alpha2 = 5.325_135e-5;
  return (rydberg / (n * n)) * (1 + (alpha2 / (n * n)) * (1.25 - 1 / n));
}

/** Hydrogen oscillator strengths f(lower → upper): Kramers' with the Gaunt factors of Menzel & Pekeris (1935) as in Gray (2005, eq. 8.6 and table 8.1 for n = 2, 3). */
function absorptionOscillator(lower: number, upper: number): number {
  const exact: Readonly<Record<string, number>> = {
    '2_3': 0.6407,
    '2_4': 0.1193,
    '2_5': 0.04467,
    '2_6': 0.02209,
    '2_7': 0.0127,
    '2_8': 0.008036,
    '2_9': 0.005429,
    '2_10': 0.003851,
    '3_4': 0.8421,
    '3_5': 0.1506,
    '3_6': 0.05584,
    '3_7': 0.02768,
    '3_8': 0.01604,
    '3_9': 0.01023,
    '3_10': 0.00698,
  };
  const known = exact[`${String(lower)}_${String(upper)}`];
  if (known !== undefined) return known;
  const limit = lower === 2 ? exact['2_10'] : exact['3_10'];
  const scale = (m: number): number => m ** -3 * (1 - (lower * lower) / (m * m)) ** -3;
  return ((limit ?? 0) * scale(upper)) / scale(10);
}

/** Decay rates of levels 2…5, averaged over their sublevels, s⁻¹ (Wiese & Fuhr 2009, J. Phys. Chem. Ref. Data 38, 565); higher ones add little. */
const DECAY: Readonly<Record<number, number>> = { 2: 4.699e8, 3: 9.99e7, 4: 3.02e7, 5: 1.16e7 };

/**
 * Adds the Balmer and Paschen lines to `target` [layer·count + i], cm⁻¹, on λ_i = lambda[i] (Å, vacuum). A wing is followed until it falls below `limit` of
 * its layer, cm⁻¹.
 * Stark + Doppler profiles: Stehlé & Hutcheon (1999, A&AS 140, 93); natural and self-broadening add the difference of a Voigt and a Doppler profile, which is
 * exact where the Doppler core rules and in the wings. The fields that dissolve the upper level are those that would shift the line half-way to the next:
 * they make the far wing, so it is the wing that is cut, not the line that is scaled (Tremblay & Bergeron 2009, ApJ 696, 1755); what is cut is in the
 * continuum of dissolved levels. v_mic is negligible against hydrogen's thermal width.
 */
export function addHydrogenLines(
  target: Float64Array,
  lambda: Float64Array,
  tables: HydrogenTables,
  pop: Populations,
  { electrons, rows }: HydrogenProfiles,
  limit: Float64Array,
): void {
  const count = lambda.length;
  const first = lambda[0] ?? 0;
  const end = lambda[count - 1] ?? 0;
  const boundary = 300;
  for (const [index, line] of tables.lines.entries()) {
    const reach = line.upper <= 6 || line.lower === 3 ? boundary : 150;
    if (line.wavelength < first - reach || line.wavelength > end + reach) continue;
    const nu0 = (C_CGS * 1e8) / line.wavelength;
    const excitation = RYDBERG_H_EV * (1 - 1 / (line.lower * line.lower));
    const nO = line.lnOffset.length;
    // Half the distance to the next level: fields that shift the line farther dissolve its upper level.
    const dissolving = (C_CGS * (termValue(line.upper) - termValue(line.upper + 1))) / 2;
    const all = rows[index] ?? new Float64Array(0);
    for (let layer = 0; layer < pop.layers; layer++) {
      const t = pop.temperature[layer] ?? NaN;
      const ne = electrons[layer] ?? NaN;
      const kT = K_EV * t;
      const f0 = 1.25e-9 * ne ** (2 / 3);
      const hI = pop.atoms[3 * pop.layers + layer] ?? 0;
      const strength = PI_E2_MC * line.gf * hI * Math.exp(-excitation / kT) * (1 - Math.exp(-HC_EV_ANGSTROM / line.wavelength / kT));
      const row = all.subarray(layer * nO, (layer + 1) * nO);
      const self = line.lower === 2 ? SELF[line.upper] : undefined;
      const gamma = (DECAY[line.lower] ?? 0) + (DECAY[line.upper] ?? 0) + (self ? selfWidth(self, t) * hI * 2 : 0);
      const doppler = (nu0 * Math.sqrt((2 * K_CGS * t) / ((ATOMIC_MASS[1] ?? 1) * AMU_CGS))) / C_CGS;
      let last = nO - 1;
      while (last > 0 && strength * Math.exp(row[last] ?? 0) < (limit[layer] ?? 0)) last--;
      const damping = gamma / (4 * Math.PI * doppler);
      const peak = 1 / (Math.sqrt(Math.PI) * doppler);
      // Where the Lorentzian falls below the limit, Hz.
      const lorentz = Math.sqrt((strength * gamma) / (4 * Math.PI * Math.PI * (limit[layer] ?? 1)));
      if (last === 0 && lorentz < doppler) continue;
      const farthest = Math.max(Math.exp(line.lnOffset[Math.min(last + 1, nO - 1)] ?? 0) * f0, lorentz);
      const span = Math.min(reach, (farthest * line.wavelength) / nu0);
      const lo = lowerBound(lambda, line.wavelength - span);
      const hi = lowerBound(lambda, line.wavelength + span);
      const lnF0 = Math.log(f0);
      const x0 = line.lnOffset[0] ?? 0;
      let cell = 0;
      let previous = -1;
      for (let i = lo; i < hi; i++) {
        const dnu = Math.abs((C_CGS * 1e8) / (lambda[i] ?? 1) - nu0);
        const x = Math.max(Math.log(dnu + 1e3) - lnF0, x0);
        if (x < previous || i === lo) {
          while (cell > 0 && (line.lnOffset[cell] ?? 0) > x) cell--;
          if (i === lo) while (cell < nO - 2 && (line.lnOffset[cell + 1] ?? Infinity) <= x) cell++;
        } else while (cell < nO - 2 && (line.lnOffset[cell + 1] ?? Infinity) <= x) cell++;
        previous = x;
        const xa = line.lnOffset[cell] ?? 0;
        const fraction = (x - xa) / ((line.lnOffset[cell + 1] ?? 1) - xa);
        let profile = Math.exp((row[cell] ?? 0) + fraction * ((row[cell + 1] ?? 0) - (row[cell] ?? 0)));
        const u = dnu / doppler;
        profile += peak * (voigt(damping, u) - (u < 6 ? Math.exp(-u * u) : 0));
        target[layer * count + i] =
          (target[layer * count + i] ?? 0) + strength * Math.max(profile, 0) * Math.exp(-((dnu / dissolving) ** 4));
      }
    }
  }
}

/** Full self-broadening width per H atom (rad s⁻¹ cm³), Anstee & O'Mara theory: γ = 2·(4/π)^(α/2)·Γ(2 − α/2)·v·σ(v0)·(v/v0)^−α. */
function selfWidth({ sigma, alpha, gammaFunction }: (typeof SELF)[number], t: number): number {
  const v0 = 1e6;
  const v = Math.sqrt((8 * K_CGS * t * 2) / (Math.PI * (ATOMIC_MASS[1] ?? 1) * AMU_CGS));
  return 2 * (4 / Math.PI) ** (alpha / 2) * gammaFunction * v * sigma * 2.800_285e-17 * (v / v0) ** -alpha;
}

/** Stark profiles of every line in every layer of one star: ln of the profile per Hz by [layer·offsets + offset]. */
export interface HydrogenProfiles {
  readonly electrons: Float64Array;
  readonly rows: readonly Float64Array[];
}

export function hydrogenProfiles(tables: HydrogenTables, pop: Populations, electrons: Float64Array): HydrogenProfiles {
  const rows = tables.lines.map((line) => {
    const n = line.lnOffset.length;
    const out = new Float64Array(pop.layers * n);
    for (let layer = 0; layer < pop.layers; layer++)
      profileAt(line, Math.log(electrons[layer] ?? NaN), pop.temperature[layer] ?? NaN, out.subarray(layer * n, (layer + 1) * n));
    return out;
  });
  return { electrons, rows };
}

/**
 * The profile at one n_e and T, on the line's reduced offsets. The neighbours in n_e are read at the same frequency, not the same reduced offset: so both a
 * Doppler core and a Stark wing (a power of n_e) come out exactly. ln of a Doppler core is linear in 1/T.
 */
function profileAt(line: StarkLine, lnNe: number, temperature: number, row: Float64Array): void {
  const [i, f] = cellOf(line.lnElectron, lnNe);
  const [j, g] = cellOf(line.minusInvT, -1 / temperature);
  const nE = line.lnElectron.length;
  const nT = line.minusInvT.length;
  const p = line.lnProfile;
  const x = line.lnOffset;
  row.fill(0);
  for (const [node, weight] of [
    [i, 1 - f],
    [i + 1, f],
  ] as const) {
    // F0 ∝ n_e^(2/3)
    const shift = (2 / 3) * (lnNe - (line.lnElectron[node] ?? 0));
    let cell = 0;
    for (let k = 0; k < row.length; k++) {
      const at = Math.max((x[k] ?? 0) + shift, x[0] ?? 0);
      while (cell < x.length - 2 && (x[cell + 1] ?? 0) <= at) cell++;
      const h = (at - (x[cell] ?? 0)) / ((x[cell + 1] ?? 1) - (x[cell] ?? 0));
      const lo = (cell * nE + node) * nT + j;
      const hi = lo + nE * nT;
      const value = (1 - h) * ((1 - g) * (p[lo] ?? 0) + g * (p[lo + 1] ?? 0)) + h * ((1 - g) * (p[hi] ?? 0) + g * (p[hi + 1] ?? 0));
      row[k] = (row[k] ?? 0) + weight * value;
    }
  }
}

function cellOf(nodes: Float64Array, x: number): [number, number] {
  let i = 0;
  while (i < nodes.length - 2 && (nodes[i + 1] ?? 0) < x) i++;
  const a = nodes[i] ?? 0;
  return [i, Math.min(Math.max((x - a) / ((nodes[i + 1] ?? 1) - a), 0), 1)];
}

export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if ((sorted[mid] ?? 0) < value) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
