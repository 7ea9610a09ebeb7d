/** Standard functions of the literature, and how both implementations of CMA-ES are run on them; cmaes_reference.py has the same four. */
import { minimise } from '../../src/fit/minimise.ts';
import { defaultPopulation } from '../../src/fit/cmaes.ts';
import { randomStream } from '../../src/math/random.ts';

const at = (x: ArrayLike<number>, i: number): number => x[i] ?? NaN;
const sum = (x: Float64Array, term: (value: number, i: number) => number): number =>
  x.reduce((total, value, i) => total + term(value, i), 0);

const FUNCTIONS = {
  sphere: (x: Float64Array) => sum(x, (v) => v * v),
  ellipsoid: (x: Float64Array) => sum(x, (v, i) => 10 ** ((6 * i) / (x.length - 1)) * v * v),
  rosenbrock: (x: Float64Array) => sum(x.subarray(1), (v, i) => 100 * (v - at(x, i) ** 2) ** 2 + (1 - at(x, i)) ** 2),
  rastrigin: (x: Float64Array) => sum(x, (v) => v * v - 10 * Math.cos(2 * Math.PI * v) + 10),
};
type FunctionName = keyof typeof FUNCTIONS;

export interface Case {
  readonly case: string;
  readonly function: FunctionName;
  readonly n: number;
  /** Every coordinate of the initial mean. */
  readonly start: number;
  readonly sigma: number;
  readonly target: number;
  /** Of the first run; each restart doubles it. */
  readonly population: number;
  readonly restarts: number;
  readonly maxEvaluations: number;
}

const TARGET = 1e-8;

function standard(
  name: FunctionName,
  n: number,
  start: number,
  sigma: number,
  maxEvaluations: number,
  population = defaultPopulation(n),
): Case {
  return { case: `${name}, ${String(n)}-D`, function: name, n, start, sigma, target: TARGET, population, restarts: 4, maxEvaluations };
}

export const CASES: readonly Case[] = [
  standard('sphere', 10, 1, 0.5, 20_000),
  standard('sphere', 33, 1, 0.5, 50_000),
  standard('ellipsoid', 10, 1, 0.5, 50_000),
  standard('ellipsoid', 33, 1, 0.5, 200_000),
  standard('rosenbrock', 10, 0, 0.3, 100_000),
  standard('rosenbrock', 33, 0, 0.3, 300_000),
  standard('rastrigin', 10, 3, 2, 200_000, 80),
  // Smaller populations end in one of the 10³³ other minima.
  standard('rastrigin', 33, 3, 2, 400_000, 400),
];

/** One run of ours: evaluations spent, and whether the target was reached. */
export async function ourRun(one: Case, seed: number): Promise<{ evaluations: number; reached: boolean }> {
  const f = FUNCTIONS[one.function];
  const { evaluations, stop } = await minimise((points) => Promise.resolve(points.map(f)), {
    mean: new Float64Array(one.n).fill(one.start),
    sigma: one.sigma,
    random: randomStream(seed),
    populationSize: one.population,
    restarts: one.restarts,
    target: one.target,
    maxEvaluations: one.maxEvaluations,
  });
  return { evaluations, reached: stop === 'target' };
}
