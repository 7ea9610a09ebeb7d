/** Error model of a fit: survey noise ⊕ the model's own error, widened where the first pass shows that this is not enough. */
import { median } from '../math/statistics.ts';

/** 1/(σ² + (floor·continuum)²) per pixel; 0 where `keep` is 0 or there is no information. */
export function flooredWeights(ivar: Float64Array, continuum: Float64Array, floor: Float64Array, keep: Uint8Array): Float64Array {
  return ivar.map((value, p) => {
    if (keep[p] !== 1 || !(value > 0)) return 0;
    return 1 / (1 / value + ((floor[p] ?? 0) * (continuum[p] ?? 0)) ** 2);
  });
}

/**
 * Factors (≥ 1) by which errors are too small, per pixel: the robust rms of normalised residuals in windows of `window` used pixels,
 * where it exceeds 1 by more than three times its own error, interpolated between windows. NaN residuals are not used.
 */
export function errorInflation(residuals: Float64Array, window: number): Float64Array {
  const used = [...residuals.keys()].filter((p) => Number.isFinite(residuals[p] ?? NaN));
  const factor = new Float64Array(residuals.length).fill(1);
  if (window <= 0 || used.length < window) return factor;
  const blocks = Math.max(1, Math.round(used.length / window));
  const centres: number[] = [];
  const values: number[] = [];
  for (let b = 0; b < blocks; b++) {
    const part = used.slice(Math.floor((b * used.length) / blocks), Math.floor(((b + 1) * used.length) / blocks));
    const r = part.map((p) => Math.abs(residuals[p] ?? 0));
    const cap = 5 * Math.max(1, 1.4826 * median(r));
    const rms = Math.sqrt(r.reduce((sum, value) => sum + Math.min(value, cap) ** 2, 0) / r.length);
    centres.push(part[part.length >> 1] ?? 0);
    values.push(rms > 1 + 3 / Math.sqrt(2 * part.length) ? rms : 1);
  }
  let b = 0;
  for (let p = 0; p < factor.length; p++) {
    while (b + 1 < blocks - 1 && (centres[b + 1] ?? Infinity) <= p) b++;
    const [c0, c1] = [centres[b] ?? 0, centres[Math.min(b + 1, blocks - 1)] ?? 0];
    const t = c1 > c0 ? Math.min(1, Math.max(0, (p - c0) / (c1 - c0))) : 0;
    factor[p] = (1 - t) * (values[b] ?? 1) + t * (values[Math.min(b + 1, blocks - 1)] ?? 1);
  }
  return factor;
}

/** Huber (1964) weight of a residual in σ: 1 within `limit`, limit/|r| beyond. */
export function huberWeight(residual: number, limit: number): number {
  const size = Math.abs(residual);
  return size <= limit ? 1 : limit / size;
}
