import type { FittedLabel } from '../../domain/fit.ts';
import { FEWEST_EFFECTIVE, RHAT_LIMIT } from '../../domain/posterior.ts';
import { describeLabels } from '../fisher.ts';
import type { Objective } from '../objective.ts';
import type { SampledFit } from './sampleFit.ts';

/** Mean, standard deviation, prior fraction and flags of each label; each is `not-converged` or not by its own diagnostics. */
export function describeSampled(objective: Objective, { posterior }: SampledFit): FittedLabel[] {
  const { labels, covariance } = posterior;
  const mean = objective.pack(
    Float64Array.from(labels, (label) => label.mean),
    new Float64Array(objective.first.nuisances.count),
  );
  const fitted = describeLabels(objective, mean, { covariance }, true);
  return fitted.map((label, i) =>
    labels[i]?.converged === true || label.flags.includes('fixed') ? label : { ...label, flags: ['not-converged', ...label.flags] },
  );
}

/** Which labels lack evidence, for people. */
export function unconverged({ posterior }: SampledFit): string {
  const names = posterior.labels.filter((label) => !label.converged).map(({ name }) => name);
  const evidence = `R̂ < ${String(RHAT_LIMIT)} and ${String(FEWEST_EFFECTIVE)} effective draws`;
  return `The sampling stopped at its budget without ${evidence} for ${String(names.length)} labels: ${names.join(', ')}`;
}
