import type { CalibratedLabels, FitResult } from '../domain/fit.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { unknownSurvey } from '../domain/survey.ts';
import { madeUpCore, madeUpProblem } from './problem.ts';

/** A small spectrum of `n` pixels with a line, made up. */
export function madeUpSpectrum(n = 60, changes: Partial<Spectrum> = {}): Spectrum {
  const wavelength = Float64Array.from({ length: n }, (_, i) => 5000 + 5 * i);
  const flux = wavelength.map((w) => 100 - 40 * Math.exp(-0.5 * ((w - 5150) / 8) ** 2) + Math.sin(w));
  return {
    id: 'made-up.fits',
    survey: unknownSurvey('test'),
    object: 'Star, "A"',
    wavelength,
    medium: 'vacuum',
    frame: 'barycentric',
    flux,
    ivar: wavelength.map((_, i) => (i === 7 ? 0 : 0.25)),
    ivarIsMeasured: true,
    fluxUnit: '1E-17 erg/cm^2/s/Ang',
    lsf: { kind: 'resolving-power', resolvingPower: 1800 },
    snr: 50,
    simulated: false,
    meta: { z_pipeline: -0.0001, date: '2022-06-02' },
    ...changes,
  };
}

/** A fit of it, made up: T_eff, [Fe/H] and [Mg/Fe]. */
export function madeUpFit(spectrum: Spectrum): FitResult {
  return {
    ...madeUpCore(madeUpProblem(spectrum, ['teff', 'feh', 'Mg'])),
    spectrumId: spectrum.id,
    simulated: spectrum.simulated,
    model: 'model-1',
    backend: { name: 'reference', reason: 'a test' },
    method: 'lm',
    seed: 7,
    seconds: 1.5,
    evaluations: 120,
    converged: true,
    chi2Reduced: NaN,
    pixelsUsed: spectrum.wavelength.length - 1,
    rv: { value: -30.5, sigma: 1.25 },
    resolvingPower: 1790,
    snr: spectrum.snr,
    labels: [
      { name: 'teff', value: 5800, sigma: 40, priorFraction: 0.01, flags: [] },
      { name: 'feh', value: -0.2, sigma: 0.05, priorFraction: 0.02, flags: [] },
      { name: 'Mg', value: 0.3, sigma: 0.1, priorFraction: 0.9, flags: ['uncalibrated', 'prior-dominated'] },
    ],
    covariance: Float64Array.of(1600, 0, 0, 0, 0.0025, 0, 0, 0, 0.01),
    modelFlux: spectrum.flux.map((f) => f + 0.5),
    continuum: spectrum.flux.map(() => 100),
    residuals: spectrum.flux.map((_, i) => (i === 7 ? NaN : -0.25)),
    used: Uint8Array.from(spectrum.flux, (_, i) => (i === 7 ? 0 : 1)),
    restWavelength: spectrum.wavelength,
    warnings: ['a warning, with a comma'],
  };
}

export function madeUpCalibration(): CalibratedLabels {
  return {
    calibration: 'calibration-1',
    parameters: {
      teff: { value: 5800, sigma: 40, calibrated: 5790, sigmaCalibrated: 60, flags: [] },
      vmic: { value: 1.1, sigma: 0.2, calibrated: null, sigmaCalibrated: null, flags: ['uncalibrated'] },
    },
    abundances: { Mg: { value: 0.1, sigma: 0.12, calibrated: null, sigmaCalibrated: null, flags: ['uncalibrated', 'prior-dominated'] } },
  };
}
