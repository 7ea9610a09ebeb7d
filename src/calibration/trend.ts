/** A trend of a calibration file: what it takes away, and how well that is known. */
import type { LabelFit } from './labelFit.ts';
import type { Place } from './names.ts';
import type { Trend } from './schema.ts';
import { TERMS } from './terms.ts';

/** Shift of a raw label at a place, and the variance of that. */
export function trendAt({ terms, covariance }: Trend, place: Place): { readonly shift: number; readonly variance: number } {
  const row = terms.map(({ name }) => TERMS[name](place));
  const n = terms.length;
  const shift = row.reduce((sum, x, k) => sum + x * (terms[k]?.coefficient ?? NaN), 0);
  const variance = row.reduce((sum, x, i) => sum + row.reduce((inner, y, j) => inner + x * y * (covariance[i * n + j] ?? NaN), 0), 0);
  return { shift, variance };
}

/** The terms of a fit, without its zero points of sources. */
export function trendOf({ terms, theta, covariance }: Pick<LabelFit, 'terms' | 'theta' | 'covariance'>): Trend {
  const n = theta.length;
  const entry = (i: number, j: number): number => covariance[i * n + j] ?? NaN;
  return {
    terms: terms.map((name, k) => ({ name, coefficient: theta[k] ?? NaN, sigma: Math.sqrt(entry(k, k)) })),
    covariance: terms.flatMap((_, i) => terms.map((__, j) => entry(i, j))),
  };
}
