import type { AxisRange } from './figure.ts';

/** Values of `y` whose `x` lies in the window, finite ones only, sorted. */
export function visibleSorted(x: ArrayLike<number>, y: ArrayLike<number>, window: AxisRange): Float64Array {
  const kept: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const at = x[i] ?? NaN;
    const value = y[i] ?? NaN;
    if (Number.isFinite(value) && (window === null || (at >= window[0] && at <= window[1]))) kept.push(value);
  }
  return Float64Array.from(kept).sort();
}

/** Value below which a share `p` of a sorted array lies; NaN for an empty one. */
export function quantile(sorted: Float64Array, p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(p * (sorted.length - 1))))] ?? NaN;
}

/** A flux axis that a few hot pixels cannot squeeze: the central 99.4 % of what is in view, with margins. */
export function fluxRange(x: ArrayLike<number>, y: ArrayLike<number>, window: AxisRange): [number, number] {
  const sorted = visibleSorted(x, y, window);
  if (sorted.length === 0) return [0, 1];
  const low = quantile(sorted, 0.003);
  const high = quantile(sorted, 0.997);
  const pad = Math.max((high - low) * 0.08, Math.abs(high) * 1e-3, 1e-30);
  return [low - pad, high + pad];
}

/** A symmetric axis for residuals in σ: at least ±4, at most what holds 99 % of what is in view. */
export function residualRange(x: ArrayLike<number>, y: ArrayLike<number>, window: AxisRange): [number, number] {
  const sorted = visibleSorted(x, y, window).map(Math.abs).sort();
  const reach = sorted.length === 0 ? 4 : Math.max(4, 1.15 * quantile(sorted, 0.99));
  return [-reach, reach];
}
