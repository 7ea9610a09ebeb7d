/**
 * Which pixels a label is measured from. Near the optimum the estimate of label j answers to the (whitened) noise ε_p of pixel p by
 * δ_j = Σ_p g_p ε_p with g = C Xᵀ, where X holds the whitened derivatives with the continuum's freedom projected out and C is the covariance
 * of all labels, priors and nuisances included: what other labels could do as well cancels in it. g_p² is the share of the label's variance
 * that comes through pixel p.
 */
import type { EmulatedJacobian, EmulatorInfo } from '../domain/emulator.ts';
import type { FitResult } from '../domain/fit.ts';
import { ContinuumProfiler } from '../spectra/continuum.ts';
import { applyOperator, buildOperator, lsfSigma } from '../spectra/lsf.ts';

export interface InformationInput {
  readonly info: EmulatorInfo;
  /** At the labels of `result`. */
  readonly jacobian: EmulatedJacobian;
  readonly result: FitResult;
  /** Flux on the result's pixels, in the unit of its model. */
  readonly flux: Float64Array;
}

/** g_p² per label (in the order of `result.labels`) and pixel of the spectrum, not normalised; 0 where a pixel was not used. Empty where it cannot be had. */
export function labelInfluence({ info, jacobian, result, flux }: InformationInput): Float64Array[] {
  const { restWavelength, continuum, modelFlux, residuals, covariance, knotSpacing } = result;
  const n = result.labels.length;
  if (knotSpacing === undefined || n !== jacobian.derivatives.length || n !== info.labels.length) return [];
  const variance = new Float64Array(restWavelength.length).fill(
    lsfSigma({ kind: 'resolving-power', resolvingPower: result.resolvingPower }, 5500) ** 2 -
      lsfSigma({ kind: 'resolving-power', resolvingPower: info.resolvingPower }, 5500) ** 2,
  );
  const operator = buildOperator({ grid: info.grid, lnRest: restWavelength.map(Math.log), variance });
  const weight = residuals.map((r, p) => {
    const w = (r / ((flux[p] ?? NaN) - (modelFlux[p] ?? NaN))) ** 2;
    return Number.isFinite(w) && operator.covered[p] === 1 ? w : 0;
  });
  const model = applyOperator(operator, jacobian.flux);
  const profiler = new ContinuumProfiler(restWavelength, flux, weight, knotSpacing);
  const fit = profiler.profile(model);
  if (fit === null) return [];
  const columns = jacobian.derivatives.map((derivative) => {
    const column = applyOperator(operator, derivative).map((value, p) => value * (Number.isFinite(continuum[p]) ? (continuum[p] ?? 0) : 0));
    profiler.projectOut(fit, model, column);
    return column.map((value, p) => ((weight[p] ?? 0) > 0 ? value * Math.sqrt(weight[p] ?? 0) : 0));
  });
  return result.labels.map((_, j) => {
    const g = new Float64Array(restWavelength.length);
    columns.forEach((column, k) => {
      const c = covariance[j * n + k] ?? 0;
      for (let p = 0; p < g.length; p++) g[p] = (g[p] ?? 0) + c * (column[p] ?? 0);
    });
    return g.map((value) => value * value);
  });
}

/** 1 for the pixels of the smallest set that holds `share` of the sum of `influence`; none where there is no influence. */
export function smallestSet(influence: Float64Array, share = 0.9): Uint8Array {
  const total = influence.reduce((sum, value) => sum + value, 0);
  const chosen = new Uint8Array(influence.length);
  if (!(total > 0)) return chosen;
  const order = [...influence.keys()].sort((a, b) => (influence[b] ?? 0) - (influence[a] ?? 0));
  let sum = 0;
  for (const p of order) {
    if (sum >= share * total) break;
    sum += influence[p] ?? 0;
    chosen[p] = 1;
  }
  return chosen;
}
