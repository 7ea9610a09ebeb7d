/** What the selected star is compared with: an earlier fit of its own, or another star. */
import { selectedEntry, type EntriesState, type Entry } from './entries.ts';
import { earlierOf, fitTitle } from './earlierFits.ts';
import type { FinishedFit } from './fitRun.ts';

/** A fit by its place among the earlier ones of the selected star, or a star by its key. */
export type ComparedWith = { readonly kind: 'fit'; readonly index: number } | { readonly kind: 'star'; readonly key: string };

/** The other side of a comparison. */
export interface Compared {
  readonly kind: ComparedWith['kind'];
  readonly title: string;
  readonly entry: Entry;
  readonly run: FinishedFit;
}

/** What is compared with the selected star; null where nothing is chosen, or what was chosen is not there. */
export function comparedOf(state: EntriesState, wanted: ComparedWith | null): Compared | null {
  const entry = selectedEntry(state);
  if (wanted === null || entry?.run.kind !== 'done') return null;
  if (wanted.kind === 'fit') {
    const run = earlierOf(entry)[wanted.index];
    return run === undefined ? null : { kind: 'fit', title: fitTitle(run), entry, run };
  }
  const other = state.entries.find(({ key }) => key === wanted.key);
  if (other === undefined || other.key === entry.key || other.run.kind !== 'done') return null;
  return { kind: 'star', title: other.key, entry: other, run: other.run };
}
