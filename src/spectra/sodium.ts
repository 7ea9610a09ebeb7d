/**
 * Sodium between the stars. The gas is near rest, so that its D lines stand still while the star's move. What is used must not depend on the star's
 * velocity: a D line of the star counts only where it is free of both lines of the gas, and is left out as a whole where it is not.
 */
import type { MaskRegion } from './masks.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';

/** Na I D2 and D1, Å in vacuum (NIST). */
export const D_LINES = [5891.583, 5897.558] as const;
/** Velocities of the gas, to either side of rest, km/s: most clouds toward most stars (Hobbs 1978, ApJS 38, 129), and the Earth's orbit where nobody corrected it. */
const GAS_KMS = 60;
/** Reach of a line to either side: in FWHM of the LSF, and at least this many Å, by which the cores of strong lines are left. */
const REACH = 1.3;
const LEAST_REACH = 4;
/**
 * Error of an LTE model in the star's own D lines, as a share of the continuum: they form in deep non-LTE, by which abundances change by up to half a
 * dex (Lind et al. 2011, A&A 528, A103), a tenth of the continuum at low resolution.
 */
export const D_LINE_ERROR = 0.1;

export interface SodiumLines {
  /** Left out: the gas, and the star's lines that it touches. Å, vacuum, in the frame of the spectrum. */
  readonly masked: readonly MaskRegion[];
  /** The star's lines that are free of it. */
  readonly free: readonly { readonly from: number; readonly to: number }[];
}

/** Which D lines are left out of a star at `velocity` (km/s, in the frame of the spectrum), seen with an LSF of `fwhm` Å. */
export function sodiumLines(velocity: number, fwhm: number): SodiumLines {
  const reach = Math.max(LEAST_REACH, REACH * fwhm);
  const gas = D_LINES.map((line) => {
    const half = (line * GAS_KMS) / SPEED_OF_LIGHT_KMS + (REACH * fwhm) / 2;
    return { from: line - half, to: line + half, why: 'interstellar Na I D', cause: 'interstellar' } as const;
  });
  const shift = 1 + velocity / SPEED_OF_LIGHT_KMS;
  const between = ((D_LINES[0] + D_LINES[1]) / 2) * shift;
  const own = [
    { from: D_LINES[0] * shift - reach, to: Math.min(D_LINES[0] * shift + reach, between) },
    { from: Math.max(D_LINES[1] * shift - reach, between), to: D_LINES[1] * shift + reach },
  ];
  const touched = (region: { readonly from: number; readonly to: number }) =>
    gas.some(({ from, to }) => region.from < to && region.to > from);
  return {
    masked: [
      ...gas,
      ...own.filter(touched).map((region) => ({ ...region, why: 'Na I D, blended with that of the gas', cause: 'interstellar' }) as const),
    ],
    free: own.filter((region) => !touched(region)),
  };
}
