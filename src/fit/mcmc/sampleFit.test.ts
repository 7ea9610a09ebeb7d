import { beforeAll, describe, expect, it } from 'vitest';
import type { FitOptions, FitProgress, FitResult } from '../../domain/fit.ts';
import type { LabelName } from '../../domain/labels.ts';
import type { Posterior } from '../../domain/posterior.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { simulateSpectrum } from '../../spectra/simulate.ts';
import { gradientOf } from '../../testing/densities.ts';
import { ToyEmulator, toyLabels } from '../../testing/toyEmulator.ts';
import { valueOf } from '../../testing/result.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from '../defaults.ts';
import { fitSpectrum } from '../fitSpectrum.ts';
import { Objective } from '../objective.ts';
import { Pacer } from '../pacer.ts';
import { poseProblem } from '../pose.ts';
import { prepareSpectrum } from '../prepare.ts';
import { posteriorTarget } from './posteriorTarget.ts';
import type { SamplingRun } from './run.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'feh', 'Mg', 'Ca'];
const toy = new ToyEmulator({ labels: LABELS, from: 4950, to: 5350, linesPerElement: 8 });
const exact = { ...DEFAULT_TUNING, errorFloor: () => 0, observedMasks: [] };
const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'mcmc', range: [5000, 5300], knotSpacing: 200 };
const TRUTH = toyLabels(toy, [5400, 3.9, 1.1, -0.4], (i) => (i % 2 === 0 ? 0.1 : -0.1));

async function observe(snr: number): Promise<Spectrum> {
  const [flux] = await toy.predict([TRUTH]);
  if (flux === undefined) throw new Error('no flux');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  return simulateSpectrum({ flux, grid: toy.info.grid, resolvingPower: 5000 }, { id: 'toy', lsf, snr, rv: 40, seed: 1 });
}
const fit = async (spectrum: Spectrum, more: Partial<FitOptions> = {}, onProgress?: (progress: FitProgress) => void) =>
  valueOf(await fitSpectrum(spectrum, toy, { ...options, ...more }, onProgress === undefined ? {} : { onProgress }, exact));

describe('the posterior as a target', () => {
  it('has the gradient that differences find, inside and in the wall, and ends where the wall has used up its mass', async () => {
    const spectrum = await observe(60);
    const prepared = valueOf(prepareSpectrum(spectrum, toy.info, options, exact));
    const weight = prepared.ivar.map((w, p) => (prepared.good[p] === 1 ? w : 0));
    const pacer = new Pacer(undefined);
    const problem = poseProblem(spectrum, prepared, { weight, reason: prepared.reason }, toy.info, options, exact);
    const objective = new Objective(toy, problem, pacer);
    const target = posteriorTarget(objective, 1.3, pacer, toy);
    const inside = objective.pack(TRUTH, objective.first.nuisances.start(40));
    inside.forEach((value, i) => (inside[i] = value + 0.02 * Math.sin(1 + i)));
    const within = inside.slice();
    within[2] = 1.015;
    for (const z of [inside, within]) {
      const [slope] = (await target.logDensityAndGradient?.([z])) ?? [];
      const [value] = await target.logDensity([z]);
      expect(slope?.value).toBe(value);
      const numeric = await gradientOf(target, z, 2e-4);
      const scale = Math.hypot(...numeric);
      numeric.forEach((g, i) => {
        expect(Math.abs((slope?.gradient[i] ?? NaN) - g) / scale, String(i)).toBeLessThan(3e-3);
      });
    }
    // exp(−½ (x/σ)²) from 0 on holds σ √(π/2); beside the wall the density is as it would be without one.
    const edge = 1 + exact.wallSigma * Math.sqrt(Math.PI / 2);
    expect([target.box?.upper[2], target.box?.lower[2]]).toEqual([edge, -edge]);
    const beyond = inside.slice();
    beyond[2] = edge + 1e-6;
    expect(await target.logDensity([beyond])).toEqual(Float64Array.of(-Infinity));
  });
});

describe('a sampled fit', { timeout: 600_000 }, () => {
  let spectrum: Spectrum;
  let laplace: FitResult;
  let turns: FitResult;
  const seen: FitProgress[] = [];
  const posteriorOf = ({ posterior }: FitResult): Posterior => {
    if (posterior === undefined) throw new Error('no posterior');
    return posterior;
  };
  beforeAll(async () => {
    spectrum = await observe(150);
    laplace = await fit(spectrum, { method: 'lm' });
    turns = await fit(spectrum, { sampler: 'turns' }, (progress) => seen.push(progress));
  }, 600_000);

  const expectLaplace = (result: FitResult) => {
    const posterior = posteriorOf(result);
    expect(result.converged).toBe(true);
    expect(posterior.acceptance).toBeGreaterThan(0.1);
    posterior.labels.forEach((label, i) => {
      expect(label.rhat).toBeLessThan(1.01);
      expect(label.essBulk).toBeGreaterThanOrEqual(400);
      expect(label.quantiles.every((q, k) => k === 0 || q > (label.quantiles[k - 1] ?? NaN))).toBe(true);
      const before = laplace.labels[i];
      if (before === undefined) throw new Error('no label');
      expect(Math.abs(label.mean - before.value) / before.sigma, label.name).toBeLessThan(0.3);
      expect(Math.abs(label.sigma / before.sigma - 1), label.name).toBeLessThan(0.2);
      expect(result.labels[i]?.value).toBeCloseTo(label.mean, 9);
      expect(result.labels[i]?.sigma).toBeCloseTo(label.sigma, 9);
      expect(posterior.sample.draws[i]?.length).toBe(posterior.sample.draws[0]?.length);
    });
    expect(Math.abs(result.rv.value - laplace.rv.value) / laplace.rv.sigma).toBeLessThan(0.3);
  };

  it('by turns, at high S/N, it is what the Fisher matrix says', () => {
    expectLaplace(turns);
  });

  it('and by the emulator’s gradient', async () => {
    const result = await fit(spectrum, { sampler: 'hamiltonian' });
    expectLaplace(result);
    expect(posteriorOf(result).sampler).toBe('hamiltonian');
  });

  it('says on the way how far the evidence is, and shows the chains', () => {
    const sampling = seen.filter(({ stage }) => stage === 'sampling');
    expect(sampling.length).toBeGreaterThan(0);
    for (const { sampling: progress } of sampling) for (const { chains } of progress?.traces ?? []) expect(chains.length).toBe(4);
    seen.reduce((before, { fraction }) => {
      expect(fraction).toBeGreaterThanOrEqual(before);
      return fraction;
    }, 0);
  });

  it('an ensemble that runs out of its budget says so, label by label', async () => {
    const result = await fit(spectrum, { sampler: 'ensemble', maxSampled: 4000 });
    expect(posteriorOf(result).sampler).toBe('ensemble');
    expect(result.converged).toBe(false);
    expect(result.labels.some(({ flags }) => flags[0] === 'not-converged')).toBe(true);
    expect(result.warnings.join()).toMatch(/without R̂ < 1.01 and 400 effective draws for \d+ labels/);
  });

  it('from a run that was stored it goes on to the same digits', async () => {
    const stored: SamplingRun[] = [];
    const hooks = { onCheckpoint: (run: SamplingRun) => stored.push(structuredClone(run)) };
    await fitSpectrum(spectrum, toy, { ...options, sampler: 'turns', maxSampled: 2200 }, hooks, exact);
    const [run] = stored;
    if (run === undefined) throw new Error('nothing was stored');
    const rest = valueOf(await fitSpectrum(spectrum, toy, { ...options, sampler: 'turns' }, { resume: run }, exact));
    expect(rest.posterior).toEqual(turns.posterior);
    expect(rest.labels).toEqual(turns.labels);
  });
});
