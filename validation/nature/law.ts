/** σ² = constant² + (depth (1 − F))² of the continuum's square, by wavelength: how residuals grow with the depth of the model's lines. */
import type { Nature } from '../../src/domain/nature.ts';
import { interpolateLinear, median } from '../../src/math/statistics.ts';
import { excessVariance } from './excess.ts';
import { RESIDUAL_GRID, type StarResidual } from './residual.ts';

type Law = Nature['law'];

/** Edges of the bins (Å). */
const EDGES = [3880, 4100, 4300, 4500, 4750, 5000, 5300, 5700, 6200, 6800, 7500, 8300, 9100];
/** Pixels of all stars in a bin are told apart by depth into so many equal groups. */
const GROUPS = 8;
const FEWEST = 400;
/** A model that is exact to less than this fraction of the continuum is not to be believed. */
const LEAST = 0.001;
/** Variance in which an excess is sought. */
const UNIT = 1e-4;

/** Robustly over all stars; without `lines` there is no growth. */
export function lawOf(stars: readonly StarResidual[], lines: boolean): Law {
  const centres: number[] = [];
  const constant: number[] = [];
  const depth: number[] = [];
  for (const [b, from] of EDGES.slice(0, -1).entries()) {
    const to = EDGES[b + 1] ?? NaN;
    const place = (wavelength: number): number => Math.round((Math.log(wavelength) - RESIDUAL_GRID.lnStart) / RESIDUAL_GRID.lnStep);
    const points = stars.flatMap(({ residual, noise, depth: q }) => {
      const out: { q: number; square: number; noise: number }[] = [];
      for (let i = Math.max(0, place(from)); i < Math.min(RESIDUAL_GRID.count, place(to)); i++) {
        const [r, v, d] = [residual[i] ?? NaN, noise[i] ?? NaN, q[i] ?? NaN];
        if (Number.isFinite(r) && v >= 0 && Number.isFinite(d)) out.push({ q: Math.max(0, d), square: r * r, noise: v });
      }
      return out;
    });
    if (points.length < FEWEST) continue;
    points.sort((one, other) => one.q - other.q);
    const groups = Array.from({ length: lines ? GROUPS : 1 }, (_, g) => {
      const n = lines ? GROUPS : 1;
      const part = points.slice(Math.floor((g * points.length) / n), Math.floor(((g + 1) * points.length) / n));
      const variance = UNIT * excessVariance(part.map(({ square, noise }) => ({ square, noise, unit: UNIT, share: 1 })));
      return { x: median(part.map(({ q }) => q * q)), y: Math.max(LEAST ** 2, variance) };
    });
    const [a, e] = lines ? line(groups) : [groups[0]?.y ?? LEAST ** 2, 0];
    centres.push((from + to) / 2);
    constant.push(Math.sqrt(Math.max(LEAST ** 2, a)));
    depth.push(Math.sqrt(Math.max(0, e)));
  }
  if (centres.length < 2) return { wavelength: [4000, 9000], constant: [0.01, 0.01], depth: [0, 0] };
  return { wavelength: centres, constant, depth };
}

/** Of the mean variance of a bin, the least that is taken not to grow with depth: no pixel is exact because it has no line. */
const LEAST_CONSTANT = 0.15;

/** y = a + e x with a above `LEAST_CONSTANT` and e ≥ 0, weighted by 1/y² (the error of a variance goes with it). */
function line(points: readonly { readonly x: number; readonly y: number }[]): [number, number] {
  let [s, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const { x, y } of points) {
    const w = 1 / (y * y);
    s += w;
    sx += w * x;
    sy += w * y;
    sxx += w * x * x;
    sxy += w * x * y;
  }
  const slope = (s * sxy - sx * sy) / (s * sxx - sx * sx);
  const offset = (sy - slope * sx) / s;
  if (!(slope > 0)) return [sy / s, 0];
  const least = (LEAST_CONSTANT * points.reduce((sum, { y }) => sum + y, 0)) / points.length;
  return offset > least ? [offset, slope] : [least, Math.max(0, (sxy - least * sx) / sxx)];
}

/** σ of the law at point `i` of the grid. */
export function lawAt({ wavelength, constant, depth }: Law, i: number, lines: number): number {
  const at = Math.exp(RESIDUAL_GRID.lnStart + i * RESIDUAL_GRID.lnStep);
  return Math.hypot(
    interpolateLinear(wavelength, constant, at),
    interpolateLinear(wavelength, depth, at) * Math.min(1, Math.max(0, lines)),
  );
}
