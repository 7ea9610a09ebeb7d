/** Coherent scattering: the mean intensity in a block, and its part in the gradient of the flux. */
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
    const [w0, w1] = [0.5 * weights[k], 0.5 * weights[k + 1]];
    for (let i = o; i < o + count; i++)
      delta[i] = w0 * (absorption[i] + scattering[i]) + w1 * (absorption[i + count] + scattering[i + count]);
  }
  for (let k = 0; k < last; k++) {
    const o = k * count;
    for (let i = o; i < o + count; i++) {
      const a = absorption[i];
      const d = delta[i];
      const above = k === 0 ? 0 : delta[i - count];
      const loss = (1.5 * (above + d) * a) / (a + scattering[i]);
      let diagonal = 1 / d + loss;
      let right = loss * planck[i];
      if (k === 0) diagonal += SQRT3;
      else {
        const carried = 1 / (above * pivot[i - count]);
        diagonal += (1 - carried) / above;
        right += j[i - count] * carried;
      }
      pivot[i] = diagonal;
      j[i] = right;
    }
  }
  for (let i = last * count; i < layers * count; i++) j[i] = planck[i];
  for (let i = last * count - 1; i >= 0; i--) j[i] = (j[i] + j[i + count] / delta[i]) / pivot[i];
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
    const s = scattering[i];
    const above = i < count ? 0.5 : transfer.w[i - count];
    let right = (2 * Math.PI * (above - transfer.w[i]) * s) / (absorption[i] + s);
    if (i >= count) right += lambda[i - count] / (delta[i - count] * pivot[i - count]);
    lambda[i] = right;
  }
  lambda.fill(0, end, layers * count);
  for (let i = end - 1; i >= 0; i--) lambda[i] = (lambda[i] + lambda[i + count] / delta[i]) / pivot[i];
  for (let k = 0; k < layers; k++) {
    const half = 0.5 * weights[k];
    for (let i = k * count; i < (k + 1) * count; i++) {
      const a = absorption[i];
      const chi = a + scattering[i];
      const excess = j[i] - planck[i];
      const l = lambda[i];
      const destroyed = 1.5 * (a / chi) * excess * l;
      let byDelta = 0;
      let step = 0;
      if (k > 0) {
        const d = delta[i - count];
        const slope = (j[i] - j[i - count]) / (d * d);
        const m = i - count;
        const upper = 1.5 * (absorption[m] / (absorption[m] + scattering[m])) * (j[m] - planck[m]) * lambda[m];
        byDelta += slope * (l - lambda[m]) - destroyed - upper;
        step += d;
      }
      if (k < layers - 1) {
        const d = delta[i];
        const p = i + count;
        const slope = (j[p] - j[i]) / (d * d);
        const lower = 1.5 * (absorption[p] / (absorption[p] + scattering[p])) * (j[p] - planck[p]) * lambda[p];
        byDelta += slope * (lambda[p] - l) - destroyed - lower;
        step += d;
      }
      if (dSource !== null) dSource[i] += (1.5 * step * l) / chi;
      const byDestruction = (-1.5 * step * excess * l) / (chi * chi);
      dAbsorption[i] = dAbsorption[i] + half * byDelta + byDestruction * scattering[i];
      dScattering[i] = dScattering[i] + half * byDelta - byDestruction * a;
    }
  }
}
