/** Lines by which a label of an LTE model is known to come out wrong, whatever its σ says. */
import type { LabelName } from './labels.ts';

interface KnownDeparture {
  readonly label: LabelName;
  readonly lines: string;
  /** Å, vacuum. */
  readonly from: number;
  readonly to: number;
  readonly source: string;
}

const DEPARTURES: readonly KnownDeparture[] = [
  {
    label: 'O',
    lines: 'the O I triplet at 7774 Å is stronger than in LTE',
    from: 7772,
    to: 7779,
    source: 'Amarsi, Asplund, Collet & Leenaarts 2016, MNRAS 455, 3735',
  },
  {
    label: 'Na',
    lines: 'the Na D lines are stronger than in LTE',
    from: 5889,
    to: 5899,
    source: 'Lind, Asplund, Barklem & Belyaev 2011, A&A 528, A103',
  },
  {
    label: 'K',
    lines: 'the K I line at 7699 Å is stronger than in LTE',
    from: 7699,
    to: 7703,
    source: 'Reggiani et al. 2019, A&A 627, A177',
  },
];

/** What is known of a label's lines within the fitted range (Å), as a sentence with its source; null where nothing is. */
export function nonLteNote(label: string, range: readonly [number, number]): string | null {
  const known = DEPARTURES.find((one) => one.label === label && one.from > range[0] && one.to < range[1]);
  return known === undefined ? null : `not in LTE: ${known.lines}, so that the abundance comes out too high (${known.source})`;
}
