/**
 * Samples until the evidence is there: R̂ < 1.01 and a bulk effective size of 400 for every label (Vehtari et al. 2021), or a budget is
 * spent. A run is plain data and goes on from where it was stored.
 */
import { FEWEST_EFFECTIVE, RHAT_LIMIT } from '../../domain/posterior.ts';
import type { Convergence } from '../../math/convergence.ts';
import { convergence } from '../../math/convergence.ts';
import type { Draws } from './draws.ts';
import { NO_DRAWS, seriesOf, withDraw } from './draws.ts';
import { samplerOf, type AnyState } from './sampler.ts';
import type { Target } from './target.ts';

export interface SamplingRun {
  readonly state: AnyState;
  /** After warm-up (chains); ensembles warm up within them. */
  readonly draws: Draws;
  /** Steps since the draws began. */
  readonly steps: number;
  /** Diagnostics of each label at the last check; empty before the first. */
  readonly checked: readonly Convergence[];
  /** Steps at which the next check is due. */
  readonly nextCheck: number;
}

/** Whether a value that was stored can be a run: its outermost shape. */
export const isSamplingRun = (value: unknown): value is SamplingRun =>
  typeof value === 'object' && value !== null && ['state', 'draws', 'steps', 'checked', 'nextCheck'].every((key) => key in value);

export const startRun = (state: SamplingRun['state']): SamplingRun => ({
  state,
  draws: NO_DRAWS,
  steps: 0,
  checked: [],
  nextCheck: FIRST_CHECK,
});

const FIRST_CHECK = 100;
/** Checks come when the run has grown by this factor: their cost stays a small share. */
const GROWTH = 1.15;

/** Kept steps to leave out. */
export const skipOf = ({ state, draws }: SamplingRun): number => Math.ceil(samplerOf(state).warmShare * draws.kept.length);

export const isConverged = ({ rhat, essBulk }: Convergence): boolean => rhat < RHAT_LIMIT && essBulk >= FEWEST_EFFECTIVE;

export interface RunHooks {
  /** The first this many coordinates are labels: the others may mix as they like. */
  readonly labels: number;
  /** True once the budget is spent. */
  readonly spent: () => boolean;
  /** Between pieces of work; may throw to end it. */
  readonly pause: () => Promise<void>;
  readonly onStep?: (run: SamplingRun) => void;
  readonly onCheck?: (run: SamplingRun) => void;
}

/** The run at its end: converged, or with the budget spent and a last check. */
export async function sampleUntilConverged(target: Target, start: SamplingRun, hooks: RunHooks): Promise<SamplingRun> {
  let run = start;
  for (;;) {
    const last = hooks.spent();
    if (!last) {
      run = await advance(target, run);
      hooks.onStep?.(run);
    }
    if (last || run.steps >= run.nextCheck) {
      run = await check(run, hooks);
      hooks.onCheck?.(run);
      if (last || run.checked.every(isConverged)) return run;
    }
    await hooks.pause();
  }
}

async function advance(target: Target, run: SamplingRun): Promise<SamplingRun> {
  const sampler = samplerOf(run.state);
  const warmingUp = sampler.isWarmingUp(run.state);
  const state = await sampler.step(target, run.state);
  if (warmingUp) return { ...run, state };
  return { ...run, state, steps: run.steps + 1, draws: withDraw(run.draws, state.groups, run.steps + 1) };
}

async function check(run: SamplingRun, hooks: RunHooks): Promise<SamplingRun> {
  const checked: Convergence[] = [];
  for (let i = 0; i < hooks.labels; i++) {
    checked.push(convergence(seriesOf(run.draws, skipOf(run), (point) => point[i] ?? NaN)));
    await hooks.pause();
  }
  return { ...run, checked, nextCheck: Math.ceil(GROWTH * run.steps) };
}
