/** A model laid over every pixel of a data set, in the spectrum's own unit. */
import type { DrawnModel } from '../domain/client.ts';
import { ContinuumProfiler } from '../spectra/continuum.ts';
import { applyOperator } from '../spectra/lsf.ts';
import type { DataTerm } from './dataTerm.ts';

/**
 * Model × continuum (NaN where the native grid does not reach), continuum, and residuals (flux − model)/σ by the errors before widening (NaN where
 * unused), of a native spectrum at `nuisances`; the continuum is profiled with the weights of the problem. Null where no weighted pixel is covered.
 */
export function renderModel({ data, nuisances: model }: DataTerm, nuisances: Float64Array, native: Float32Array): DrawnModel | null {
  const operator = model.operator(nuisances);
  const normalised = applyOperator(operator, native);
  const covered = (p: number) => operator.covered[p] === 1;
  const weight = data.weight.map((w, p) => (covered(p) ? w : 0));
  const fit = new ContinuumProfiler(data.lnWavelength.map(Math.exp), data.flux, weight, data.knotSpacing).profile(normalised);
  if (fit === null) return null;
  const continuum = fit.continuum.map((value) => value * data.scale);
  const drawn = normalised.map((value, p) => (covered(p) ? value * (continuum[p] ?? NaN) : NaN));
  const residuals = data.spectrum.flux.map((flux, p) =>
    (weight[p] ?? 0) > 0 ? ((flux - (drawn[p] ?? NaN)) / data.scale) * Math.sqrt(data.surveyWeight[p] ?? 0) : NaN,
  );
  return { model: drawn, continuum, residuals };
}
