/** Intrinsic scatter from differences, the errors of both sides known. */
import { quantile } from './robust.ts';

export interface ScatterSample {
  readonly difference: number;
  /** σ of the fit and of the reference together, without the intrinsic scatter. */
  readonly sigma: number;
}

/** Shares of a Gaussian within one and two σ. */
const ONE_SIGMA = 0.6827;
const TWO_SIGMA = 0.9545;

/** Share of the differences within `times` σ, with `intrinsic` in their errors. */
export const shareWithin = (sample: readonly ScatterSample[], intrinsic: number, times: number): number =>
  sample.filter(({ difference, sigma }) => Math.abs(difference) <= times * Math.hypot(sigma, intrinsic)).length / sample.length;

/** The intrinsic scatter at which a share of the differences lies within so many σ; 0 where the known errors suffice. NaN of nothing. */
function scatterAtShare(sample: readonly ScatterSample[], share: number, times: number): number {
  if (sample.length === 0) return NaN;
  const at = (s: number): number =>
    quantile(
      sample.map(({ difference, sigma }) => Math.abs(difference) / Math.hypot(sigma, s)),
      share,
    ) / times;
  if (at(0) <= 1) return 0;
  let [low, high] = [0, Math.max(...sample.map(({ difference }) => Math.abs(difference)))];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (at(middle) > 1) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The intrinsic scatter at which 68 % of the differences lie within one σ. */
export const intrinsicScatter = (sample: readonly ScatterSample[]): number => scatterAtShare(sample, ONE_SIGMA, 1);

/** The least that a fit's σ is scaled by. */
const LEAST_SCALE = 0.3;

/**
 * By what the σ of fits has to be multiplied where it is too wide: 1 where differences ask for it or for more, else the factor at which 68 % of the differences
 * lie within one σ of fit and reference together, at least 0.3.
 */
export function fitScale(sample: readonly { readonly difference: number; readonly fit: number; readonly reference: number }[]): number {
  const at = (scale: number): number =>
    quantile(
      sample.map(({ difference, fit, reference }) => Math.abs(difference) / Math.hypot(scale * fit, reference)),
      ONE_SIGMA,
    );
  if (sample.length === 0 || at(1) >= 1) return 1;
  let [low, high] = [LEAST_SCALE, 1];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (at(middle) < 1) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * One σ for differences with tails: in variance a third of the way from what makes 68 % lie within 1 σ to what makes 95 % lie within 2 σ. For Gaussian differences
 * the two are one.
 */
export const robustScatter = (sample: readonly ScatterSample[]): number =>
  Math.sqrt((2 * intrinsicScatter(sample) ** 2 + scatterAtShare(sample, TWO_SIGMA, 2) ** 2) / 3);
