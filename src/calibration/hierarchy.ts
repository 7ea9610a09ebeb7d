/**
 * One least-squares problem for all that is known of a label. An observation of star i is y = t_i + h·θ + e, where t_i is the truth, which is free; h·θ is
 * our correction where it is one of our raw values, and a source's zero point where it is a reference; e has the variance of the fit and the intrinsic scatter, or
 * of the reference. Members of a cluster, a pair or a population share t. Truths are eliminated exactly, θ has a Gaussian (ridge) prior, stars have weights of
 * Student's t (Lange, Little & Taylor 1989, JASA 84, 881), and the intrinsic scatter is what makes the observations most likely.
 */
import { invertSymmetric, solveSymmetric } from '../math/symmetric.ts';

export interface Observation {
  /** Derivative of y by θ, beside the truth. */
  readonly row: readonly number[];
  readonly y: number;
  /** Of the fit, or of the reference. */
  readonly variance: number;
  /** Whether our intrinsic scatter is in it. */
  readonly ours: boolean;
}

/** Observations of one truth. Wild is either a star as a whole, or single members of what shares a truth. */
export interface Group {
  readonly id: string;
  readonly kind: 'star' | 'shared';
  readonly observations: readonly Observation[];
}

export interface HierarchicalFit {
  readonly theta: Float64Array;
  /** Of θ, row-major; the prior is in it. */
  readonly covariance: Float64Array;
  readonly intrinsic: number;
  /** By id of a group, the mean weight of its observations: 1 for the usual, near 0 for the wild. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Degrees of freedom of Student's t: tails like those of literature values. */
export const NU = 5;
const ROUNDS = 14;
/** Rounds in which the intrinsic scatter is sought anew. */
const SCATTER_ROUNDS = 6;

/** The groups as flat arrays: this is the inner loop of a nested cross-validation. */
class Problem {
  readonly n: number;
  /** First observation of each group, and one past the last. */
  readonly starts: Int32Array;
  readonly single: Uint8Array;
  readonly rows: Float64Array;
  readonly y: Float64Array;
  readonly variance: Float64Array;
  readonly ours: Uint8Array;
  /** Residuals about the truth of the group, and weights 1/variance, by `update`. */
  readonly residual: Float64Array;
  readonly weight: Float64Array;
  readonly chi2: Float64Array;
  readonly robust: Float64Array;

  constructor(groups: readonly Group[], n: number) {
    const all = groups.flatMap(({ observations }) => observations);
    this.n = n;
    this.starts = new Int32Array(groups.length + 1);
    groups.forEach(({ observations }, g) => {
      this.starts[g + 1] = (this.starts[g] ?? 0) + observations.length;
    });
    this.single = Uint8Array.from(groups, ({ kind }) => (kind === 'star' ? 1 : 0));
    this.rows = Float64Array.from(all.flatMap(({ row }) => row));
    this.y = Float64Array.from(all, ({ y }) => y);
    this.variance = Float64Array.from(all, ({ variance }) => variance);
    this.ours = Uint8Array.from(all, ({ ours }) => (ours ? 1 : 0));
    this.residual = new Float64Array(all.length);
    this.weight = new Float64Array(all.length);
    this.robust = new Float64Array(all.length).fill(1);
    this.chi2 = new Float64Array(groups.length);
  }

  get groups(): number {
    return this.chi2.length;
  }

  /** y − h·θ of every observation. */
  open(theta: Float64Array): Float64Array {
    const { n, rows, y } = this;
    return y.map((value, o) => {
      let sum = value;
      for (let k = 0; k < n; k++) sum -= (rows[o * n + k] ?? 0) * (theta[k] ?? 0);
      return sum;
    });
  }

  /** Residuals, weights and χ² of the groups for some open values and an intrinsic scatter; ln L comes back. */
  update(open: Float64Array, intrinsic: number): number {
    const { starts, residual, weight, chi2 } = this;
    let likelihood = 0;
    for (let g = 0; g < this.groups; g++) {
      const [from, to] = [starts[g] ?? 0, starts[g + 1] ?? 0];
      let [total, truth, logs] = [0, 0, 0];
      for (let o = from; o < to; o++) {
        const w = 1 / ((this.variance[o] ?? 0) + (this.ours[o] === 1 ? intrinsic * intrinsic : 0));
        weight[o] = w;
        total += w;
        truth += w * (open[o] ?? 0);
        logs += Math.log(w);
      }
      truth /= total;
      let [sum, tails] = [0, 0];
      for (let o = from; o < to; o++) {
        const r = (open[o] ?? 0) - truth;
        residual[o] = r;
        const q = r * r * (weight[o] ?? 0);
        sum += q;
        if (this.single[g] === 0) tails += ((NU + 1) / 2) * Math.log(1 + q / NU);
      }
      chi2[g] = sum;
      if (this.single[g] === 1) tails = ((NU + to - from - 1) / 2) * Math.log(1 + sum / NU);
      likelihood += 0.5 * (logs - Math.log(total)) - tails;
    }
    return likelihood;
  }

  /** Student weights after `update`: of a star as a whole, of single members of what shares a truth. */
  weigh(): void {
    for (let g = 0; g < this.groups; g++) {
      const [from, to] = [this.starts[g] ?? 0, this.starts[g + 1] ?? 0];
      const whole = (NU + to - from - 1) / (NU + (this.chi2[g] ?? 0));
      for (let o = from; o < to; o++)
        this.robust[o] = this.single[g] === 1 ? whole : (NU + 1) / (NU + (this.residual[o] ?? 0) ** 2 * (this.weight[o] ?? 0));
    }
  }

  /** Normal equations with the truths eliminated: weighted sums about the weighted means of each group. */
  normal(prior: readonly number[]): { a: Float64Array; b: Float64Array } {
    const { n, rows, starts } = this;
    const a = new Float64Array(n * n);
    const b = new Float64Array(n);
    const mean = new Float64Array(n);
    const row = new Float64Array(n);
    for (let g = 0; g < this.groups; g++) {
      const [from, to] = [starts[g] ?? 0, starts[g + 1] ?? 0];
      let [total, y0] = [0, 0];
      mean.fill(0);
      for (let o = from; o < to; o++) {
        const w = (this.weight[o] ?? 0) * (this.robust[o] ?? 0);
        total += w;
        y0 += w * (this.y[o] ?? 0);
        for (let k = 0; k < n; k++) mean[k] = (mean[k] ?? 0) + w * (rows[o * n + k] ?? 0);
      }
      y0 /= total;
      for (let o = from; o < to; o++) {
        const w = (this.weight[o] ?? 0) * (this.robust[o] ?? 0);
        for (let k = 0; k < n; k++) row[k] = (rows[o * n + k] ?? 0) - (mean[k] ?? 0) / total;
        for (let i = 0; i < n; i++) {
          const di = w * (row[i] ?? 0);
          b[i] = (b[i] ?? 0) + di * ((this.y[o] ?? 0) - y0);
          for (let j = 0; j < n; j++) a[i * n + j] = (a[i * n + j] ?? 0) + di * (row[j] ?? 0);
        }
      }
    }
    prior.forEach((sigma, k) => {
      a[k * n + k] = (a[k * n + k] ?? 0) + 1 / sigma ** 2;
    });
    return { a, b };
  }

  /** The intrinsic scatter of largest likelihood between 0 and `most`, by a grid and a golden section about its best. */
  likeliestScatter(open: Float64Array, most: number): number {
    const at = (s: number): number => this.update(open, s);
    const grid = Array.from({ length: 11 }, (_, i) => (most * i ** 2) / 100);
    const values = grid.map(at);
    const best = values.indexOf(Math.max(...values));
    let low = grid[Math.max(0, best - 1)] ?? 0;
    let high = grid[Math.min(grid.length - 1, best + 1)] ?? most;
    const ratio = (Math.sqrt(5) - 1) / 2;
    for (let i = 0; i < 12; i++) {
      const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
      if (at(left) > at(right)) high = right;
      else low = left;
    }
    return (low + high) / 2;
  }
}

/**
 * The fit. `prior`: σ of each θ about 0. `most`: the largest intrinsic scatter thinkable; `intrinsic` holds it where it is given. Null where the problem is
 * singular or there is nothing to fit.
 */
export function fitHierarchy(
  groups: readonly Group[],
  prior: readonly number[],
  most: number,
  intrinsic: number | null = null,
): HierarchicalFit | null {
  const n = prior.length;
  const useful = groups.filter(({ observations }) => observations.length > 1);
  if (useful.length === 0) return null;
  const problem = new Problem(useful, n);
  let theta = new Float64Array(n);
  let scatter = intrinsic ?? most / 4;
  problem.update(problem.open(theta), scatter);
  for (let round = 0; round < ROUNDS; round++) {
    const { a, b } = problem.normal(prior);
    const solved = solveSymmetric(a, b);
    if (solved === null) return null;
    const moved = solved.some((value, k) => Math.abs(value - (theta[k] ?? 0)) > 2e-4 * most);
    theta = Float64Array.from(solved);
    const open = problem.open(theta);
    const seek = intrinsic === null && round < SCATTER_ROUNDS;
    if (seek) scatter = problem.likeliestScatter(open, most);
    problem.update(open, scatter);
    problem.weigh();
    if (!seek && !moved) break;
  }
  const covariance = invertSymmetric(problem.normal(prior).a, n);
  if (covariance === null) return null;
  const weights = new Map(useful.map(({ id }, g) => [id, mean(problem.robust.subarray(problem.starts[g], problem.starts[g + 1]))]));
  return { theta, covariance, intrinsic: scatter, weights };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
