/** Files that a person opens, and opens again by an answer, onto the page. */
import type { ReadOptions } from '../domain/spectrum.ts';
import type { Calibrating } from './calibrations.ts';
import * as list from './entries.ts';
import type { EntriesState } from './entries.ts';
import type { createFitQueue } from './fitQueue.ts';
import type { FileReading, NamedFile } from './reading.ts';
import type { createSettings } from './settings.ts';
import { notify, type SessionStore } from './store.ts';

/** `select` changes the list with whatever follows from a new selection. */
export function createOpening(
  reading: FileReading,
  calibrating: Pick<Calibrating, 'openFile'>,
  openIfLines: (file: NamedFile) => Promise<boolean>,
  openSession: (file: NamedFile) => Promise<boolean>,
  store: SessionStore,
  settings: ReturnType<typeof createSettings>,
  fits: Pick<ReturnType<typeof createFitQueue>, 'cancel' | 'enqueue'>,
  select: (change: (state: EntriesState) => EntriesState) => void,
) {
  const get = store.getState;
  const set = store.setState;

  /** Reads files one after another; one that cannot be read leaves a notice and the rest go on. The first that can is selected. */
  async function openFiles(files: readonly NamedFile[], onAdded: (keys: readonly string[]) => void = () => undefined): Promise<void> {
    set((state) => ({ reading: state.reading + files.length, window: null }));
    let first = true;
    for (const file of files) {
      if ((await openSession(file)) || (await calibrating.openFile(file)) || (await openIfLines(file))) {
        set((state) => ({ reading: state.reading - 1 }));
        continue;
      }
      const outcome = await reading.read(file);
      if (outcome.ok) {
        const chosen = first ? null : get().selected;
        first = false;
        const before = new Set(get().entries.map(({ key }) => key));
        select((state) => {
          const added = list.addSpectra(state, outcome.value, outcome.warnings);
          return chosen === null ? added : { ...added, selected: chosen };
        });
        onAdded(
          get()
            .entries.map(({ key }) => key)
            .filter((key) => !before.has(key)),
        );
      } else notify(store, file.name, outcome.failure);
      set((state) => ({ reading: state.reading - 1 }));
    }
  }

  /** Reads the file of a spectrum again, by what a person says of it, and remembers that for files of its layout. Its fits begin anew. */
  async function answer(key: string, said: ReadOptions): Promise<void> {
    set((state) => ({ reading: state.reading + 1 }));
    const outcome = await reading.answer(get().entries, key, said);
    set((state) => ({ reading: state.reading - 1 }));
    if (!outcome.ok) {
      notify(store, key, outcome.failure);
      return;
    }
    const { entries, anew } = outcome.value;
    const fitted = get().entries.flatMap(({ key: own, run }) => (anew.includes(own) && run.kind !== 'idle' ? [own] : []));
    fits.cancel(anew);
    const changed = new Map(entries.filter((entry) => anew.includes(entry.key)).map((entry) => [entry.key, entry]));
    // What else happened meanwhile stays.
    select((state) => ({ ...state, entries: state.entries.map((entry) => changed.get(entry.key) ?? entry) }));
    if (fitted.length > 0) fits.enqueue(fitted, settings.getState().fit);
  }

  return { openFiles, answer };
}
