/**
 * Have the chains converged? Rank-normalised split R̂, bulk and tail effective sample size: Vehtari, Gelman, Simpson, Carpenter & Bürkner
 * (2021, Bayesian Analysis 16, 667), estimators as in the R package `posterior`.
 *
 * Draws come as groups of walkers. Groups are independent of one another; walkers of a group may be an ensemble that feeds on itself, which
 * moves as one body: each looks converged when the body is not. So a group is one (super)chain:
 * - R̂ compares the means of groups, halved in time, with the variance within them, walkers together (nested R̂: Margossian et al. 2024);
 * - the effective size comes from the series of group means (Goodman & Weare 2010, section 4): how fast that forgets decides what the
 *   draws are worth, and Var(draw)/Var(group mean), the number of walkers if they are independent at one time, turns it into draws.
 * With one walker to a group both are Vehtari et al.'s own formulae. Four groups are the fewest that R̂ should be trusted with.
 */
import { autocovariance, meanOf } from './autocorrelation.ts';
import { normalScores, quantileOfSorted } from './ranks.ts';

/** One quantity: groups → walkers → draws, all of one length. */
export type GroupedDraws = readonly (readonly Float64Array[])[];

export interface Convergence {
  /** The larger of R̂ of ranks and of ranks of distances from the median; NaN where nothing varies. */
  readonly rhat: number;
  readonly essBulk: number;
  /** The smaller of the effective sizes of the 5 % and 95 % quantiles. */
  readonly essTail: number;
}

/** Draws per walker below which nothing can be said: two halves of four. */
export const FEWEST_DRAWS = 8;

/** Diagnostics of one quantity; NaN throughout where there are too few draws, or they do not vary or are not finite. */
export function convergence(draws: GroupedDraws): Convergence {
  const flat = draws.flat();
  const first = flat[0]?.[0];
  const length = Math.min(...flat.map((one) => one.length));
  const usable =
    length >= FEWEST_DRAWS && flat.every((one) => one.every(Number.isFinite)) && flat.some((one) => one.some((x) => x !== first));
  if (!usable) return { rhat: NaN, essBulk: NaN, essTail: NaN };
  const sorted = Float64Array.from(flat.flatMap((one) => Array.from(one))).sort();
  const median = quantileOfSorted(sorted, 0.5);
  const scores = mapGroups(draws, normalScores);
  const folded = mapGroups(draws, (series) => normalScores(series.map((one) => one.map((x) => Math.abs(x - median)))));
  const below = (p: number) => {
    const edge = quantileOfSorted(sorted, p);
    return mapGroups(draws, (series) => series.map((one) => one.map((x) => (x <= edge ? 1 : 0))));
  };
  return {
    rhat: Math.max(splitRhat(scores), splitRhat(folded)),
    essBulk: effectiveSize(scores),
    essTail: Math.min(effectiveSize(below(0.05)), effectiveSize(below(0.95))),
  };
}

/** Applies `change` to all series at once and restores the groups. */
function mapGroups(draws: GroupedDraws, change: (series: readonly Float64Array[]) => Float64Array[]): Float64Array[][] {
  const changed = change(draws.flat());
  let at = 0;
  return draws.map((group) => changed.slice(at, (at += group.length)));
}

/** First and second half of a series; a middle draw is left out. */
const halves = (one: Float64Array): readonly [Float64Array, Float64Array] => {
  const half = one.length >> 1;
  return [one.slice(0, half), one.slice(one.length - half)];
};

const variance = (series: Float64Array): number => (autocovariance(series, meanOf(series), 0) * series.length) / (series.length - 1);

/** √(1 − 1/n + B/W): B the variance of the means of half-groups, W the mean variance within them. */
function splitRhat(draws: GroupedDraws): number {
  const bodies = draws.flatMap((group) => [0, 1].map((half) => Float64Array.from(group.flatMap((one) => Array.from(halves(one)[half])))));
  const n = bodies[0]?.length ?? 0;
  const within = bodies.reduce((sum, body) => sum + variance(body), 0) / bodies.length;
  return Math.sqrt((n - 1) / n + variance(Float64Array.from(bodies, meanOf)) / within);
}

function effectiveSize(draws: GroupedDraws): number {
  const walkers = draws[0]?.length ?? 0;
  if (walkers === 1) return sizeOfChains(draws.flat()).size;
  const means = draws.map((group) => (group[0] ?? new Float64Array()).map((_, t) => group.reduce((sum, one) => sum + one[t], 0) / walkers));
  const { size, variance: ofMeans } = sizeOfChains(means);
  return (size * variance(Float64Array.from(draws.flat().flatMap((one) => Array.from(one))))) / ofMeans;
}

/** Effective size of independent chains, halved, by Geyer's (1992) initial monotone sequence; and the variance (within + between) it rests on. */
function sizeOfChains(whole: readonly Float64Array[]): { size: number; variance: number } {
  const chains = whole.flatMap(halves);
  const means = Float64Array.from(chains, meanOf);
  const n = chains[0]?.length ?? 0;
  const covariance = (lag: number) => chains.reduce((sum, chain, c) => sum + autocovariance(chain, means[c], lag), 0) / chains.length;
  const within = (covariance(0) * n) / (n - 1);
  const total = (within * (n - 1)) / n + variance(means);
  const rho = (lag: number) => 1 - (within - covariance(lag)) / total;

  let time = -1;
  let previous = Infinity;
  for (let lag = 0; ; lag += 2) {
    const even = lag === 0 ? 1 : rho(lag);
    const pair = even + rho(lag + 1);
    if (pair < 0 || lag + 5 >= n) {
      // Of the pair that is left out, a positive first half is counted once: less bias for antithetic chains.
      time += Math.max(0, even);
      break;
    }
    previous = Math.min(previous, pair);
    time += 2 * previous;
  }
  return { size: (chains.length * n) / time, variance: total };
}
