import { C_CGS, H_CGS, K_CGS } from '../constants.ts';
import { expint3, expint4 } from './exponentialIntegral.ts';

/**
 * Emergent flux of a plane-parallel atmosphere and its derivative with respect to the opacity and source function of every layer.
 *
 * With S linear in τ between layers, F = 2π [S₀/2 + Σ (ΔS/Δτ)(E₄(τ_k) − E₄(τ_k+1))]: exact over angle. τ is integrated in the layer index by a
 * four-point (cubic) rule. Because this is an explicit function of the opacities, one backward pass gives ∂F/∂χ of all layers: the derivative for any
 * label is then a dot product with that label's change of opacity. (Hubeny & Mihalas 2014, ch. 11, for the formal solution.)
 */

/** Column-mass weights: τ increments are a linear rule in f_i = χ_i·weight_i. */
export function opticalDepthWeights(rhox: Float64Array, density: Float64Array): Float64Array {
  const n = rhox.length;
  const ln = rhox.map(Math.log);
  return rhox.map((m, i) => {
    const lo = Math.max(i - 1, 0);
    const hi = Math.min(i + 1, n - 1);
    return (m * ((ln[hi] ?? 0) - (ln[lo] ?? 0))) / (hi - lo) / (density[i] ?? 1);
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

/** Coefficients of layers k−1…k+2 in the increment from k to k+1. */
function stencil(k: number, layers: number): readonly [number, readonly number[]] {
  if (k === 0) return [0, [5 / 12, 8 / 12, -1 / 12]];
  if (k === layers - 2) return [k - 1, [-1 / 12, 8 / 12, 5 / 12]];
  return [k - 1, [-1 / 24, 13 / 24, 13 / 24, -1 / 24]];
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
    const a = absorption[i] ?? 0;
    const s = scattering[i] ?? 0;
    source[i] = (a * (b[i] ?? 0) + s * (meanIntensity[i] ?? 0)) / (a + s);
  }
  for (let i = 0; i < count; i++) {
    tau[i] = (((absorption[i] ?? 0) + (scattering[i] ?? 0)) * rhox0) / density0;
    flux[i] = Math.PI * (source[i] ?? 0);
    w[i] = expint4(tau[i] ?? 0); // E4 of the layer above, then W
  }
  const e4 = w.slice(0, count);
  for (let k = 0; k < layers - 1; k++) {
    const [first, c] = stencil(k, layers);
    const [o0, o1, o2, o3] = [first * count, (first + 1) * count, (first + 2) * count, Math.min(first + 3, layers - 1) * count];
    const [c0, c1, c2, c3] = [
      (c[0] ?? 0) * (weights[first] ?? 0),
      (c[1] ?? 0) * (weights[first + 1] ?? 0),
      (c[2] ?? 0) * (weights[first + 2] ?? 0),
      (c[3] ?? 0) * (weights[Math.min(first + 3, layers - 1)] ?? 0),
    ];
    const here = k * count;
    const below = (k + 1) * count;
    const floor = 0.1 * Math.min(weights[k] ?? 0, weights[k + 1] ?? 0);
    for (let i = 0; i < count; i++) {
      const x0 = (absorption[o0 + i] ?? 0) + (scattering[o0 + i] ?? 0);
      const x1 = (absorption[o1 + i] ?? 0) + (scattering[o1 + i] ?? 0);
      const x2 = (absorption[o2 + i] ?? 0) + (scattering[o2 + i] ?? 0);
      const x3 = (absorption[o3 + i] ?? 0) + (scattering[o3 + i] ?? 0);
      const dTau = Math.max(c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3, floor * Math.min(x1, x2));
      const next = (tau[here + i] ?? 0) + dTau;
      tau[below + i] = next;
      const e = expint4(next);
      const value = ((e4[i] ?? 0) - e) / dTau;
      e4[i] = e;
      w[here + i] = value;
      flux[i] = (flux[i] ?? 0) + 2 * Math.PI * ((source[below + i] ?? 0) - (source[here + i] ?? 0)) * value;
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
      const t0 = tau[here + i] ?? 0;
      const t1 = tau[below + i] ?? 0;
      const d = t1 - t0;
      const value = w[here + i] ?? 0;
      const dS = 2 * Math.PI * ((source[below + i] ?? 0) - (source[here + i] ?? 0));
      const small = d < 1e-4;
      const lower = small ? -0.5 : (expint3(t1) - value) / d;
      const upper = small ? -0.5 : (value - expint3(t0)) / d;
      const g = (suffix[i] ?? 0) + dS * lower; // all increments up to this one shift τ_{k+1}
      suffix[i] = g + dS * upper;
      for (let p = 0; p < c.length; p++) {
        const at = (first + p) * count + i;
        byF[at] = (byF[at] ?? 0) + g * (c[p] ?? 0);
      }
    }
  }
  for (let k = 0; k < layers; k++) {
    const at = k * count;
    const weight = weights[k] ?? 0;
    for (let i = 0; i < count; i++) {
      const chi = (absorption[at + i] ?? 0) + (scattering[at + i] ?? 0);
      let common = (byF[at + i] ?? 0) * weight;
      if (k === 0) common += ((suffix[i] ?? 0) * rhox0) / density0;
      const above = k === 0 ? 0.5 : (w[at - count + i] ?? 0);
      const dS = (2 * Math.PI * (above - (k === layers - 1 ? 0 : (w[at + i] ?? 0)))) / chi;
      const s = source[at + i] ?? 0;
      dAbsorption[at + i] = common + dS * ((b[at + i] ?? 0) - s);
      dScattering[at + i] = common + dS * ((meanIntensity[at + i] ?? 0) - s);
      if (dSource !== null) dSource[at + i] = dS;
    }
  }
}
