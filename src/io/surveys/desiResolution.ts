import type { Lsf } from '../../domain/spectrum.ts';
import { FWHM_PER_SIGMA } from '../../domain/units.ts';
import { tabulatedLsf } from '../tabular.ts';

/**
 * R(λ) of a banded resolution matrix, [diagonals][pixels]: diagonal d holds, at pixel j, the weight of pixel j in row j − offset, with offsets
 * running from (diagonals − 1)/2 down. Each row becomes the Gaussian with the same Σ r²/(Σ r)²: its peak and core, which make the depths of lines,
 * and not its wings, which a second moment would overrate. Rows without data are left out; null where there is none.
 */
export function resolutionMatrixLsf(wavelength: Float64Array, matrix: Float64Array): Lsf | null {
  const n = wavelength.length;
  const diagonals = Math.round(matrix.length / n);
  if (diagonals < 3 || diagonals * n !== matrix.length) return null;
  const half = (diagonals - 1) / 2;
  const power = new Float64Array(n).fill(NaN);
  for (let row = 0; row < n; row++) {
    let [sum, squares] = [0, 0];
    for (let d = 0; d < diagonals; d++) {
      const column = row + half - d;
      if (column < 0 || column >= n) continue;
      const value = matrix[d * n + column] ?? 0;
      sum += value;
      squares += value * value;
    }
    if (!(sum > 0.1 && squares > 0)) continue;
    const sigmaPixels = (sum * sum) / (2 * Math.sqrt(Math.PI) * squares);
    const pixel = Math.abs((wavelength[Math.min(n - 1, row + 1)] ?? NaN) - (wavelength[Math.max(0, row - 1)] ?? NaN)) / 2;
    power[row] = (wavelength[row] ?? NaN) / (FWHM_PER_SIGMA * sigmaPixels * pixel);
  }
  return tabulatedLsf(wavelength, power);
}
