/**
 * The Voigt function H(a, v), normalised so that H(0, 0) = 1.
 * a < 0.1: Harris (1948) series H0 + a·H1 + a²·H2 from tables (relative error ≤ 1e-3); elsewhere Humlíček's (1982, JQSRT 27, 437) w4, relative error ≤ 1e-4.
 */

export const VOIGT_SERIES_LIMIT = 0.1;
export const VOIGT_TABLE_END = 10;
export const VOIGT_TABLE_PER_UNIT = 100;
const SIZE = VOIGT_TABLE_END * VOIGT_TABLE_PER_UNIT + 2;
const SQRT_PI = Math.sqrt(Math.PI);

export const VOIGT_H0 = new Float64Array(SIZE);
export const VOIGT_H1 = new Float64Array(SIZE);
export const VOIGT_H2 = new Float64Array(SIZE);
for (let i = 0; i < SIZE; i++) {
  const v = i / VOIGT_TABLE_PER_UNIT;
  const gauss = Math.exp(-v * v);
  VOIGT_H0[i] = gauss;
  VOIGT_H1[i] = (-2 / SQRT_PI) * (1 - 2 * v * dawson(v));
  VOIGT_H2[i] = (1 - 2 * v * v) * gauss;
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
  if (a < VOIGT_SERIES_LIMIT) {
    if (av >= VOIGT_TABLE_END) {
      const iv2 = 1 / (av * av);
      return (a / SQRT_PI) * iv2 * (1 + 1.5 * iv2);
    }
    const x = av * VOIGT_TABLE_PER_UNIT;
    const i = x | 0;
    const f = x - i;
    const p = (VOIGT_H0[i] ?? 0) + a * ((VOIGT_H1[i] ?? 0) + a * (VOIGT_H2[i] ?? 0));
    const q = (VOIGT_H0[i + 1] ?? 0) + a * ((VOIGT_H1[i + 1] ?? 0) + a * (VOIGT_H2[i + 1] ?? 0));
    return p + f * (q - p);
  }
  return humlicek(a, av);
}

const W4_III = [16.4955, 20.20933, 11.96482, 3.778987, 0.5642236] as const;
const W4_III_Q = [16.4955, 38.82363, 39.27121, 21.69274, 6.699398, 1] as const;
const W4_IV = [36_183.31, -3321.9905, 1540.787, -219.0313, 35.76683, -1.320522, 0.56419] as const;
const W4_IV_Q = [32_066.6, -24_322.84, 9022.228, -2186.181, 364.2191, -61.57037, 1.841439, -1] as const;

function humlicek(a: number, v: number): number {
  // t = a − iv
  const s = v + a;
  const tr = a;
  const ti = -v;
  const ur = tr * tr - ti * ti;
  const ui = 2 * tr * ti;
  if (s >= 15) return realRatio(tr * 0.5641896, ti * 0.5641896, 0.5 + ur, ui);
  if (s >= 5.5) {
    const pr = 1.410474 + ur * 0.5641896;
    const pi = ui * 0.5641896;
    const qr = 0.75 + ur * (3 + ur) - ui * ui;
    const qi = ui * (3 + 2 * ur);
    return realRatio(tr * pr - ti * pi, tr * pi + ti * pr, qr, qi);
  }
  if (a >= 0.195 * v - 0.176) {
    const [pr, pi] = horner(W4_III, tr, ti);
    const [qr, qi] = horner(W4_III_Q, tr, ti);
    return realRatio(pr, pi, qr, qi);
  }
  const [pr, pi] = horner(W4_IV, ur, ui);
  const [qr, qi] = horner(W4_IV_Q, ur, ui);
  return Math.exp(ur) * Math.cos(ui) - realRatio(tr * pr - ti * pi, tr * pi + ti * pr, qr, qi);
}

const realRatio = (pr: number, pi: number, qr: number, qi: number): number => (pr * qr + pi * qi) / (qr * qr + qi * qi);

function horner(coefficients: readonly number[], zr: number, zi: number): [number, number] {
  let r = 0;
  let i = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) {
    const nr = r * zr - i * zi + (coefficients[k] ?? 0);
    i = r * zi + i * zr;
    r = nr;
  }
  return [r, i];
}
