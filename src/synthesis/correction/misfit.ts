/** How wrong the synthesis of a star is where a fit at low resolution looks: residual and bias of the metallicity, window by window. */
import { FWHM_PER_SIGMA } from '../../domain/units.ts';
import type { Comparison } from './comparison.ts';

export interface Misfit {
  readonly from: number;
  readonly to: number;
  /** What all lines together ask for: the projection of observed − model on ∂F/∂[M/H], dex. */
  readonly bias: number;
  /** Root mean square of observed − model. */
  readonly rms: number;
  readonly pixels: number;
}

/**
 * Observed − model at resolving power `r`, both over their own mean within `smooth` Å, in each stretch of `windows` (Å, vacuum), and its projection on the
 * derivative by all metals' lines: −0.1 dex means that a fit to this stretch alone would find metals 0.1 dex too poor. Stretches without data are left out.
 */
export function misfit(c: Comparison, windows: readonly (readonly [number, number])[], r = 1800, smooth = 50): readonly Misfit[] {
  const { model, residual, weight, grid, observed } = c;
  const used = Float64Array.from(weight, (w, p) => (w > 0 || (residual[p] ?? 0) !== 0 ? 1 : 0));
  const slope = new Float64Array(model.length);
  for (const window of c.strength) {
    if (window === null) continue;
    window.values.forEach((v, i) => (slope[window.first + i] = (slope[window.first + i] ?? 0) + v));
  }
  const step = observed.stride * grid.lnStep;
  const sigma = 1 / (r * FWHM_PER_SIGMA * step);
  const low = gaussian(model, used, sigma);
  const high = gaussian(
    model.map((m, p) => m + (residual[p] ?? 0)),
    used,
    sigma,
  );
  const slopeLow = gaussian(slope, used, sigma);
  const lambda = Float64Array.from(model, (_, p) => Math.exp(grid.lnStart + p * step));
  const half = lambda.map((w) => smooth / 2 / w / step);
  const a = overMean(low, used, half);
  const b = overMean(high, used, half);
  // the slope of m over its mean: m'/⟨m⟩ − m ⟨m'⟩/⟨m⟩²
  const mean = runningMean(low, used, half);
  const meanSlope = runningMean(slopeLow, used, half);
  const s = slopeLow.map((v, p) => v / (mean[p] ?? 1) - ((low[p] ?? 0) * (meanSlope[p] ?? 0)) / (mean[p] ?? 1) ** 2);
  return windows.flatMap(([from, to]) => {
    let [top, bottom, squares, n] = [0, 0, 0, 0];
    for (let p = 0; p < lambda.length; p++) {
      if ((lambda[p] ?? 0) < from || (lambda[p] ?? 0) >= to || used[p] === 0) continue;
      const d = (b[p] ?? 0) - (a[p] ?? 0);
      top += d * (s[p] ?? 0);
      bottom += (s[p] ?? 0) ** 2;
      squares += d * d;
      n++;
    }
    return n < 100 ? [] : [{ from, to, bias: top / bottom, rms: Math.sqrt(squares / n), pixels: n }];
  });
}

/** Gaussian smoothing over used pixels alone; σ in pixels. */
function gaussian(values: Float64Array, used: Float64Array, sigma: number): Float64Array {
  const reach = Math.ceil(4 * sigma);
  const kernel = Float64Array.from({ length: reach + 1 }, (_, k) => Math.exp(-0.5 * (k / sigma) ** 2));
  return values.map((_, p) => {
    let [sum, total] = [0, 0];
    for (let k = Math.max(-reach, -p); k <= Math.min(reach, values.length - 1 - p); k++) {
      const w = (kernel[Math.abs(k)] ?? 0) * (used[p + k] ?? 0);
      sum += w * (values[p + k] ?? 0);
      total += w;
    }
    return total > 0 ? sum / total : 0;
  });
}

/** Mean of the used pixels within ± half pixels of each. */
function runningMean(values: Float64Array, used: Float64Array, half: Float64Array): Float64Array {
  const sum = new Float64Array(values.length + 1);
  const count = new Float64Array(values.length + 1);
  values.forEach((v, p) => {
    sum[p + 1] = (sum[p] ?? 0) + v * (used[p] ?? 0);
    count[p + 1] = (count[p] ?? 0) + (used[p] ?? 0);
  });
  return values.map((_, p) => {
    const lo = Math.max(0, Math.round(p - (half[p] ?? 0)));
    const hi = Math.min(values.length, Math.round(p + (half[p] ?? 0)) + 1);
    const n = (count[hi] ?? 0) - (count[lo] ?? 0);
    return n > 0 ? ((sum[hi] ?? 0) - (sum[lo] ?? 0)) / n : 1;
  });
}

const overMean = (values: Float64Array, used: Float64Array, half: Float64Array): Float64Array => {
  const mean = runningMean(values, used, half);
  return values.map((v, p) => v / (mean[p] ?? 1));
};
