/** What a sampler samples. */
export interface Target {
  readonly dimension: number;
  /** Box outside which the density is 0, where it has one: chains bounce off its walls. ±Infinity where there is none. */
  readonly box?: Box;
  /** ln of the density up to a constant at each point; −Infinity outside its support (NaN counts as that). */
  logDensity(points: readonly Float64Array[]): Promise<Float64Array>;
  /** The same with the gradient, where there is one that costs less than a few evaluations. */
  logDensityAndGradient?(points: readonly Float64Array[]): Promise<readonly Slope[]>;
}

export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface Slope {
  readonly value: number;
  /** ∂ln density/∂x. Any other vector field of x keeps the sampling right, too: it only costs acceptance. */
  readonly gradient: Float64Array;
}

/**
 * Where a sampler stands: plain data. Random numbers are drawn from `randomStream(seed, step)`, so that a state that was stored, or sent
 * through a worker, goes on to the same digits.
 */
export interface SamplerState {
  readonly seed: number;
  /** Steps taken; each moves every walker once. */
  readonly step: number;
  /** Groups, independent of one another, of walkers. */
  readonly groups: readonly (readonly Float64Array[])[];
  /** Moves accepted and proposed since the sampling proper began. */
  readonly accepted: number;
  readonly proposed: number;
}

/** NaN would make every comparison false in its own way. */
export const finiteOrNever = (value: number | undefined): number => (value === undefined || Number.isNaN(value) ? -Infinity : value);
