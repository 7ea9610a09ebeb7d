/**
 * The Voigt function H(a, v), normalised so that H(0, 0) = 1.
 * a < 0.1: Harris (1948) series H0 + a·H1 + a²·H2 from a table (relative error ≤ 1e-3); elsewhere Humlíček's (1982, JQSRT 27, 437) w4, relative error ≤ 1e-4.
 */

export const VOIGT_SERIES_LIMIT = 0.1;
/** The table ends at this |v|; beyond it the wing a/(√π v²)·(1 + 1.5/v² + 3.75/v⁴) is right to 1e-3. */
export const VOIGT_TABLE_END = 5;
export const VOIGT_TABLE_PER_UNIT = 64;
const SQRT_PI = Math.sqrt(Math.PI);

/** Records of eight for v = i/64: H0, ΔH0, H1, ΔH1, H2 (Δ: derivative per step of the table); a record is a cache line. */
export const VOIGT_TABLE = new Float64Array(8 * (VOIGT_TABLE_END * VOIGT_TABLE_PER_UNIT + 2));
for (let i = 0; 8 * i < VOIGT_TABLE.length; i++) {
  const v = i / VOIGT_TABLE_PER_UNIT;
  const gauss = Math.exp(-v * v);
  const f = dawson(v);
  const h1 = (-2 / SQRT_PI) * (1 - 2 * v * f);
  // F′ = 1 − 2vF
  const dh1 = (4 / SQRT_PI) * (f + v * (1 - 2 * v * f));
  VOIGT_TABLE.set([gauss, (-2 * v * gauss) / VOIGT_TABLE_PER_UNIT, h1, dh1 / VOIGT_TABLE_PER_UNIT, (1 - 2 * v * v) * gauss], 8 * i);
}

/** Dawson's integral F(v), by Rybicki's (1989) exponentially convergent sum; absolute error below 1e-12. */
export function dawson(v: number): number {
  const h = 0.2;
  if (Math.abs(v) < 0.1) {
    const v2 = v * v;
    return v * (1 - (2 / 3) * v2 * (1 - 0.4 * v2 * (1 - (2 / 7) * v2)));
  }
  const n0 = 2 * Math.round((0.5 * Math.abs(v)) / h);
  const xp = Math.abs(v) - n0 * h;
  let sum = 0;
  for (let k = -61; k <= 61; k += 2) {
    sum += Math.exp(-((xp - k * h) ** 2)) / (n0 + k);
  }
  return (Math.sign(v) * sum) / SQRT_PI;
}

/** H(a, v) for any a ≥ 0. */
export function voigt(a: number, v: number): number {
  const av = Math.abs(v);
  if (a >= VOIGT_SERIES_LIMIT) {
    faddeeva(a, av, pair);
    return pair[0];
  }
  if (av >= VOIGT_TABLE_END) {
    const q = 1 / (av * av);
    return (a / SQRT_PI) * q * (1 + q * (1.5 + 3.75 * q));
  }
  const x = av * VOIGT_TABLE_PER_UNIT;
  const i = (x + 0.5) | 0;
  const f = x - i;
  const r = 8 * i;
  const at = (k: number): number => VOIGT_TABLE[r + k];
  return at(0) + f * at(1) + a * (at(2) + f * at(3) + a * at(4));
}
const pair = new Float64Array(2);

const W4_III = [16.4955, 20.20933, 11.96482, 3.778987, 0.5642236] as const;
const W4_III_Q = [16.4955, 38.82363, 39.27121, 21.69274, 6.699398, 1] as const;
const W4_IV = [36_183.31, -3321.9905, 1540.787, -219.0313, 35.76683, -1.320522, 0.56419] as const;
const W4_IV_Q = [32_066.6, -24_322.84, 9022.228, -2186.181, 364.2191, -61.57037, 1.841439, -1] as const;

/** Real and imaginary part of w(v + ia), a > 0, v ≥ 0, into `out`: H(a, v) and the dispersion function (Humlíček's w4). */
export function faddeeva(a: number, v: number, out: Float64Array): void {
  // t = a − iv
  const s = v + a;
  const tr = a;
  const ti = -v;
  const ur = tr * tr - ti * ti;
  const ui = 2 * tr * ti;
  if (s >= 15) {
    divide(tr * 0.5641896, ti * 0.5641896, 0.5 + ur, ui, out);
    return;
  }
  if (s >= 5.5) {
    const pr = 1.410474 + ur * 0.5641896;
    const pi = ui * 0.5641896;
    const qr = 0.75 + ur * (3 + ur) - ui * ui;
    const qi = ui * (3 + 2 * ur);
    divide(tr * pr - ti * pi, tr * pi + ti * pr, qr, qi, out);
    return;
  }
  if (a >= 0.195 * v - 0.176) {
    const [pr, pi] = horner(W4_III, tr, ti);
    const [qr, qi] = horner(W4_III_Q, tr, ti);
    divide(pr, pi, qr, qi, out);
    return;
  }
  const [pr, pi] = horner(W4_IV, ur, ui);
  const [qr, qi] = horner(W4_IV_Q, ur, ui);
  divide(tr * pr - ti * pi, tr * pi + ti * pr, qr, qi, out);
  const e = Math.exp(ur);
  out[0] = e * Math.cos(ui) - out[0];
  out[1] = e * Math.sin(ui) - out[1];
}

function divide(pr: number, pi: number, qr: number, qi: number, out: Float64Array): void {
  const n = qr * qr + qi * qi;
  out[0] = (pr * qr + pi * qi) / n;
  out[1] = (pi * qr - pr * qi) / n;
}

function horner(coefficients: readonly number[], zr: number, zi: number): [number, number] {
  let r = 0;
  let i = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) {
    const nr = r * zr - i * zi + coefficients[k];
    i = r * zi + i * zr;
    r = nr;
  }
  return [r, i];
}
