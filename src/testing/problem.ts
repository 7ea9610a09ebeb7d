/** Problems that no fit was made of: for tests of what reads a solution. */
import type { ManifestLabel } from '../domain/emulator.ts';
import type { Solution } from '../domain/fit.ts';
import { SOLUTION_FORMAT, type Problem } from '../domain/problem.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import type { LabelName } from '../domain/labels.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from '../fit/defaults.ts';
import { priorOf } from '../fit/priors.ts';

const manifestLabel = (name: LabelName): ManifestLabel => ({ name, unit: 'dex', min: -1, max: 1, centre: 0, halfRange: 1 });

/** A problem of these labels over a spectrum, with its own errors for weights. */
export function madeUpProblem(spectrum: Spectrum, names: readonly LabelName[], model = 'model-1'): Problem {
  const labels = names.map(manifestLabel);
  const weight = spectrum.ivar;
  const { warpNodes, warpSigma, broadeningNodes, broadeningSigma } = DEFAULT_TUNING;
  return {
    format: SOLUTION_FORMAT,
    model: { id: model, weights: '' },
    labels,
    options: DEFAULT_FIT_OPTIONS,
    prior: priorOf({ labels }, DEFAULT_FIT_OPTIONS, DEFAULT_TUNING),
    priorDominated: DEFAULT_TUNING.priorDominated,
    data: [
      {
        spectrum,
        scale: 1,
        lnWavelength: spectrum.wavelength.map(Math.log),
        flux: spectrum.flux,
        ivar: spectrum.ivar,
        surveyWeight: weight,
        weight,
        reason: Uint8Array.from(weight, (w) => (w > 0 ? 0 : 2)),
        errorScale: 1,
        nuisances: { warpNodes, warpSigma, broadeningNodes, broadeningSigma },
        knotSpacing: DEFAULT_FIT_OPTIONS.knotSpacing,
      },
    ],
  };
}

/** The part of a solution that only a fit knows, made up: every curvature 0. */
export function madeUpCore(
  problem: Problem,
): Pick<Solution, 'format' | 'problem' | 'z' | 'curvature' | 'scaledCovariance' | 'nuisances' | 'chi2ReducedWidened'> {
  const n = problem.labels.length + 1;
  const none = new Float64Array(n * n);
  return {
    format: SOLUTION_FORMAT,
    problem,
    z: new Float64Array(n),
    curvature: { data: none, prior: none },
    scaledCovariance: none,
    nuisances: new Float64Array(1),
    chi2ReducedWidened: 1,
  };
}
