/**
 * What parts of a spectrum say when asked alone: the velocity of a part (a search over the model at the optimum), and the labels that it would have
 * chosen (one Gauss–Newton step with its pixels alone, from the optimum of all). A part that contradicts the others is evidence that the spectrum is
 * not that of one star of the model's kind, or that an arm of the spectrograph is off.
 */
import type { LabelName } from '../../domain/labels.ts';
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { invertSymmetric } from '../../math/symmetric.ts';
import { dot } from '../../math/dot.ts';
import { ContinuumProfiler } from '../../spectra/continuum.ts';
import { convolveLnGrid } from '../../spectra/lsf.ts';
import type { Look } from './look.ts';

/** Reach and step of the velocity of a part about that of all, km/s. */
const REACH = 320;
const STEP = 10;
/** Fewest pixels of a part that is asked. */
const FEWEST = 150;

export interface Part {
  readonly name: string;
  readonly includes: (observed: number, rest: number) => boolean;
}

export interface PartVelocity {
  /** km/s less the velocity of the whole fit. */
  readonly offset: number;
  readonly sigma: number;
  /** Pixels that it rests on, and how much worse the velocities far from it are, in χ² over the reduced χ². */
  readonly pixels: number;
  readonly contrast: number;
}

const weightsOf = (look: Look, part: Part): Float64Array => {
  const { data } = look.objective.first;
  return data.surveyWeight.map((w, p) => (w > 0 && part.includes(look.wavelength[p] ?? NaN, look.rest[p] ?? NaN) ? w : 0));
};

/** Null where the part has too few pixels, or no line that tells. */
export function velocityOf(look: Look, part: Part): PartVelocity | null {
  const { data } = look.objective.first;
  const { info } = look;
  const weight = weightsOf(look, part);
  const pixels = weight.reduce((n, w) => n + (w > 0 ? 1 : 0), 0);
  if (pixels < FEWEST) return null;
  const template = convolveLnGrid(look.at.native, info.grid.lnStep, info.resolvingPower, look.resolvingPower);
  const profiler = new ContinuumProfiler(look.wavelength, data.flux, weight, data.knotSpacing);
  const model = new Float64Array(weight.length);
  const chi2At = (offset: number): number => {
    const origin = info.grid.lnStart + Math.log1p((look.rv.value + offset) / SPEED_OF_LIGHT_KMS);
    for (let p = 0; p < model.length; p++) {
      const x = ((data.lnWavelength[p] ?? NaN) - origin) / info.grid.lnStep;
      const i = Math.floor(x);
      const [a, b] = [template[i], template[i + 1]];
      model[p] = a === undefined || b === undefined ? 1 : a + (x - i) * (b - a);
    }
    return profiler.profiledChi2(model);
  };
  const offsets = Array.from({ length: (2 * REACH) / STEP + 1 }, (_, k) => k * STEP - REACH);
  const chi2 = offsets.map(chi2At);
  const least = Math.min(...chi2);
  const k = Math.min(chi2.length - 2, Math.max(1, chi2.indexOf(least)));
  const [left = NaN, middle = NaN, right = NaN] = chi2.slice(k - 1, k + 2);
  const second = left - 2 * middle + right;
  if (!(second > 0)) return null;
  const reduced = Math.max(1, least / Math.max(1, pixels - profiler.basis.count));
  const at = offsets[k] ?? NaN;
  const far = chi2.filter((_, i) => Math.abs((offsets[i] ?? NaN) - at) >= 200);
  return {
    offset: at + (STEP * 0.5 * (left - right)) / second,
    sigma: STEP * Math.sqrt((2 * reduced) / second),
    pixels,
    contrast: (Math.min(...far) - least) / reduced,
  };
}

export interface PartLabels {
  readonly pixels: number;
  /** What the part would change, in the label's unit, and its σ. */
  readonly change: Readonly<Partial<Record<LabelName, { readonly value: number; readonly sigma: number }>>>;
}

/** The labels of a part, with the priors of the fit; null where it has too few pixels or cannot be solved. */
export function labelsOf(look: Look, part: Part): PartLabels | null {
  const { objective, at } = look;
  const weight = weightsOf(look, part);
  const pixels = weight.reduce((n, w) => n + (w > 0 ? 1 : 0), 0);
  if (pixels < FEWEST) return null;
  const { columns, continuum, model } = at.parts[0];
  const { flux } = objective.first.data;
  const n = columns.length;
  const used = [...weight.keys()].filter((p) => (weight[p] ?? 0) > 0);
  const residual = Float64Array.from(
    used,
    (p) => Math.sqrt(weight[p] ?? 0) * ((flux[p] ?? NaN) - (continuum[p] ?? NaN) * (model[p] ?? NaN)),
  );
  const reduced = Math.max(1, dot(residual, residual) / used.length);
  const own = columns.map((column) => Float64Array.from(used, (p) => Math.sqrt(weight[p] ?? 0) * (column[p] ?? NaN)));
  const matrix = new Float64Array(n * n);
  const pull = Float64Array.from(own, (column) => dot(column, residual) / reduced);
  own.forEach((a, i) => {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = dot(a, own[j] ?? a) / reduced;
  });
  for (const { residual: distance, gradient } of objective.priorRows(at.z))
    for (const [i, a] of gradient) {
      if (i >= n) continue;
      pull[i] = (pull[i] ?? 0) - a * distance;
      for (const [j, b] of gradient) if (j < n) matrix[i * n + j] = (matrix[i * n + j] ?? 0) + a * b;
    }
  objective.prior.flatPrecision().forEach((precision, i) => (matrix[i * n + i] = (matrix[i * n + i] ?? 0) + precision));
  const inverse = invertSymmetric(matrix, n);
  if (inverse === null) return null;
  const change: Record<string, { value: number; sigma: number }> = {};
  objective.problem.labels.forEach(({ name, halfRange }, i) => {
    const value = pull.reduce((sum, b, j) => sum + (inverse[i * n + j] ?? NaN) * b, 0);
    change[name] = { value: halfRange * value, sigma: halfRange * Math.sqrt(inverse[i * n + i] ?? NaN) };
  });
  return { pixels, change };
}
