/** Matrices in the kernels' memory have columns in multiples of 8; what is padded is 0. */
import type { Matrix } from '../bundle/matrix.ts';
import { TILE_COLUMNS } from './kernels.ts';

/** The next multiple of 8. */
export const padded = (columns: number): number => TILE_COLUMNS * Math.ceil(columns / TILE_COLUMNS);

/** The columns of a matrix are runs of `size`; each is padded with zeros to a multiple of 8. */
export function paddedRuns({ rows, columns, values }: Matrix, size: number): Matrix {
  const stride = padded(size);
  const runs = columns / size;
  const out = new Float32Array(rows * runs * stride);
  for (let run = 0; run < rows * runs; run++) out.set(values.subarray(run * size, (run + 1) * size), run * stride);
  return { rows, columns: runs * stride, values: out };
}
