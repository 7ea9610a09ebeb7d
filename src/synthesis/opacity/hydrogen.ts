/** Hydrogen's lines in every layer of one star: Stark profiles at its n_e and T, strength, natural and self-broadening. They are summed by `hydrogenLines.ts`. */
import { ATOMIC_MASS } from '../tables/elements.ts';
import { AMU_CGS, C_CGS, HC_EV_ANGSTROM, K_CGS, K_EV, PI_E2_MC, RYDBERG_H_EV } from '../constants.ts';
import { HYDROGEN_PARTITION } from '../structure/populations.ts';
import type { HydrogenTables, StarkLine } from '../tables/hydrogenTables.ts';

/** Self-broadening of Hα, Hβ, Hγ: cross-section at 10⁴ m/s in a0², velocity exponent α and Γ(2 − α/2) (Barklem, Piskunov & O'Mara 2000, A&A 363, 1091). */
const SELF: Readonly<Record<number, { readonly sigma: number; readonly alpha: number; readonly gammaFunction: number }>> = {
  3: { sigma: 1180, alpha: 0.677, gammaFunction: 0.90191 },
  4: { sigma: 2320, alpha: 0.455, gammaFunction: 0.92437 },
  5: { sigma: 4208, alpha: 0.38, gammaFunction: 0.93408 },
};

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
export interface HydrogenLine {
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

/** Prepares hydrogen's lines for the layers of one star. */
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
      line.gamma[layer] = (DECAY[table.lower] ?? 0) + (DECAY[table.upper] ?? 0) + (self ? selfWidth(self, t) * n1 * HYDROGEN_PARTITION : 0);
      line.doppler[layer] = (nu0 * Math.sqrt((2 * K_CGS * t) / (ATOMIC_MASS[1] * AMU_CGS))) / C_CGS;
    }
    return line;
  });
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
