/** Pulls, coverages and ranks of one label at one S/N, over stars. */
import { chiSquareTail, normalCdf, uniformityP } from '../../src/math/distributions.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import type { FittedStar, RecordedLabel } from './record.ts';

export interface RankStatistics {
  readonly stars: number;
  /** Counts of truths in ten equal parts of their posteriors, and p-values of their being uniform. */
  readonly ranks: readonly number[];
  readonly chi2P: number;
  readonly ksP: number;
}

export interface LabelStatistics extends RankStatistics {
  readonly label: string;
  /** Median of posterior over prior σ. */
  readonly priorFraction: number;
  /** Median σ, in the label's unit. */
  readonly sigma: number;
  /** Median pull and its error. */
  readonly bias: number;
  readonly biasError: number;
  /** Robust σ of the pulls (from the MAD), its error, and the plain standard deviation. */
  readonly width: number;
  readonly widthError: number;
  readonly plainWidth: number;
  /** Share of truths within 1 and 1.96 σ. */
  readonly within68: number;
  readonly within95: number;
  /** Robust σ of the errors over the Cramér–Rao σ. */
  readonly overCramerRao: number;
}

/** P(|Z| < 1.96), rounded as the name of the interval says. */
const TWO_SIDED_95 = 1.959964;
const BINS = 10;

/** A label of a star counts as measured where the fit does not call it prior-dominated. */
export const isMeasured = (label: RecordedLabel): boolean => !label.flags.includes('prior-dominated');

/** Binomial error of a share. */
export const binomialError = (share: number, n: number): number => Math.sqrt(Math.max(share * (1 - share), 1 / n) / n);

/** Of the places (0 … 1) of truths in their posteriors. */
export function rankStatistics(places: readonly number[]): RankStatistics {
  const n = places.length;
  const ranks = Array.from({ length: BINS }, (_, b) => places.filter((u) => Math.min(BINS - 1, Math.floor(u * BINS)) === b).length);
  const chi2 = ranks.reduce((sum, count) => sum + (count - n / BINS) ** 2 / (n / BINS), 0);
  return { stars: n, ranks, chi2P: chiSquareTail(chi2, BINS - 1), ksP: uniformityP(places) };
}

/** Statistics of a label over those of its stars that `counts`; null for fewer than five. */
export function labelStatistics(
  stars: readonly FittedStar[],
  name: string,
  counts: (label: RecordedLabel) => boolean,
): LabelStatistics | null {
  const labels = stars.flatMap((star) => star.labels.filter((label) => label.name === name && counts(label)));
  const n = labels.length;
  if (n < 5) return null;
  const pulls = labels.map(({ truth, drawValue, drawSigma }) => (drawValue - truth) / drawSigma);
  const ratios = labels.map(({ truth, drawValue, drawCramerRao }) => (drawValue - truth) / drawCramerRao);
  const mean = pulls.reduce((sum, pull) => sum + pull, 0) / n;
  const within = (limit: number): number => pulls.filter((pull) => Math.abs(pull) <= limit).length / n;
  const width = robustSigma(pulls);
  return {
    label: name,
    priorFraction: median(labels.map((label) => label.priorFraction)),
    sigma: median(labels.map((label) => label.sigma)),
    bias: median(pulls),
    // Asymptotic errors of the median and of the MAD of a normal sample.
    biasError: (1.2533 * width) / Math.sqrt(n),
    width,
    widthError: (1.1664 * width) / Math.sqrt(n),
    plainWidth: Math.sqrt(pulls.reduce((sum, pull) => sum + (pull - mean) ** 2, 0) / (n - 1)),
    within68: within(1),
    within95: within(TWO_SIDED_95),
    overCramerRao: robustSigma(ratios),
    ...rankStatistics(pulls.map((pull) => normalCdf(-pull))),
  };
}

/** The targets of the project, label by label. */
export const TARGETS = { bias: 0.2, width: [0.9, 1.1], overCramerRao: 1.3 } as const;

/** With fewer stars the errors of bias and width are as large as the targets, and neither a hit nor a miss means much. */
export const FEWEST_JUDGED = 40;

export interface Miss {
  readonly target: 'bias' | 'pull' | 'scatter';
  /** By more than twice the error of the estimate: not what so few stars may show by chance. */
  readonly clear: boolean;
}

/** Which targets a label misses. */
export function misses({ bias, biasError, width, widthError, overCramerRao }: LabelStatistics): Miss[] {
  const beyond = [
    { target: 'bias', by: Math.abs(bias) - TARGETS.bias, error: biasError },
    { target: 'pull', by: Math.max(TARGETS.width[0] - width, width - TARGETS.width[1]), error: widthError },
    { target: 'scatter', by: overCramerRao - TARGETS.overCramerRao, error: (widthError / width) * overCramerRao },
  ] as const;
  return beyond.filter(({ by }) => by > 0).map(({ target, by, error }) => ({ target, clear: by > 2 * error }));
}
