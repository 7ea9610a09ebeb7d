/** What the question "is it a star that the model knows?" looks at: the pixels of a spectrum beside the model at its optimum. */
import type { EmulatorInfo } from '../../domain/emulator.ts';
import type { FittedLabel } from '../../domain/fit.ts';
import { reasonCode } from '../../domain/problem.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { lowerBound } from '../../math/lowerBound.ts';
import { ContinuumProfiler } from '../../spectra/continuum.ts';
import type { Linearised, Objective } from '../objective.ts';

/** Spacing of the knots (Å) of a continuum that follows extinction and the colour of a star, but no band and no line. */
const STIFF_KNOTS = 700;
/** Error of the model, as a share of the continuum, at pixels that the fit clipped and that are looked at all the same. */
const CLIPPED_FLOOR = 0.04;

export interface Look {
  readonly objective: Objective;
  readonly at: Linearised;
  readonly info: EmulatorInfo;
  readonly spectrum: Spectrum;
  readonly labels: readonly FittedLabel[];
  /** km/s, in the spectrum's frame. */
  readonly rv: { readonly value: number; readonly sigma: number };
  /** Effective λ/FWHM at 5500 Å. */
  readonly resolvingPower: number;
  /** Vacuum wavelengths in Å, as observed and in the star's frame. The arrays run over the spectrum's own pixels, flux in units of `DataSet.scale`. */
  readonly wavelength: Float64Array;
  readonly rest: Float64Array;
  readonly flux: Float64Array;
  /** Normalised. */
  readonly model: Float64Array;
  readonly continuum: Float64Array;
  /** The best continuum of few knots, by the pixels of the fit. */
  readonly stiff: Float64Array;
  /** 1/(noise² + error of the model²) before anything was widened; of clipped pixels, too: what is clipped may be an emission line. */
  readonly weight: Float64Array;
}

/** The first spectrum of a star at the optimum of its fit. */
export function lookAt(
  objective: Objective,
  at: Linearised,
  { labels, rv, resolvingPower }: Pick<Look, 'labels' | 'rv' | 'resolvingPower'>,
): Look {
  const { data } = objective.first;
  const { model, continuum } = at.parts[0];
  const wavelength = data.lnWavelength.map(Math.exp);
  const weight = data.surveyWeight.map((w, p) => {
    if (w > 0) return w * data.errorScale;
    const ivar = data.ivar[p] ?? 0;
    return data.reason[p] === reasonCode('clipped') && ivar > 0 ? 1 / (1 / ivar + (CLIPPED_FLOOR * (continuum[p] ?? 0)) ** 2) : 0;
  });
  const profile = new ContinuumProfiler(wavelength, data.flux, data.surveyWeight, STIFF_KNOTS).profile(model);
  return {
    objective,
    at,
    info: objective.info,
    spectrum: data.spectrum,
    labels,
    rv,
    resolvingPower,
    wavelength,
    rest: wavelength.map((value) => value / (1 + rv.value / SPEED_OF_LIGHT_KMS)),
    flux: data.flux,
    model,
    continuum,
    stiff: profile?.continuum ?? continuum,
    weight,
  };
}

/** A number per window: the mean of `value` over its weighted pixels with the error of that mean; null where fewer than half its pixels are of use. */
export function windowMean(
  { rest, weight }: Pick<Look, 'rest' | 'weight'>,
  [from, to]: readonly [number, number],
  value: (p: number) => number,
  sigma: (p: number) => number,
): { readonly mean: number; readonly sigma: number; readonly pixels: number } | null {
  let [sum, variance, pixels, all] = [0, 0, 0, 0];
  const first = lowerBound(rest, from);
  for (let p = first; p < rest.length && (rest[p] ?? Infinity) <= to; p++) {
    all++;
    if (!((weight[p] ?? 0) > 0)) continue;
    pixels++;
    sum += value(p);
    variance += sigma(p) ** 2;
  }
  return pixels < 2 || pixels < all / 2 ? null : { mean: sum / pixels, sigma: Math.sqrt(variance) / pixels, pixels };
}
