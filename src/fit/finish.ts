/** The end of a fit: from the optimum to a result with errors, flags and doubts. */
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions, FitResult } from '../domain/fit.ts';
import type { Result } from '../domain/result.ts';
import { failed, success } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { describeLabels, exposureSigma, uncertaintyAt } from './fisher.ts';
import { describeSampled, unconverged } from './mcmc/describe.ts';
import type { SampledFit } from './mcmc/sampleFit.ts';
import type { Linearised, Objective } from './objective.ts';
import { judge } from './plausibility.ts';
import type { PreparedSpectrum } from './prepare.ts';
import { renderModel } from './render.ts';
import type { ResidualWeights } from './residualWeights.ts';

/** Failure `MODEL_NOT_FINITE`. */
export function notFinite(emulator: Emulator): Result<never> {
  return failed(
    'MODEL_NOT_FINITE',
    `The model ${emulator.info.id} (${emulator.backend.name}) gave values that are not finite`,
    'Try another backend or reload the model',
  );
}

/** What a fit that has ended hands over. */
export interface Finish {
  readonly spectrum: Spectrum;
  readonly emulator: Emulator;
  readonly options: FitOptions;
  readonly prepared: PreparedSpectrum;
  readonly objective: Objective;
  readonly optimum: { readonly at: Linearised; readonly converged: boolean };
  readonly sampled: SampledFit | null;
  readonly first: ResidualWeights;
  readonly warnings: string[];
  readonly evaluations: number;
  readonly began: number;
}

/** The result of a fit: errors, flags and doubts at its optimum. Failure `MODEL_NOT_FINITE`. */
export function finish(input: Finish): Result<FitResult> {
  const { spectrum, emulator, options, prepared, objective, optimum, sampled, first, warnings } = input;
  const survey = first.surveyWeight;
  const { at } = optimum;
  const converged = sampled === null ? optimum.converged : sampled.posterior.labels.every((label) => label.converged);
  const nuisances = objective.nuisancesOf(at.z);
  const { weight } = objective.pixels;
  const drawn = renderModel({ ...prepared, weight }, objective.nuisances, nuisances, at.native, options.knotSpacing);
  const uncertainty = uncertaintyAt(objective, at, at.chi2 / objective.freedom());
  if (drawn === null || uncertainty === null) return notFinite(emulator);

  const residuals = spectrum.flux.map((flux, p) =>
    (weight[p] ?? 0) > 0 ? ((flux - (drawn.model[p] ?? NaN)) / prepared.scale) * Math.sqrt(survey[p] ?? 0) : NaN,
  );
  const chi2 = residuals.reduce((sum, r) => (Number.isFinite(r) ? sum + r * r : sum), 0);
  const chi2Reduced = chi2 / objective.freedom();
  const rv = objective.nuisances.meanVelocity(nuisances);
  const rvWithError = sampled?.rv ?? { value: rv, sigma: uncertainty.rvSigma };
  if (!converged) warnings.push(sampled === null ? 'The optimiser stopped before it had converged' : unconverged(sampled));
  const described = sampled === null ? describeLabels(objective, at.z, uncertainty, converged) : describeSampled(objective, sampled);
  const exposure = prepared.ivarIsMeasured
    ? exposureSigma(objective, at, uncertainty.scaled, at.chi2 / objective.freedom(), prepared.ivar)
    : null;
  const labels = described.map((label, i) => (exposure === null ? label : { ...label, exposureSigma: exposure[i] ?? NaN }));
  const resolvingPower = objective.nuisances.resolvingPower(nuisances, prepared.lsf);
  const alerts = judge({
    spectrum,
    labels,
    rv: rvWithError,
    resolvingPower,
    ...prepared,
    model: drawn.model.map((value) => value / prepared.scale),
    continuum: drawn.continuum.map((value) => value / prepared.scale),
    weight: survey.map((w, p) => ((weight[p] ?? 0) > 0 ? w * first.errorScale : 0)),
  });
  const spoilt = alerts.some(({ spoilsLabels }) => spoilsLabels);
  return success(
    {
      spectrumId: spectrum.id,
      simulated: spectrum.simulated,
      model: emulator.info.id,
      backend: emulator.backend,
      method: options.method,
      seed: options.seed,
      seconds: (performance.now() - input.began) / 1000,
      evaluations: objective.evaluations + input.evaluations,
      converged,
      chi2Reduced,
      pixelsUsed: objective.used,
      rv: rvWithError,
      resolvingPower,
      snr: spectrum.snr,
      labels: spoilt ? labels.map((label) => ({ ...label, flags: ['unreliable', ...label.flags] })) : labels,
      covariance: sampled?.posterior.covariance ?? uncertainty.covariance,
      nuisances,
      knotSpacing: options.knotSpacing,
      modelFlux: drawn.model,
      continuum: drawn.continuum,
      residuals,
      used: Uint8Array.from(weight, (w) => (w > 0 ? 1 : 0)),
      restWavelength: prepared.wavelength.map((value) => value / (1 + rv / SPEED_OF_LIGHT_KMS)),
      clipped: first.clipped,
      warnings,
      ...(sampled === null ? {} : { posterior: sampled.posterior }),
      alerts,
    },
    warnings,
  );
}
