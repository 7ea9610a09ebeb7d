import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { convergence } from '../../math/convergence.ts';
import { randomStream } from '../../math/random.ts';
import { correlatedGaussian, gradientOf, skewed, skewedQuantiles } from '../../testing/densities.ts';
import { describeWithPython } from '../../testing/python.ts';
import { startChains, stepChains } from './chains.ts';
import { startEnsembles, stepEnsembles, walkersFor } from './ensemble.ts';
import { fromUnit, gaussianOf, normalVector } from './gaussian.ts';
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

describe('a correlated Gaussian in a box', () => {
  const { target, covariance } = correlatedGaussian(4, 8);
  const gaussian = gaussianOf(Float64Array.of(0.2, 0, 0, -0.1), covariance) ?? unit(4);
  const box = { lower: Float64Array.of(-0.3, -Infinity, -0.5, -1), upper: Float64Array.of(0.6, 0.4, Infinity, 3) };
  const inside = (x: Float64Array) => x.every((value, i) => value > (box.lower[i] ?? NaN) && value < (box.upper[i] ?? NaN));

  it.each(['turns without gradient', 'Hamiltonian'])('%s: its moments are those of draws that fell inside', async (name) => {
    const walled = (points: readonly Float64Array[]) =>
      target.logDensity(points).then((values) => values.map((value, k) => (inside(points[k] ?? box.lower) ? value : -Infinity)));
    const boxed: Target = name === 'Hamiltonian' ? { ...target, box, logDensity: walled } : { dimension: 4, box, logDensity: walled };
    // The Gaussian is off the density's mean: there are kicks, and rejections.
    const origin = new Float64Array(4);
    const groups = Array.from({ length: 8 }, () => [origin]);
    const start = await startChains(boxed, { seed: 4, gaussian, groups, windows: [20] });
    const { draws } = await run(start, (state) => stepChains(boxed, state), 100, 4000);
    const exact = gaussianOf(origin, covariance) ?? unit(4);
    const random = randomStream(2, 7);
    const direct: Float64Array[] = [];
    while (direct.length < 40_000) {
      const x = fromUnit(exact, normalVector(4, random));
      if (inside(x)) direct.push(x);
    }
    for (let i = 0; i < 4; i++) {
      const found = draws(i)
        .flat()
        .flatMap((one) => Array.from(one));
      expect(Math.min(...found)).toBeGreaterThanOrEqual(box.lower[i] ?? NaN);
      expect(Math.max(...found)).toBeLessThanOrEqual(box.upper[i] ?? NaN);
      const sorted = direct.map((x) => x[i] ?? NaN).sort((a, b) => a - b);
      const { essBulk } = convergence(draws(i));
      for (const p of [0.05, 0.25, 0.5, 0.75, 0.95]) {
        const edge = sorted[Math.floor(p * sorted.length)] ?? NaN;
        const share = found.filter((x) => x < edge).length / found.length;
        expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / Math.min(essBulk, found.length)) + 0.005);
      }
    }
  });

  it('where the Gaussian is exact every turn is accepted, walls or not', async () => {
    const exact = gaussianOf(new Float64Array(4), covariance) ?? unit(4);
    const boxed: Target = { ...target, box };
    const groups = Array.from({ length: 4 }, () => [new Float64Array(4)]);
    const start = await startChains(boxed, { seed: 4, gaussian: exact, groups, windows: [5] });
    const { state } = await run(start, (at) => stepChains(boxed, at), 5, 300);
    expect(state.accepted / state.proposed).toBeGreaterThan(0.999);
    expect(state.groups.flat().every(inside)).toBe(true);
  });
});

interface Moments {
  readonly mean: readonly number[];
  readonly sigma: readonly number[];
}

describe('a correlated Gaussian in 33 dimensions', { timeout: 600_000 }, () => {
  const { target, sigma, covariance } = correlatedGaussian(33);
  const moments = async (name: 'ensemble' | 'Hamiltonian', steps: number): Promise<Moments> => {
    const { draws } = await (samplers[name] ?? failing)(target, steps);
    const all = Array.from(sigma, (_, i) =>
      draws(i)
        .flat()
        .flatMap((one) => Array.from(one)),
    );
    const mean = all.map((one) => one.reduce((sum, x) => sum + x, 0) / one.length);
    return {
      mean,
      sigma: all.map((one, i) => Math.sqrt(one.reduce((sum, x) => sum + (x - (mean[i] ?? NaN)) ** 2, 0) / one.length)),
    };
  };
  const failing = () => Promise.reject(new Error('no such sampler'));
  const expectSame = (found: Moments, wanted: Moments) => {
    wanted.mean.forEach((mean, i) => {
      expect(Math.abs((found.mean[i] ?? NaN) - mean) / (sigma[i] ?? NaN)).toBeLessThan(0.1);
      expect(Math.abs((found.sigma[i] ?? NaN) / (wanted.sigma[i] ?? NaN) - 1)).toBeLessThan(0.1);
    });
  };
  const truth: Moments = { mean: Array.from(sigma, () => 0), sigma: Array.from(sigma) };
  let ensemble: Moments;

  it('the ensemble has its means to 0.1 σ and its widths to 10 %', async () => {
    ensemble = await moments('ensemble', 3000);
    expectSame(ensemble, truth);
  });

  it('so have Hamiltonian chains', async () => {
    expectSame(await moments('Hamiltonian', 750), truth);
  });

  describeWithPython('and emcee', ['emcee'], (python) => {
    it('has the same', () => {
      expectSame(ensemble, momentsByEmcee(python, covariance));
    });
  });
});

function momentsByEmcee(python: string, covariance: Float64Array): Moments {
  const program = `
import json, sys
import emcee, numpy as np
n = 33
precision = np.linalg.inv(np.array(json.load(sys.stdin)).reshape(n, n))
np.random.seed(1)
# Without emcee's snooker move, whose Jacobian is wrong (3.1.4).
moves = [(emcee.moves.DEMove(), 0.7), (emcee.moves.StretchMove(), 0.2), (emcee.moves.DEMove(gamma0=1.0), 0.1)]
sampler = emcee.EnsembleSampler(140, n, lambda x: -0.5 * np.einsum('wi,ij,wj->w', x, precision, x, optimize=True), vectorize=True, moves=moves)
sampler.run_mcmc(0.5 * np.random.randn(140, n), 4000)
draws = sampler.get_chain(discard=1000, flat=True)
print(json.dumps({'mean': draws.mean(0).tolist(), 'sigma': draws.std(0).tolist()}))
`;
  const input = JSON.stringify(Array.from(covariance));
  const { stdout, stderr, status } = spawnSync(python, ['-c', program], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const numbers = z.array(z.number());
  return z.object({ mean: numbers, sigma: numbers }).parse(JSON.parse(stdout));
}

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
