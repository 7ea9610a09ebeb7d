/** Conjugate gradients for a symmetric positive definite system that is known only by what it does to a vector. */

/**
 * Solves A x = b by conjugate gradients, preconditioned with the diagonal of A (Hestenes & Stiefel 1952; Saad 2003, §9.2). `apply` writes A v into its
 * second argument. Stops when the residual has fallen by `tolerance` (relative, in the norm of the preconditioner) or after `most` steps; returns
 * x and the number of steps. Starts from x = 0.
 */
export function conjugateGradient(
  apply: (v: Float64Array, out: Float64Array) => void,
  diagonal: Float64Array,
  b: Float64Array,
  tolerance = 1e-5,
  most = 300,
): { readonly x: Float64Array; readonly steps: number } {
  const n = b.length;
  const x = new Float64Array(n);
  const r = Float64Array.from(b);
  const z = r.map((v, i) => v / diagonal[i]);
  const p = Float64Array.from(z);
  const ap = new Float64Array(n);
  let rz = dot(r, z);
  const enough = rz * tolerance * tolerance;
  let steps = 0;
  while (steps < most && rz > enough && rz > 0) {
    apply(p, ap);
    const alpha = rz / dot(p, ap);
    for (let i = 0; i < n; i++) {
      x[i] = x[i] + alpha * p[i];
      r[i] = r[i] - alpha * ap[i];
      z[i] = r[i] / diagonal[i];
    }
    const next = dot(r, z);
    const beta = next / rz;
    rz = next;
    for (let i = 0; i < n; i++) p[i] = z[i] + beta * p[i];
    steps++;
  }
  return { x, steps };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
