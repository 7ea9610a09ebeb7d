import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** ml-matrix Matrix of a row-major n×n; its lower triangle decides, since the library refuses what is asymmetric in the last digit. */
function toMatrix(flat: Float64Array, n: number): Matrix {
  const matrix = Matrix.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = flat[i * n + j];
      matrix.set(i, j, value);
      matrix.set(j, i, value);
    }
  }
  return matrix;
}

/** x of A·x = b for symmetric positive-definite A (row-major n×n); null where A is not positive definite. */
export function solveSymmetric(a: Float64Array, b: Float64Array): Float64Array | null {
  const n = b.length;
  const decomposition = new CholeskyDecomposition(toMatrix(a, n));
  if (!decomposition.isPositiveDefinite()) return null;
  return Float64Array.from(decomposition.solve(Matrix.columnVector(b)).to1DArray());
}

/**
 * Inverse of a symmetric positive-definite matrix (row-major n×n), scaled by its diagonal first so that mixed units do no harm;
 * null where it is not positive definite.
 */
export function invertSymmetric(a: Float64Array, n: number): Float64Array | null {
  const scale = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const d = a[i * n + i];
    if (!(d > 0)) return null;
    scale[i] = 1 / Math.sqrt(d);
  }
  const scaled = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) scaled[i * n + j] = a[i * n + j] * scale[i] * scale[j];
  const decomposition = new CholeskyDecomposition(toMatrix(scaled, n));
  if (!decomposition.isPositiveDefinite()) return null;
  const inverse = decomposition.solve(Matrix.eye(n)).to1DArray();
  return Float64Array.from(inverse, (value, k) => value * scale[Math.floor(k / n)] * scale[k % n]);
}

/** Lower Cholesky factor L of A = L·Lᵀ (row-major n×n); null where A is not positive definite. */
export function choleskyFactor(a: Float64Array, n: number): Float64Array | null {
  const decomposition = new CholeskyDecomposition(toMatrix(a, n));
  return decomposition.isPositiveDefinite() ? Float64Array.from(decomposition.lowerTriangularMatrix.to1DArray()) : null;
}

/** Eigenvalues (ascending) and eigenvectors (columns of a row-major n×n) of a symmetric matrix. */
export function eigenSymmetric(a: Float64Array, n: number): { values: Float64Array; vectors: Float64Array } {
  const decomposition = new EigenvalueDecomposition(toMatrix(a, n), { assumeSymmetric: true });
  return {
    values: Float64Array.from(decomposition.realEigenvalues),
    vectors: Float64Array.from(decomposition.eigenvectorMatrix.to1DArray()),
  };
}
