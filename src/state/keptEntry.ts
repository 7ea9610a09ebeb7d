/** An entry of the page as the record that is kept of it, and back: for the browser's store and for a session's file alike. */
import { noteOf, type Entry } from './entries.ts';
import { earlierOf } from './earlierFits.ts';
import type { Asked } from './fitQueue.ts';
import { IDLE, isActive } from './fitRun.ts';
import type { FinishedFit, FitRun } from './fitRun.ts';
import { givenOf } from './given.ts';
import { keptStar } from './keptStar.ts';
import type { KeptStar } from './keptStar.ts';
import { stretchesOf } from './stretches.ts';

/** The result that stands: none while a fit is under way. */
export const finishedOf = (run: FitRun | undefined): FinishedFit | null => (run?.kind === 'done' ? run : null);

/** The record of an entry; `asked` is the fit that was asked for and has not ended, `model` the one that is open. */
export function recordOf(
  entry: Entry,
  asked: Asked | undefined,
  { owner, rank, model }: { readonly owner: string; readonly rank: number; readonly model: string | null },
): KeptStar {
  const active = isActive(entry.run);
  return keptStar({
    owner,
    key: entry.key,
    demo: entry.demo === true,
    rank,
    spectrum: entry.spectrum,
    warnings: entry.warnings,
    stretches: stretchesOf(entry),
    given: givenOf(entry),
    note: noteOf(entry),
    earlier: earlierOf(entry),
    finished: finishedOf(active ? asked?.before : entry.run),
    asked: active && asked !== undefined ? { settings: asked.settings, model, checkpoint: asked.checkpoint } : null,
  });
}

/** The entry of a record, under a key that is free. */
export function entryOf({ spectrum, warnings, stretches, given, note, demo, finished, earlier }: KeptStar, key: string): Entry {
  return { key, spectrum, warnings, stretches, given, note, run: finished ?? IDLE, manual: null, demo, earlier };
}
