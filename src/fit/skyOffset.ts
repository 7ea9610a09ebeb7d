/**
 * Light that is not the star's: what the subtraction of the sky left, or took too much, fills every line of an arm by the same amount of flux and looks
 * like a lack of metals. Where the residuals ask for it, a constant per arm is fitted as well, with a prior, and marginalised: as a shape that all pixels
 * of the arm share (`sharedError.ts`).
 */
import type { FitAlert } from '../domain/fit.ts';
import type { Problem } from '../domain/problem.ts';
import { dot } from '../math/dot.ts';
import { median } from '../math/statistics.ts';
import { invertSymmetric } from '../math/symmetric.ts';
import { ContinuumProfiler } from '../spectra/continuum.ts';
import { armsOf } from './known/arms.ts';
import type { Linearised, Objective } from './objective.ts';

/** σ of the prior on the constant, as a share of the arm's level. */
const PRIOR = 0.1;
/** What asks for it: a constant of this share, and of this many σ with all labels free; ordinary stars stay within 3.6 σ. */
const LEAST = 0.035;
const SIGMAS = 4;
/** Fewest pixels of an arm that is asked. */
const FEWEST = 300;

export interface SkyOffset {
  readonly name: string;
  /** The constant over the arm's level, and its σ with labels, velocity, widths and continuum free. */
  readonly share: number;
  readonly sigma: number;
  /** One σ of the prior, per pixel, in the unit of the data set's flux. */
  readonly shape: Float64Array;
}

/** The constants that the residuals at an optimum ask for: one Gauss–Newton step with a column more per arm. Of the first data set; empty where it cannot be told. */
export function skyOffsets(objective: Objective, at: Linearised): SkyOffset[] {
  const { data } = objective.first;
  const [part] = at.parts;
  const wavelength = data.lnWavelength.map(Math.exp);
  const { weight, flux, spectrum } = data;
  const used = [...weight.keys()].filter((p) => (weight[p] ?? 0) > 0);
  const profiler = new ContinuumProfiler(wavelength, flux, weight, data.knotSpacing);
  const profile = profiler.profile(part.model);
  if (profile === null) return [];
  const arms = armsOf({ spectrum, wavelength }).flatMap(({ name, includes }) => {
    const own = used.filter((p) => includes(wavelength[p] ?? NaN, NaN));
    if (own.length < FEWEST) return [];
    const level = median(own.map((p) => part.continuum[p] ?? NaN));
    return [{ name, shape: wavelength.map((w) => (includes(w, NaN) ? PRIOR * level : 0)) }];
  });
  const free = arms.map(({ shape }) => {
    const column = shape.slice();
    profiler.projectOut(profile, part.model, column);
    return column;
  });
  const root = Float64Array.from(used, (p) => Math.sqrt(weight[p] ?? 0));
  const onUsed = (value: (p: number) => number): Float64Array => Float64Array.from(used, (p, k) => (root[k] ?? NaN) * value(p));
  const columns = [...part.columns, ...free].map((column) => onUsed((p) => column[p] ?? NaN));
  const residual = onUsed((p) => (flux[p] ?? NaN) - (part.continuum[p] ?? NaN) * (part.model[p] ?? NaN) - (part.shared?.flux[p] ?? 0));
  const n = columns.length;
  const inflation = Math.max(1, at.chi2 / objective.freedom());
  const pull = Float64Array.from(columns, (column) => dot(column, residual) / inflation);
  const matrix = new Float64Array(n * n);
  columns.forEach((a, i) => {
    for (let j = 0; j <= i; j++) matrix[i * n + j] = matrix[j * n + i] = dot(a, columns[j] ?? a) / inflation;
  });
  const labelled = part.columns.length;
  for (const { residual: distance, gradient } of objective.priorRows(at.z))
    for (const [i, a] of gradient) {
      if (i >= labelled) continue;
      pull[i] = (pull[i] ?? 0) - a * distance;
      for (const [j, b] of gradient) if (j < labelled) matrix[i * n + j] = (matrix[i * n + j] ?? 0) + a * b;
    }
  objective.prior.flatPrecision().forEach((precision, i) => (matrix[i * n + i] = (matrix[i * n + i] ?? 0) + precision));
  for (let i = labelled; i < n; i++) matrix[i * n + i] = (matrix[i * n + i] ?? 0) + 1;
  const inverse = invertSymmetric(matrix, n);
  if (inverse === null) return [];
  return arms.map(({ name, shape }, k) => {
    const i = labelled + k;
    const amplitude = pull.reduce((sum, b, j) => sum + (inverse[i * n + j] ?? NaN) * b, 0);
    return { name, shape, share: PRIOR * amplitude, sigma: PRIOR * Math.sqrt(inverse[i * n + i] ?? NaN) };
  });
}

export const isAskedFor = ({ share, sigma }: SkyOffset): boolean => Math.abs(share) > Math.max(LEAST, SIGMAS * sigma);

/** The problem with these constants as shapes of its first data set; as it was where nothing is known of the model's error. */
export function withOffsets(problem: Problem, offsets: readonly SkyOffset[]): Problem {
  const [data, ...rest] = problem.data;
  const { modelError } = data;
  if (modelError === undefined) return problem;
  const shapes = [...modelError.shapes, ...offsets.map(({ shape }) => shape)];
  return { ...problem, data: [{ ...data, modelError: { ...modelError, shapes } }, ...rest] };
}

/** The share of the level from which a constant casts a doubt on the fit: what the model lacks looks like up to 7 % in ordinary stars, and is then only noted. */
const DOUBTFUL = 0.075;

/** What is said of constants that were fitted, with the amplitudes that the fit ended with: a doubt where one is large, else a warning. */
export function toldOfSky(
  offsets: readonly SkyOffset[],
  at: Linearised,
): { readonly alerts: readonly FitAlert[]; readonly warnings: readonly string[] } {
  const amplitudes = at.parts[0].shared?.amplitudes.slice(-offsets.length);
  const shares = offsets.map(({ share }, k) => (amplitudes === undefined ? share : PRIOR * (amplitudes[k] ?? NaN)));
  const each = offsets.map(
    ({ name, sigma }, k) =>
      `${name}: ${(shares[k] ?? 0) > 0 ? '+' : '−'}${(100 * Math.abs(shares[k] ?? NaN)).toFixed(1)} ± ${(100 * sigma).toFixed(1)} %`,
  );
  const message = `The lines are filled, or deepened, as by a constant flux that is not the star's (${each.join('; ')} of the level). It was fitted as well, and the errors have it in.`;
  if (!shares.some((share) => Math.abs(share) > DOUBTFUL)) return { alerts: [], warnings: [message] };
  return {
    alerts: [
      {
        code: 'SKY_OFFSET',
        message,
        hint: 'The sky was not subtracted well, light was scattered, or another source shares the fibre. Where several exposures exist, one with a better sky helps.',
        spoilsLabels: false,
      },
    ],
    warnings: [],
  };
}
