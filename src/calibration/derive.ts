import { median, robustSigma } from '../math/statistics.ts';
import { bisquareLoss, quantile, robustRegression } from './robust.ts';
import type { Correction, CorrectedLabel, Trend, ValidityRange } from './schema.ts';

/** One star with raw labels (of our fit) and reference labels, K and dex. */
export interface ReferenceStar {
  readonly raw: Readonly<Record<CorrectedLabel, number>>;
  readonly sigma: Readonly<Record<CorrectedLabel, number>>;
  readonly reference: Readonly<Record<CorrectedLabel, number>>;
}

/** Forms tried, simplest first. */
const FORMS: readonly (readonly CorrectedLabel[])[] = [[], ['teff'], ['teff', 'logg'], ['teff', 'logg', 'feh']];
const FOLDS = 10;
/** Fewer stars than this say nothing of a trend or a scatter. */
export const MIN_STARS = 20;
/** A unit of each predictor in the trends, so that coefficients read as "per 1000 K" and "per dex". */
const SCALE: Readonly<Record<CorrectedLabel, number>> = { teff: 1000, logg: 1, feh: 1 };

/** What the trend takes away from a raw label. */
export function evaluateTrend(trend: Trend, raw: Readonly<Record<CorrectedLabel, number>>): number {
  return trend.offset + trend.terms.reduce((sum, term) => sum + (term.coefficient * (raw[term.label] - term.pivot)) / term.scale, 0);
}

function fitTrend(stars: readonly ReferenceStar[], label: CorrectedLabel, form: readonly CorrectedLabel[]): Trend | null {
  const pivots = form.map((name) => median(stars.map((star) => star.raw[name])));
  const rows = stars.map((star) => [1, ...form.map((name, k) => (star.raw[name] - (pivots[k] ?? 0)) / SCALE[name])]);
  const beta = robustRegression(
    rows,
    stars.map((star) => star.raw[label] - star.reference[label]),
  );
  if (beta === null) return null;
  const terms = form.map((name, k) => ({ label: name, pivot: pivots[k] ?? NaN, scale: SCALE[name], coefficient: beta[k + 1] ?? NaN }));
  return { offset: beta[0] ?? NaN, terms };
}

/** Residual (corrected raw − reference) of every star, each corrected by a trend fitted without its fold. Null where a fold cannot be fitted. */
function heldOutResiduals(stars: readonly ReferenceStar[], label: CorrectedLabel, form: readonly CorrectedLabel[]): number[] | null {
  const residuals = new Array<number>(stars.length).fill(NaN);
  for (let fold = 0; fold < FOLDS; fold++) {
    const trend = fitTrend(
      stars.filter((_, i) => i % FOLDS !== fold),
      label,
      form,
    );
    if (trend === null) return null;
    stars.forEach((star, i) => {
      if (i % FOLDS === fold) residuals[i] = star.raw[label] - evaluateTrend(trend, star.raw) - star.reference[label];
    });
  }
  return residuals;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Central 96 % of the raw labels of the stars. */
export function rangeOf(stars: readonly ReferenceStar[]): ValidityRange {
  const interval = (label: CorrectedLabel): [number, number] => {
    const values = stars.map((star) => star.raw[label]);
    return [quantile(values, 0.02), quantile(values, 0.98)];
  };
  return { teff: interval('teff'), logg: interval('logg'), feh: interval('feh') };
}

/**
 * Robust correction of one label from reference stars: robust regression of raw − reference; the form (constant, or linear trends) by
 * ten-fold cross-validation with the one-standard-error rule (Hastie, Tibshirani & Friedman 2009, section 7.10). Folds go by position, so
 * the order of `stars` is the seed. Null with fewer than `MIN_STARS` stars.
 */
export function deriveCorrection(stars: readonly ReferenceStar[], label: CorrectedLabel): Correction | null {
  if (stars.length < MIN_STARS) return null;
  const tried = FORMS.flatMap((form) => {
    const residuals = heldOutResiduals(stars, label, form);
    return residuals === null ? [] : [{ form, residuals }];
  });
  const simplest = tried[0];
  if (simplest === undefined) return null;
  const unit = Math.max(robustSigma(simplest.residuals), 1e-12);
  const losses = tried.map(({ form, residuals }) => ({ form, residuals, losses: residuals.map((r) => bisquareLoss(r / unit)) }));
  const best = losses.reduce((a, b) => (mean(b.losses) < mean(a.losses) ? b : a));
  const chosen =
    losses.find((one) => {
      const worse = one.losses.map((loss, i) => loss - (best.losses[i] ?? NaN));
      const centre = mean(worse);
      const standardError = Math.sqrt(mean(worse.map((d) => (d - centre) ** 2)) / worse.length);
      return centre <= standardError;
    }) ?? best;
  const trend = fitTrend(stars, label, chosen.form);
  if (trend === null) return null;
  const scatterTotal = robustSigma(chosen.residuals);
  const fitSigma = median(stars.map((star) => star.sigma[label]));
  return {
    ...trend,
    scatterTotal,
    scatter: Math.sqrt(Math.max(0, scatterTotal ** 2 - fitSigma ** 2)),
    stars: stars.length,
    range: rangeOf(stars),
    crossValidation: losses.map((one) => ({ form: ['constant', ...one.form].join(' + '), loss: mean(one.losses) })),
  };
}
