/** A solution laid over every pixel of the spectrum, in the spectrum's own unit. */
import { ContinuumProfiler } from '../spectra/continuum.ts';
import { applyOperator } from '../spectra/lsf.ts';
import type { NuisanceModel } from './nuisances.ts';

export interface Rendered {
  /** Model × continuum; NaN where the native grid does not reach. */
  readonly model: Float64Array;
  readonly continuum: Float64Array;
}

/** `flux` and `weight` (0 where unused) over all pixels, `nuisanceModel` built on the same pixels; outputs are multiplied by `scale`. */
export function renderModel(
  pixels: { readonly wavelength: Float64Array; readonly flux: Float64Array; readonly weight: Float64Array; readonly scale: number },
  nuisanceModel: NuisanceModel,
  nuisances: Float64Array,
  native: Float32Array,
  knotSpacing: number,
): Rendered | null {
  const operator = nuisanceModel.operator(nuisances);
  const normalised = applyOperator(operator, native);
  const weight = pixels.weight.map((w, p) => (operator.covered[p] === 1 ? w : 0));
  const fit = new ContinuumProfiler(pixels.wavelength, pixels.flux, weight, knotSpacing).profile(normalised);
  if (fit === null) return null;
  const continuum = fit.continuum.map((value) => value * pixels.scale);
  return { continuum, model: normalised.map((value, p) => (operator.covered[p] === 1 ? value * (continuum[p] ?? NaN) : NaN)) };
}
