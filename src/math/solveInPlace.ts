/**
 * Solves A·x = b for a general n×n matrix (row-major) by Gaussian elimination with partial pivoting. `a` is overwritten and the solution replaces `b`; where A
 * is singular it is not finite. Nothing is allocated: for small systems in a hot loop.
 */
export function solveInPlace(a: Float64Array, b: Float64Array, n: number): void {
  for (let c = 0; c < n; c++) {
    let p = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r * n + c]) > Math.abs(a[p * n + c])) p = r;
    if (p !== c) {
      for (let k = c; k < n; k++) [a[c * n + k], a[p * n + k]] = [a[p * n + k], a[c * n + k]];
      [b[c], b[p]] = [b[p], b[c]];
    }
    const pivot = a[c * n + c];
    for (let r = c + 1; r < n; r++) {
      const factor = a[r * n + c] / pivot;
      if (factor === 0) continue;
      for (let k = c; k < n; k++) a[r * n + k] -= factor * a[c * n + k];
      b[r] -= factor * b[c];
    }
  }
  for (let r = n - 1; r >= 0; r--) {
    let s = b[r];
    for (let k = r + 1; k < n; k++) s -= a[r * n + k] * b[k];
    b[r] = s / a[r * n + r];
  }
}
