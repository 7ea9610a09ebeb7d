/** Builders of problems: a spectrum before its first fit, with the weights that a first fit taught, or with the noise alone. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fitOptions.ts';
import { reasonCode, SOLUTION_FORMAT, type DataSet, type ModelError, type Problem } from '../domain/problem.ts';
import type { LabelName } from '../domain/labels.ts';
import type { Nature } from '../domain/nature.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { resolvingPowerAt } from '../spectra/resolvingPower.ts';
import type { Part } from './dataTerm.ts';
import { modelErrorOf, weightsOf } from './nature/modelError.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import type { FitTuning } from './defaults.ts';
import type { PreparedSpectrum } from './prepare.ts';
import { priorOf } from './priors.ts';
import type { ResidualWeights } from './residualWeights.ts';
import type { FirstWeights } from './restFrame.ts';

/** A prepared spectrum with its first weights. */
export function poseProblem(
  spectrum: Spectrum,
  prepared: PreparedSpectrum,
  first: Omit<FirstWeights, 'modelError'> & Partial<FirstWeights>,
  info: EmulatorInfo,
  options: FitOptions,
  tuning: FitTuning,
): Problem {
  const { warpNodes, warpSigma, broadeningNodes, broadeningSigma } = tuning;
  const data: DataSet = {
    spectrum,
    scale: prepared.scale,
    lnWavelength: prepared.lnObserved,
    flux: prepared.flux,
    ivar: prepared.ivar,
    surveyWeight: first.weight,
    weight: first.weight,
    ...(first.modelError === undefined ? {} : { modelError: first.modelError }),
    reason: first.reason,
    errorScale: 1,
    nuisances: { warpNodes, warpSigma, broadeningNodes, broadeningSigma },
    knotSpacing: options.knotSpacing,
  };
  return {
    format: SOLUTION_FORMAT,
    model: { id: info.id, weights: info.weightsChecksum ?? '' },
    labels: info.labels,
    options,
    prior: priorOf(info, options, tuning),
    priorDominated: tuning.priorDominated,
    data: [data],
  };
}

/** The problem with the weights that the residuals of its (only) data set taught. */
export function reposed(problem: Problem, { weight, surveyWeight, errorScale, clipped }: ResidualWeights): Problem {
  const [data] = problem.data;
  const reason = data.reason.map((code, p) => (clipped[p] === 1 && code === 0 ? reasonCode('clipped') : code));
  return { ...problem, data: [{ ...data, weight, surveyWeight, errorScale, reason }] };
}

/** The problem of one data set with the model's error as it was measured for a star of the type and with the lines of `best`, and what to say of it. */
export function withNature(
  problem: Problem,
  nature: Nature,
  { labels, rv, part, network }: { labels: Float64Array; rv: number; part: Part; network: (wavelength: number) => number },
): { readonly problem: Problem; readonly note: string | null } {
  const [data] = problem.data;
  const valueOf = (name: LabelName): number => labels[problem.labels.findIndex((label) => label.name === name)] ?? NaN;
  const rest = data.lnWavelength.map((ln) => Math.exp(ln) / (1 + rv / SPEED_OF_LIGHT_KMS));
  const { error, note } = modelErrorOf(nature, {
    type: { teff: valueOf('teff'), logg: valueOf('logg'), feh: valueOf('feh') },
    rest,
    model: part.model,
    continuum: part.continuum,
    resolvingPower: resolvingPowerAt(data.spectrum.lsf, 5500),
    network,
  });
  const { survey, weight } = weightsOf(data.ivar, error, (p) => data.reason[p] === 0);
  return { problem: { ...problem, data: [{ ...data, surveyWeight: survey, weight, modelError: error }] }, note };
}

/** The problem as it would be if the model had no error: the noise of the pixels in use is all that weighs them. For bounds. */
export function noiseAlone(problem: Problem): Problem {
  const alone = (data: DataSet): DataSet => {
    const none = new Float64Array(data.flux.length);
    const exact: ModelError = { source: 'emulator', sigma: none, network: none, shared: 1, shapes: [] };
    const weight = data.ivar.map((ivar, p) => (data.reason[p] === 0 ? ivar : 0));
    return { ...data, weight, surveyWeight: weight, errorScale: 1, modelError: exact };
  };
  const [first, ...rest] = problem.data;
  return { ...problem, data: [alone(first), ...rest.map(alone)] };
}

/** 1 for the pixels that enter χ². */
export const usedPixels = ({ weight }: DataSet): Uint8Array => Uint8Array.from(weight, (w) => (w > 0 ? 1 : 0));
