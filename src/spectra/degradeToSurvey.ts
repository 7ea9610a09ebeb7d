/** A well-resolved spectrum, such as an atlas of the Sun, as a survey would record it. */
import type { Spectrum } from '../domain/spectrum.ts';
import { unknownSurvey } from '../domain/survey.ts';
import { FWHM_PER_SIGMA } from '../domain/units.ts';

/** A finely sampled spectrum of one star, better resolved than the survey. */
export interface AtlasSpectrum {
  readonly id: string;
  /** Å, vacuum, increasing. */
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
  /** Gaussian FWHM it was observed or published with, Å. */
  readonly fwhm: number;
  readonly fluxUnit: string;
}

/**
 * An atlas spectrum as a survey of constant resolving power would see it: Gaussian convolution by the difference in variance, sampled at
 * Δlog10 λ = 1e-4 over what the atlas covers, with errors of a constant S/N and no noise added. Where the atlas is the blunter one it stays as it is.
 */
export function degradeToSurvey(atlas: AtlasSpectrum, resolvingPower: number, snr: number): Spectrum {
  const { wavelength: fine, flux: fineFlux } = atlas;
  const first = Math.ceil(Math.log10(fine[0] + 10) / 1e-4);
  const last = Math.floor(Math.log10((fine.at(-1) ?? NaN) - 10) / 1e-4);
  const wavelength = Float64Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => 10 ** ((first + i) * 1e-4));
  let start = 0;
  const flux = wavelength.map((centre) => {
    const sigma = Math.sqrt(Math.max((centre / resolvingPower) ** 2 - atlas.fwhm ** 2, 1e-4)) / FWHM_PER_SIGMA;
    const reach = Math.max(5 * sigma, 0.5);
    while (fine[start] < centre - reach) start++;
    let sum = 0;
    let norm = 0;
    for (let j = start; fine[j] <= centre + reach; j++) {
      // Width of the sample, so that uneven sampling does not weigh.
      const width = (fine[Math.min(j + 1, fine.length - 1)] - fine[Math.max(j - 1, 0)]) / 2;
      const weight = width * Math.exp(-0.5 * ((fine[j] - centre) / sigma) ** 2);
      sum += weight * fineFlux[j];
      norm += weight;
    }
    return sum / norm;
  });
  return {
    id: atlas.id,
    survey: unknownSurvey('degraded atlas'),
    wavelength,
    medium: 'vacuum',
    // As a survey gives it: then the same telluric regions are left out as for its stars.
    frame: 'barycentric',
    flux,
    ivar: flux.map((value) => (snr / value) ** 2),
    ivarIsMeasured: true,
    fluxUnit: atlas.fluxUnit,
    lsf: { kind: 'resolving-power', resolvingPower },
    snr,
    simulated: false,
    meta: { 'degraded to R': resolvingPower, 'from FWHM (Å)': atlas.fwhm },
  };
}
