/**
 * Emergent flux of a plane-parallel atmosphere and its derivative with respect to the opacity and source function of every layer.
 *
 * With S linear in τ between layers, F = 2π [S₀/2 + Σ (ΔS/Δτ)(E₄(τ_k) − E₄(τ_k+1))]: exact over angle. τ is integrated in the layer index by a
 * four-point (cubic) rule. Because this is an explicit function of the opacities, one backward pass gives ∂F/∂χ of all layers: the derivative for any
 * label is then a dot product with that label's change of opacity. (Hubeny & Mihalas 2014, ch. 11, for the formal solution.)
 */
import { C_CGS, H_CGS, K_CGS } from '../constants.ts';
import { expint3, expint4 } from './exponentialIntegral.ts';

/** Column-mass weights: τ increments are a linear rule in f_i = χ_i·weight_i. */
export function opticalDepthWeights(rhox: Float64Array, density: Float64Array): Float64Array {
  const n = rhox.length;
  const ln = rhox.map(Math.log);
  return rhox.map((m, i) => {
    const lo = Math.max(i - 1, 0);
    const hi = Math.min(i + 1, n - 1);
    return (m * (ln[hi] - ln[lo])) / (hi - lo) / density[i];
  });
}

/** Planck function B_λ, erg cm⁻² s⁻¹ sr⁻¹ Å⁻¹, at λ in Å. */
export function planck(lambda: number, temperature: number): number {
  const cm = lambda * 1e-8;
  return (2 * H_CGS * C_CGS * C_CGS * 1e-8) / (cm ** 5 * Math.expm1((H_CGS * C_CGS) / (cm * K_CGS * temperature)));
}

/** Arrays by [layer·count + i] for one block of wavelengths. */
export interface TransferBlock {
  readonly count: number;
  readonly layers: number;
  /** Absorption and scattering, cm⁻¹. */
  readonly absorption: Float64Array;
  readonly scattering: Float64Array;
  readonly planck: Float64Array;
  /** Mean intensity in the scattering part of the source function. */
  readonly meanIntensity: Float64Array;
}

/** Work arrays of one block, reused between blocks. */
export interface TransferWork {
  readonly source: Float64Array;
  readonly tau: Float64Array;
  readonly w: Float64Array;
}
export const transferWork = (layers: number, count: number): TransferWork => ({
  source: new Float64Array(layers * count),
  tau: new Float64Array(layers * count),
  w: new Float64Array(layers * count),
});

const STENCIL_TOP = [5 / 12, 8 / 12, -1 / 12, 0] as const;
const STENCIL_BOTTOM = [-1 / 12, 8 / 12, 5 / 12, 0] as const;
const STENCIL_INSIDE = [-1 / 24, 13 / 24, 13 / 24, -1 / 24] as const;

/**
 * The optical-depth step from layer k to k+1 as a sum over layers: the first layer of the sum, and the coefficients of it and the three below.
 * Only inside does the fourth layer count; at the bottom it does not exist.
 */
function stencil(k: number, layers: number): readonly [number, readonly [number, number, number, number]] {
  if (k === 0) return [0, STENCIL_TOP];
  if (k === layers - 2) return [k - 1, STENCIL_BOTTOM];
  return [k - 1, STENCIL_INSIDE];
}

/** Emergent flux (erg cm⁻² s⁻¹ Å⁻¹) at each wavelength of the block, into `flux`. */
export function emergentFlux(
  block: TransferBlock,
  weights: Float64Array,
  rhox0: number,
  density0: number,
  work: TransferWork,
  flux: Float64Array,
): void {
  const { count, layers, absorption, scattering, planck: b, meanIntensity } = block;
  const { source, tau, w } = work;
  for (let i = 0; i < layers * count; i++) {
    const a = absorption[i];
    const s = scattering[i];
    source[i] = (a * b[i] + s * meanIntensity[i]) / (a + s);
  }
  for (let i = 0; i < count; i++) {
    tau[i] = ((absorption[i] + scattering[i]) * rhox0) / density0;
    flux[i] = Math.PI * source[i];
    w[i] = expint4(tau[i]); // E4 of the layer above, then W
  }
  const e4 = w.slice(0, count);
  for (let k = 0; k < layers - 1; k++) {
    const [first, c] = stencil(k, layers);
    const [o0, o1, o2, o3] = [first * count, (first + 1) * count, (first + 2) * count, Math.min(first + 3, layers - 1) * count];
    const [c0, c1, c2, c3] = [
      c[0] * weights[first],
      c[1] * weights[first + 1],
      c[2] * weights[first + 2],
      c[3] * weights[Math.min(first + 3, layers - 1)],
    ];
    const here = k * count;
    const below = (k + 1) * count;
    const floor = 0.1 * Math.min(weights[k], weights[k + 1]);
    for (let i = 0; i < count; i++) {
      const x0 = absorption[o0 + i] + scattering[o0 + i];
      const x1 = absorption[o1 + i] + scattering[o1 + i];
      const x2 = absorption[o2 + i] + scattering[o2 + i];
      const x3 = absorption[o3 + i] + scattering[o3 + i];
      const dTau = Math.max(c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3, floor * Math.min(x1, x2));
      const next = tau[here + i] + dTau;
      tau[below + i] = next;
      const e = expint4(next);
      const value = (e4[i] - e) / dTau;
      e4[i] = e;
      w[here + i] = value;
      flux[i] += 2 * Math.PI * (source[below + i] - source[here + i]) * value;
    }
  }
}

/**
 * After `emergentFlux` on the same block: ∂F/∂χ_abs and ∂F/∂χ_scat (per cm⁻¹) of every layer at fixed B and J, and into `dSource`, when given,
 * ∂F/∂S over χ: times absorption it is ∂F/∂B, times scattering ∂F/∂J. For changes of the optical-depth weights, ∂F/∂ln w = Σ χ·∂F/∂χ.
 */
export function fluxGradient(
  block: TransferBlock,
  weights: Float64Array,
  rhox0: number,
  density0: number,
  work: TransferWork,
  dAbsorption: Float64Array,
  dScattering: Float64Array,
  dSource: Float64Array | null = null,
): void {
  const { count, layers, absorption, scattering, planck: b, meanIntensity } = block;
  const { source, tau, w } = work;
  const suffix = new Float64Array(count); // Σ_{k>j} ∂F/∂τ_k
  const byF = dScattering; // ∂F/∂f, accumulated here first
  byF.fill(0);
  for (let k = layers - 2; k >= 0; k--) {
    const here = k * count;
    const below = here + count;
    const [first, c] = stencil(k, layers);
    for (let i = 0; i < count; i++) {
      const t0 = tau[here + i];
      const t1 = tau[below + i];
      const d = t1 - t0;
      const value = w[here + i];
      const dS = 2 * Math.PI * (source[below + i] - source[here + i]);
      const small = d < 1e-4;
      const lower = small ? -0.5 : (expint3(t1) - value) / d;
      const upper = small ? -0.5 : (value - expint3(t0)) / d;
      const g = suffix[i] + dS * lower; // all increments up to this one shift τ_{k+1}
      suffix[i] = g + dS * upper;
      for (let p = 0; p < 4; p++) {
        if (c[p] === 0) continue;
        const at = (first + p) * count + i;
        byF[at] += g * c[p];
      }
    }
  }
  for (let k = 0; k < layers; k++) {
    const at = k * count;
    const weight = weights[k];
    for (let i = 0; i < count; i++) {
      const chi = absorption[at + i] + scattering[at + i];
      let common = byF[at + i] * weight;
      if (k === 0) common += (suffix[i] * rhox0) / density0;
      const above = k === 0 ? 0.5 : w[at - count + i];
      const dS = (2 * Math.PI * (above - (k === layers - 1 ? 0 : w[at + i]))) / chi;
      const s = source[at + i];
      dAbsorption[at + i] = common + dS * (b[at + i] - s);
      dScattering[at + i] = common + dS * (meanIntensity[at + i] - s);
      if (dSource !== null) dSource[at + i] = dS;
    }
  }
}
