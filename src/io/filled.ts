/**
 * Stretches that hold no measurement: padding with a constant (0, 1, the last value), plateaus, lines drawn over a gap. Noise never repeats
 * itself and never lies on a line, so that what does stands out by being exact; data of few digits are judged by how often they repeat.
 */
import { median } from '../math/statistics.ts';

/** Fewest pixels of a stretch that is told. */
const FEWEST = 5;
/** Expected number of stretches by chance, in a whole spectrum, below which a stretch is believed. */
const CHANCE = 1e-3;

/** 1 where a pixel lies in a filled stretch. `flux` may be NaN where there is none; `wavelength` in increasing order. */
export function filledPixels(wavelength: Float64Array, flux: Float64Array): Uint8Array {
  const n = flux.length;
  const filled = new Uint8Array(n);
  markRepeats(flux, filled);
  markLines(wavelength, flux, filled);
  return filled;
}

/** Runs of one value, longer than chance allows where the digits are few. */
function markRepeats(flux: Float64Array, filled: Uint8Array): void {
  const runs = runsWhere(flux.length, (i) => i > 0 && flux[i] === flux[i - 1]);
  const short = runs.filter(({ from, to }) => to - from + 1 < 10).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  const chance = Math.min(0.95, Math.max(1e-4, short / Math.max(1, flux.length)));
  const least = Math.max(FEWEST - 1, Math.ceil(Math.log(CHANCE / flux.length) / Math.log(chance)));
  for (const { from, to } of runs) if (to - from + 1 >= least) filled.fill(1, from - 1, to + 1);
}

/** Runs of pixels on one straight line (in pixels or in wavelength), exact to the digits of the file. */
function markLines(wavelength: Float64Array, flux: Float64Array, filled: Uint8Array): void {
  const n = flux.length;
  const quantum = decimalQuantum(flux);
  const bend = new Float64Array(n).fill(NaN);
  const tolerance = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const [a, b, c] = [flux[i - 1] as number, flux[i] as number, flux[i + 1] as number];
    const t = ((wavelength[i] as number) - (wavelength[i - 1] as number)) / ((wavelength[i + 1] as number) - (wavelength[i - 1] as number));
    bend[i] = Math.min(Math.abs(b - 0.5 * (a + c)), Math.abs(b - (1 - t) * a - t * c));
    tolerance[i] = 3e-7 * Math.max(Math.abs(a), Math.abs(b), Math.abs(c)) + 1.01 * quantum;
  }
  const runs = runsWhere(n, (i) => (bend[i] as number) <= (tolerance[i] as number)).filter(({ from, to }) => to - from + 1 >= FEWEST - 2);
  if (runs.length === 0) return;
  const outside = bend.slice();
  for (const { from, to } of runs) outside.fill(NaN, from, to + 1);
  // Where the whole spectrum is smooth to its last digit (a model, or few digits), lying on a line means nothing.
  const typical = median(outside.map((value, i) => value / (tolerance[i] as number)));
  if (!(typical > 30)) return;
  for (const { from, to } of runs) filled.fill(1, from, to + 1);
}

interface Run {
  readonly from: number;
  readonly to: number;
}

function runsWhere(n: number, test: (i: number) => boolean): Run[] {
  const runs: Run[] = [];
  let from = -1;
  for (let i = 0; i <= n; i++) {
    const inside = i < n && test(i);
    if (inside && from < 0) from = i;
    if (!inside && from >= 0) {
      runs.push({ from, to: i - 1 });
      from = -1;
    }
  }
  return runs;
}

/** 10^-d where every value has at most d decimals (d ≤ 8); 0 where they have more. */
function decimalQuantum(flux: Float64Array): number {
  for (let d = 0; d <= 8; d++) {
    const scale = 10 ** d;
    let all = true;
    for (let i = 0; i < flux.length && all; i++) {
      const value = flux[i] as number;
      if (!Number.isFinite(value)) continue;
      const scaled = value * scale;
      all = Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(1, Math.abs(scaled) * 1e-6);
    }
    if (all) return 1 / scale;
  }
  return 0;
}
