import type { TransferBlock, TransferWork } from './transfer.ts';

/**
 * Coherent isotropic scattering with the lines' opacity in it: the mean intensity at every wavelength of a block from d²J/dτ² = 3ε(J − B) (Eddington's
 * approximation; Hubeny & Mihalas 2014, §11.2), dJ/dτ = √3·J at the top, J = B at the bottom, and its part in the gradient of the flux. Between the lines of a
 * cool or metal-poor giant a tenth of the opacity scatters, and light that the lines around have taken away is not there to be scattered.
 */
export interface ScatteringWork {
  readonly delta: Float64Array;
  readonly pivot: Float64Array;
  readonly lambda: Float64Array;
}
export const scatteringWork = (layers: number, count: number): ScatteringWork => ({
  delta: new Float64Array(layers * count),
  pivot: new Float64Array(layers * count),
  lambda: new Float64Array(layers * count),
});

const SQRT3 = Math.sqrt(3);

/** Fills `block.meanIntensity`. The equations, multiplied by the mean step, are symmetric tridiagonal; factors stay in `work` for the gradient. */
export function solveMeanIntensity(block: TransferBlock, weights: Float64Array, work: ScatteringWork): void {
  const { count, layers, absorption, scattering, planck, meanIntensity: j } = block;
  const { delta, pivot } = work;
  const last = layers - 1;
  for (let k = 0; k < last; k++) {
    const o = k * count;
    const [w0, w1] = [0.5 * (weights[k] ?? 0), 0.5 * (weights[k + 1] ?? 0)];
    for (let i = o; i < o + count; i++)
      delta[i] = w0 * ((absorption[i] ?? 0) + (scattering[i] ?? 0)) + w1 * ((absorption[i + count] ?? 0) + (scattering[i + count] ?? 0));
  }
  for (let k = 0; k < last; k++) {
    const o = k * count;
    for (let i = o; i < o + count; i++) {
      const a = absorption[i] ?? 0;
      const d = delta[i] ?? 1;
      const above = k === 0 ? 0 : (delta[i - count] ?? 1);
      const loss = (1.5 * (above + d) * a) / (a + (scattering[i] ?? 0));
      let diagonal = 1 / d + loss;
      let right = loss * (planck[i] ?? 0);
      if (k === 0) diagonal += SQRT3;
      else {
        const carried = 1 / (above * (pivot[i - count] ?? 1));
        diagonal += (1 - carried) / above;
        right += (j[i - count] ?? 0) * carried;
      }
      pivot[i] = diagonal;
      j[i] = right;
    }
  }
  for (let i = last * count; i < layers * count; i++) j[i] = planck[i] ?? 0;
  for (let i = last * count - 1; i >= 0; i--) j[i] = ((j[i] ?? 0) + (j[i + count] ?? 0) / (delta[i] ?? 1)) / (pivot[i] ?? 1);
}

/** After `fluxGradient`: adds to ∂F/∂χ_abs and ∂F/∂χ_scat what changes of opacity do through the mean intensity, and to `dSource`, when given, what B does: it is then ∂F/∂B over the absorption. */
export function addScatteringGradient(
  block: TransferBlock,
  weights: Float64Array,
  transfer: TransferWork,
  work: ScatteringWork,
  dAbsorption: Float64Array,
  dScattering: Float64Array,
  dSource: Float64Array | null = null,
): void {
  const { count, layers, absorption, scattering, planck, meanIntensity: j } = block;
  const { delta, pivot, lambda } = work;
  const end = (layers - 1) * count;
  // λ solves the same system for ∂F/∂J
  for (let i = 0; i < end; i++) {
    const s = scattering[i] ?? 0;
    const above = i < count ? 0.5 : (transfer.w[i - count] ?? 0);
    let right = (2 * Math.PI * (above - (transfer.w[i] ?? 0)) * s) / ((absorption[i] ?? 0) + s);
    if (i >= count) right += (lambda[i - count] ?? 0) / ((delta[i - count] ?? 1) * (pivot[i - count] ?? 1));
    lambda[i] = right;
  }
  lambda.fill(0, end, layers * count);
  for (let i = end - 1; i >= 0; i--) lambda[i] = ((lambda[i] ?? 0) + (lambda[i + count] ?? 0) / (delta[i] ?? 1)) / (pivot[i] ?? 1);
  for (let k = 0; k < layers; k++) {
    const half = 0.5 * (weights[k] ?? 0);
    for (let i = k * count; i < (k + 1) * count; i++) {
      const a = absorption[i] ?? 0;
      const chi = a + (scattering[i] ?? 0);
      const excess = (j[i] ?? 0) - (planck[i] ?? 0);
      const l = lambda[i] ?? 0;
      const destroyed = 1.5 * (a / chi) * excess * l;
      let byDelta = 0;
      let step = 0;
      if (k > 0) {
        const d = delta[i - count] ?? 1;
        const slope = ((j[i] ?? 0) - (j[i - count] ?? 0)) / (d * d);
        const m = i - count;
        const upper =
          1.5 *
          ((absorption[m] ?? 0) / ((absorption[m] ?? 0) + (scattering[m] ?? 0))) *
          ((j[m] ?? 0) - (planck[m] ?? 0)) *
          (lambda[m] ?? 0);
        byDelta += slope * (l - (lambda[m] ?? 0)) - destroyed - upper;
        step += d;
      }
      if (k < layers - 1) {
        const d = delta[i] ?? 1;
        const p = i + count;
        const slope = ((j[p] ?? 0) - (j[i] ?? 0)) / (d * d);
        const lower =
          1.5 *
          ((absorption[p] ?? 0) / ((absorption[p] ?? 0) + (scattering[p] ?? 0))) *
          ((j[p] ?? 0) - (planck[p] ?? 0)) *
          (lambda[p] ?? 0);
        byDelta += slope * ((lambda[p] ?? 0) - l) - destroyed - lower;
        step += d;
      }
      if (dSource !== null) dSource[i] = (dSource[i] ?? 0) + (1.5 * step * l) / chi;
      const byDestruction = (-1.5 * step * excess * l) / (chi * chi);
      dAbsorption[i] = (dAbsorption[i] ?? 0) + half * byDelta + byDestruction * (scattering[i] ?? 0);
      dScattering[i] = (dScattering[i] ?? 0) + half * byDelta - byDestruction * a;
    }
  }
}
