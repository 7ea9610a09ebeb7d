/** Builders of problems: a spectrum before its first fit, with the weights that a first fit taught, or with the noise alone. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fitOptions.ts';
import { reasonCode, SOLUTION_FORMAT, type DataSet, type Problem } from '../domain/problem.ts';
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
  first: FirstWeights,
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

/** The problem as it would be if the model had no error: the noise of the pixels in use is all that weighs them. For bounds. */
export function noiseAlone(problem: Problem): Problem {
  const alone = (data: DataSet): DataSet => {
    const weight = data.ivar.map((ivar, p) => (data.reason[p] === 0 ? ivar : 0));
    return { ...data, weight, surveyWeight: weight, errorScale: 1 };
  };
  const [first, ...rest] = problem.data;
  return { ...problem, data: [alone(first), ...rest.map(alone)] };
}

/** 1 for the pixels that enter χ². */
export const usedPixels = ({ weight }: DataSet): Uint8Array => Uint8Array.from(weight, (w) => (w > 0 ? 1 : 0));
