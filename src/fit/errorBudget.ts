/**
 * What each label's σ is made of. With A⁻¹ the posterior covariance and V the variance that the fit takes a pixel to have, σ² = A⁻¹ (Jᵀ V⁻¹ J + P) A⁻¹, and V is a
 * sum: the photon noise, the emulator's own error, and the rest of the model's error (with what was widened for its sake, and the shapes that pixels
 * share). So is σ²: the three, and what the priors put into it.
 */
import type { ErrorBudget } from '../domain/fit.ts';
import type { DataTerm } from './dataTerm.ts';
import type { Linearised, Objective } from './objective.ts';

/** Of each label, in its own unit; zeros for a fixed one. */
export function errorBudget(objective: Objective, at: Linearised, scaled: Float64Array, chi2Reduced: number): ErrorBudget[] {
  const inflation = Math.max(1, chi2Reduced);
  const part = (share: (term: DataTerm) => Float64Array): Float64Array =>
    labelVariances(objective, objective.gram(at.parts, objective.terms.map(share)), scaled);
  const noise = part((term) => term.rowsOf(noiseShare(term, inflation), 0));
  const network = part((term) => term.rowsOf(networkShare(term, inflation), 0));
  const data = part((term) => {
    const rows = term.rowsOf(new Float64Array(term.data.weight.length), 1);
    term.data.weight.forEach((w, p) => (rows[p] = w / inflation));
    return rows;
  });
  return objective.problem.labels.map((_, k) => {
    const [n, e, all] = [noise[k] ?? NaN, network[k] ?? NaN, data[k] ?? NaN];
    return { noise: Math.sqrt(n), network: Math.sqrt(e), model: Math.sqrt(Math.max(0, all - n - e)) };
  });
}

/** (w/inflation)² × the variance of the noise. */
export function noiseShare({ data: { weight, ivar } }: DataTerm, inflation: number): Float64Array {
  return weight.map((w, p) => (w > 0 ? (w / inflation) ** 2 / (ivar[p] ?? NaN) : 0));
}

function networkShare({ data: { weight, ivar, modelError } }: DataTerm, inflation: number): Float64Array {
  return weight.map((w, p) => {
    if (!(w > 0) || modelError === undefined) return 0;
    const v = w / inflation;
    // Where a residual was softened or no error is known the parts are taken in proportion: never more than the whole.
    const room = Math.max(0, v - (v * v) / (ivar[p] ?? NaN));
    return Math.min(room, v * v * modelError.shared * (modelError.network[p] ?? 0) ** 2);
  });
}

/** Diagonal of A⁻¹ G A⁻¹ for the labels, in their own units squared; 0 for fixed labels. */
export function labelVariances(objective: Objective, gram: Float64Array, scaled: Float64Array): Float64Array {
  const n = objective.size;
  return Float64Array.from({ length: objective.labelCount }, (_, k) => {
    if (objective.prior.fixed(k) !== null) return 0;
    let variance = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (gram[i * n + j] ?? 0) * (scaled[k * n + j] ?? 0);
      variance += sum * (scaled[k * n + i] ?? 0);
    }
    return (objective.info.labels[k]?.halfRange ?? NaN) ** 2 * Math.max(0, variance);
  });
}
