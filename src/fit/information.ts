/**
 * Which pixels a label is measured from. Near the optimum the estimate of label j answers to the (whitened) noise ε_p of pixel p by
 * δ_j = Σ_p g_p ε_p with g = C Xᵀ, where X holds the whitened derivatives with the continuum's freedom projected out and C is the covariance
 * of all parameters, priors and nuisances included: what other labels could do as well cancels in it. g_p² is the share of the label's variance
 * that comes through pixel p, in the weights of the fit: Σ_p g_p² is σ² less what the prior puts into it (C P C).
 */
import type { EmulatedJacobian, EmulatorInfo } from '../domain/emulator.ts';
import type { Solution } from '../domain/fit.ts';
import { DataTerm } from './dataTerm.ts';

export interface InformationInput {
  readonly info: EmulatorInfo;
  /** At the optimum of `solution`. */
  readonly jacobian: EmulatedJacobian;
  readonly solution: Pick<Solution, 'problem' | 'scaledCovariance' | 'nuisances' | 'chi2ReducedWidened' | 'z'>;
}

/** g_p² per label (in the order of `labels`, in the label's unit squared) and pixel of the spectrum; 0 where a pixel was not used. Empty where it cannot be had. */
export function labelInfluence({ info, jacobian, solution }: InformationInput): Float64Array[] {
  const { problem, scaledCovariance, nuisances, chi2ReducedWidened, z } = solution;
  const count = problem.labels.length;
  const n = z.length;
  if (count !== jacobian.derivatives.length || problem.data.length > 1) return [];
  const [data] = problem.data;
  const part = new DataTerm(info, data).linearise(nuisances, jacobian);
  if (part === null) return [];
  const root = data.weight.map((w) => Math.sqrt(w / Math.max(1, chi2ReducedWidened)));
  return problem.labels.map(({ halfRange }, j) => {
    const g = new Float64Array(root.length);
    part.columns.forEach((column, k) => {
      const c = halfRange * (scaledCovariance[j * n + k] ?? NaN);
      for (let p = 0; p < g.length; p++) g[p] = (g[p] as number) + c * (column[p] as number) * (root[p] as number);
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
