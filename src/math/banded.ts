/**
 * Symmetric positive-definite banded systems, the normal equations of a B-spline.
 *
 * Storage: `band[i * (width + 1) + k]` is A[i][i − k], k = 0…width (lower band, by row).
 */
export interface BandedMatrix {
  readonly size: number;
  /** Number of subdiagonals. */
  readonly width: number;
  readonly band: Float64Array;
}

export function bandedMatrix(size: number, width: number): BandedMatrix {
  return { size, width, band: new Float64Array(size * (width + 1)) };
}

/**
 * Cholesky factor L (same storage) of A = L·Lᵀ, in place. False where A is not positive definite to rounding;
 * the content is then meaningless. Golub & Van Loan (2013), algorithm 4.3.5.
 */
export function factorBanded(matrix: BandedMatrix): boolean {
  const { size, width, band } = matrix;
  const row = width + 1;
  for (let i = 0; i < size; i++) {
    for (let k = Math.min(width, i); k >= 0; k--) {
      const j = i - k;
      let sum = band[i * row + k];
      for (let m = Math.max(0, i - width); m < j; m++) sum -= band[i * row + i - m] * band[j * row + j - m];
      if (k === 0) {
        if (!(sum > 0)) return false;
        band[i * row] = Math.sqrt(sum);
      } else {
        band[i * row + k] = sum / band[j * row];
      }
    }
  }
  return true;
}

/** Solves L·Lᵀ·x = b in place of `b`, with `factor` from `factorBanded`. */
export function solveBanded(factor: BandedMatrix, b: Float64Array): void {
  const { size, width, band } = factor;
  const row = width + 1;
  for (let i = 0; i < size; i++) {
    let sum = b[i];
    for (let k = 1; k <= Math.min(width, i); k++) sum -= band[i * row + k] * b[i - k];
    b[i] = sum / band[i * row];
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = 1; k <= Math.min(width, size - 1 - i); k++) sum -= band[(i + k) * row + k] * b[i + k];
    b[i] = sum / band[i * row];
  }
}
