/** The end of a fit: from the optimum of a problem to its solution, with errors, flags and doubts. */
import type { Emulator } from '../domain/emulator.ts';
import type { FitAlert, FittedLabel, Solution } from '../domain/fit.ts';
import { SOLUTION_FORMAT } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import { failed, success } from '../domain/result.ts';
import { trainingDistance } from '../domain/trainingStars.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { errorBudget } from './errorBudget.ts';
import { describeLabels, edgesOfRegion, exposureSigma, uncertaintyAt } from './fisher.ts';
import { describeSampled, unconverged } from './mcmc/describe.ts';
import type { SampledFit } from './mcmc/sampleFit.ts';
import { modelDominated } from './modelDominated.ts';
import type { Linearised, Objective } from './objective.ts';
import { askWhetherKnown } from './known/known.ts';
import { lookAt } from './known/look.ts';
import { judge, worstFirst } from './plausibility.ts';
import { usedPixels } from './pose.ts';
import { renderModel } from './render.ts';

/** What the emulator says of it, else the failure `MODEL_NOT_FINITE`. */
export function notFinite(emulator: Emulator): Result<never> {
  const known = emulator.lastFailure?.() ?? null;
  if (known !== null) return { ok: false, failure: known };
  return failed(
    'MODEL_NOT_FINITE',
    `The model ${emulator.info.id} (${emulator.backend.name}) gave values that are not finite`,
    'Try another backend or reload the model',
  );
}

/** What a fit that has ended hands over. */
export interface Finish {
  readonly emulator: Emulator;
  /** With the problem as it was solved. */
  readonly objective: Objective;
  readonly optimum: { readonly at: Linearised; readonly converged: boolean };
  readonly sampled: SampledFit | null;
  readonly warnings: readonly string[];
  /** What the fit itself has to tell. */
  readonly doubts?: readonly FitAlert[];
  /** Spectra emulated before the objective counted them, and when the fit began (`performance.now()`). */
  readonly evaluations: number;
  readonly began: number;
}

/** The solution of a fit's problem: errors, flags and doubts at its optimum. Failure `MODEL_NOT_FINITE`. */
export function finish({ emulator, objective, optimum, sampled, evaluations, began, ...before }: Finish): Result<Solution> {
  const { problem, first } = objective;
  const { at } = optimum;
  const [data] = problem.data;
  const { spectrum, weight, scale } = data;
  const converged = sampled === null ? optimum.converged : sampled.posterior.labels.every((label) => label.converged);
  const nuisances = objective.nuisancesOf(at.z);
  const drawn = renderModel(first, nuisances, at.native);
  const chi2ReducedWidened = at.chi2 / objective.freedom();
  const uncertainty = uncertaintyAt(objective, at, chi2ReducedWidened);
  if (drawn === null || uncertainty === null) return notFinite(emulator);

  const others = objective.terms.slice(1).reduce((sum, term, t) => sum + term.surveyChi2(at.parts[t + 1] ?? at.parts[0]), 0);
  const chi2 = drawn.residuals.reduce((sum, r) => (Number.isFinite(r) ? sum + r * r : sum), others);
  const rv = first.nuisances.meanVelocity(nuisances);
  const rvWithError = sampled?.rv ?? { value: rv, sigma: uncertainty.rvSigma };
  const warnings = [...before.warnings];
  if (!converged) warnings.push(sampled === null ? 'The optimiser stopped before it had converged' : unconverged(sampled));
  const edges = edgesOfRegion(objective, at.z);
  for (const { text } of edges) warnings.push(`The fit ended at an edge of the region that the model was trained on: ${text}`);
  const described = sampled === null ? describeLabels(objective, at.z, uncertainty, converged) : describeSampled(objective, sampled);
  const exposure = spectrum.ivarIsMeasured ? exposureSigma(objective, at, uncertainty.scaled, chi2ReducedWidened) : null;
  const budget = errorBudget(objective, at, uncertainty.scaled, chi2ReducedWidened);
  const doubts = modelDominated(objective, at, uncertainty.scaled, chi2ReducedWidened, described);
  const labels = described.map((label, i): FittedLabel => {
    const [errors, doubt] = [budget[i], doubts[i] ?? null];
    return {
      ...label,
      ...(exposure === null ? {} : { exposureSigma: exposure[i] ?? NaN }),
      ...(errors === undefined ? {} : { errors }),
      ...(doubt === null ? {} : { doubt, flags: ['model-dominated', ...label.flags] }),
    };
  });
  const resolvingPower = first.nuisances.resolvingPower(nuisances, spectrum.lsf);
  const wavelength = data.lnWavelength.map(Math.exp);
  const known = askWhetherKnown(lookAt(objective, at, { labels, rv: rvWithError, resolvingPower }));
  const judged = judge({
    spectrum,
    labels,
    edges,
    rv: rvWithError,
    wavelength,
    flux: data.flux,
    model: drawn.model.map((value) => value / scale),
    continuum: drawn.continuum.map((value) => value / scale),
    weight: data.surveyWeight.map((w, p) => ((weight[p] ?? 0) > 0 ? w * data.errorScale : 0)),
    ivar: data.ivar,
  });
  const distance = trainingDistance(objective.info, objective.labelsOf(at.z));
  const alerts = worstFirst([...judged, ...known.alerts, ...(before.doubts ?? [])]);
  const spoilt = alerts.some(({ spoilsLabels }) => spoilsLabels);
  const solution: Solution = {
    format: SOLUTION_FORMAT,
    problem,
    z: at.z,
    curvature: { data: at.curvature.data, prior: uncertainty.prior },
    scaledCovariance: uncertainty.scaled,
    spectrumId: spectrum.id,
    simulated: spectrum.simulated,
    model: problem.model.id,
    backend: emulator.backend,
    method: problem.options.method,
    seed: problem.options.seed,
    seconds: (performance.now() - began) / 1000,
    evaluations: objective.evaluations + evaluations,
    converged,
    chi2Reduced: chi2 / objective.freedom(),
    chi2ReducedWidened,
    pixelsUsed: objective.used,
    ...(distance === null ? {} : { trainingDistance: distance }),
    // Arms that disagree: the error reaches from one to the other.
    rv: { ...rvWithError, sigma: Math.hypot(rvWithError.sigma, known.apart / 2, spectrum.survey.velocityScatter ?? 0) },
    resolvingPower,
    snr: spectrum.snr,
    labels: spoilt ? labels.map((label) => ({ ...label, flags: ['unreliable', ...label.flags] })) : labels,
    covariance: sampled?.posterior.covariance ?? uncertainty.covariance,
    nuisances,
    modelFlux: drawn.model,
    continuum: drawn.continuum,
    residuals: drawn.residuals,
    used: usedPixels(data),
    restWavelength: wavelength.map((value) => value / (1 + rv / SPEED_OF_LIGHT_KMS)),
    warnings,
    ...(sampled === null ? {} : { posterior: sampled.posterior }),
    alerts,
  };
  return success(solution, warnings);
}
