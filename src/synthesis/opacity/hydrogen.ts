import { ATOMIC_MASS } from '../tables/elements.ts';
import { AMU_CGS, C_CGS, HC_EV_ANGSTROM, K_CGS, K_EV, PI_E2_MC, RYDBERG_H_EV } from '../constants.ts';
import { voigt } from '../../math/voigt.ts';
import type { NpyArray } from '../../io/npz.ts';
import { arrayOf, checkFinite, checkPositive } from '../tables/tableChecks.ts';

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
      const array = (field: string, ...shape: readonly (number | null)[]): NpyArray => arrayOf(npz, `${name}.${field}`, shape);
      const offset = array('delta_nu_over_F0', null).data;
      const wavelength = 1e8 / (termValue(lower) - termValue(upper));
      const order = [...offset.keys()].sort((a, b) => offset[a] - offset[b]);
      const electrons = array('electron_number_densities', null).data;
      const temperatures = array('temps', null).data;
      const [nE, nT] = [electrons.length, temperatures.length];
      const profile = array('profile', offset.length, nE, nT).data;
      checkPositive(`${name} electron densities`, electrons);
      checkPositive(`${name} temperatures`, temperatures);
      checkFinite(`${name}.profile`, profile);
      return {
        lower,
        upper,
        wavelength,
        gf: absorptionOscillator(lower, upper) * 2 * lower * lower,
        lnOffset: Float64Array.from(order, (i) => Math.log(Math.max(offset[i], 1e4))),
        lnElectron: electrons.map(Math.log),
        minusInvT: temperatures.map((t) => -1 / t),
        lnProfile: Float64Array.from(
          order.flatMap((i) => Array.from({ length: nE * nT }, (_, k) => Math.log(Math.max(profile[i * nE * nT + k], 1e-300)))),
        ),
      };
    });
  for (const [lower, last] of [
    [2, 10],
    [3, 10],
  ] as const)
    for (let upper = lower + 1; upper <= last; upper++)
      if (!lines.some((line) => line.lower === lower && line.upper === upper))
        throw new Error(
          `expected the hydrogen line ${String(lower)}-${String(upper)} ('${String(lower)}_${String(upper)}.profile'), found none`,
        );
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
  const exact: Readonly<Partial<Record<string, number>>> = {
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
const DECAY: Readonly<Partial<Record<number, number>>> = { 2: 4.699e8, 3: 9.99e7, 4: 3.02e7, 5: 1.16e7 };

/** What hydrogen's lines need of every layer of one star; densities in cm⁻³. */
export interface HydrogenState {
  readonly temperature: Float64Array;
  readonly electrons: Float64Array;
  /** n/U of H I. */
  readonly neutral: Float64Array;
}

/** One line in every layer. */
interface HydrogenLine {
  readonly table: StarkLine;
  /** ln of the Stark profile per Hz by [layer·offsets + offset]. */
  readonly rows: Float64Array;
  /** Opacity per unit profile and its logarithm, ln F0, natural and self-broadening (full width, rad s⁻¹) and Doppler width (Hz) by layer. */
  readonly strength: Float64Array;
  readonly lnStrength: Float64Array;
  readonly lnF0: Float64Array;
  readonly gamma: Float64Array;
  readonly doppler: Float64Array;
}

/** Hydrogen's lines in every layer of one star. */
export type HydrogenProfiles = readonly HydrogenLine[];

export function hydrogenProfiles(tables: HydrogenTables, { temperature, electrons, neutral }: HydrogenState): HydrogenProfiles {
  const layers = temperature.length;
  return tables.lines.map((table) => {
    const n = table.lnOffset.length;
    const array = (): Float64Array => new Float64Array(layers);
    const line = {
      table,
      rows: new Float64Array(layers * n),
      strength: array(),
      lnStrength: array(),
      lnF0: array(),
      gamma: array(),
      doppler: array(),
    };
    const nu0 = (C_CGS * 1e8) / table.wavelength;
    const excitation = RYDBERG_H_EV * (1 - 1 / (table.lower * table.lower));
    const self = table.lower === 2 ? SELF[table.upper] : undefined;
    for (let layer = 0; layer < layers; layer++) {
      const t = temperature[layer];
      const ne = electrons[layer];
      const n1 = neutral[layer];
      profileAt(table, Math.log(ne), t, line.rows.subarray(layer * n, (layer + 1) * n));
      const strength =
        PI_E2_MC * table.gf * n1 * Math.exp(-excitation / (K_EV * t)) * (1 - Math.exp(-HC_EV_ANGSTROM / table.wavelength / (K_EV * t)));
      line.strength[layer] = strength;
      line.lnStrength[layer] = Math.log(strength);
      line.lnF0[layer] = Math.log(1.25e-9) + (2 / 3) * Math.log(ne);
      line.gamma[layer] = (DECAY[table.lower] ?? 0) + (DECAY[table.upper] ?? 0) + (self ? selfWidth(self, t) * n1 * 2 : 0);
      line.doppler[layer] = (nu0 * Math.sqrt((2 * K_CGS * t) / (ATOMIC_MASS[1] * AMU_CGS))) / C_CGS;
    }
    return line;
  });
}

/** Å from the centre to which the lines with extended wings are followed, and the others. */
const LONG_REACH = 300;
const SHORT_REACH = 150;
/** Doppler widths from the centre beyond which a Voigt profile is its wing. */
const CORE = 6;
const SQRT_PI = Math.sqrt(Math.PI);

/**
 * Adds the Balmer and Paschen lines to `target` [layer·count + i], cm⁻¹, on λ_i = lambda[i] (Å, vacuum). A wing is followed until it falls below `limit` of
 * its layer, cm⁻¹, which is taken off all of it: no step where a wing ends. Returns whether any line reaches the block.
 * Stark + Doppler profiles: Stehlé & Hutcheon (1999, A&AS 140, 93); natural and self-broadening add the difference of a Voigt and a Doppler profile, which is
 * exact where the Doppler core rules and in the wings. The fields that dissolve the upper level are those that would shift the line half-way to the next:
 * they make the far wing, so it is the wing that is cut, not the line that is scaled (Tremblay & Bergeron 2009, ApJ 696, 1755); what is cut is in the
 * continuum of dissolved levels. v_mic is negligible against hydrogen's thermal width.
 */
export function addHydrogenLines(target: Float64Array, lambda: Float64Array, profiles: HydrogenProfiles, limit: Float64Array): boolean {
  const count = lambda.length;
  const first = lambda[0];
  const end = lambda[count - 1];
  const dnu = new Float64Array(count);
  const lnDnu = new Float64Array(count);
  const kept = new Float64Array(count);
  let any = false;
  for (const { table, rows, strength, lnStrength, lnF0, gamma, doppler } of profiles) {
    const reach = table.upper <= 6 || table.lower === 3 ? LONG_REACH : SHORT_REACH;
    if (table.wavelength < first - reach || table.wavelength > end + reach) continue;
    any = true;
    const nu0 = (C_CGS * 1e8) / table.wavelength;
    // Half the distance to the next level: fields that shift the line farther dissolve its upper level.
    const dissolving = (C_CGS * (termValue(table.upper) - termValue(table.upper + 1))) / 2;
    for (let i = 0; i < count; i++) {
      dnu[i] = Math.abs((C_CGS * 1e8) / lambda[i] - nu0);
      lnDnu[i] = Math.log(dnu[i] + 1e3);
      kept[i] = Math.exp(-((dnu[i] / dissolving) ** 4));
    }
    const offsets = table.lnOffset;
    const nO = offsets.length;
    const x0 = offsets[0];
    const layers = strength.length;
    for (let layer = 0; layer < layers; layer++) {
      const s = strength[layer];
      const width = doppler[layer];
      const lnScale = lnF0[layer];
      const row = layer * nO;
      const least = limit[layer];
      const lnLimit = Math.log(least) - lnStrength[layer];
      let last = nO - 1;
      while (last > 0 && rows[row + last] < lnLimit) last--;
      // γ/4π² of the Lorentzian per Hz, and where it falls below the limit.
      const g = gamma[layer] / (4 * Math.PI * Math.PI);
      const lorentz = Math.sqrt((s * g) / least);
      if (last === 0 && lorentz < width) continue;
      const farthest = Math.max(Math.exp(offsets[Math.min(last + 1, nO - 1)] + lnScale), lorentz);
      const span = Math.min(reach, (farthest * table.wavelength) / nu0);
      const lo = lowerBound(lambda, table.wavelength - span);
      const hi = lowerBound(lambda, table.wavelength + span);
      const damping = (Math.PI * g) / width;
      const peak = 1 / (SQRT_PI * width);
      const width2 = width * width;
      let cell = 0;
      let previous = Infinity;
      for (let i = lo; i < hi; i++) {
        const x = Math.max(lnDnu[i] - lnScale, x0);
        if (x < previous) while (cell > 0 && offsets[cell] > x) cell--;
        while (cell < nO - 2 && offsets[cell + 1] <= x) cell++;
        previous = x;
        const xa = offsets[cell];
        const fraction = (x - xa) / (offsets[cell + 1] - xa);
        const y = rows[row + cell];
        const stark = Math.exp(y + fraction * (rows[row + cell + 1] - y));
        const d = dnu[i];
        const u = d / width;
        const damped = u < CORE ? peak * (voigt(damping, u) - Math.exp(-u * u)) : (g / (d * d)) * (1 + (1.5 * width2) / (d * d));
        const at = layer * count + i;
        const opacity = s * kept[i] * (stark + damped) - least;
        if (opacity > 0) target[at] += opacity;
      }
    }
  }
  return any;
}

/** Full self-broadening width per H atom (rad s⁻¹ cm³), Anstee & O'Mara theory: γ = 2·(4/π)^(α/2)·Γ(2 − α/2)·v·σ(v0)·(v/v0)^−α. */
function selfWidth({ sigma, alpha, gammaFunction }: (typeof SELF)[number], t: number): number {
  const v0 = 1e6;
  const v = Math.sqrt((8 * K_CGS * t * 2) / (Math.PI * ATOMIC_MASS[1] * AMU_CGS));
  return 2 * (4 / Math.PI) ** (alpha / 2) * gammaFunction * v * sigma * 2.800_285e-17 * (v / v0) ** -alpha;
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
    const shift = (2 / 3) * (lnNe - line.lnElectron[node]);
    let cell = 0;
    for (let k = 0; k < row.length; k++) {
      const at = Math.max(x[k] + shift, x[0]);
      while (cell < x.length - 2 && x[cell + 1] <= at) cell++;
      const h = (at - x[cell]) / (x[cell + 1] - x[cell]);
      const lo = (cell * nE + node) * nT + j;
      const hi = lo + nE * nT;
      const value = (1 - h) * ((1 - g) * p[lo] + g * p[lo + 1]) + h * ((1 - g) * p[hi] + g * p[hi + 1]);
      row[k] += weight * value;
    }
  }
}

function cellOf(nodes: Float64Array, x: number): [number, number] {
  let i = 0;
  while (i < nodes.length - 2 && nodes[i + 1] < x) i++;
  const a = nodes[i];
  return [i, Math.min(Math.max((x - a) / (nodes[i + 1] - a), 0), 1)];
}

export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (sorted[mid] < value) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}
