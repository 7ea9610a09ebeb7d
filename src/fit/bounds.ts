/**
 * A box for CMA-ES: points outside are evaluated at the nearest point inside and pay for the distance, at a price that adapts to the function's
 * own range, so that the search neither leaves the box nor is bent far from its wall (Hansen, Niederberger, Guzzella & Koumoutsakos 2009, IEEE
 * Trans. Evol. Comput. 13, 180, section IV-B).
 */
import { median } from '../math/statistics.ts';

export interface Bounds {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** The nearest point of the box. */
export function nearestInside(x: Float64Array, { lower, upper }: Bounds): Float64Array {
  return x.map((value, i) => Math.min(upper[i] ?? Infinity, Math.max(lower[i] ?? -Infinity, value)));
}

/** What the price depends on: the state of the search. */
export interface SearchState {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** Diagonal of the covariance, without `sigma`. */
  readonly variances: Float64Array;
  readonly muEff: number;
  readonly populationSize: number;
}

export class BoundPenalty {
  private prices: Float64Array | null = null;
  private readonly spans: number[] = [];

  constructor(private readonly bounds: Bounds) {}

  /** Values of points, from the values at their nearest points inside; once a generation. */
  penalised(points: readonly Float64Array[], values: readonly number[], state: SearchState): number[] {
    const n = state.mean.length;
    this.adapt(values, state);
    const logs = state.variances.map(Math.log);
    const mean = logs.reduce((a, b) => a + b, 0) / n;
    return points.map((x, k) => {
      const inside = nearestInside(x, this.bounds);
      const penalty = x.reduce((sum, value, i) => {
        const off = value - (inside[i] ?? value);
        return off === 0 ? sum : sum + ((this.prices?.[i] ?? 0) * off * off) / Math.exp(0.9 * ((logs[i] ?? 0) - mean));
      }, 0);
      return (values[k] ?? NaN) + penalty / n;
    });
  }

  private adapt(values: readonly number[], { mean, sigma, variances, muEff, populationSize }: SearchState): void {
    const n = mean.length;
    const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
    const quarter = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
    this.spans.push(quarter(0.75) - quarter(0.25));
    if (this.spans.length > 20 + (3 * n) / populationSize) this.spans.shift();
    const span = median(this.spans);
    const inside = nearestInside(mean, this.bounds);
    const typical = variances.reduce((a, b) => a + b, 0) / n;
    if (this.prices === null || this.spans.length <= 2) this.prices = new Float64Array(n).fill((2 * span) / (sigma * sigma * typical));
    const reach = 3 * Math.max(1, Math.sqrt(n) / muEff);
    this.prices = this.prices.map((price, i) => {
      const off = Math.abs((mean[i] ?? 0) - (inside[i] ?? 0));
      return off > reach * sigma * Math.sqrt(variances[i] ?? 0) ? price * 1.1 ** Math.max(1, muEff / (10 * n)) : price;
    });
  }
}
