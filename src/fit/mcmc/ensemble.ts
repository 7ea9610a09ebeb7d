/**
 * Affine-invariant ensembles (Goodman & Weare 2010) in the parallel form of Foreman-Mackey et al. (2013), several at once and independent
 * of one another, so that their agreement can be tested. The halves of all ensembles that move together are one batch.
 */
import { randomStream } from '../../math/random.ts';
import { chooseMove } from './moves.ts';
import type { SamplerState, Target } from './target.ts';
import { finiteOrNever } from './target.ts';

export interface EnsembleState extends SamplerState {
  readonly kind: 'ensemble';
  /** ln density by group and walker. */
  readonly values: readonly Float64Array[];
}

/** Walkers that an ensemble needs in a space of this many dimensions: each half must span it by its differences. */
export const walkersFor = (dimension: number): number => 2 * Math.max(4, dimension + 2);

export async function startEnsembles(target: Target, seed: number, groups: readonly (readonly Float64Array[])[]): Promise<EnsembleState> {
  const flat = await target.logDensity(groups.flat());
  let at = 0;
  const values = groups.map((group) => flat.slice(at, (at += group.length)).map(finiteOrNever));
  return { kind: 'ensemble', seed, step: 0, groups, values, accepted: 0, proposed: 0 };
}

/** One step: both halves of every ensemble once. The state that was given is left as it was. */
export async function stepEnsembles(target: Target, state: EnsembleState): Promise<EnsembleState> {
  const random = randomStream(state.seed, state.step);
  const groups = state.groups.map((group) => [...group]);
  const values = state.values.map((one) => one.slice());
  let accepted = 0;
  let proposed = 0;
  for (const half of [0, 1]) {
    const proposals = groups.flatMap((group, g) => {
      const middle = group.length >> 1;
      const [from, to] = half === 0 ? [0, middle] : [middle, group.length];
      const others = half === 0 ? group.slice(middle) : group.slice(0, middle);
      const move = chooseMove(random);
      return group.slice(from, to).map((point, k) => ({ g, walker: from + k, ...move(point, others, random) }));
    });
    const found = await target.logDensity(proposals.map(({ point }) => point));
    proposals.forEach(({ g, walker, point, logFactor }, k) => {
      const value = finiteOrNever(found[k]);
      const own = values[g];
      const group = groups[g];
      const before = own?.[walker] ?? -Infinity;
      proposed++;
      // Drawn whether it decides or not, so that one walker's fate does not change the numbers of the next.
      const threshold = Math.log(random.uniform());
      if (own === undefined || group === undefined || value === -Infinity || !(threshold < logFactor + value - before)) return;
      own[walker] = value;
      group[walker] = point;
      accepted++;
    });
  }
  return {
    ...state,
    step: state.step + 1,
    groups,
    values,
    accepted: state.accepted + accepted,
    proposed: state.proposed + proposed,
  };
}
