/** Wavelengths of a line of an IRAF multispec image: linear, log-linear, Chebyshev, Legendre and spline dispersions of WAT2_nnn. */
import { failed, success, type Result } from '../../domain/result.ts';
import type { FitsHeader } from '../fits/header.ts';

const unsupported = (what: string) =>
  failed(
    'FITS_UNSUPPORTED',
    `The IRAF multispec dispersion of the image ${what}.`,
    'Linearise it (IRAF dispcor), or save wavelength and flux as text.',
  );

/** WAT2_001, WAT2_002 … joined: 68 characters each, trailing blanks included, as IRAF cuts them. */
function attribute(header: FitsHeader): string {
  let text = '';
  for (let k = 1; k < 1000; k++) {
    const part = header.get(`WAT2_${String(k).padStart(3, '0')}`);
    if (typeof part !== 'string') break;
    text += part.padEnd(68);
  }
  return text;
}

/**
 * `specN = "ap beam dtype w1 dw nw z aplow aphigh [weight zero type order pmin pmax c1 c2 …]"`, Å, divided by (1 + z).
 * Failure: FITS_UNSUPPORTED (no such line, pixel arrays, sampled tables).
 */
export function dispersion(header: FitsHeader, line: number, n: number): Result<Float64Array> {
  const match = new RegExp(`spec${line + 1}\\s*=\\s*"([^"]*)"`).exec(attribute(header));
  if (!match) return unsupported(`gives no spec${line + 1}`);
  const fields = (match[1] ?? '').trim().split(/\s+/).map(Number);
  const [, , type = NaN, w1 = NaN, dw = NaN, , z = 0] = fields;
  const shift = 1 / (1 + (Number.isFinite(z) ? z : 0));
  if (type === 0) return success(Float64Array.from({ length: n }, (_, i) => shift * (w1 + dw * i)));
  if (type === 1) return success(Float64Array.from({ length: n }, (_, i) => shift * 10 ** (w1 + dw * i)));
  if (type !== 2) return unsupported(`has type ${type}`);
  const functions = nonlinear(fields.slice(9));
  if (!functions) return unsupported('uses a function that is not read (only Chebyshev, Legendre and splines are)');
  return success(
    Float64Array.from(
      { length: n },
      (_, i) => shift * functions.reduce((sum, { weight, zero, at }) => sum + weight * (zero + at(i + 1)), 0),
    ),
  );
}

interface Weighted {
  readonly weight: number;
  readonly zero: number;
  readonly at: (pixel: number) => number;
}

/** The functions that follow one another in the fields; null where one is unknown. */
function nonlinear(fields: readonly number[]): readonly Weighted[] | null {
  const functions: Weighted[] = [];
  let k = 0;
  while (k + 5 < fields.length) {
    const [weight = NaN, zero = NaN, type = NaN, order = NaN, low = NaN, high = NaN] = fields.slice(k, k + 6);
    const count = type === 1 || type === 2 ? order : type === 3 ? order + 3 : type === 4 ? order + 1 : NaN;
    if (!(count > 0 && count < 1000)) return null;
    const c = fields.slice(k + 6, k + 6 + count);
    if (c.length < count || !(high > low)) return null;
    const scaled = (pixel: number): number => (2 * pixel - (high + low)) / (high - low);
    const at =
      type === 1
        ? (pixel: number) => chebyshev(c, scaled(pixel))
        : type === 2
          ? (pixel: number) => legendre(c, scaled(pixel))
          : (pixel: number) => spline(c, ((pixel - low) / (high - low)) * order, type === 3 ? 3 : 1, order);
    functions.push({ weight, zero, at });
    k += 6 + count;
  }
  return functions.length > 0 ? functions : null;
}

function chebyshev(c: readonly number[], x: number): number {
  let [a, b, sum] = [1, x, c[0] ?? 0];
  for (let i = 1; i < c.length; i++) {
    sum += (c[i] ?? 0) * b;
    [a, b] = [b, 2 * x * b - a];
  }
  return sum;
}

function legendre(c: readonly number[], x: number): number {
  let [a, b, sum] = [1, x, c[0] ?? 0];
  for (let i = 1; i < c.length; i++) {
    sum += (c[i] ?? 0) * b;
    [a, b] = [b, ((2 * i + 1) * x * b - i * a) / (i + 1)];
  }
  return sum;
}

/** Uniform B-spline of degree 1 or 3 over `pieces` pieces, at s pieces from the left. */
function spline(c: readonly number[], s: number, degree: 1 | 3, pieces: number): number {
  const j = Math.min(pieces - 1, Math.max(0, Math.floor(s)));
  const b = s - j;
  const a = 1 - b;
  if (degree === 1) return a * (c[j] ?? 0) + b * (c[j + 1] ?? 0);
  const weights = [a ** 3, 1 + 3 * a * (1 + a * b), 1 + 3 * b * (1 + a * b), b ** 3];
  return weights.reduce((sum, weight, i) => sum + weight * (c[j + i] ?? 0), 0);
}
