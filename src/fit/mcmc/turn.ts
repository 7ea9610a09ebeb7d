/**
 * The exact motion of a unit Gaussian in a box: a rotation in the plane of each (y, p), which bounces off the walls (Pakman & Paninski 2014,
 * J. Comp. Graph. Stat. 23, 518). Walls are planes in x = mean + L·y, so that in y they are oblique.
 */
import type { Gaussian } from './gaussian.ts';
import type { Box } from './target.ts';

export interface Point {
  readonly y: Float64Array;
  readonly p: Float64Array;
}

/** Where a corner holds a trajectory for longer than this, it goes nowhere: to a point that no target accepts. */
const MOST_BOUNCES = 500;
const CIRCLE = 2 * Math.PI;

/** After the angle `angle` < 2π. */
export function turn(start: Point, angle: number, gaussian: Gaussian, box: Box | undefined): Point {
  let at = start;
  let left = angle;
  for (let bounces = 0; bounces <= MOST_BOUNCES; bounces++) {
    const wall = box === undefined ? null : firstWall(at, left, gaussian, box);
    if (wall === null) return rotate(at, left);
    at = reflect(rotate(at, wall.time), gaussian, wall.dimension);
    left -= wall.time;
  }
  return { y: start.y.map(() => Infinity), p: start.p };
}

function rotate({ y, p }: Point, angle: number): Point {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return { y: y.map((v, i) => c * v + s * (p[i] ?? 0)), p: p.map((v, i) => c * v - s * (y[i] ?? 0)) };
}

/** The momentum mirrored in the wall of a dimension, whose normal is that row of L. */
function reflect({ y, p }: Point, { root }: Gaussian, dimension: number): Point {
  const n = y.length;
  const normal = root.subarray(dimension * n, dimension * n + n);
  let along = 0;
  let square = 0;
  for (let j = 0; j <= dimension; j++) {
    along += (normal[j] ?? 0) * (p[j] ?? 0);
    square += (normal[j] ?? 0) ** 2;
  }
  return { y, p: p.map((v, j) => v - (2 * along * (normal[j] ?? 0)) / square) };
}

/** The first wall that is crossed outward within `angle`; null where none is. */
function firstWall({ y, p }: Point, angle: number, { mean, root }: Gaussian, box: Box): { time: number; dimension: number } | null {
  const n = y.length;
  let first: { time: number; dimension: number } | null = null;
  for (let i = 0; i < n; i++) {
    const [lower, upper] = [box.lower[i] ?? -Infinity, box.upper[i] ?? Infinity];
    if (lower === -Infinity && upper === Infinity) continue;
    // x_i = mean + u cos t + w sin t = mean + r cos(t − φ).
    let u = 0;
    let w = 0;
    for (let j = 0; j <= i; j++) {
      u += (root[i * n + j] ?? 0) * (y[j] ?? 0);
      w += (root[i * n + j] ?? 0) * (p[j] ?? 0);
    }
    const r = Math.hypot(u, w);
    const phase = Math.atan2(w, u);
    // It rises until t = φ, and falls after.
    for (const [wall, sign] of [
      [upper, -1],
      [lower, 1],
    ] as const) {
      const cosine = (wall - (mean[i] ?? 0)) / r;
      if (!(Math.abs(cosine) < 1)) continue;
      const time = positive(phase + sign * Math.acos(cosine));
      if (time < angle && (first === null || time < first.time)) first = { time, dimension: i };
    }
  }
  return first;
}

const positive = (angle: number): number => ((angle % CIRCLE) + CIRCLE) % CIRCLE;
