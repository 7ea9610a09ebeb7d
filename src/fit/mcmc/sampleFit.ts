/**
 * From an optimum to a posterior: walkers start from Laplace's approximation there, a Gaussian with the Fisher covariance, which is also
 * what the chains turn in.
 */
import type { Emulator } from '../../domain/emulator.ts';
import type { FitOptions } from '../../domain/fit.ts';
import { FEWEST_EFFECTIVE, RHAT_LIMIT, type Posterior, type SamplingProgress } from '../../domain/posterior.ts';
import { randomStream } from '../../math/random.ts';
import { uncertaintyAt } from '../fisher.ts';
import { DEFAULT_SAMPLER } from '../methods.ts';
import type { Linearised, Objective } from '../objective.ts';
import type { Pacer } from '../pacer.ts';
import { seriesOf } from './draws.ts';
import type { Gaussian } from './gaussian.ts';
import { fromUnit, gaussianOf, normalVector } from './gaussian.ts';
import { boxOf, overhang, posteriorTarget } from './posteriorTarget.ts';
import type { SamplingRun } from './run.ts';
import { sampleUntilConverged, skipOf, startRun } from './run.ts';
import { samplerNamed, type Sampler } from './sampler.ts';
import { plottedChains, posteriorOf } from './summary.ts';
import type { Target } from './target.ts';

/** Independent chains, or ensembles: the fewest with which R̂ means something. */
const GROUPS = 4;
/** Spectra. */
export const DEFAULT_BUDGET = 60_000;
/** Substream of the starts; steps count from 0. */
const STARTS = 2 ** 31;
/** Labels in the live plot, and draws of each chain in it. */
const TRACED = 4;
const TRACE_LENGTH = 250;
const TRACE_INTERVAL_MS = 500;
/** Between checkpoints at most: what a reload may cost. */
const CHECKPOINT_INTERVAL_MS = 5000;

export interface SampledFit {
  readonly posterior: Posterior;
  readonly run: SamplingRun;
  /** Mean and σ of the mean velocity over the draws, km/s. */
  readonly rv: { readonly value: number; readonly sigma: number };
}

export interface SampleHooks {
  /** A run that was stored: taken up if it is of this fit's seed, sampler and size. */
  readonly resume?: SamplingRun;
  /** The run to store: after every check, and every few seconds. */
  readonly onCheckpoint?: (run: SamplingRun) => void;
  /** At most twice a second; `fraction` 0…1, never falling. */
  readonly onProgress: (progress: SamplingProgress, message: string, fraction: number) => void;
}

/** Null where the Fisher matrix at the optimum cannot be inverted. */
export async function sampleFit(
  objective: Objective,
  optimum: Linearised,
  emulator: Emulator,
  options: FitOptions,
  pacer: Pacer,
  hooks: SampleHooks,
): Promise<SampledFit | null> {
  const inflation = Math.max(1, optimum.chi2 / objective.freedom());
  const laplace = uncertaintyAt(objective, optimum, inflation);
  const gaussian = laplace === null ? null : gaussianOf(optimum.z, laplace.scaled);
  if (gaussian === null) return null;
  const name = options.sampler ?? DEFAULT_SAMPLER;
  const sampler = samplerNamed(name);
  const target = posteriorTarget(objective, inflation, pacer, sampler.gradients ? emulator : null);
  const resumed = hooks.resume !== undefined && isResumable(hooks.resume, sampler, options.seed, objective.size) ? hooks.resume : null;
  const start = resumed ?? startRun(await startState(target, sampler, options.seed, gaussian, objective));

  const before = objective.evaluations;
  const budget = options.maxSampled ?? DEFAULT_BUDGET;
  let last = -Infinity;
  let reached = 0;
  let stored = -Infinity;
  const store = (run: SamplingRun) => {
    stored = performance.now();
    hooks.onCheckpoint?.(run);
  };
  const tell = (run: SamplingRun) => {
    const now = performance.now();
    if (now - stored > CHECKPOINT_INTERVAL_MS) store(run);
    if (now - last < TRACE_INTERVAL_MS) return;
    last = now;
    const progress = progressOf(objective, run);
    reached = Math.max(reached, fractionOf(progress, (objective.evaluations - before) / budget));
    hooks.onProgress(progress, describe(run, progress), reached);
  };
  const run = await sampleUntilConverged(target, start, {
    labels: objective.labelCount,
    spent: () => objective.evaluations - before >= budget,
    pause: pacer.pause,
    onStep: tell,
    onCheck: store,
  });
  return { posterior: posteriorOf(objective, run, name), run, rv: velocityOf(objective, run) };
}

/** Whether a stored run goes on as this fit would: by the same sampler and seed, in as many parameters. */
const isResumable = ({ state }: SamplingRun, sampler: Sampler, seed: number, size: number): boolean =>
  state.seed === seed && state.groups[0]?.[0]?.length === size && sampler.owns(state);

async function startState(target: Target, sampler: Sampler, seed: number, gaussian: Gaussian, objective: Objective) {
  const random = randomStream(seed, STARTS);
  const { lower, upper } = boxOf(objective);
  // The optimum may lie in the soft wall, of a label or of a condition that joins two: a walker that starts there would have no density.
  const inBox = (z: Float64Array) => z.map((value, i) => Math.min(0.999 * (upper[i] ?? NaN), Math.max(0.999 * (lower[i] ?? NaN), value)));
  const inside = (z: Float64Array) => inBox(objective.prior.intoRegion(inBox(objective.bounded(z)), 0.9 * overhang(objective)));
  const walker = (): Float64Array => inside(fromUnit(gaussian, normalVector(target.dimension, random)));
  const groups = Array.from({ length: GROUPS }, () => Array.from({ length: sampler.walkers(target.dimension) }, walker));
  return sampler.start(target, seed, gaussian, groups);
}

function velocityOf(objective: Objective, run: SamplingRun): SampledFit['rv'] {
  const draws = seriesOf(run.draws, skipOf(run), (z) => objective.first.nuisances.meanVelocity(objective.nuisancesOf(z)))
    .flat()
    .flatMap((one) => Array.from(one));
  const value = draws.reduce((sum, v) => sum + v, 0) / draws.length;
  return { value, sigma: Math.sqrt(draws.reduce((sum, v) => sum + (v - value) ** 2, 0) / (draws.length - 1)) };
}

function progressOf(objective: Objective, run: SamplingRun): SamplingProgress {
  const { labels } = objective.info;
  const worst = (value: (i: number) => number) => {
    const values = run.checked.map((_, i) => ({ label: labels[i]?.name ?? '', value: value(i) })).filter((one) => !Number.isNaN(one.value));
    return values.sort((a, b) => b.value - a.value)[0] ?? null;
  };
  const fewest = worst((i) => -(run.checked[i]?.essBulk ?? NaN));
  const chains = plottedChains(run.draws, 0, TRACE_LENGTH);
  return {
    step: run.state.step,
    worstRhat: worst((i) => run.checked[i]?.rhat ?? NaN),
    worstEss: fewest === null ? null : { ...fewest, value: -fewest.value },
    traces: (chains.length === 0 ? [] : labels.slice(0, TRACED)).map(({ name, centre, halfRange }, i) => ({
      label: name,
      chains: chains.map((chain) => Float64Array.from(chain, (z) => centre + halfRange * (z[i] ?? NaN))),
    })),
  };
}

function describe(run: SamplingRun, { worstRhat, worstEss }: SamplingProgress): string {
  if (run.steps === 0) return `MCMC, warming up, step ${String(run.state.step)}`;
  const evidence =
    worstRhat === null || worstEss === null
      ? ''
      : `: worst R̂ ${worstRhat.value.toFixed(3)} (${worstRhat.label}, wanted < ${String(RHAT_LIMIT)}), fewest effective draws ${worstEss.value.toFixed(0)} (${worstEss.label}, wanted ${String(FEWEST_EFFECTIVE)})`;
  return `MCMC, step ${String(run.state.step)}${evidence}`;
}

/** Whichever comes first: enough draws, or the end of the budget. */
function fractionOf({ worstEss }: SamplingProgress, ofBudget: number): number {
  return Math.min(1, Math.max(ofBudget, (worstEss?.value ?? 0) / FEWEST_EFFECTIVE));
}
