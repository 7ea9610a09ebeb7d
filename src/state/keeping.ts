/**
 * A session that outlives a reload: every spectrum with its result, and the fits that were asked for. What was under way begins again with
 * the settings and the seed it had, or goes on from where it last wrote down that it was, and so ends at the digits it would have ended at.
 */
import type { Entry } from './entries.ts';
import { failureOf } from './failureOf.ts';
import type { Asked } from './fitQueue.ts';
import { IDLE, isActive } from './fitRun.ts';
import type { FinishedFit, FitRun } from './fitRun.ts';
import type { Keeper } from './keeper.ts';
import { keptStar, readKeptStar } from './keptStar.ts';
import type { KeptStar } from './keptStar.ts';
import { notify } from './store.ts';
import type { SessionStore } from './store.ts';

const finishedOf = (run: FitRun | undefined): FinishedFit | null => (run?.kind === 'done' ? run : null);

/** What of an entry is kept; two that are equal need no writing. Progress is not kept. */
function essence(entry: Entry, asked: Asked | undefined): readonly unknown[] {
  const active = isActive(entry.run);
  return [entry.spectrum, active, finishedOf(active ? asked?.before : entry.run), active ? asked?.checkpoint : undefined];
}

/** Writes every change of the session's stars, one after another, until the first that cannot be written, which is said once. */
export function keepStars(store: SessionStore, keeper: Keeper, askedFor: (key: string) => Asked | undefined): void {
  const written = new Map<string, { readonly rank: number; readonly essence: readonly unknown[] }>();
  let rank = 0;
  let writing: Promise<void> = Promise.resolve();
  let failed = false;
  const queue = (write: () => Promise<void>): void => {
    writing = writing
      .then(() => (failed ? undefined : write()))
      .catch((reason: unknown) => {
        failed = true;
        const { message } = failureOf(reason);
        notify(store, 'Keeping your spectra', {
          code: 'NOT_KEPT',
          message: `This browser does not keep the spectra for the next visit: ${message}`,
          hint: 'Everything works until the page is closed; save what you need with Export.',
        });
      });
  };
  const look = (): void => {
    const { entries, engine } = store.getState();
    const model = engine.kind === 'ready' ? engine.engine.info.id : null;
    for (const entry of entries) {
      const asked = askedFor(entry.key);
      const now = essence(entry, asked);
      const before = written.get(entry.key);
      if (before?.essence.every((value, i) => value === now[i]) === true) continue;
      const own = before?.rank ?? rank++;
      written.set(entry.key, { rank: own, essence: now });
      const active = isActive(entry.run);
      const record = keptStar({
        rank: own,
        spectrum: entry.spectrum,
        warnings: entry.warnings,
        finished: finishedOf(active ? asked?.before : entry.run),
        asked: active && asked !== undefined ? { settings: asked.settings, model, checkpoint: asked.checkpoint } : null,
      });
      queue(() => keeper.put(entry.key, record));
    }
    const present = new Set(entries.map(({ key }) => key));
    for (const key of [...written.keys()]) {
      if (present.has(key)) continue;
      written.delete(key);
      queue(() => keeper.remove(key));
    }
  };
  look();
  store.subscribe((now, before) => {
    if (now.entries !== before.entries) look();
  });
}

/** What an earlier visit left: its stars in their order, as entries, and the fits to begin again. Records that cannot be read are dropped. */
export async function readStars(keeper: Keeper): Promise<{
  readonly entries: readonly Entry[];
  readonly asked: readonly { readonly key: string; readonly wanted: NonNullable<KeptStar['asked']> }[];
}> {
  const kept: { readonly key: string; readonly star: KeptStar }[] = [];
  for (const [key, record] of await keeper.all()) {
    const star = readKeptStar(record);
    if (star === null) await keeper.remove(key);
    else kept.push({ key, star });
  }
  kept.sort((a, b) => a.star.rank - b.star.rank);
  return {
    entries: kept.map(({ key, star: { spectrum, warnings, finished } }) => ({
      key,
      spectrum,
      warnings,
      run: finished ?? IDLE,
      manual: null,
    })),
    asked: kept.flatMap(({ key, star: { asked } }) => (asked === null ? [] : [{ key, wanted: asked }])),
  };
}
