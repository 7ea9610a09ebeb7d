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

/** The mean of raw and reference labels. */
const between = ({ raw, reference }: ReferenceStar): Record<CorrectedLabel, number> => ({
  teff: (raw.teff + reference.teff) / 2,
  logg: (raw.logg + reference.logg) / 2,
  feh: (raw.feh + reference.feh) / 2,
});

/**
 * Trends are fitted against the mean of raw and reference label (Bland & Altman 1986, Lancet 327, 307): against the raw label alone, its
 * own error would appear as a trend that pulls every star towards the middle of the sample.
 */
function fitTrend(stars: readonly ReferenceStar[], label: CorrectedLabel, form: readonly CorrectedLabel[]): Trend | null {
  const pivots = form.map((name) => median(stars.map((star) => between(star)[name])));
  const rows = stars.map((star) => [1, ...form.map((name, k) => (between(star)[name] - (pivots[k] ?? 0)) / SCALE[name])]);
  const beta = robustRegression(
    rows,
    stars.map((star) => star.raw[label] - star.reference[label]),
  );
  if (beta === null) return null;
  const terms = form.map((name, k) => ({ label: name, pivot: pivots[k] ?? NaN, scale: SCALE[name], coefficient: beta[k + 1] ?? NaN }));
  return { offset: beta[0] ?? NaN, terms };
}

/**
 * Residual (corrected raw − reference) of every star, each corrected by a trend fitted without its fold: as it will be applied, at the raw
 * labels, and at the `between` labels, where it is judged. Null where a fold cannot be fitted.
 */
function heldOutResiduals(
  stars: readonly ReferenceStar[],
  label: CorrectedLabel,
  form: readonly CorrectedLabel[],
): { readonly applied: number[]; readonly judged: number[] } | null {
  const applied = new Array<number>(stars.length).fill(NaN);
  const judged = new Array<number>(stars.length).fill(NaN);
  for (let fold = 0; fold < FOLDS; fold++) {
    const trend = fitTrend(
      stars.filter((_, i) => i % FOLDS !== fold),
      label,
      form,
    );
    if (trend === null) return null;
    stars.forEach((star, i) => {
      if (i % FOLDS !== fold) return;
      const difference = star.raw[label] - star.reference[label];
      applied[i] = difference - evaluateTrend(trend, star.raw);
      judged[i] = difference - evaluateTrend(trend, between(star));
    });
  }
  return { applied, judged };
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

/** How many standard errors worse than the best a simpler form may be and still be taken: a trend has to be earned. */
const STANDARD_ERRORS = 2;

/**
 * Robust correction of one label from reference stars: regression of raw − reference with bisquare weights; the form (constant, or linear
 * trends) by ten-fold cross-validation, the simplest within two standard errors of the best (after Hastie, Tibshirani & Friedman 2009,
 * section 7.10). Folds go by position, so the order of `stars` is the seed. Null with fewer than `MIN_STARS` stars.
 */
export function deriveCorrection(stars: readonly ReferenceStar[], label: CorrectedLabel): Correction | null {
  if (stars.length < MIN_STARS) return null;
  const tried = FORMS.flatMap((form) => {
    const residuals = heldOutResiduals(stars, label, form);
    return residuals === null ? [] : [{ form, ...residuals }];
  });
  const simplest = tried[0];
  if (simplest === undefined) return null;
  const unit = Math.max(robustSigma(simplest.judged), 1e-12);
  const scored = tried.map((one) => ({ ...one, losses: one.judged.map((r) => bisquareLoss(r / unit)) }));
  const best = scored.reduce((a, b) => (mean(b.losses) < mean(a.losses) ? b : a));
  const chosen =
    scored.find((one) => {
      const worse = one.losses.map((loss, i) => loss - (best.losses[i] ?? NaN));
      const centre = mean(worse);
      const standardError = Math.sqrt(mean(worse.map((d) => (d - centre) ** 2)) / worse.length);
      return centre <= STANDARD_ERRORS * standardError;
    }) ?? best;
  const trend = fitTrend(stars, label, chosen.form);
  if (trend === null) return null;
  const scatterTotal = robustSigma(chosen.applied);
  const fitSigma = median(stars.map((star) => star.sigma[label]));
  return {
    ...trend,
    scatterTotal,
    scatter: Math.sqrt(Math.max(0, scatterTotal ** 2 - fitSigma ** 2)),
    stars: stars.length,
    range: rangeOf(stars),
    crossValidation: scored.map((one) => ({ form: ['constant', ...one.form].join(' + '), loss: mean(one.losses) })),
  };
}
