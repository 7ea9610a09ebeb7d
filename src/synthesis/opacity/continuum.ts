/** Opacity of the continuum: H⁻, H, metals, molecules and scattering, in every layer at the wavelengths of the tables. */
import { C_CGS, HC_EV_ANGSTROM, K_CGS, K_EV, M_E_CGS, H_CGS, RYDBERG_H_EV } from '../constants.ts';
import type { EosTables } from '../tables/eosTables.ts';
import { occupation } from './occupation.ts';
import type { ContinuumTables } from '../tables/continuumTables.ts';
import { atomOverPartition, moleculeDensity, neutralHydrogen, type Populations } from '../structure/populations.ts';

/** Continuous opacity, cm⁻¹, by [layer·wavelengths + wavelength]. */
export interface ContinuumOpacity {
  readonly wavelength: Float64Array;
  readonly absorption: Float64Array;
  readonly scattering: Float64Array;
}

/** Thomson cross-section, cm². */
const THOMSON = 6.652_458_7e-25;

/**
 * Continuous absorption (corrected for stimulated emission) and scattering of every layer.
 * H⁻ bound-free: McLaughlin et al. (2017); H⁻ free-free: Bell & Berrington (1987) as fitted in Gray (2005, eq. 8.13); H I: tabulated bound-free and
 * van Hoof et al. (2014) free-free; H2⁺ and He⁻: Kurucz (1970, SAO Spec. Rep. 309); metals: TOPbase and Bautista (1997); CH, OH: Kurucz et al. (1987);
 * Rayleigh scattering on H (Dalgarno), He, H2 (Dalgarno & Williams 1962) and Thomson scattering.
 */
export function continuumOpacity(tables: ContinuumTables, eos: EosTables, pop: Populations): ContinuumOpacity {
  const { wavelength } = tables;
  const nw = wavelength.length;
  const { layers } = pop;
  const absorption = new Float64Array(layers * nw);
  const scattering = new Float64Array(layers * nw);
  const densities = (name: string): Float64Array => moleculeDensity(eos, pop, name);
  const h2 = densities('H2');
  const molecules = tables.molecules.map((table) => ({ ...table, density: densities(table.name) }));

  for (let layer = 0; layer < layers; layer++) {
    const t = pop.temperature[layer];
    const kT = K_EV * t;
    const ne = pop.electrons[layer];
    const hI = atomOverPartition(pop, 1, 0, layer);
    const neutralH = neutralHydrogen(pop, layer);
    const protons = atomOverPartition(pop, 1, 1, layer);
    const heI = atomOverPartition(pop, 2, 0, layer);
    const hMinus = 0.25 * ne * neutralH * ((H_CGS * H_CGS) / (2 * Math.PI * M_E_CGS * K_CGS * t)) ** 1.5 * Math.exp(0.754_2 / kT);
    const logTheta = Math.log10(5040 / t);
    const electronPressure = ne * K_CGS * t;
    const logGamma2 = Math.log10(RYDBERG_H_EV / kT);
    const nH2 = h2[layer];
    const ti = Math.min(Math.max(Math.log(t / tables.temperatures[0]) / Math.log(1.08), 0), tables.temperatures.length - 1.001);
    const i0 = Math.floor(ti);
    const tf = ti - i0;
    const tm = Math.min(Math.max((t - 2000) / 500, 0), 13.999);
    const m0 = Math.floor(tm);
    for (let k = 0; k < nw; k++) {
      const w = wavelength[k];
      const energy = HC_EV_ANGSTROM / w;
      const stimulated = 1 - Math.exp(-energy / kT);
      const frequency = (C_CGS * 1e8) / w;
      let a = hMinus * tables.hMinusBoundFree[k] * stimulated;
      a += hMinusFreeFree(Math.log10(w), logTheta) * electronPressure * neutralH;
      let hydrogen = 0;
      for (const level of tables.hydrogen)
        hydrogen += Math.exp(-level.excitation / kT) * level.sigma[k] * (w <= level.edge ? 1 : dissolved(level, w, ne, t, neutralH, heI));
      a += hI * hydrogen * stimulated;
      a +=
        ((3.6923e8 * tables.gauntFreeFree(logGamma2, Math.log10(energy / kT)) * ne * protons) / (Math.sqrt(t) * frequency ** 3)) *
        stimulated;
      a += h2Plus(frequency, kT) * neutralH * protons * stimulated;
      a += heMinus(frequency, t) * ne * heI;
      let metals = 0;
      for (const metal of tables.metals) {
        const lo = metal.sum[i0 * nw + k];
        const hi = metal.sum[(i0 + 1) * nw + k];
        metals += atomOverPartition(pop, metal.z, metal.stage, layer) * (lo + tf * (hi - lo));
      }
      for (const { density, firstEnergy, energies, table } of molecules) {
        const x = (energy - firstEnergy) * 10;
        const e0 = Math.floor(x);
        if (e0 < 0 || e0 >= energies - 1) continue;
        const at = e0 * 15 + m0;
        const f = x - e0;
        const g = tm - m0;
        const log = (1 - f) * ((1 - g) * table[at] + g * table[at + 1]) + f * ((1 - g) * table[at + 15] + g * table[at + 16]);
        metals += density[layer] * 10 ** log;
      }
      a += metals * stimulated;
      absorption[layer * nw + k] = a;
      const w2 = w * w;
      const w4 = w2 * w2;
      const rayleighH = 5.799e-13 / w4 + 1.422e-6 / (w4 * w2) + 2.784 / (w4 * w4);
      const rayleighHe = (5.484e-14 / w4) * (1 + (2.44e5 + 5.94e10 / (w2 - 2.9e5)) / w2) ** 2;
      const rayleighH2 = 8.14e-13 / w4 + 1.28e-6 / (w4 * w2) + 1.61 / (w4 * w4);
      scattering[layer * nw + k] = THOMSON * ne + rayleighH * neutralH + rayleighHe * heI + rayleighH2 * nH2;
    }
  }
  return { wavelength, absorption, scattering };
}

/** Below this upper level none is dissolved in a star that has lines. */
const LOWEST_DISSOLVED = 6;

/**
 * Share of the transitions from level n to bound levels that end in dissolved ones, at a wavelength beyond the edge: 1 − w(n*), with n* the upper level the
 * photon would reach (Däppen, Anderson & Mihalas 1987, ApJ 319, 195).
 */
function dissolved(
  { n, edge }: { readonly n: number; readonly edge: number },
  w: number,
  electrons: number,
  t: number,
  neutralH: number,
  neutralHe: number,
): number {
  const upper = n / Math.sqrt(1 - edge / w);
  return upper < LOWEST_DISSOLVED ? 0 : 1 - occupation(upper, electrons, t, neutralH, neutralHe);
}

/** H⁻ free-free per neutral H atom and unit electron pressure, cm⁴ dyn⁻¹, stimulated emission included. */
function hMinusFreeFree(logW: number, logTheta: number): number {
  const f0 = -2.2763 + logW * (-1.685 + logW * (0.76661 - logW * 0.053346));
  const f1 = 15.2827 + logW * (-9.2846 + logW * (1.99381 - logW * 0.142631));
  const f2 = -197.789 + logW * (190.266 + logW * (-67.9775 + logW * (10.6913 - logW * 0.625151)));
  return 1e-26 * 10 ** (f0 + logTheta * (f1 + logTheta * f2));
}

/** H2⁺ per (H I)(H II), cm⁵. */
function h2Plus(frequency: number, kT: number): number {
  const l = Math.log(frequency);
  const f = frequency / 1e15;
  const fr = -3.0233e3 + l * (3.7797e2 + l * (-1.82496e1 + l * (3.9207e-1 - 3.1672e-3 * l)));
  const es = -7.342e-3 + f * (-2.409 + f * (1.028 + f * (-0.423 + f * (0.1224 - 0.01351 * f))));
  return Math.exp(-es / kT + fr);
}

/** He⁻ free-free per electron and He atom, cm⁵. */
function heMinus(frequency: number, t: number): number {
  const a = 3.397e-46 + (-5.216e-31 + 7.039e-15 / frequency) / frequency;
  const b = -4.116e-42 + (1.067e-26 + 8.135e-11 / frequency) / frequency;
  const c = 5.081e-37 + (-8.724e-23 - 5.659e-8 / frequency) / frequency;
  return Math.max(a * t + b + c / t, 0);
}
