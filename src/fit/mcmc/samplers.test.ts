import { describe, expect, it } from 'vitest';
import { convergence } from '../../math/convergence.ts';
import { randomStream } from '../../math/random.ts';
import { correlatedGaussian, gradientOf, skewed, skewedQuantiles } from '../../testing/densities.ts';
import { startChains, stepChains } from './chains.ts';
import { startEnsembles, stepEnsembles, walkersFor } from './ensemble.ts';
import { gaussianOf } from './gaussian.ts';
import type { SamplerState, Target } from './target.ts';

const spread = (groups: number, walkers: number, dimension: number, seed: number, width = 1) => {
  const random = randomStream(seed, 1e6);
  return Array.from({ length: groups }, () =>
    Array.from({ length: walkers }, () => Float64Array.from({ length: dimension }, () => width * random.normal())),
  );
};
const identity = (n: number) => Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 1 : 0));
const unit = (n: number) => {
  const gaussian = gaussianOf(new Float64Array(n), identity(n));
  if (gaussian === null) throw new Error('the identity is positive definite');
  return gaussian;
};

/** Draws of coordinate `i` after `burn` steps: groups → walkers → draws. */
async function run<S extends SamplerState>(start: S, step: (state: S) => Promise<S>, burn: number, steps: number) {
  let state = start;
  const kept: S['groups'][] = [];
  for (let t = 0; t < burn + steps; t++) {
    state = await step(state);
    if (t >= burn) kept.push(state.groups);
  }
  const draws = (i: number) =>
    state.groups.map((group, g) => group.map((_, w) => Float64Array.from(kept, (groups) => groups[g]?.[w]?.[i] ?? NaN)));
  return { state, draws };
}

const samplers: Record<
  string,
  (target: Target, steps: number) => Promise<{ state: SamplerState; draws: (i: number) => Float64Array[][] }>
> = {
  ensemble: async (target, steps) => {
    const n = target.dimension;
    const start = await startEnsembles(target, 5, spread(4, walkersFor(n), n, 5, 0.5));
    return run(start, (state) => stepEnsembles(target, state), Math.floor(steps / 4), Math.floor(steps / 3));
  },
  'turns without gradient': async (target, steps) => {
    const n = target.dimension;
    const without: Target = { dimension: n, logDensity: (points) => target.logDensity(points) };
    const start = await startChains(without, { seed: 6, gaussian: unit(n), groups: spread(4, 1, n, 6, 0.5), windows: [50, 100, 200, 50] });
    return run(start, (state) => stepChains(without, state), 400, 6 * steps);
  },
  Hamiltonian: async (target, steps) => {
    const n = target.dimension;
    const start = await startChains(target, { seed: 7, gaussian: unit(n), groups: spread(4, 1, n, 7, 0.5), windows: [50, 100, 200, 50] });
    return run(start, (state) => stepChains(target, state), 400, 2 * steps);
  },
};

describe.each(Object.entries(samplers))('%s', (name, sample) => {
  it('draws a skewed density with a hard edge as numerical integration has it', async () => {
    const { draws } = await sample(skewed, 4000);
    const exact = skewedQuantiles([0.05, 0.16, 0.5, 0.84, 0.95]);
    for (const i of [0, 1]) {
      const series = draws(i);
      const { rhat, essBulk, essTail } = convergence(series);
      expect(rhat).toBeLessThan(1.05);
      const sorted = Float64Array.from(series.flat(2).flatMap((one) => Array.from(one))).sort();
      for (const { p, at } of exact[i] ?? []) {
        // The share of draws below the exact quantile, against its binomial error for as many independent draws.
        const share = sorted.filter((x) => x < at).length / sorted.length;
        expect(Math.abs(share - p), `${name}, x${String(i)}, ${String(p)}`).toBeLessThan(
          4 * Math.sqrt((p * (1 - p)) / Math.min(essBulk, essTail, sorted.length)) + 0.002,
        );
      }
    }
  });

  it('goes on to the same digits from a state that was stored', async () => {
    const { target } = correlatedGaussian(3);
    const two: Target = name === 'Hamiltonian' ? target : { dimension: 3, logDensity: (points) => target.logDensity(points) };
    if (name === 'ensemble') {
      const start = await startEnsembles(two, 3, spread(2, 10, 3, 3));
      const whole = await run(start, (s) => stepEnsembles(two, s), 0, 20);
      const half = await run(start, (s) => stepEnsembles(two, s), 0, 8);
      const rest = await run(structuredClone(half.state), (s) => stepEnsembles(two, s), 0, 12);
      expect(rest.state).toEqual(whole.state);
    } else {
      const start = await startChains(two, { seed: 3, gaussian: unit(3), groups: spread(4, 1, 3, 3), windows: [60, 20] });
      const whole = await run(start, (s) => stepChains(two, s), 0, 100);
      const half = await run(start, (s) => stepChains(two, s), 0, 37);
      const rest = await run(structuredClone(half.state), (s) => stepChains(two, s), 0, 63);
      expect(rest.state).toEqual(whole.state);
      expect(whole.state.gaussian).not.toEqual(start.gaussian);
    }
  });
});

describe('a correlated Gaussian in 33 dimensions', { timeout: 60_000 }, () => {
  it.each([
    ['ensemble', 3000],
    ['Hamiltonian', 750],
  ] as const)('%s: means within 0.1 σ, widths within 10 %%', async (name, steps) => {
    const { target, sigma } = correlatedGaussian(33);
    const sample = samplers[name];
    if (sample === undefined) throw new Error(name);
    const { draws, state } = await sample(target, steps);
    expect(state.accepted / state.proposed).toBeGreaterThan(0.1);
    for (let i = 0; i < 33; i++) {
      const all = draws(i)
        .flat()
        .flatMap((one) => Array.from(one));
      const mean = all.reduce((sum, x) => sum + x, 0) / all.length;
      const width = Math.sqrt(all.reduce((sum, x) => sum + (x - mean) ** 2, 0) / all.length);
      expect(Math.abs(mean) / (sigma[i] ?? NaN)).toBeLessThan(0.1);
      expect(Math.abs(width / (sigma[i] ?? NaN) - 1)).toBeLessThan(0.1);
    }
  });
});

describe('gradients of the test densities', () => {
  it('are those of finite differences', async () => {
    for (const target of [skewed, correlatedGaussian(5).target]) {
      const x = Float64Array.from({ length: target.dimension }, (_, i) => 0.3 + 0.1 * i);
      const numeric = await gradientOf(target, x);
      const [slope] = await target.logDensityAndGradient([x]);
      if (slope === undefined) throw new Error('no slope');
      slope.gradient.forEach((g, i) => {
        expect(g).toBeCloseTo(numeric[i] ?? NaN, 5);
      });
    }
  });
});
