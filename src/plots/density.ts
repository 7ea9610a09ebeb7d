/** Draws to smooth densities on grids, made once, so that a plot has nothing to compute when it is zoomed. */

/** Cells along each axis. */
export const CELLS = 40;

/** Uniform grid over an axis: its cells' centres are low + (i + ½)·step. */
export interface Grid {
  readonly low: number;
  readonly step: number;
}

/** Holds all draws but a few in a thousand at each end, with room for the smoothing. */
export function gridOver(draws: Float64Array): Grid {
  const sorted = draws.slice().sort();
  const at = (p: number) => sorted[Math.round(p * (sorted.length - 1))] ?? 0;
  const [from, to] = [at(0.002), at(0.998)];
  const pad = 0.1 * (to - from) || Math.abs(from) * 1e-6 || 1e-6;
  return { low: from - pad, step: (to - from + 2 * pad) / CELLS };
}

export const centresOf = ({ low, step }: Grid): Float64Array => Float64Array.from({ length: CELLS }, (_, i) => low + (i + 0.5) * step);

/** Share of the draws per cell along one axis, smoothed by Scott's (1992) width. */
export function density1d(draws: Float64Array, grid: Grid): Float64Array {
  const cells = new Float64Array(CELLS);
  for (const x of draws) {
    const i = Math.floor((x - grid.low) / grid.step);
    if (i >= 0 && i < CELLS) cells[i] = (cells[i] ?? 0) + 1 / draws.length;
  }
  return smooth(cells, 1, CELLS, bandwidth(draws, grid, -1 / 5));
}

/** The same over two axes: rows along y, each [CELLS] along x. */
export function density2d(x: Float64Array, y: Float64Array, gridX: Grid, gridY: Grid): Float64Array[] {
  const cells = new Float64Array(CELLS * CELLS);
  x.forEach((value, k) => {
    const i = Math.floor((value - gridX.low) / gridX.step);
    const j = Math.floor(((y[k] ?? NaN) - gridY.low) / gridY.step);
    if (i >= 0 && i < CELLS && j >= 0 && j < CELLS) cells[j * CELLS + i] = (cells[j * CELLS + i] ?? 0) + 1 / x.length;
  });
  const along = smooth(cells, 1, CELLS, bandwidth(x, gridX, -1 / 6));
  const both = smooth(along, CELLS, 1, bandwidth(y, gridY, -1 / 6));
  return Array.from({ length: CELLS }, (_, j) => both.slice(j * CELLS, (j + 1) * CELLS));
}

/** The density above which this share of the whole lies. */
export function levelHolding(cells: readonly Float64Array[], share: number): number {
  const sorted = Float64Array.from(cells.flatMap((row) => Array.from(row)))
    .sort()
    .reverse();
  const wanted = share * sorted.reduce((sum, value) => sum + value, 0);
  let held = 0;
  for (const value of sorted) {
    held += value;
    if (held >= wanted) return value;
  }
  return 0;
}

/** Of a Gaussian kernel, in cells. */
function bandwidth(draws: Float64Array, grid: Grid, power: number): number {
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const sigma = Math.sqrt(draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length);
  return Math.max(0.5, (sigma * draws.length ** power) / grid.step);
}

/** Convolves rows (`stride` 1) or columns (`stride` CELLS) of one or many, the kernel normalised at the edges. */
function smooth(cells: Float64Array, stride: number, across: number, sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: reach + 1 }, (_, d) => Math.exp(-0.5 * (d / sigma) ** 2));
  const out = new Float64Array(cells.length);
  for (let line = 0; line < cells.length / CELLS; line++) {
    for (let i = 0; i < CELLS; i++) {
      let norm = 0;
      for (let d = -reach; d <= reach; d++) if (i + d >= 0 && i + d < CELLS) norm += kernel[Math.abs(d)] ?? 0;
      const value = (cells[line * across + i * stride] ?? 0) / norm;
      for (let d = -reach; d <= reach; d++) {
        if (i + d < 0 || i + d >= CELLS) continue;
        const k = line * across + (i + d) * stride;
        out[k] = (out[k] ?? 0) + value * (kernel[Math.abs(d)] ?? 0);
      }
    }
  }
  return out;
}
