/** What every sampler can do; one table of them, by name. */
import type { SamplerName } from '../../domain/posterior.ts';
import type { ChainState } from './chains.ts';
import { startChains, stepChains } from './chains.ts';
import type { EnsembleState } from './ensemble.ts';
import { startEnsembles, stepEnsembles, walkersFor } from './ensemble.ts';
import type { Gaussian } from './gaussian.ts';
import type { SamplerState, Target } from './target.ts';

/** Where any sampler stands: plain data. */
export type AnyState = ChainState | EnsembleState;

export interface Sampler {
  /** Whether it asks the target for gradients. */
  readonly gradients: boolean;
  /** Share of the kept steps that is left out whenever they are looked at, because it forgets where it began only in its course. */
  readonly warmShare: number;
  /** Walkers of one of its independent groups, in this many dimensions. */
  walkers(dimension: number): number;
  /** `gaussian`: a stand-in for the posterior, e.g. by Laplace's method; `groups`: where the walkers start. */
  start(target: Target, seed: number, gaussian: Gaussian, groups: SamplerState['groups']): Promise<AnyState>;
  /** One step of every walker; the state that was given is left as it was. Throws for a state that is not its own. */
  step(target: Target, state: AnyState): Promise<AnyState>;
  /** Whether the state is one of its own, which `step` can take on. */
  owns(state: AnyState): boolean;
  /** Whether draws of this state do not count yet. */
  isWarmingUp(state: AnyState): boolean;
}

const foreign = (state: AnyState): Error => new Error(`a state of kind ${state.kind} belongs to another sampler`);

const chains = (gradients: boolean): Sampler => ({
  gradients,
  warmShare: 0,
  walkers: () => 1,
  start: (target, seed, gaussian, groups) => startChains(target, { seed, gaussian, groups }),
  step: (target, state) => (state.kind === 'chains' ? stepChains(target, state) : Promise.reject(foreign(state))),
  owns: (state) => state.kind === 'chains' && state.gradients === gradients,
  isWarmingUp: (state) => state.kind === 'chains' && state.windows.length > 0,
});

const ensemble: Sampler = {
  gradients: false,
  warmShare: 0.25,
  walkers: walkersFor,
  start: (target, seed, _, groups) => startEnsembles(target, seed, groups),
  step: (target, state) => (state.kind === 'ensemble' ? stepEnsembles(target, state) : Promise.reject(foreign(state))),
  owns: (state) => state.kind === 'ensemble',
  isWarmingUp: () => false,
};

const TABLE: Readonly<Record<SamplerName, Sampler>> = { hamiltonian: chains(true), turns: chains(false), ensemble };

export const samplerNamed = (name: SamplerName): Sampler => TABLE[name];

/** The sampler that a state belongs to. */
export function samplerOf(state: AnyState): Sampler {
  const found = Object.values(TABLE).find((sampler) => sampler.owns(state));
  if (found === undefined) throw foreign(state);
  return found;
}
