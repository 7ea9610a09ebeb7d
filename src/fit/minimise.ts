/** Minimisation by CMA-ES with restarts of growing population (IPOP; Auger & Hansen 2005, CEC 2005, 1769), in a box where one is given. */
import { BoundPenalty, nearestInside, type Bounds } from './bounds.ts';
import { CmaEs, defaultPopulation, type CmaOptions, type CmaStop } from './cmaes.ts';

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
  readonly restarts: number;
  readonly stop: CmaStop | 'maxeval' | 'target';
}

export interface MinimiseOptions extends CmaOptions {
  readonly maxEvaluations: number;
  /** Restarts from the same mean and σ, each with twice the population of the run before. Default 0. */
  readonly restarts?: number;
  /** Ends at this value. */
  readonly target?: number;
  /** The result lies in the box, and the function is evaluated nowhere else. */
  readonly bounds?: Bounds;
}

/** Minimises a batch objective: one call per generation. */
export async function minimise(
  evaluate: (points: readonly Float64Array[]) => Promise<readonly number[]>,
  options: MinimiseOptions,
): Promise<Minimum> {
  const { maxEvaluations, bounds, restarts = 0, target = -Infinity } = options;
  let evaluations = 0;
  let best: { x: Float64Array; value: number } = { x: options.mean, value: Infinity };
  let stop: Minimum['stop'] = 'maxeval';
  let run = 0;
  for (; run <= restarts; run++) {
    const base = options.populationSize ?? defaultPopulation(options.mean.length);
    const strategy = new CmaEs({ ...options, populationSize: base * 2 ** run });
    const penalty = bounds === undefined ? null : new BoundPenalty(bounds);
    stop = 'maxeval';
    while (evaluations + strategy.populationSize <= maxEvaluations) {
      const points = strategy.ask();
      const inside = bounds === undefined ? points : points.map((x) => nearestInside(x, bounds));
      const values = await evaluate(inside);
      evaluations += points.length;
      values.forEach((value, k) => {
        const x = inside[k];
        if (value < best.value && x !== undefined) best = { x: Float64Array.from(x), value };
      });
      strategy.tell(points, penalty === null ? values : penalty.penalised(points, values, strategy));
      const reason = best.value <= target ? 'target' : strategy.stop();
      if (reason !== null) {
        stop = reason;
        break;
      }
    }
    if (stop === 'target' || stop === 'maxeval') break;
  }
  return { ...best, evaluations, restarts: Math.min(run, restarts), stop };
}
