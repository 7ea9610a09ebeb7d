/**
 * Several visits of one star as one fit: one set of labels, and a velocity, widths and a continuum of each visit's own. It begins where the fits of the
 * single visits ended.
 *
 * The visits do not share their noise, but they share the model's error: it is the same star and the same model. A visit's weight is therefore
 * 1/(noise² + n·model²) with n the number of visits, so that n equal visits together count as one with noise²/n + model²; shapes of the model's error that a
 * visit's pixels share have n times the variance likewise.
 */
import { CANCELLED } from '../domain/client.ts';
import type { Emulator } from '../domain/emulator.ts';
import type { FittedLabel, Solution } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import type { DataSet, Problem } from '../domain/problem.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { finish, notFinite } from './finish.ts';
import { levenbergMarquardt } from './lm.ts';
import { Objective } from './objective.ts';
import { FitCancelled, Pacer, type CancelSource } from './pacer.ts';

const LM_ITERATIONS = 14;
/** Gain in −2 ln L below which the fit has arrived, as for one spectrum. */
const TOLERANCE = 0.04;

/** How one visit stands to the joint fit. */
export interface Visit {
  readonly spectrumId: string;
  /** Its velocity in the joint fit, km/s in the frame of its own spectrum; its σ there is that of its own fit. */
  readonly rv: { readonly value: number; readonly sigma: number };
  readonly resolvingPower: number;
  /** Its own fit's label less the joint one, in the label's unit and in units of what an exposure does not share (NaN where the noise is unknown). */
  readonly differences: readonly { readonly name: LabelName; readonly difference: number; readonly pull: number }[];
}

/** The scatter of single visits about the joint fit. */
export interface VisitScatter {
  readonly name: LabelName;
  /** Standard deviation of the visits' own labels, √(Σ(own − mean)²/(n − 1)), in the label's unit. */
  readonly scatter: number;
  /** The same divided by what their exposure σ let expect: near 1 where the errors are honest. */
  readonly ratio: number;
}

export interface JointSolution {
  /** Labels, covariance and problem of all visits; drawn over the first. */
  readonly solution: Solution;
  readonly visits: readonly Visit[];
  readonly scatter: readonly VisitScatter[];
}

/** A visit's pixels among `n` of one star. */
function shared(data: DataSet, n: number): DataSet {
  const weight = data.weight.map((w, p) => {
    const ivar = data.ivar[p] ?? 0;
    if (!(w > 0)) return 0;
    const noise = ivar > 0 ? 1 / ivar : 0;
    const model = Math.max(0, 1 / w - noise);
    return 1 / (1 / w + (n - 1) * model);
  });
  const { modelError } = data;
  if (modelError === undefined) return { ...data, weight };
  const wider = (values: Float64Array): Float64Array => values.map((value) => Math.sqrt(n) * value);
  const { sigma, network, shapes } = modelError;
  return { ...data, weight, modelError: { ...modelError, sigma: wider(sigma), network: wider(network), shapes: shapes.map(wider) } };
}

/** The problem of all visits: labels, prior and options of the first, and the data sets of each. */
export function jointProblem([first, ...rest]: readonly [Solution, ...Solution[]]): Problem {
  const n = 1 + rest.length;
  const [own, ...others] = first.problem.data;
  return {
    ...first.problem,
    data: [
      shared(own, n),
      ...others.map((data) => shared(data, n)),
      ...rest.flatMap(({ problem }) => problem.data.map((data) => shared(data, n))),
    ],
  };
}

/** What forbids these fits to be joined; null where nothing does. */
function mismatch(fits: readonly [Solution, ...Solution[]]): Result<never> | null {
  const [first, ...rest] = fits;
  if (rest.length === 0)
    return failed('ONE_VISIT', `Only ${first.spectrumId} was given`, 'Give two or more spectra of one star, or fit it alone');
  const many = fits.find(({ problem }) => problem.data.length !== 1);
  if (many !== undefined) return failed('ALREADY_JOINT', `${many.spectrumId} is a joint fit itself`, 'Join the fits of single spectra');
  const { model, prior } = first.problem;
  for (const { spectrumId, problem } of rest) {
    if (problem.model.id !== model.id || problem.model.weights !== model.weights)
      return failed(
        'OTHER_MODEL',
        `${spectrumId} was fitted with ${problem.model.id}, ${first.spectrumId} with ${model.id}`,
        'Fit all visits with one model',
      );
    if (JSON.stringify(problem.prior) !== JSON.stringify(prior))
      return failed(
        'OTHER_PRIOR',
        `${spectrumId} was fitted with other priors than ${first.spectrumId}`,
        'Fit all visits with the same options',
      );
  }
  return null;
}

/** Labels to begin with: the mean of the visits' own, weighted by what each exposure is worth; nuisances as each visit found them. */
function startOf(objective: Objective, fits: readonly Solution[]): Float64Array {
  const labels = Float64Array.from(objective.problem.labels, (_, i) => {
    let [sum, total] = [0, 0];
    for (const { labels: own } of fits) {
      const label = own[i];
      const sigma = label === undefined ? NaN : (label.exposureSigma ?? label.sigma);
      const weight = sigma > 0 ? 1 / sigma ** 2 : 1;
      sum += weight * (label?.value ?? NaN);
      total += weight;
    }
    return sum / total;
  });
  return objective.pack(labels, ...fits.map(({ nuisances }) => nuisances));
}

const exposureOf = ({ exposureSigma }: Pick<FittedLabel, 'exposureSigma'>): number => exposureSigma ?? NaN;

function scatterOf(fits: readonly Solution[], i: number, name: LabelName): VisitScatter {
  const own = fits.map(({ labels }) => labels[i]?.value ?? NaN);
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
  const scatter = Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (own.length - 1));
  const expected = Math.sqrt(fits.reduce((sum, { labels }) => sum + (labels[i]?.exposureSigma ?? NaN) ** 2, 0) / fits.length);
  return { name, scatter, ratio: scatter / expected };
}

/**
 * Fits the visits of one star jointly, from the solutions of the single visits (same model, options and priors). Failures: `ONE_VISIT`,
 * `ALREADY_JOINT`, `OTHER_MODEL`, `OTHER_PRIOR`; `MODEL_NOT_FINITE` and `CANCELLED` as of every fit.
 */
export async function fitVisits(
  fits: readonly [Solution, ...Solution[]],
  emulator: Emulator,
  isCancelled?: CancelSource,
): Promise<Result<JointSolution>> {
  const refusal = mismatch(fits);
  if (refusal !== null) return refusal;
  const began = performance.now();
  try {
    const objective = new Objective(emulator, jointProblem(fits), new Pacer(isCancelled));
    const optimum = await levenbergMarquardt(objective, startOf(objective, fits), { maxIterations: LM_ITERATIONS, tolerance: TOLERANCE });
    if (optimum === null) return notFinite(emulator);
    const warnings = [...new Set(fits.flatMap(({ warnings: own }) => own))];
    const done = finish({ emulator, objective, optimum, sampled: null, warnings, evaluations: 0, began });
    if (!done.ok) return done;
    const { labels } = done.value;
    const visits = fits.map((fit, t): Visit => {
      const term = objective.terms[t] ?? objective.first;
      const nuisances = objective.nuisancesOf(optimum.at.z, t);
      return {
        spectrumId: fit.spectrumId,
        rv: { value: term.nuisances.meanVelocity(nuisances), sigma: fit.rv.sigma },
        resolvingPower: term.nuisances.resolvingPower(nuisances, term.data.spectrum.lsf),
        differences: labels.map((label, i) => {
          const own = fit.labels[i];
          const difference = (own?.value ?? NaN) - label.value;
          return { name: label.name, difference, pull: own === undefined ? NaN : difference / exposureOf(own) };
        }),
      };
    });
    return success({ solution: done.value, visits, scatter: labels.map(({ name }, i) => scatterOf(fits, i, name)) }, done.warnings);
  } catch (error) {
    if (error instanceof FitCancelled)
      return failed(CANCELLED, `The joint fit of ${String(fits.length)} visits was cancelled`, 'Start it again at any time');
    throw error;
  }
}
