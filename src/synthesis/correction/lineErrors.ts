/** How well the stars determine each correction, and which of them do. */
import type { Comparison } from './comparison.ts';
import { PRIOR_SIGMA } from './jointFit.ts';
import type { Layout } from './layout.ts';
import type { LineWindow } from './lineDerivatives.ts';
import type { PhysicalLine } from './lineGroups.ts';
import { invertSymmetric } from '../../math/symmetric.ts';

export interface LineError {
  /** σ of Δlog gf, dex, blends with neighbouring lines included. */
  readonly sigma: number;
  /** Share of each comparison in the information on the line; 0 … 1. */
  readonly shares: readonly number[];
}

/** Lines that share pixels with a line, at most so many of them, enter its error. */
const NEIGHBOURS = 20;

const overlap = (a: LineWindow, b: LineWindow, weight: Float64Array): number => {
  let sum = 0;
  const lo = Math.max(a.first, b.first);
  const hi = Math.min(a.first + a.values.length, b.first + b.values.length);
  for (let p = lo; p < hi; p++) sum += (weight[p] ?? 0) * (a.values[p - a.first] ?? 0) * (b.values[p - b.first] ?? 0);
  return sum;
};

/** Mean weighted square of the residual over a window: above 1 where the star is not described there. */
function localChi2(c: Comparison, window: LineWindow): number {
  let [sum, n] = [0, 0];
  window.values.forEach((v, i) => {
    const w = c.weight[window.first + i] ?? 0;
    if (w === 0 || Math.abs(v) < 0.002) return;
    sum += w * (c.residual[window.first + i] ?? 0) ** 2;
    n++;
  });
  return n === 0 ? 0 : sum / n;
}

/** Errors of all moved lines: the inverse of the information that each shares with its neighbours, widened where stars are not described. */
export function lineErrors(
  comparisons: readonly Comparison[],
  lines: readonly PhysicalLine[],
  layout: Layout,
): ReadonlyMap<number, LineError> {
  const out = new Map<number, LineError>();
  const sorted = [...layout.lines].sort((a, b) => (lines[a]?.wavelength ?? 0) - (lines[b]?.wavelength ?? 0));
  sorted.forEach((g, at) => {
    const own = comparisons.map((c) => {
      const window = c.strength[g];
      return window ? overlap(window, window, c.weight) : 0;
    });
    const total = own.reduce((sum, v) => sum + v, 0);
    const near: { readonly g: number; readonly coupling: number }[] = [];
    const visit = (k: number): boolean => {
      const other = sorted[k];
      if (other === undefined || Math.abs((lines[other]?.wavelength ?? 0) - (lines[g]?.wavelength ?? 0)) > 0.6) return false;
      const coupling = comparisons.reduce((sum, c) => {
        const [a, b] = [c.strength[g], c.strength[other]];
        return a && b ? sum + overlap(a, b, c.weight) : sum;
      }, 0);
      near.push({ g: other, coupling: Math.abs(coupling) });
      return true;
    };
    for (let k = at - 1; visit(k); k--);
    for (let k = at + 1; visit(k); k++);
    const group = [
      g,
      ...near
        .sort((a, b) => b.coupling - a.coupling)
        .slice(0, NEIGHBOURS)
        .map((n) => n.g),
    ];
    const n = group.length;
    const matrix = new Float64Array(n * n);
    group.forEach((a, i) => {
      group.forEach((b, j) => {
        if (j > i) return;
        let sum = i === j ? 1 / PRIOR_SIGMA[lines[a]?.provenance ?? 'uncurated'] ** 2 : 0;
        for (const c of comparisons) {
          const [wa, wb] = [c.strength[a], c.strength[b]];
          if (wa && wb) sum += overlap(wa, wb, c.weight);
        }
        matrix[i * n + j] = sum;
        matrix[j * n + i] = sum;
      });
    });
    const inverse = invertSymmetric(matrix, n);
    const chi2 = comparisons.reduce((most, c, k) => {
      const window = c.strength[g];
      return window && (own[k] ?? 0) > 0.1 * total ? Math.max(most, localChi2(c, window)) : most;
    }, 1);
    const prior = PRIOR_SIGMA[lines[g]?.provenance ?? 'uncurated'];
    const formal = Math.sqrt(inverse?.[0] ?? prior ** 2);
    out.set(g, { sigma: Math.min(formal * Math.sqrt(chi2), prior), shares: own.map((v) => (total > 0 ? v / total : 0)) });
  });
  return out;
}
