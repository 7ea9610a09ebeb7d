/** Distribution functions that a validation needs. */

/** Complementary error function, to 1e-14: the Taylor series of erf below 2.5, the continued fraction above (Abramowitz & Stegun 7.1.5, 7.1.14). */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
      term *= (-x * x) / k;
      sum += term / (2 * k + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** P(Z ≤ z) of a standard normal. */
export const normalCdf = (z: number): number => 0.5 * erfc(-z / Math.SQRT2);

/** P(χ² ≥ x) with `freedom` degrees of freedom, by recursion over them (Abramowitz & Stegun 26.4.8). */
export function chiSquareTail(x: number, freedom: number): number {
  const half = x / 2;
  // Starts at one or two degrees of freedom; `term` is half^(k/2) e^(−half) / Γ(k/2 + 1).
  let k = freedom % 2 === 1 ? 1 : 2;
  let tail = k === 1 ? erfc(Math.sqrt(half)) : Math.exp(-half);
  let term = k === 1 ? (Math.sqrt(half) * Math.exp(-half) * 2) / Math.sqrt(Math.PI) : half * Math.exp(-half);
  for (; k < freedom; k += 2) {
    tail += term;
    term *= half / (k / 2 + 1);
  }
  return Math.min(1, tail);
}

/** p-value of the Kolmogorov–Smirnov test that `values` are uniform in 0 … 1 (asymptotic series with Stephens' 1970 correction for small samples). */
export function uniformityP(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return NaN;
  const distance = sorted.reduce((worst, u, i) => Math.max(worst, u - i / n, (i + 1) / n - u), 0);
  const t = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  if (t < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * t * t);
  return Math.min(1, Math.max(0, sum));
}
