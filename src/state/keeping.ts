/**
 * A session that outlives a reload: every spectrum with its result, and the fits that were asked for. What was under way begins again with
 * the settings and the seed it had, or goes on from where it last wrote down that it was, and so ends at the digits it would have ended at.
 * Each spectrum is kept by one tab; the others show it, and the first of them takes it over when that tab has closed.
 */
import { freshKey, noteOf, removeEntry } from './entries.ts';
import type { Entry } from './entries.ts';
import { failureOf } from './failureOf.ts';
import type { Asked } from './fitQueue.ts';
import { IDLE, isActive } from './fitRun.ts';
import { givenOf } from './given.ts';
import type { Keeper } from './keeper.ts';
import { entryOf, finishedOf, recordOf } from './keptEntry.ts';
import { readKeptStar } from './keptStar.ts';
import type { KeptStar } from './keptStar.ts';
import { notify } from './store.ts';
import type { SessionStore } from './store.ts';
import { stretchesOf } from './stretches.ts';
import type { Tabs } from './tabs.ts';

/** A fit that an earlier visit, or a tab that has closed, left unfinished. */
export interface Unfinished {
  readonly key: string;
  readonly wanted: NonNullable<KeptStar['asked']>;
}

/** One star of the store: under which key it is stored, and its record. */
interface Placed {
  readonly place: string;
  readonly star: KeptStar;
}

/** What this tab last wrote of an entry, and where. */
interface Written {
  readonly place: string;
  readonly rank: number;
  readonly essence: readonly unknown[];
}

/** What of an entry is kept; two that are equal need no writing. Progress is not kept. */
function essence(entry: Entry, asked: Asked | undefined): readonly unknown[] {
  const active = isActive(entry.run);
  return [
    entry.spectrum,
    stretchesOf(entry),
    givenOf(entry),
    noteOf(entry),
    entry.earlier,
    active,
    finishedOf(active ? asked?.before : entry.run),
    active ? asked?.checkpoint : undefined,
  ];
}

/** Keeps the stars of a session in `keeper`, one tab among `tabs`; `askedFor` tells what was asked for an entry and is not finished. */
export function createKeeping(store: SessionStore, keeper: Keeper, tabs: Tabs, askedFor: (key: string) => Asked | undefined) {
  const written = new Map<string, Written>();
  /** Entries that other tabs keep, by the key they are stored under. */
  const mirrored = new Map<string, string>();
  const watched = new Set<string>([tabs.own]);
  let nextRank = 0;
  let writing: Promise<void> = Promise.resolve();
  let toldUnwritten = false;
  let toldUnreadable = false;

  const queue = (place: string, write: () => Promise<void>): void => {
    writing = writing.then(write).then(
      () => {
        tabs.tell(place);
      },
      (reason: unknown) => {
        if (toldUnwritten) return;
        toldUnwritten = true;
        notify(store, 'Keeping your spectra', {
          code: 'NOT_KEPT',
          message: `This browser does not keep the spectra for the next visit: ${failureOf(reason).message}`,
          hint: 'Everything works until the page is closed; save what you need with Export.',
        });
      },
    );
  };

  /** Writes what has changed since it was last looked at. */
  const look = (): void => {
    const { entries, engine } = store.getState();
    const model = engine.kind === 'ready' ? engine.engine.info.id : null;
    for (const entry of entries) {
      if (entry.elsewhere === true) continue;
      const asked = askedFor(entry.key);
      const now = essence(entry, asked);
      const before = written.get(entry.key);
      if (before?.essence.every((value, i) => value === now[i]) === true) continue;
      const { place, rank } = before ?? { place: `${tabs.own}/${entry.key}`, rank: nextRank++ };
      written.set(entry.key, { place, rank, essence: now });
      const record = recordOf(entry, asked, { owner: tabs.own, rank, model });
      queue(place, () => keeper.put(place, record));
    }
    const present = new Set(entries.map(({ key }) => key));
    for (const [key, { place }] of [...written]) {
      if (present.has(key)) continue;
      written.delete(key);
      queue(place, () => keeper.remove(place));
    }
  };

  /** Everything in the store: what is now this tab's (claimed where its tab has closed), what other tabs keep, and what cannot be read. */
  const claim = () =>
    tabs.alone(async () => {
      const open = await tabs.open();
      const found = { own: [] as Placed[], others: [] as Placed[], unreadable: [] as string[] };
      for (const [place, record] of await keeper.all()) {
        const read = readKeptStar(record, place);
        if (!read.ok) found.unreadable.push(`${place} (${read.why})`);
        else if (read.star.owner !== tabs.own && open.has(read.star.owner)) found.others.push({ place, star: read.star });
        else {
          const star = { ...read.star, owner: tabs.own };
          // A store that takes nothing more still gives what it has.
          if (read.star.owner !== tabs.own) await keeper.put(place, star).catch(() => undefined);
          found.own.push({ place, star });
        }
      }
      const byRank = (a: Placed, b: Placed): number => a.star.rank - b.star.rank;
      return { own: found.own.sort(byRank), others: found.others.sort(byRank), unreadable: found.unreadable };
    });

  const entryFor = ({ star }: Placed, key: string, elsewhere: boolean): Entry => {
    const run = elsewhere && star.asked !== null && star.finished === null ? ({ kind: 'elsewhere' } as const) : (star.finished ?? IDLE);
    return { ...entryOf(star, key), run, elsewhere };
  };

  /** Shows a star of the store, in place of the entry that showed it before, or after those that are there. Returns the key of its entry. */
  const show = (placed: Placed, elsewhere: boolean): string => {
    const { entries } = store.getState();
    const taken = entries.map(({ key }) => key);
    const before = mirrored.get(placed.place);
    const key = before ?? freshKey(taken, placed.star.key);
    const entry = entryFor(placed, key, elsewhere);
    if (elsewhere) mirrored.set(placed.place, key);
    else {
      mirrored.delete(placed.place);
      // As it stands in the store: there is nothing to write until it changes.
      written.set(key, { place: placed.place, rank: placed.star.rank, essence: essence(entry, undefined) });
      nextRank = Math.max(nextRank, placed.star.rank + 1);
    }
    store.setState({
      entries:
        before === undefined
          ? [...entries, entry]
          : entries.map((other) => (other.key === key ? { ...entry, manual: other.manual } : other)),
    });
    return key;
  };

  const watch = ({ star: { owner } }: Placed): void => {
    if (watched.has(owner)) return;
    watched.add(owner);
    tabs.whenClosed(owner, () => {
      watched.delete(owner);
      void take().then(onTaken);
    });
  };
  const mirror = (placed: Placed): void => {
    show(placed, true);
    watch(placed);
  };

  /** What another tab wrote or removed. */
  const refresh = async (place: string): Promise<void> => {
    const record = await keeper.get(place);
    const read = record === undefined ? null : readKeptStar(record, place);
    if (read?.ok === true) {
      if (read.star.owner !== tabs.own) mirror({ place, star: read.star });
      return;
    }
    const key = mirrored.get(place);
    if (key === undefined) return;
    mirrored.delete(place);
    store.setState((state) => removeEntry(state, key));
  };

  /** Takes over what no open tab keeps, and shows what the others do. Returns the fits to begin again. */
  const take = async (): Promise<readonly Unfinished[]> => {
    const { own, others, unreadable } = await claim();
    const mine = new Set([...written.values()].map(({ place }) => place));
    const taken = own.filter(({ place }) => !mine.has(place)).map((placed) => ({ key: show(placed, false), wanted: placed.star.asked }));
    for (const placed of others) mirror(placed);
    if (unreadable.length > 0 && !toldUnreadable)
      notify(store, 'Spectra of earlier visits', {
        code: 'NOT_READABLE',
        message: `${String(unreadable.length)} kept ${unreadable.length === 1 ? 'spectrum' : 'spectra'} cannot be read: ${unreadable.join(', ')}.`,
        hint: 'Nothing was removed: they stay in this browser, and the version of the page that wrote them can open them.',
      });
    toldUnreadable ||= unreadable.length > 0;
    return taken.flatMap(({ key, wanted }) => (wanted === null ? [] : [{ key, wanted }]));
  };

  let onTaken: (unfinished: readonly Unfinished[]) => void = () => undefined;

  return {
    /**
     * Brings back what an earlier visit left, keeps everything from now on, and returns the fits to begin again; `later` gets those of a tab
     * that closes while this one is open. A store that cannot be opened is reported, and kept in nevertheless as far as it goes.
     */
    start: async (later: (unfinished: readonly Unfinished[]) => void): Promise<readonly Unfinished[]> => {
      onTaken = later;
      tabs.listen((place) => {
        void refresh(place).catch(() => undefined);
      });
      return take().catch((reason: unknown) => {
        notify(store, 'Spectra of earlier visits', {
          code: 'STORE_UNREADABLE',
          message: `The spectra that this browser kept cannot be opened: ${failureOf(reason).message}`,
          hint: 'Nothing was removed. Close other tabs of this page and reload; a private window keeps nothing.',
        });
        return [];
      });
    },
    /** Writes every change of the session's stars from now on, one after another. */
    keep: (): void => {
      look();
      store.subscribe((now, before) => {
        if (now.entries !== before.entries) look();
      });
    },
  };
}
