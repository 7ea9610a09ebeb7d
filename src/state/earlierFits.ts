/** Several fits of one star: which are kept beside the one that is shown, and which is shown. */
import { methodTitle } from '../fit/methods.ts';
import type { Entry } from './entries.ts';
import type { FinishedFit, FitRun } from './fitRun.ts';

/** Fits kept of one star beside the one that is shown. */
export const MOST_EARLIER = 4;

/** The fits of an entry beside the one that is shown, the newest first. */
export const earlierOf = ({ earlier = [] }: Entry): readonly FinishedFit[] => earlier;

/** `MCMC · lte-atlas9-v3 · 2026-01-02 03:04:05 UT`: what tells one fit from another; without a time where it was not written down. */
export function fitTitle({ result, when }: FinishedFit): string {
  const time = when === undefined ? [] : [`${when.slice(0, 19).replace('T', ' ')} UT`];
  return [methodTitle(result.method), result.model, ...time].join(' · ');
}

/** What a fit was made by: two of the same give the same, so that the newer takes the place of the older. */
const recipe = ({ result }: FinishedFit): string => JSON.stringify([result.method, result.model, result.problem?.options ?? null]);

/** The fits to keep once `now` has ended in the place of `before`, and the one that goes as there are too many; null where none does. */
export function keepEarlier(
  earlier: readonly FinishedFit[],
  before: FitRun,
  now: FinishedFit,
): { readonly earlier: readonly FinishedFit[]; readonly gone: FinishedFit | null } {
  const all = (before.kind === 'done' ? [before, ...earlier] : earlier).filter((fit) => recipe(fit) !== recipe(now));
  return { earlier: all.slice(0, MOST_EARLIER), gone: all[MOST_EARLIER] ?? null };
}

/** The entry with one of its earlier fits shown, and the one that was shown in its place. */
export function withShown(entry: Entry, index: number): Entry {
  const fit = earlierOf(entry)[index];
  const { run } = entry;
  if (fit === undefined || run.kind !== 'done') return entry;
  return { ...entry, run: fit, manual: null, earlier: earlierOf(entry).map((one, i) => (i === index ? run : one)) };
}
