/** A Gaussian that stands in for the posterior: the coordinates in which a sampler moves are those in which it is a unit normal. */
import type { RandomStream } from '../../math/random.ts';
import { choleskyFactor } from '../../math/symmetric.ts';

export interface Gaussian {
  readonly mean: Float64Array;
  /** Lower Cholesky factor of the covariance, row-major. */
  readonly root: Float64Array;
}

/** Null where the covariance is not positive definite. */
export function gaussianOf(mean: Float64Array, covariance: Float64Array): Gaussian | null {
  const root = choleskyFactor(covariance, mean.length);
  return root === null ? null : { mean, root };
}

/** x = mean + L·y. */
export function fromUnit({ mean, root }: Gaussian, y: Float64Array): Float64Array {
  const n = mean.length;
  return mean.map((value, i) => {
    let sum = value;
    for (let j = 0; j <= i; j++) sum += (root[i * n + j] ?? 0) * (y[j] ?? 0);
    return sum;
  });
}

/** y = L⁻¹·(x − mean). */
export function toUnit({ mean, root }: Gaussian, x: Float64Array): Float64Array {
  const n = mean.length;
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = (x[i] ?? 0) - (mean[i] ?? 0);
    for (let j = 0; j < i; j++) sum -= (root[i * n + j] ?? 0) * (y[j] ?? 0);
    y[i] = sum / (root[i * n + i] ?? 1);
  }
  return y;
}

/** ∂/∂y = Lᵀ·∂/∂x. */
export function slopeToUnit({ root }: Gaussian, gradient: Float64Array): Float64Array {
  const n = gradient.length;
  return gradient.map((_, j) => {
    let sum = 0;
    for (let i = j; i < n; i++) sum += (root[i * n + j] ?? 0) * (gradient[i] ?? 0);
    return sum;
  });
}

export const normalVector = (n: number, random: RandomStream): Float64Array => Float64Array.from({ length: n }, () => random.normal());

/**
 * The Gaussian of a sample worth `size` independent draws, shrunk to the unit normal: variances as by five draws of it (as Stan does),
 * correlations by d/(size + d), since those of a sample are worse than none until it has many times d draws. Null where it cannot be one.
 */
export function gaussianOfSample(sample: readonly Float64Array[], size: number): Gaussian | null {
  const n = sample[0]?.length ?? 0;
  if (!(size >= 4)) return null;
  const mean = new Float64Array(n);
  for (const x of sample) for (let i = 0; i < n; i++) mean[i] = (mean[i] ?? 0) + (x[i] ?? 0) / sample.length;
  const covariance = sampleCovariance(sample, mean);
  const [keep, share] = [size / (size + n), size / (size + 5)];
  const shrunk = covariance.map((value, k) => (k % (n + 1) === 0 ? share * value + (1 - share) : keep * share * value));
  return gaussianOf(mean, shrunk);
}

/** Row-major. */
export function sampleCovariance(sample: readonly Float64Array[], mean: Float64Array): Float64Array {
  const n = mean.length;
  const covariance = new Float64Array(n * n);
  for (const x of sample) {
    for (let i = 0; i < n; i++) {
      const a = ((x[i] ?? 0) - (mean[i] ?? 0)) / (sample.length - 1);
      for (let j = 0; j <= i; j++) covariance[i * n + j] = (covariance[i * n + j] ?? 0) + a * ((x[j] ?? 0) - (mean[j] ?? 0));
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) covariance[j * n + i] = covariance[i * n + j] ?? 0;
  return covariance;
}
