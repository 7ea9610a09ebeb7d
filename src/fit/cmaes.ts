/**
 * CMA-ES: the covariance matrix adaptation evolution strategy of Hansen, "The CMA Evolution Strategy: A Tutorial" (2016, arXiv:1604.00772),
 * with active (negative) recombination weights, cumulative step-size adaptation and the termination criteria of its section B.3.
 * Equation numbers are the tutorial's. Restarts and boxes: minimise.ts.
 *
 * Ask/tell: `ask` gives one generation, the caller evaluates it as one batch, `tell` learns from it.
 */
import type { RandomStream } from '../math/random.ts';
import { eigenSymmetric } from '../math/symmetric.ts';

export interface CmaOptions {
  readonly mean: Float64Array;
  /** Initial step size; coordinates should be scaled so that one number fits all. */
  readonly sigma: number;
  readonly random: RandomStream;
  /** Default 4 + ⌊3 ln n⌋. */
  readonly populationSize?: number;
  /** Stop when the best values of the recent generations and of the current one span less than this. Default 1e-12. */
  readonly tolFun?: number;
  /** Stop when steps in every coordinate are below this. Default 1e-12 × sigma. */
  readonly tolX?: number;
  /** Generations over which `tolFun` is judged; default 10 + ⌈30 n/λ⌉. */
  readonly tolFunHistory?: number;
}

/**
 * tolfun, tolx: arrived. Otherwise the search can go no further: the covariance is too elongated, its best and median values no longer fall,
 * steps are lost to rounding, or σ has grown ten-thousandfold over its start (`diverged`: the start was far off, or the function has no minimum).
 */
export type CmaStop = 'tolfun' | 'tolx' | 'condition' | 'stagnation' | 'no-effect' | 'diverged';

/** Growth of the longest axis over the initial σ that counts as divergence, as in pycma. */
const DIVERGED = 1e4;

/** Default population, eq. 48. */
export const defaultPopulation = (n: number): number => 4 + Math.floor(3 * Math.log(n));

export class CmaEs {
  readonly populationSize: number;
  generation = 0;
  evaluations = 0;
  best: { readonly x: Float64Array; readonly value: number } | null = null;
  mean: Float64Array;
  sigma: number;
  private readonly n: number;
  private readonly random: RandomStream;
  private readonly weights: Float64Array;
  private readonly parents: number;
  readonly muEff: number;
  private readonly cSigma: number;
  private readonly dSigma: number;
  private readonly cc: number;
  private readonly c1: number;
  private readonly cMu: number;
  private readonly chiN: number;
  private readonly pathSigma: Float64Array;
  private readonly pathC: Float64Array;
  private readonly covariance: Float64Array;
  /** Covariance = basis · diag(axes²) · basisᵀ. */
  private basis: Float64Array;
  private axes: Float64Array;
  private decomposedAt = 0;
  private readonly initialSigma: number;
  private readonly tolFun: number;
  private readonly tolX: number;
  private readonly historyLength: number;
  private readonly bestHistory: number[] = [];
  private readonly medianHistory: number[] = [];
  private lastSpan = Infinity;

  constructor(options: CmaOptions) {
    const n = options.mean.length;
    const lambda = Math.max(4, options.populationSize ?? defaultPopulation(n));
    this.n = n;
    this.random = options.random;
    this.populationSize = lambda;
    this.mean = Float64Array.from(options.mean);
    this.sigma = options.sigma;
    this.initialSigma = options.sigma;
    this.tolFun = options.tolFun ?? 1e-12;
    this.tolX = options.tolX ?? 1e-12 * options.sigma;
    this.historyLength = options.tolFunHistory ?? 10 + Math.ceil((30 * n) / lambda);

    // Recombination weights, eqs. 49–53.
    const raw = Float64Array.from({ length: lambda }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
    const mu = raw.filter((w) => w > 0).length;
    const positive = raw.slice(0, mu);
    const negative = raw.slice(mu);
    const effective = (w: Float64Array) =>
      w.reduce((a, b) => a + b, 0) ** 2 /
      Math.max(
        1e-300,
        w.reduce((a, b) => a + b * b, 0),
      );
    this.parents = mu;
    this.muEff = effective(positive);
    const muEffMinus = effective(negative);
    this.cSigma = (this.muEff + 2) / (n + this.muEff + 5);
    this.dSigma = 1 + 2 * Math.max(0, Math.sqrt((this.muEff - 1) / (n + 1)) - 1) + this.cSigma;
    this.cc = (4 + this.muEff / n) / (n + 4 + (2 * this.muEff) / n);
    this.c1 = 2 / ((n + 1.3) ** 2 + this.muEff);
    this.cMu = Math.min(1 - this.c1, (2 * (0.25 + this.muEff + 1 / this.muEff - 2)) / ((n + 2) ** 2 + this.muEff));
    const positiveSum = positive.reduce((a, b) => a + b, 0);
    const negativeSum = -negative.reduce((a, b) => a + b, 0);
    const alpha = Math.min(1 + this.c1 / this.cMu, 1 + (2 * muEffMinus) / (this.muEff + 2), (1 - this.c1 - this.cMu) / (n * this.cMu));
    this.weights = raw.map((w) => (w >= 0 ? w / positiveSum : (alpha * w) / Math.max(1e-300, negativeSum)));

    this.chiN = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    this.pathSigma = new Float64Array(n);
    this.pathC = new Float64Array(n);
    this.covariance = identity(n);
    this.basis = identity(n);
    this.axes = new Float64Array(n).fill(1);
  }

  /** One generation of candidates. */
  ask(): Float64Array[] {
    const { n } = this;
    return Array.from({ length: this.populationSize }, () => {
      const step = Float64Array.from(this.axes, (axis) => axis * this.random.normal());
      const x = Float64Array.from(this.mean);
      for (let i = 0; i < n; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += (this.basis[i * n + j] ?? 0) * (step[j] ?? 0);
        x[i] = (x[i] ?? 0) + this.sigma * sum;
      }
      return x;
    });
  }

  /** Learns from an evaluated generation. A value that is not finite ranks last. */
  tell(points: readonly Float64Array[], values: readonly number[]): void {
    const { n, weights, parents } = this;
    const finite = values.map((value) => (Number.isFinite(value) ? value : Infinity));
    const order = points.map((_, i) => i).sort((a, b) => (finite[a] ?? 0) - (finite[b] ?? 0));
    const ranked = order.map((i) => points[i] ?? this.mean);
    const valueAt = (rank: number) => finite[order[rank] ?? 0] ?? Infinity;
    this.evaluations += points.length;
    this.generation++;
    const leader = ranked[0];
    if (leader !== undefined && valueAt(0) < (this.best?.value ?? Infinity))
      this.best = { x: Float64Array.from(leader), value: valueAt(0) };

    const old = this.mean;
    const steps = ranked.map((x) => x.map((value, i) => (value - (old[i] ?? 0)) / this.sigma));
    const mean = new Float64Array(n);
    for (let k = 0; k < parents; k++) for (let i = 0; i < n; i++) mean[i] = (mean[i] ?? 0) + (weights[k] ?? 0) * (ranked[k]?.[i] ?? 0);
    this.mean = mean;
    const move = mean.map((value, i) => (value - (old[i] ?? 0)) / this.sigma);

    // Step-size path, eqs. 43–44.
    const whitened = this.inverseRoot(move);
    const gainSigma = Math.sqrt(this.cSigma * (2 - this.cSigma) * this.muEff);
    let length2 = 0;
    for (let i = 0; i < n; i++) {
      const value = (1 - this.cSigma) * (this.pathSigma[i] ?? 0) + gainSigma * (whitened[i] ?? 0);
      this.pathSigma[i] = value;
      length2 += value * value;
    }
    const length = Math.sqrt(length2);
    const expected = Math.sqrt(1 - (1 - this.cSigma) ** (2 * this.generation)) * this.chiN;
    const steady = length / expected < 1.4 + 2 / (n + 1) ? 1 : 0;

    // Covariance path and update, eqs. 45–47.
    const gainC = steady * Math.sqrt(this.cc * (2 - this.cc) * this.muEff);
    for (let i = 0; i < n; i++) this.pathC[i] = (1 - this.cc) * (this.pathC[i] ?? 0) + gainC * (move[i] ?? 0);
    const total = weights.reduce((a, b) => a + b, 0);
    const keep = 1 + this.c1 * (1 - steady) * this.cc * (2 - this.cc) - this.c1 - this.cMu * total;
    const scaled = Float64Array.from(weights, (w, k) => {
      if (w >= 0) return w;
      const white = this.inverseRoot(steps[k] ?? move);
      return (
        (w * n) /
        Math.max(
          1e-300,
          white.reduce((a, b) => a + b * b, 0),
        )
      );
    });
    const c = this.covariance;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let rankMu = 0;
        for (let k = 0; k < scaled.length; k++) {
          const step = steps[k];
          if (step !== undefined) rankMu += (scaled[k] ?? 0) * (step[i] ?? 0) * (step[j] ?? 0);
        }
        const value = keep * (c[i * n + j] ?? 0) + this.c1 * (this.pathC[i] ?? 0) * (this.pathC[j] ?? 0) + this.cMu * rankMu;
        c[i * n + j] = value;
        c[j * n + i] = value;
      }
    }
    this.sigma *= Math.exp(Math.min(1, (this.cSigma / this.dSigma) * (length / this.chiN - 1)));
    if (this.generation - this.decomposedAt > 1 / (10 * n * (this.c1 + this.cMu))) this.decompose();

    this.bestHistory.push(valueAt(0));
    this.medianHistory.push(valueAt(order.length >> 1));
    this.lastSpan = valueAt(order.length - 1) - valueAt(0);
  }

  /** Why to stop, or null to go on. */
  stop(): CmaStop | null {
    const { n } = this;
    const recent = this.bestHistory.slice(-this.historyLength);
    if (recent.length >= this.historyLength && Math.max(...recent) - Math.min(...recent) < this.tolFun && this.lastSpan < 10 * this.tolFun)
      return 'tolfun';
    let largest = 0;
    for (let i = 0; i < n; i++)
      largest = Math.max(largest, Math.abs(this.pathC[i] ?? 0), Math.sqrt(Math.max(0, this.covariance[i * n + i] ?? 0)));
    if (this.sigma * largest < this.tolX) return 'tolx';
    const [low, high] = [Math.min(...this.axes), Math.max(...this.axes)];
    if (!(high / low < 1e7)) return 'condition';
    if (this.sigma * high > DIVERGED * this.initialSigma) return 'diverged';
    const step = (i: number): number => 0.2 * this.sigma * Math.sqrt(this.covariance[i * n + i] ?? 0);
    if (this.mean.some((value, i) => value + step(i) === value)) return 'no-effect';
    // One principal axis a generation, in turn.
    const axis = this.generation % n;
    const reach = 0.1 * this.sigma * (this.axes[axis] ?? 0);
    if (this.mean.every((value, i) => value + reach * (this.basis[i * n + axis] ?? 0) === value)) return 'no-effect';
    const window = Math.ceil(120 + (30 * n) / this.populationSize);
    if (this.bestHistory.length > 2 * window) {
      const middle = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
      const part = Math.ceil(0.3 * window);
      const stale = (history: readonly number[]) => middle(history.slice(-part)) >= middle(history.slice(-window, -window + part));
      if (stale(this.bestHistory) && stale(this.medianHistory)) return 'stagnation';
    }
    return null;
  }

  /** Diagonal of the covariance, without the step size. */
  get variances(): Float64Array {
    return Float64Array.from({ length: this.n }, (_, i) => this.covariance[i * this.n + i] ?? 0);
  }

  private decompose(): void {
    const { values, vectors } = eigenSymmetric(this.covariance, this.n);
    this.axes = values.map((value) => Math.sqrt(Math.max(value, 1e-300)));
    this.basis = vectors;
    this.decomposedAt = this.generation;
  }

  /** C^(−1/2) · y. */
  private inverseRoot(y: Float64Array): Float64Array {
    const { n, basis, axes } = this;
    const inner = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (basis[i * n + j] ?? 0) * (y[i] ?? 0);
      inner[j] = sum / (axes[j] ?? 1);
    }
    const out = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += (basis[i * n + j] ?? 0) * (inner[j] ?? 0);
      out[i] = sum;
    }
    return out;
  }
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
}
