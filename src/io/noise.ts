import { median } from '../math/statistics.ts';

/** Binomial weights of a fourth difference: no response to a cubic, full response at the Nyquist frequency. */
const WEIGHTS = [1, -4, 6, -4, 1] as const;
const NORM = Math.sqrt(70);
/** Pixels over which the noise is taken to be constant, to each side. */
const HALF_WINDOW = 100;
/** Least σ as a fraction of the local flux: a noiseless file must not get infinite weight. */
const FLOOR = 1e-3;

/**
 * A guess of σ per pixel for a spectrum without errors: the median absolute fourth difference in a running window, scaled to a Gaussian
 * (the idea of DER_SNR, Stoehr et al. 2008, with a difference that a line spread over ~3 pixels hardly reaches). Resampled spectra have
 * correlated noise, which this underestimates. NaN flux gives NaN.
 */
export function guessSigma(flux: Float64Array): Float64Array {
  const n = flux.length;
  const difference = new Float64Array(n).fill(NaN);
  for (let i = 2; i < n - 2; i++) {
    let sum = 0;
    WEIGHTS.forEach((weight, k) => (sum += weight * (flux[i + k - 2] ?? NaN)));
    difference[i] = Math.abs(sum) / NORM;
  }
  const blocks = Math.max(1, Math.round(n / HALF_WINDOW));
  const perBlock = Array.from({ length: blocks }, (_, b) => {
    const centre = ((b + 0.5) * n) / blocks;
    const from = Math.max(0, Math.round(centre - HALF_WINDOW));
    const to = Math.min(n, Math.round(centre + HALF_WINDOW));
    const level = Math.abs(median(flux.subarray(from, to)));
    return Math.max(1.4826 * finite(median(difference.subarray(from, to))), FLOOR * finite(level));
  });
  const overall = median(perBlock.filter((s) => s > 0));
  return flux.map((f, i) => {
    if (!Number.isFinite(f)) return NaN;
    const sigma = perBlock[Math.min(blocks - 1, Math.floor((i * blocks) / n))] ?? 0;
    return sigma > 0 ? sigma : Number.isFinite(overall) ? overall : 1;
  });
}

const finite = (value: number): number => (Number.isFinite(value) ? value : 0);
