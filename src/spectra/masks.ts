/** Which pixels a fit trusts, and how far it trusts the model there. All wavelengths are Å in vacuum. */
import type { Spectrum } from '../domain/spectrum.ts';
import { interpolateLinear } from '../math/statistics.ts';

export interface MaskRegion {
  readonly from: number;
  readonly to: number;
  readonly why: string;
  /** What leaves it out: the atmosphere of the Earth, or matter between the stars. */
  readonly cause: 'telluric' | 'interstellar';
}

/**
 * Regions fixed to the observer: telluric bands (limits after the atmospheric transmission in Hinkle et al. 2003 and what residual
 * absorption low-resolution surveys show). Sodium of the interstellar gas depends on the star's velocity: `sodium.ts`.
 */
export const OBSERVED_FRAME_MASKS: readonly MaskRegion[] = [
  { from: 6864, to: 6965, why: 'telluric O2 B', cause: 'telluric' },
  { from: 7160, to: 7345, why: 'telluric H2O', cause: 'telluric' },
  { from: 7590, to: 7720, why: 'telluric O2 A', cause: 'telluric' },
  { from: 8120, to: 8350, why: 'telluric H2O', cause: 'telluric' },
  { from: 8925, to: 9200, why: 'telluric H2O', cause: 'telluric' },
];

/**
 * The strongest diffuse interstellar bands (wavelengths and widths after Hobbs et al. 2008, ApJ 680, 1256), in vacuum, with room for ±50 km/s.
 * They matter where there is much dust; elsewhere leaving them out costs lines, so that it is a choice.
 */
export const DIFFUSE_BANDS: readonly MaskRegion[] = [
  { from: 4415, to: 4444, why: 'interstellar band 4428', cause: 'interstellar' },
  { from: 5777, to: 5786, why: 'interstellar band 5780', cause: 'interstellar' },
  { from: 5796, to: 5802, why: 'interstellar band 5797', cause: 'interstellar' },
  { from: 6195, to: 6208, why: 'interstellar bands 6196 and 6203', cause: 'interstellar' },
  { from: 6280, to: 6291, why: 'interstellar band 6284', cause: 'interstellar' },
  { from: 6612, to: 6619, why: 'interstellar band 6614', cause: 'interstellar' },
  { from: 8617, to: 8629, why: 'interstellar band 8621', cause: 'interstellar' },
];

/** Nodes of the model-error floor: fraction of the continuum by which published LTE syntheses miss the Sun at R = 1800, smoothed. */
const FLOOR_WAVELENGTH = [3700, 3900, 4000, 4300, 4600, 5000, 5500, 6000, 9100];
const FLOOR_FRACTION = [0.1, 0.07, 0.04, 0.035, 0.02, 0.015, 0.011, 0.008, 0.008];

/** Error of the model itself as a fraction of the continuum at a rest wavelength (Å, vacuum); it enters in quadrature with the noise. */
export function modelErrorFloor(wavelength: number): number {
  return interpolateLinear(FLOOR_WAVELENGTH, FLOOR_FRACTION, wavelength);
}

export function inRegions(wavelength: number, regions: readonly { readonly from: number; readonly to: number }[]): boolean {
  return regions.some((region) => wavelength >= region.from && wavelength <= region.to);
}

/** Why a pixel's data cannot be used; null where they can. */
export type PixelFault = 'no information' | 'survey mask' | 'telluric' | 'interstellar';

/** The fault of each pixel: no finite flux or no information, a survey mask bit, or one of the observed-frame `regions`; null for good ones. */
export function pixelFaults(spectrum: Spectrum, vacuum: Float64Array, regions: readonly MaskRegion[]): (PixelFault | null)[] {
  // A spectrum shifted to rest has carried the telluric bands along with the star; where they are now is not known, so they stay in.
  const fixed = spectrum.frame === 'rest' ? regions.filter((region) => region.cause === 'interstellar') : regions;
  return Array.from(vacuum, (wavelength, p) => {
    const flux = spectrum.flux[p];
    const ivar = spectrum.ivar[p];
    if ((spectrum.mask?.[p] ?? 0) !== 0) return 'survey mask';
    if (!(Number.isFinite(flux) && Number.isFinite(ivar) && ivar > 0)) return 'no information';
    return fixed.find((region) => wavelength >= region.from && wavelength <= region.to)?.cause ?? null;
  });
}

/** 1 for pixels without a fault. */
export const goodPixels = (spectrum: Spectrum, vacuum: Float64Array, regions: readonly MaskRegion[]): Uint8Array =>
  Uint8Array.from(pixelFaults(spectrum, vacuum, regions), (fault) => (fault === null ? 1 : 0));

/**
 * Pixels hit by cosmic rays or lost to bad columns: narrow departures of (data − model)/σ from their neighbourhood.
 * A pixel is clipped where |residual − running median| exceeds `threshold` times the larger of 1 and the running robust σ, in runs of at
 * most `maxRun` pixels (wider departures are the model's); one neighbour on each side goes with it.
 * `residuals` is NaN where a pixel is not used. Returns the clipped pixels as 1.
 */
export function clipOutliers(residuals: Float64Array, threshold: number, maxRun = 4, window = 101): Uint8Array {
  const n = residuals.length;
  const hit = new Uint8Array(n);
  const half = window >> 1;
  // Median and σ every quarter window: smooth enough, and cheap.
  const stride = Math.max(1, half >> 1);
  for (let block = 0; block < n; block += stride) {
    const centre = block + (stride >> 1);
    const around = Array.from(residuals.subarray(Math.max(0, centre - half), Math.min(n, centre + half + 1)))
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    if (around.length < 10) continue;
    const middle = around[around.length >> 1];
    const deviations = around.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
    const sigma = Math.max(1, 1.4826 * deviations[deviations.length >> 1]);
    for (let p = block; p < Math.min(n, block + stride); p++) {
      if (Math.abs(residuals[p] - middle) > threshold * sigma) hit[p] = 1;
    }
  }
  const clipped = new Uint8Array(n);
  for (let p = 0; p < n; p++) {
    if (hit[p] !== 1) continue;
    let end = p;
    while (end + 1 < n && hit[end + 1] === 1) end++;
    if (end - p + 1 <= maxRun) clipped.fill(1, Math.max(0, p - 1), Math.min(n, end + 2));
    p = end;
  }
  return clipped;
}
