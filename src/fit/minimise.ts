/** Minimisation by CMA-ES with restarts of growing population (IPOP; Auger & Hansen 2005, CEC 2005, 1769). */
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
  /** Stops after which a run has arrived and none follows, beside `target`. Default: none. */
  readonly arrived?: readonly CmaStop[];
  /** Ends at this value. */
  readonly target?: number;
}

/** Minimises a batch objective: one call per generation. */
export async function minimise(
  evaluate: (points: readonly Float64Array[]) => Promise<readonly number[]>,
  options: MinimiseOptions,
): Promise<Minimum> {
  const { maxEvaluations, restarts = 0, arrived = [], target = -Infinity } = options;
  const last = new Set<Minimum['stop']>([...arrived, 'target', 'maxeval']);
  let evaluations = 0;
  let best: { x: Float64Array; value: number } = { x: options.mean, value: Infinity };
  let stop: Minimum['stop'] = 'maxeval';
  let run = 0;
  for (; run <= restarts; run++) {
    const base = options.populationSize ?? defaultPopulation(options.mean.length);
    const strategy = new CmaEs({ ...options, populationSize: base * 2 ** run });
    stop = 'maxeval';
    while (evaluations + strategy.populationSize <= maxEvaluations) {
      const points = strategy.ask();
      const values = await evaluate(points);
      evaluations += points.length;
      values.forEach((value, k) => {
        const x = points[k];
        if (value < best.value && x !== undefined) best = { x: Float64Array.from(x), value };
      });
      strategy.tell(points, values);
      const reason = best.value <= target ? 'target' : strategy.stop();
      if (reason !== null) {
        stop = reason;
        break;
      }
    }
    if (last.has(stop)) break;
  }
  return { ...best, evaluations, restarts: Math.min(run, restarts), stop };
}
