/** Saving what is on the page as one file, and adding such a file to what is there. */
import type { Calibrating } from './calibrations.ts';
import { freshKey, removeEntry, type EntriesState } from './entries.ts';
import { thisRun } from './exports.ts';
import type { Asked } from './fitQueue.ts';
import type { History } from './history.ts';
import type { Unfinished } from './keeping.ts';
import { entryOf, recordOf } from './keptEntry.ts';
import type { NamedFile } from './reading.ts';
import { isSessionFile, readSession, writeSession } from './sessionFile.ts';
import { readFitSettings, type createSettings } from './settings.ts';
import { notify, type SessionStore } from './store.ts';

interface Means {
  readonly asked: (key: string) => Asked | undefined;
  readonly select: (change: (state: EntriesState) => EntriesState) => void;
  /** Goes on with fits that were under way. */
  readonly takeUp: (unfinished: readonly Unfinished[]) => void;
  readonly cancel: (keys: readonly string[]) => void;
}

/** Session files over `store`; opening one can be undone as a whole. */
export function createSessionFiles(
  store: SessionStore,
  settings: ReturnType<typeof createSettings>,
  calibrating: Pick<Calibrating, 'openFile'>,
  history: History,
  { asked, select, takeUp, cancel }: Means,
) {
  const openCalibrations = async (calibrations: readonly unknown[]): Promise<void> => {
    const there = new Set(store.getState().calibrations.map(({ id }) => id));
    for (const one of calibrations) {
      const id = typeof one === 'object' && one !== null && 'id' in one ? String(one.id) : '';
      if (there.has(id)) continue;
      const bytes = new TextEncoder().encode(JSON.stringify(one));
      await calibrating.openFile({ name: `${id}.json`, arrayBuffer: () => Promise.resolve(bytes.buffer) });
    }
  };

  return {
    /** The bytes of a file with all that is on the page. */
    saveSession: (): Uint8Array<ArrayBuffer> => {
      const { entries, engine, calibrations } = store.getState();
      const model = engine.kind === 'ready' ? engine.engine.info.id : null;
      const stars = entries.map((entry, rank) => recordOf(entry, asked(entry.key), { owner: '', rank, model }));
      return writeSession({ stars, fit: settings.getState().fit, calibrations }, thisRun());
    },

    /** Adds the stars of a session's file to those that are there and takes its settings; false where the file is none. Fits under way go on. */
    openSession: async (file: NamedFile): Promise<boolean> => {
      if (!isSessionFile(file.name)) return false;
      const read = readSession(new Uint8Array(await file.arrayBuffer()));
      if (!read.ok) {
        notify(store, file.name, read.failure);
        return true;
      }
      const { stars, unread, fit, calibrations } = read.value;
      await openCalibrations(calibrations);
      const before = settings.getState().fit;
      const added: { readonly key: string; readonly star: (typeof stars)[number] }[] = [];
      select((state) => {
        const taken = state.entries.map(({ key }) => key);
        for (const star of stars) {
          const key = freshKey(taken, star.key);
          taken.push(key);
          added.push({ key, star });
        }
        const entries = [...state.entries, ...added.map(({ key, star }) => entryOf(star, key))];
        return { ...state, entries, selected: added[0]?.key ?? state.selected };
      });
      settings.getState().setFit(readFitSettings(fit));
      takeUp(added.flatMap(({ key, star }) => (star.asked === null ? [] : [{ key, wanted: star.asked }])));
      const keys = added.map(({ key }) => key);
      const text = `opened ${file.name}`;
      history.push({
        what: text,
        key: null,
        undo: () => {
          cancel(keys);
          select((state) => keys.reduce<EntriesState>((now, key) => removeEntry(now, key), state));
          settings.getState().setFit(before);
        },
      });
      store.setState({
        toast: { text: `Opened ${file.name}: ${String(keys.length)} ${keys.length === 1 ? 'spectrum' : 'spectra'} added`, canUndo: true },
      });
      if (unread.length > 0)
        notify(store, file.name, {
          code: 'SESSION_PARTLY_READ',
          message: `${String(unread.length)} of its spectra cannot be read: ${unread.join(', ')}.`,
          hint: 'The others are open. Nothing of the file was changed: a later version of the page may read the rest.',
        });
      return true;
    },
  };
}
