/** The equation of state of a mixture: composition, Saha ionisation and molecular equilibrium together, by Newton's method in every layer. */
import { ATOMIC_MASS, MAX_Z, SOLAR_PER_H } from '../tables/elements.ts';
import { AMU_CGS, H_CGS, K_CGS, K_EV, M_E_CGS } from '../constants.ts';
import { interpolate, type EosTables } from '../tables/eosTables.ts';
import { solveInPlace } from '../../math/solveInPlace.ts';
import { failed, success, type Result } from '../../domain/result.ts';
import type { Atmosphere } from './atmosphere.ts';
import type { Populations } from './populations.ts';

/** n_X/n_H by atomic number for [Fe/H] and [X/Fe] given by atomic number (dex). Helium keeps the solar ratio. */
export function composition(feh: number, xfe: ReadonlyMap<number, number>): Float64Array {
  return SOLAR_PER_H.map((solar, z) => (z <= 2 ? solar : solar * 10 ** (feh + (xfe.get(z) ?? 0))));
}

const NEWTON_STEPS = 60;

/**
 * Solves Saha ionisation (I–III) and molecular equilibrium at every layer's T and gas pressure for n_e, the hydrogen nuclei and the free neutral
 * densities (Newton in logarithms). Partition functions and equilibrium constants: Barklem & Collet (2016, A&A 588, A96).
 * `donated`: electrons from nowhere, as a fraction of those of `start`: shows what n_e alone does. Fails with `EOS_NOT_CONVERGED`, naming the layer.
 */
export function solveEquationOfState(
  tables: EosTables,
  atmosphere: Atmosphere,
  perH: Float64Array,
  start?: Populations,
  donated = 0,
): Result<Populations> {
  const layers = atmosphere.temperature.length;
  const { molecules, reactive } = tables;
  const m = reactive.length;
  const n = m + 2;
  const slot = new Int32Array(MAX_Z + 1).fill(-1);
  reactive.forEach((z, i) => (slot[z] = i));
  const out = {
    layers,
    temperature: atmosphere.temperature,
    electrons: new Float64Array(layers),
    hydrogen: new Float64Array(layers),
    density: new Float64Array(layers),
    atoms: new Float64Array((MAX_Z + 1) * 3 * layers),
    molecules: new Float64Array(molecules.length * layers),
  };
  const u = new Float64Array((MAX_Z + 1) * 3);
  const r1 = new Float64Array(MAX_Z + 1);
  const r2 = new Float64Array(MAX_Z + 1);
  const kc = new Float64Array(molecules.length);
  let massPerH = 0;
  for (let z = 1; z <= MAX_Z; z++) massPerH += perH[z] * ATOMIC_MASS[z];
  const x = new Float64Array(n); // ln free neutral (reactive), ln n_e, ln N_H
  const f = new Float64Array(n);
  const jac = new Float64Array(n * n);

  for (let layer = 0; layer < layers; layer++) {
    const t = atmosphere.temperature[layer];
    const total = atmosphere.pressure[layer] / (K_CGS * t);
    const lnT = Math.log(t);
    const saha = 2 * ((2 * Math.PI * M_E_CGS * K_CGS * t) / (H_CGS * H_CGS)) ** 1.5;
    for (let z = 1; z <= MAX_Z; z++) {
      if (perH[z] === 0) continue;
      for (let s = 0; s < 3; s++) {
        const lnU = tables.lnU[z * 3 + s];
        u[z * 3 + s] = z === 1 && s === 1 ? 1 : lnU ? Math.exp(interpolate(tables.partitionLnT, lnU, lnT)) : 1;
      }
      const [chi1, chi2] = tables.ionisation[z];
      r1[z] = (saha * u[z * 3 + 1] * Math.exp(-chi1 / (K_EV * t))) / u[z * 3];
      r2[z] = (saha * u[z * 3 + 2] * Math.exp(-chi2 / (K_EV * t))) / u[z * 3 + 1];
    }
    molecules.forEach((molecule, i) => {
      kc[i] = 10 ** interpolate(molecule.lnT, molecule.log10K, lnT) / (K_CGS * t);
    });

    if (start) {
      reactive.forEach((z, i) => (x[i] = Math.log(start.atoms[z * 3 * layers + layer] * u[z * 3])));
      x[m] = Math.log(start.electrons[layer]);
      x[m + 1] = Math.log(start.hydrogen[layer]);
    } else if (layer === 0) {
      x[m + 1] = Math.log(total / 1.1);
      x[m] = Math.log(Math.max(atmosphere.electronDensity[0], total * 1e-7));
      reactive.forEach((z, i) => (x[i] = Math.log((perH[z] * Math.exp(x[m + 1])) / (1 + r1[z] / Math.exp(x[m])))));
    } else {
      const shift = Math.log(total) - Math.log(atmosphere.pressure[layer - 1] / (K_CGS * atmosphere.temperature[layer - 1]));
      for (let i = 0; i < n; i++) x[i] += shift;
    }

    let converged = false;
    for (let step = 0; step < NEWTON_STEPS && !converged; step++) {
      const ne = Math.exp(x[m]);
      const nH = Math.exp(x[m + 1]);
      f.fill(0);
      jac.fill(0);
      let particles = ne;
      let charge = donated * (start?.electrons[layer] ?? 0);
      let dCharge = 0; // ∂charge/∂ln n_e of the non-reactive
      let dParticlesNH = 0;
      for (let z = 1; z <= MAX_Z; z++) {
        const eps = perH[z];
        if (eps === 0) continue;
        const a = r1[z] / ne;
        const b = (a * r2[z]) / ne;
        const sum = 1 + a + b;
        const i = slot[z];
        if (i < 0) {
          const nuclei = eps * nH;
          const q = (a + 2 * b) / sum;
          charge += nuclei * q;
          particles += nuclei;
          dParticlesNH += nuclei;
          dCharge += nuclei * ((-a - 4 * b) / sum + q * q);
          jac[m * n + m + 1] += nuclei * q;
        } else {
          const free = Math.exp(x[i]);
          const scale = 1 / (eps * nH);
          f[i] = free * sum * scale - 1;
          jac[i * n + i] = free * sum * scale;
          jac[i * n + m] = free * (-a - 2 * b) * scale;
          jac[i * n + m + 1] = -free * sum * scale;
          charge += free * (a + 2 * b);
          particles += free * sum;
          jac[m * n + i] += free * (a + 2 * b);
          dCharge += free * (-a - 4 * b);
          jac[(m + 1) * n + i] += free * sum;
          jac[(m + 1) * n + m] += free * (-a - 2 * b);
        }
      }
      molecules.forEach(({ a, b }, j) => {
        const i = slot[a];
        const k = slot[b];
        const density = Math.exp(x[i] + x[k]) / kc[j];
        particles += density;
        for (const [row, z] of [
          [i, a],
          [k, b],
        ] as const) {
          const scale = 1 / (perH[z] * nH);
          f[row] += density * scale;
          jac[row * n + i] += density * scale;
          jac[row * n + k] += density * scale;
          jac[row * n + m + 1] -= density * scale;
        }
        jac[(m + 1) * n + i] += density;
        jac[(m + 1) * n + k] += density;
      });
      // Charge: Σ z n − n_e = 0 (over n_e); particles: Σ n − P/kT = 0 (over P/kT).
      f[m] = charge / ne - 1;
      for (let i = 0; i < n; i++) jac[m * n + i] /= ne;
      jac[m * n + m] = dCharge / ne - charge / ne;
      f[m + 1] = particles / total - 1;
      jac[(m + 1) * n + m] += ne;
      jac[(m + 1) * n + m + 1] += dParticlesNH;
      for (let i = 0; i < n; i++) jac[(m + 1) * n + i] /= total;
      solveInPlace(jac, f, n);
      let largest = 0;
      for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(f[i]));
      const damp = Math.min(1, 1.5 / largest);
      for (let i = 0; i < n; i++) x[i] -= damp * f[i];
      converged = largest < 1e-10;
      if (!Number.isFinite(largest)) break;
    }
    if (!converged) {
      return failed(
        'EOS_NOT_CONVERGED',
        `The equation of state did not converge in layer ${String(layer + 1)} (T = ${t.toFixed(0)} K, P = ${atmosphere.pressure[layer].toExponential(2)} dyn/cm²).`,
        'Check the model atmosphere and the abundances.',
      );
    }
    const ne = Math.exp(x[m]);
    const nH = Math.exp(x[m + 1]);
    out.electrons[layer] = ne;
    out.hydrogen[layer] = nH;
    out.density[layer] = nH * massPerH * AMU_CGS;
    for (let z = 1; z <= MAX_Z; z++) {
      const eps = perH[z];
      if (eps === 0) continue;
      const a = r1[z] / ne;
      const b = (a * r2[z]) / ne;
      const i = slot[z];
      const neutral = i < 0 ? (eps * nH) / (1 + a + b) : Math.exp(x[i]);
      out.atoms[z * 3 * layers + layer] = neutral / u[z * 3];
      out.atoms[(z * 3 + 1) * layers + layer] = (neutral * a) / u[z * 3 + 1];
      out.atoms[(z * 3 + 2) * layers + layer] = (neutral * b) / u[z * 3 + 2];
    }
    molecules.forEach(({ a, b, partition }, j) => {
      const density = Math.exp(x[slot[a]] + x[slot[b]]) / kc[j];
      out.molecules[j * layers + layer] = density / (partition ? Math.exp(interpolate(partition.lnT, partition.lnQ, lnT)) : 1);
    });
  }
  return success(out);
}
