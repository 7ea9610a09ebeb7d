/**
 * Proposals of an ensemble: one half is moved with the other, which stands still meanwhile, as its source of directions and scales
 * (Foreman-Mackey et al. 2013), so that each half is one batch.
 */
import type { RandomStream } from '../../math/random.ts';

export interface Proposal {
  readonly point: Float64Array;
  /** ln of the factor beside the ratio of densities in the acceptance. */
  readonly logFactor: number;
}

export type Move = (point: Float64Array, others: readonly Float64Array[], random: RandomStream) => Proposal;

const pick = <T>(from: readonly T[], random: RandomStream): T => {
  const chosen = from[Math.floor(from.length * random.uniform())];
  if (chosen === undefined) throw new Error('an ensemble needs walkers to choose from');
  return chosen;
};

/** A few different ones; there must be enough. */
function pickDistinct(from: readonly Float64Array[], count: number, random: RandomStream): Float64Array[] {
  const chosen = new Set<Float64Array>();
  while (chosen.size < count) chosen.add(pick(from, random));
  return [...chosen];
}

/** The stretch move of Goodman & Weare (2010), a = 2: along the line through another walker, z of density ∝ 1/√z on [1/a, a]. */
export const stretch: Move = (point, others, random) => {
  const anchor = pick(others, random);
  const z = (1 + random.uniform()) ** 2 / 2;
  return { point: point.map((x, i) => (anchor[i] ?? 0) + z * (x - (anchor[i] ?? 0))), logFactor: (point.length - 1) * Math.log(z) };
};

/**
 * Differential evolution (ter Braak 2006; Nelson, Ford & Payne 2014): a step of γ times the difference of two others, γ = 2.38/√(2d)
 * spread by a tenth, and one time in ten of the whole difference, which leaps between modes.
 */
export const differentialEvolution: Move = (point, others, random) => {
  const [a, b] = pickDistinct(others, 2, random);
  const leap = random.uniform() < 0.1;
  const gamma = leap ? 1 : (2.38 / Math.sqrt(2 * point.length)) * (1 + 0.1 * random.normal());
  // The jitter is that of the exchanged pair, too: the proposal stays symmetric.
  const moved = point.map((x, i) => x + ((a?.[i] ?? 0) - (b?.[i] ?? 0)) * (gamma + 1e-5 * random.normal()));
  return { point: moved, logFactor: 0 };
};

/** The snooker update (ter Braak & Vrugt 2008), γ = 1.7: along the line to one walker, as far as two others differ along it. */
export const snooker: Move = (point, others, random) => {
  const [anchor, a, b] = pickDistinct(others, 3, random);
  const line = point.map((x, i) => x - (anchor?.[i] ?? 0));
  const length2 = line.reduce((sum, x) => sum + x * x, 0);
  if (!(length2 > 0)) return { point, logFactor: -Infinity };
  const along = line.reduce((sum, x, i) => sum + x * ((a?.[i] ?? 0) - (b?.[i] ?? 0)), 0) / length2;
  const moved = point.map((x, i) => x + 1.7 * along * (line[i] ?? 0));
  const moved2 = moved.reduce((sum, x, i) => sum + (x - (anchor?.[i] ?? 0)) ** 2, 0);
  return { point: moved, logFactor: 0.5 * (point.length - 1) * Math.log(moved2 / length2) };
};

/** Chosen anew for each half of a step. Differences mix best in many dimensions; the others reach where differences are few. */
export function chooseMove(random: RandomStream): Move {
  const u = random.uniform();
  return u < 0.6 ? differentialEvolution : u < 0.8 ? stretch : snooker;
}
