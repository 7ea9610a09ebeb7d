import type { AxisRange } from './figure.ts';

/**
 * Indices of the strongest local extrema of |y| in view, strongest first, no two closer than `apart` in x.
 * They name the features a label is measured from.
 */
export function strongestPeaks(x: Float64Array, y: ArrayLike<number>, window: AxisRange, count: number, apart: number): number[] {
  const size = (i: number): number => Math.abs(y[i] ?? 0);
  const candidates: number[] = [];
  for (let i = 1; i + 1 < x.length; i++) {
    const at = x[i] ?? NaN;
    if (window !== null && (at < window[0] || at > window[1])) continue;
    if (size(i) > 0 && size(i) >= size(i - 1) && size(i) > size(i + 1)) candidates.push(i);
  }
  candidates.sort((a, b) => size(b) - size(a));
  const chosen: number[] = [];
  for (const i of candidates) {
    if (chosen.length === count) break;
    if (chosen.every((other) => Math.abs((x[other] ?? 0) - (x[i] ?? 0)) >= apart)) chosen.push(i);
  }
  return chosen;
}
