/** Tables of hydrogen's Balmer and Paschen lines: Stark profiles (Stehlé & Hutcheon 1999, A&AS 140, 93), oscillator strengths and term values. */
import type { NpyArray } from '../../io/npz.ts';
import { arrayOf, checkFinite, checkPositive } from './tableChecks.ts';

/** Stark profile of one line on ln Δν/F0, ln n_e, ln T: ln of the profile per Hz. */
export interface StarkLine {
  /** Principal quantum numbers. */
  readonly lower: number;
  readonly upper: number;
  /** Å, vacuum. */
  readonly wavelength: number;
  readonly gf: number;
  /** ln of Δν/F0, increasing: Hz over the normal field strength. */
  readonly lnOffset: Float64Array;
  /** ln of electrons per cm³. */
  readonly lnElectron: Float64Array;
  /** −1/T, K⁻¹. */
  readonly minusInvT: Float64Array;
  /** By [(offset·electrons + electron)·temperatures + temperature]. */
  readonly lnProfile: Float64Array;
}
export interface HydrogenTables {
  readonly lines: readonly StarkLine[];
}

/** Least offset (Δν/F0) and profile (Hz⁻¹) that a logarithm is taken of: the tables begin at 0 and underflow in the far wing. */
const LEAST_OFFSET = 1e4;
const LEAST_PROFILE = 1e-300;

/** Hydrogen's tables from their archive (`<lower>_<upper>.profile` …). Throws what is missing: all lines from levels 2 and 3 up to level 10 are needed. */
export function buildHydrogenTables(npz: ReadonlyMap<string, NpyArray>): HydrogenTables {
  const lines = [...npz.keys()]
    .filter((key) => /^[23]_\d+\.profile$/.test(key)) // the other series are not in the optical
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
        lnOffset: Float64Array.from(order, (i) => Math.log(Math.max(offset[i], LEAST_OFFSET))),
        lnElectron: electrons.map(Math.log),
        minusInvT: temperatures.map((t) => -1 / t),
        lnProfile: Float64Array.from(
          order.flatMap((i) => Array.from({ length: nE * nT }, (_, k) => Math.log(Math.max(profile[i * nE * nT + k], LEAST_PROFILE)))),
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
export function termValue(n: number): number {
  const rydberg = 109_677.583_4;
  const alpha2 = 5.325_135e-5;
  return (rydberg / (n * n)) * (1 + (alpha2 / (n * n)) * (1.25 - 1 / n));
}

/** Oscillator strengths of Hα … 2–10, and of 3–4 … 3–10. */
const BALMER = [0.6407, 0.1193, 0.04467, 0.02209, 0.0127, 0.008036, 0.005429, 0.003851];
const PASCHEN = [0.8421, 0.1506, 0.05584, 0.02768, 0.01604, 0.01023, 0.00698];

/** Hydrogen oscillator strengths f(lower → upper): Kramers' with the Gaunt factors of Menzel & Pekeris (1935) as in Gray (2005, eq. 8.6 and table 8.1 for n = 2, 3). */
function absorptionOscillator(lower: number, upper: number): number {
  const exact = lower === 2 ? BALMER : PASCHEN;
  const last = lower + exact.length;
  if (upper <= last) return exact[upper - lower - 1];
  const scale = (m: number): number => m ** -3 * (1 - (lower * lower) / (m * m)) ** -3;
  return (exact[exact.length - 1] * scale(upper)) / scale(last);
}
