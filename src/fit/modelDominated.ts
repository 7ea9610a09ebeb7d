/**
 * Labels that the model cannot measure, however small their σ. Two signs:
 *
 * 1. Three quarters of what is known of the label come from pixels where a change by its prior σ alters the spectrum by less than the model errs there: the number
 *    rests on errors that cancel over many pixels, which nobody has seen.
 * 2. Without the strongest fifth of the pixels that carry it the label moves by more than its σ allows. Both estimates share the rest of the pixels, so that their
 *    difference has the variance of the smaller set less that of the whole (Hausman 1978, Econometrica 46, 1251). The second estimate is one linear step:
 *    nothing is fitted again.
 */
import { invertSymmetric } from '../math/symmetric.ts';
import type { FittedLabel } from '../domain/fit.ts';
import { labelUnit } from '../domain/labels.ts';
import { smallestSet } from './information.ts';
import type { Linearised, Objective } from './objective.ts';

/** Share of a label's information from pixels where the model errs by more than the label could change them. */
const MOST = 0.75;
/** Of the pixels that carry 90 % of the information, the share that is left out; and in σ how far the label may move. */
const STRONGEST = 0.2;
const TOO_FAR = 3;
/** Flags of labels that say nothing anyhow. */
const SILENT = ['prior-dominated', 'fixed', 'given', 'unreliable'] as const;

/**
 * Why each label is dominated by the model's error; null where it is not, or where that error has not been measured. `scaled`: covariance of all
 * parameters at `at`.
 */
export function modelDominated(
  objective: Objective,
  at: Linearised,
  scaled: Float64Array,
  chi2Reduced: number,
  labels: readonly FittedLabel[],
): (string | null)[] {
  const n = objective.size;
  const inflation = Math.max(1, chi2Reduced);
  const term = objective.first;
  const [{ columns }] = at.parts;
  const { weight, modelError } = term.data;
  if (objective.terms.length > 1 || modelError?.source !== 'measured') return labels.map(() => null);
  const root = weight.map((w) => Math.sqrt(w / inflation));
  const residual = term.weightedResidual(at.parts[0]);
  const precision = invertSymmetric(scaled, n);
  if (precision === null) return labels.map(() => null);
  return labels.map(({ name, flags, priorSigma = Infinity }, j) => {
    if (flags.some((flag) => SILENT.some((silent) => silent === flag))) return null;
    const g = new Float64Array(weight.length);
    columns.forEach((column, k) => {
      const c = scaled[j * n + k] as number;
      for (let p = 0; p < g.length; p++) g[p] = (g[p] as number) + c * (column[p] as number) * (root[p] as number);
    });
    const information = g.map((value) => value * value);
    const change = priorSigma / (objective.info.labels[j]?.halfRange ?? NaN);
    let [buried, total] = [0, 0];
    information.forEach((value, p) => {
      total += value;
      if (Math.abs((columns[j]?.[p] ?? NaN) * change) < (modelError.sigma[p] ?? NaN)) buried += value;
    });
    const prior = `${priorSigma.toPrecision(2)} ${labelUnit(name)}`;
    if (buried > MOST * total)
      return `${(100 * (buried / total)).toFixed(0)} % of what is known of it comes from pixels that ${prior} alter by less than the model’s error`;
    const moved = movedWithout(strongest(information), j);
    return moved !== null && Math.abs(moved) > TOO_FAR
      ? `without its strongest pixels it would be ${Math.abs(moved).toFixed(1)} σ ${moved > 0 ? 'higher' : 'lower'} than their errors allow`
      : null;
  });

  /** By how many σ of the difference label `j` moves when these pixels are left out; null where the others do not tell. */
  function movedWithout(pixels: readonly number[], j: number): number | null {
    const left = (precision as Float64Array).slice();
    const pull = new Float64Array(n);
    const x = new Float64Array(n);
    for (const p of pixels) {
      const w = (root[p] as number) ** 2;
      columns.forEach((column, k) => (x[k] = column[p] as number));
      for (let a = 0; a < n; a++) {
        const xa = x[a] as number;
        pull[a] = (pull[a] as number) - (xa * (residual[p] as number)) / inflation;
        for (let b = 0; b < n; b++) left[a * n + b] = (left[a * n + b] as number) - w * xa * (x[b] as number);
      }
    }
    const without = invertSymmetric(left, n);
    if (without === null) return null;
    const step = pull.reduce((sum, value, k) => sum + value * (without[j * n + k] as number), 0);
    const variance = (without[j * n + j] as number) - (scaled[j * n + j] as number);
    return variance > 0 ? step / Math.sqrt(variance) : null;
  }
}

function strongest(information: Float64Array): number[] {
  const carriers = smallestSet(information);
  const pixels = [...carriers.keys()].filter((p) => carriers[p] === 1);
  pixels.sort((a, b) => (information[b] ?? 0) - (information[a] ?? 0));
  return pixels.slice(0, Math.ceil(STRONGEST * pixels.length));
}
