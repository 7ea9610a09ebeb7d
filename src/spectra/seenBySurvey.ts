/** The spectrum of a stellar library as a survey of constant resolving power would record it. */
import type { Spectrum } from '../domain/spectrum.ts';
import { FWHM_PER_SIGMA } from '../domain/units.ts';
import { airToVacuumArray } from './airVacuum.ts';

/** What the survey does to a spectrum. */
export interface SurveyView {
  /** λ/FWHM. Where the library is the blunter one it stays as it is: nothing is sharpened. */
  readonly resolvingPower: number;
  /** Errors given to every pixel: its flux over this. No noise is added: a library's own is in its flux. */
  readonly snr: number;
  /** Å, vacuum: what the survey records, as far as the library reaches. */
  readonly range: readonly [number, number];
}

/** Step of the survey's pixels in log10 λ. */
const STEP = 1e-4;
/** A pixel counts where at least this share of its convolution's weight fell on pixels of the library that were observed. */
const COVERED = 0.95;
/** Nodes at which the resolving power of the outcome is stated. */
const NODES = 25;

/**
 * Gaussian convolution by the difference in variance of two line-spread functions, sampled at Δlog10 λ = 1e-4 in vacuum. `fwhm` is the
 * library's, Å. The frame is called barycentric, so that the survey's telluric regions are left out as for its own stars.
 */
export function seenBySurvey(library: Spectrum, fwhm: number, view: SurveyView): Spectrum {
  const fine = library.medium === 'air' ? airToVacuumArray(library.wavelength) : library.wavelength;
  const { flux: from, ivar: weightOf } = library;
  const low = Math.max(view.range[0], (fine[0] ?? NaN) + fwhm);
  const high = Math.min(view.range[1], (fine.at(-1) ?? NaN) - fwhm);
  const first = Math.ceil(Math.log10(low) / STEP);
  const count = Math.max(0, Math.floor(Math.log10(high) / STEP) - first + 1);
  const wavelength = Float64Array.from({ length: count }, (_, i) => 10 ** ((first + i) * STEP));
  const flux = new Float64Array(count);
  const ivar = new Float64Array(count);
  let start = 0;
  for (let i = 0; i < count; i++) {
    const centre = wavelength[i];
    const step = (fine[Math.min(start + 1, fine.length - 1)] ?? NaN) - (fine[start] ?? NaN);
    // Never narrower than half a pixel of the library: that is interpolation.
    const sigma = Math.max(Math.sqrt(Math.max((centre / view.resolvingPower) ** 2 - fwhm ** 2, 0)) / FWHM_PER_SIGMA, 0.5 * Math.abs(step));
    const reach = 5 * sigma;
    while (start < fine.length - 1 && fine[start] < centre - reach) start++;
    let sum = 0;
    let good = 0;
    let all = 0;
    for (let j = start; j < fine.length && fine[j] <= centre + reach; j++) {
      const weight = Math.exp(-0.5 * ((fine[j] - centre) / sigma) ** 2);
      all += weight;
      if (!(weightOf[j] > 0)) continue;
      good += weight;
      sum += weight * from[j];
    }
    const value = sum / good;
    if (!(good > COVERED * all) || !(value > 0)) continue;
    flux[i] = value;
    ivar[i] = (view.snr / value) ** 2;
  }
  const nodes = Array.from({ length: NODES }, (_, k) => low + (k / (NODES - 1)) * (high - low));
  return {
    id: library.id,
    survey: library.survey,
    ...(library.object === undefined ? {} : { object: library.object }),
    wavelength,
    medium: 'vacuum',
    frame: 'barycentric',
    flux,
    ivar,
    ivarIsMeasured: true,
    fluxUnit: library.fluxUnit,
    lsf: { kind: 'table', wavelength: nodes, resolvingPower: nodes.map((at) => Math.min(view.resolvingPower, at / fwhm)) },
    snr: view.snr,
    simulated: library.simulated,
    meta: { ...library.meta, 'degraded to R': view.resolvingPower, 'from FWHM (Å)': fwhm },
    ...(library.source === undefined ? {} : { source: library.source }),
  };
}
