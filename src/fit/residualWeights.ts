/** What a first fit teaches about the errors: cosmic rays, errors that are missing, and errors that are too small. */
import type { DataSet } from '../domain/problem.ts';
import { clipOutliers } from '../spectra/masks.ts';
import type { FitTuning } from './defaults.ts';
import type { Part } from './dataTerm.ts';
import { errorInflation, huberWeight } from './weights.ts';

export interface ResidualWeights {
  /** The weights of the fit from here on. */
  readonly weight: Float64Array;
  /** Inverse variance of survey noise ⊕ error floor, before widening. */
  readonly surveyWeight: Float64Array;
  /** Factor by which `surveyWeight` was scaled down where the file gives no errors; 1 where it does. */
  readonly errorScale: number;
  /** 1 where a pixel was clipped. */
  readonly clipped: Uint8Array;
  readonly warnings: readonly string[];
}

/** Weights by the residuals of the model `best` over `data`, from the weights that it was found with; `freedom` in degrees. */
export function weightsFromResiduals(data: DataSet, best: Part, freedom: number, tuning: FitTuning): ResidualWeights {
  const { modelError } = data;
  const warnings: string[] = [];
  const residualsWith = (weight: Float64Array) =>
    data.flux.map((flux, p) => {
      const w = weight[p] ?? 0;
      const shared = best.shared?.flux[p] ?? 0;
      return w > 0 ? (flux - (best.continuum[p] ?? 0) * (best.model[p] ?? 0) - shared) * Math.sqrt(w) : NaN;
    });
  let survey = data.surveyWeight;
  const clipped = clipOutliers(residualsWith(survey), tuning.clipThreshold);
  const lost = clipped.reduce((sum, flag) => sum + flag, 0);
  if (lost > 0) {
    survey = survey.map((w, p) => (clipped[p] === 1 ? 0 : w));
    warnings.push(`${lost} pixels clipped as cosmic rays or detector faults`);
  }
  let errorScale = 1;
  if (!data.spectrum.ivarIsMeasured) {
    const residuals = residualsWith(survey).filter(Number.isFinite);
    errorScale = residuals.reduce((sum, r) => sum + r * r, 0) / freedom;
    survey = survey.map((w) => w / errorScale);
    warnings.push('The file gives no errors: χ² is scaled to 1');
  }
  const residuals = residualsWith(survey);
  const factor = errorInflation(residuals, tuning.adaptiveWindow);
  const widest = Math.max(...factor);
  if (widest > 1.5) warnings.push(`Errors widened by up to ${widest.toFixed(1)} where the model does not follow the data`);
  const weight = survey.map((w, p) => {
    const f = factor[p] ?? 1;
    // What neighbours share of the model's error says less than as many independent errors would.
    const alone = modelError === undefined ? 1 : 1 + (modelError.shared - 1) * w * (modelError.sigma[p] ?? 0) ** 2;
    return w > 0 ? (w / (alone * f * f)) * huberWeight((residuals[p] ?? 0) / f, tuning.huber) : 0;
  });
  return { weight, surveyWeight: survey, errorScale, clipped, warnings };
}
