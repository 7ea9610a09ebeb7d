/** Emission, by itself or within the cores of lines: what stands above the model at the lines that shine in active stars, nebulae and galaxies. */
import { lowerBound } from '../../math/lowerBound.ts';
import type { Look } from './look.ts';

/** Lines that shine in active stars, nebulae and galaxies: name and Å, vacuum, in the star's frame (NIST Atomic Spectra Database). */
export const EMISSION_LINES: readonly (readonly [name: string, wavelength: number])[] = [
  ['Hα', 6564.61],
  ['Hβ', 4862.69],
  ['Hγ', 4341.69],
  ['Hδ', 4102.9],
  ['Ca II H', 3969.59],
  ['[O III] 5008', 5008.24],
  ['[N II] 6585', 6585.27],
  ['[S II] 6718', 6718.29],
  ['Ca II 8544', 8544.44],
  ['Ca II 8664', 8664.52],
];

export interface Core {
  readonly name: string;
  readonly wavelength: number;
  /** Flux over the model within one FWHM of the line, as a share of the continuum: its mean, and that over its error. */
  readonly share: number;
  readonly inSigma: number;
}

/** The excess at each line that the spectrum reaches. */
export function coreExcess({ rest, weight, flux, model, continuum, resolvingPower }: Look): Core[] {
  return EMISSION_LINES.flatMap(([name, wavelength]) => {
    const half = (0.6 * wavelength) / resolvingPower;
    let [n, share, variance] = [0, 0, 0];
    for (let p = lowerBound(rest, wavelength - half); p < rest.length && (rest[p] ?? Infinity) <= wavelength + half; p++) {
      const w = weight[p] ?? 0;
      if (!(w > 0)) continue;
      n++;
      share += (flux[p] ?? NaN) / (continuum[p] ?? NaN) - (model[p] ?? NaN);
      variance += 1 / w / (continuum[p] ?? NaN) ** 2;
    }
    return n < 2 ? [] : [{ name, wavelength, share: share / n, inSigma: share / Math.sqrt(variance) }];
  });
}
