/** Random labels for a training set, number by number: the synthesis does not use it, the terminal does. */
import { ELEMENTS, type Element, type StellarLabels } from '../domain/labels.ts';
import { randomStream, type RandomStream } from '../math/random.ts';

/**
 * The box of the training labels: physical units, [X/Fe] in dex. Our own choice; wider for C, N, O and the heavy elements, and where fits of real stars
 * ended at a wall of a smaller box: [O/Fe] of warm stars (the infrared triplet is stronger than in LTE) and v_mic of F stars.
 */
export const PARAMETER_RANGES = { teff: [4000, 7300], logg: [0.5, 5], vmic: [0.3, 4], feh: [-2.5, 0.5] } as const satisfies Record<
  string,
  readonly [number, number]
>;

const HEAVY: readonly Element[] = ['Sr', 'Y', 'Zr', 'Ba', 'La', 'Ce', 'Pr', 'Nd', 'Sm', 'Eu'];
const WIDE: Readonly<Partial<Record<Element, readonly [number, number]>>> = { C: [-0.9, 0.6], N: [-0.6, 1.1], O: [-0.5, 1.2] };

export function elementRange(element: Element): readonly [number, number] {
  return WIDE[element] ?? (HEAVY.includes(element) ? [-0.8, 0.8] : [-0.6, 0.6]);
}

const between = (r: RandomStream, [lo, hi]: readonly [number, number]): number => lo + (hi - lo) * r.uniform();
const clip = (x: number, [lo, hi]: readonly [number, number]): number => Math.min(Math.max(x, lo), hi);

/**
 * The conditions under which labels of the box are drawn, as data: beyond them there is no star in the set.
 * log g (cgs) is at least `floor` + (T_eff − `from`)/`kelvinPerDex`, between `floor` and `ceiling`: there are neither models nor stars of low gravity at high
 * temperature. [C/Fe] − [O/Fe] is at most `mostCarbonOverOxygen` (dex): carbon then stays rarer than oxygen (log C/O = −0.26 in the Sun).
 */
export const REGION = { lowestLogg: { floor: 0.5, ceiling: 3, from: 5200, kelvinPerDex: 550 }, mostCarbonOverOxygen: 0.25 } as const;

/** Lowest log g (cgs) of the draw at a T_eff (K). */
export const lowestLogg = (teff: number): number => {
  const { floor, ceiling, from, kelvinPerDex } = REGION.lowestLogg;
  return clip(floor + (teff - from) / kelvinPerDex, [floor, ceiling]);
};

/**
 * Labels number `index` of the set drawn from `seed`: half over the whole box, half along the dwarf, subgiant and giant sequences. Each index has a stream of
 * its own, so a set can be resumed, split and extended. Stars with more carbon than oxygen are drawn again (other molecules would rule them).
 */
export function drawLabels(seed: number, index: number): StellarLabels {
  const r = randomStream(seed, index);
  const { teff: T, logg: G, vmic: V, feh: F } = PARAMETER_RANGES;
  let teff: number;
  let logg: number;
  const where = r.uniform();
  if (where < 0.5) {
    teff = between(r, T);
    logg = between(r, [lowestLogg(teff), G[1]]);
  } else if (where < 0.68) {
    teff = between(r, T);
    logg = clip(4.7 - 0.00013 * (teff - 4000) + 0.15 * r.normal(), [3.5, G[1]]);
  } else if (where < 0.8) {
    teff = between(r, [4900, 6800]);
    logg = clip(3.9 + 0.3 * r.normal(), [3, 4.6]);
  } else {
    teff = between(r, [4000, 5400]);
    logg = clip(1 + 0.0019 * (teff - 4000) + 0.35 * r.normal(), [lowestLogg(teff), 3.8]);
  }
  const feh = r.uniform() < 0.65 ? between(r, [-1.1, F[1]]) : between(r, [F[0], -0.9]);
  const vmic =
    r.uniform() < 0.4 ? between(r, V) : clip((logg > 3.5 ? 1.15 + 0.0004 * (teff - 5500) : 2.3 - 0.28 * logg) + 0.3 * r.normal(), V);
  const xfe: Partial<Record<Element, number>> = {};
  do {
    const alpha = between(r, [-0.2, 0.45]);
    for (const element of ELEMENTS) {
      const range = elementRange(element);
      const isAlpha = ['O', 'Mg', 'Si', 'S', 'Ca', 'Ti'].includes(element);
      xfe[element] = isAlpha && r.uniform() < 0.7 ? clip(alpha + 0.15 * r.normal(), range) : between(r, range);
    }
  } while ((xfe.C ?? 0) - (xfe.O ?? 0) > REGION.mostCarbonOverOxygen);
  return { teff, logg, vmic, feh, xfe };
}
