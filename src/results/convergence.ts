import { FEWEST_EFFECTIVE, RHAT_LIMIT, type LabelPosterior } from '../domain/posterior.ts';

/** How far a label is from converged: at most 1 where it is; NaN for a label that was held. */
const distance = ({ rhat, essBulk }: LabelPosterior): number => Math.max((rhat - 1) / (RHAT_LIMIT - 1), FEWEST_EFFECTIVE / essBulk);

/** Labels of a posterior, the one furthest from converged first; those that were held last. */
export function worstFirst(labels: readonly LabelPosterior[]): readonly LabelPosterior[] {
  const rank = (label: LabelPosterior): number => (Number.isNaN(distance(label)) ? -Infinity : distance(label));
  return [...labels].sort((a, b) => rank(b) - rank(a));
}
