/** What draws say of the labels, in the labels' own units. */
import type { LabelPosterior, Posterior, SamplerName } from '../../domain/posterior.ts';
import { autocorrelationTime } from '../../math/autocorrelation.ts';
import { quantileOfSorted } from '../../math/ranks.ts';
import type { Objective } from '../objective.ts';
import type { Draws } from './draws.ts';
import { seriesOf } from './draws.ts';
import { sampleCovariance } from './gaussian.ts';
import type { SamplingRun } from './run.ts';
import { isConverged, skipOf } from './run.ts';

/** Draws per label kept for plots, over all chains. */
const PLOTTED = 2000;
/** An ensemble's walkers are pooled into the chains of their groups for plots: so many of each group are shown. */
const SHOWN_WALKERS = 8;

export function posteriorOf(objective: Objective, run: SamplingRun, sampler: SamplerName): Posterior {
  const { draws, state, checked } = run;
  const skip = skipOf(run);
  const { labels } = objective.info;
  const points = draws.kept.slice(skip).flatMap((groups) => groups.flat());
  const physical = points.map((z) => objective.labelsOf(z));
  const mean = Float64Array.from(labels, (_, i) => physical.reduce((sum, x) => sum + (x[i] ?? NaN), 0) / physical.length);
  const covariance = sampleCovariance(physical, mean);
  const described = labels.map(({ name, centre, halfRange }, i): LabelPosterior => {
    const sorted = Float64Array.from(physical, (x) => x[i] ?? NaN).sort();
    const { rhat, essBulk, essTail } = checked[i] ?? { rhat: NaN, essBulk: NaN, essTail: NaN };
    const walkers = seriesOf(draws, skip, (z) => centre + halfRange * (z[i] ?? NaN)).flat();
    const at = (p: number) => quantileOfSorted(sorted, p);
    return {
      name,
      mean: mean[i] ?? NaN,
      sigma: Math.sqrt(covariance[i * labels.length + i] ?? NaN),
      quantiles: [at(0.05), at(0.16), at(0.5), at(0.84), at(0.95)],
      rhat,
      essBulk,
      essTail,
      tau: draws.every * autocorrelationTime(walkers),
      converged: isConverged({ rhat, essBulk, essTail }),
    };
  });
  return {
    sampler,
    labels: described,
    covariance,
    acceptance: state.accepted / Math.max(1, state.proposed),
    steps: run.steps,
    sample: thinned(objective, draws, skip),
  };
}

function thinned(objective: Objective, draws: Draws, skip: number): Posterior['sample'] {
  const chains = plottedChains(draws, skip, Math.ceil(PLOTTED / 4));
  const physical = chains.map((chain) => chain.map((z) => objective.labelsOf(z)));
  return {
    chains: chains.length,
    draws: objective.info.labels.map((_, i) => Float64Array.from(physical.flat(), (x) => x[i] ?? NaN)),
  };
}

/** Draws by chain, each thinned to at most `most`: the chains themselves, or of every ensemble some walkers in turn. */
export function plottedChains(draws: Draws, skip: number, most: number): readonly (readonly Float64Array[])[] {
  const used = draws.kept.slice(skip);
  const groups = used[0] ?? [];
  return groups.map((walkers, g) => {
    const stride = Math.max(1, Math.ceil(used.length / most));
    const shown = walkers.length === 1 ? 1 : Math.min(SHOWN_WALKERS, Math.max(1, Math.floor((most * stride) / used.length)));
    return used.filter((_, t) => t % stride === 0).flatMap((step) => (step[g] ?? []).slice(0, shown));
  });
}
