/** Kinds of stars whose labels scatter differently. */
import type { Place } from './names.ts';

export const KINDS = ['dwarf', 'giant', 'metal-poor'] as const;
export type Kind = (typeof KINDS)[number];

/** Between giants and dwarfs in log g, and between metal-poor stars and the others in [Fe/H]: dex. */
export const GIANT_BELOW = 3.6;
export const POOR_BELOW = -0.7;
/** Widths of the two passages, dex: no star's σ jumps by what its labels are off. */
const WIDTH = { logg: 0.15, feh: 0.1 } as const;

/** The kind of a star. */
export const kindAt = ({ logg, feh }: Place): Kind => (feh < POOR_BELOW ? 'metal-poor' : logg < GIANT_BELOW ? 'giant' : 'dwarf');

const step = (x: number): number => 1 / (1 + Math.exp(-x));

/** One σ at a place from those of the kinds: variances weighted by how much a star is of each. */
export function sigmaAt(byKind: Readonly<Record<Kind, number>>, { logg, feh }: Place): number {
  const poor = step((POOR_BELOW - feh) / WIDTH.feh);
  const giant = step((GIANT_BELOW - logg) / WIDTH.logg);
  const { dwarf, giant: ofGiants, 'metal-poor': ofPoor } = byKind;
  return Math.sqrt(poor * ofPoor ** 2 + (1 - poor) * (giant * ofGiants ** 2 + (1 - giant) * dwarf ** 2));
}
