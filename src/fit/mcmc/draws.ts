/** The draws of a run, thinned as it grows so that any length fits in memory: plain data. */
import type { GroupedDraws } from '../../math/convergence.ts';
import type { SamplerState } from './target.ts';

export interface Draws {
  /** Every how many steps one is kept. */
  readonly every: number;
  /** Positions of all walkers, by kept step. */
  readonly kept: readonly SamplerState['groups'][];
}

export const NO_DRAWS: Draws = { every: 1, kept: [] };

/** Numbers kept at most: 32 MB. */
const CAPACITY = 4e6;

/** With the state after `steps` steps of sampling. At the capacity every second one is dropped. */
export function withDraw(draws: Draws, groups: SamplerState['groups'], steps: number): Draws {
  if (steps % draws.every !== 0) return draws;
  const kept = [...draws.kept, groups];
  const flat = groups.flat();
  const limit = Math.max(64, Math.floor(CAPACITY / (flat.length * (flat[0]?.length ?? 1))));
  return kept.length <= limit ? { ...draws, kept } : { every: 2 * draws.every, kept: kept.filter((_, t) => t % 2 === 1) };
}

/** One quantity of every draw, groups → walkers → draws, without the first `skip` kept steps. */
export function seriesOf(draws: Draws, skip: number, quantity: (point: Float64Array) => number): GroupedDraws {
  const used = draws.kept.slice(skip);
  const first = used[0] ?? [];
  return first.map((group, g) => group.map((_, w) => Float64Array.from(used, (groups) => quantity(groups[g]?.[w] ?? NOWHERE))));
}

const NOWHERE = new Float64Array(0);
