/** Emission lines: where a spectrum stands above its model at the lines that shine in active stars, nebulae and galaxies. */
import type { FitResult } from '../../src/domain/fit.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { EMISSION_LINES } from '../../src/fit/known/cores.ts';

/** Those of them that a survey is searched for. */
const SEARCHED = ['Hα', 'Hβ', '[O III] 5008', '[N II] 6585', '[S II] 6718'];
const LINES = EMISSION_LINES.filter(([name]) => SEARCHED.includes(name));
/** Excess over the model, in σ over the line and as a share of the continuum, from which a line is said. */
const SIGMAS = 5;
const SHARE = 0.05;

export interface EmissionLine {
  readonly line: string;
  /** Excess over the pixels within one FWHM of the line: Σ residual / √n, and its mean over the continuum. */
  readonly sigma: number;
  readonly share: number;
}

/** The lines that stand out, strongest first. */
export function emissionLines(
  flux: Spectrum['flux'],
  fit: Pick<FitResult, 'restWavelength' | 'residuals' | 'modelFlux' | 'continuum' | 'resolvingPower'>,
): EmissionLine[] {
  return LINES.flatMap(([line, wavelength]) => {
    const half = wavelength / fit.resolvingPower;
    let [n, sum, share] = [0, 0, 0];
    fit.restWavelength.forEach((at, p) => {
      const residual = fit.residuals[p] ?? NaN;
      if (Math.abs(at - wavelength) > half || !Number.isFinite(residual)) return;
      n++;
      sum += residual;
      share += ((flux[p] ?? NaN) - (fit.modelFlux[p] ?? NaN)) / (fit.continuum[p] ?? NaN);
    });
    const found = { line, sigma: Number((sum / Math.sqrt(n)).toFixed(1)), share: Number((share / n).toFixed(3)) };
    return n >= 2 && found.sigma > SIGMAS && found.share > SHARE ? [found] : [];
  }).sort((a, b) => b.sigma - a.sigma);
}
