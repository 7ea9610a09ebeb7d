import type { Lsf } from '../domain/spectrum.ts';
import { interpolateLinear } from '../math/statistics.ts';

/** λ/FWHM that a line-spread function states at a wavelength in Å. */
export function resolvingPowerAt(lsf: Lsf, wavelength: number): number {
  switch (lsf.kind) {
    case 'resolving-power':
      return lsf.resolvingPower;
    case 'fwhm':
      return wavelength / lsf.fwhm;
    case 'table':
      return interpolateLinear(lsf.wavelength, lsf.resolvingPower, wavelength);
  }
}

/** A line-spread function in words. */
export function describeLsf(lsf: Lsf): string {
  switch (lsf.kind) {
    case 'resolving-power':
      return `R = ${String(lsf.resolvingPower)}`;
    case 'fwhm':
      return `FWHM ${String(lsf.fwhm)} Å`;
    case 'table': {
      const [low, high] = [Math.min(...lsf.resolvingPower), Math.max(...lsf.resolvingPower)];
      return `R = ${low.toFixed(0)}–${high.toFixed(0)} along the spectrum`;
    }
  }
}
