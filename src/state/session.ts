import type { FitClient } from '../domain/client.ts';
import type { Result } from '../domain/result.ts';
import { failed } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import * as list from './entries.ts';
import type { EntriesState, Entry } from './entries.ts';
import { failureOf } from './failureOf.ts';
import { createFitQueue } from './fitQueue.ts';
import { IDLE, isActive } from './fitRun.ts';
import { fittedStars } from './fittedStars.ts';
import { History } from './history.ts';
import type { Keeper } from './keeper.ts';
import { keepStars, readStars } from './keeping.ts';
import { createModelEditing } from './modelEditing.ts';
import { createSettings } from './settings.ts';
import { createSessionStore, notify } from './store.ts';
import type { SessionState } from './store.ts';

/** A file as the browser gives it. */
export interface NamedFile {
  readonly name: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** One page's work: the spectra, their fits, the sliders. Everything a person does is a method; what is seen is in `store`. */
export function createSession(client: FitClient, keeper: Keeper | null = null) {
  const store = createSessionStore();
  const settings = createSettings();
  const history = new History();
  const { refreshDerivatives, changeModel, ...editing } = createModelEditing(client, store, history);
  const fits = createFitQueue(client, store, settings, refreshDerivatives);
  const get = store.getState;
  const set = store.setState;

  const select = (change: (state: EntriesState) => EntriesState): void => {
    set(change);
    refreshDerivatives();
  };

  const startEngine = async (): Promise<void> => {
    const [first, wanted] = await Promise.all([client.ready, recalled]);
    let ready = first;
    if (first.ok && wanted !== null && wanted !== first.value.info.id) {
      const other = await client.use(wanted);
      if (other.ok) ready = other;
      else notify(store, `Model ${wanted}`, other.failure);
    }
    set({ engine: ready.ok ? { kind: 'ready', engine: ready.value } : { kind: 'failed', failure: ready.failure } });
    refreshDerivatives();
    fits.start();
    const models = await client.models().catch((reason: unknown) => {
      if (ready.ok) notify(store, 'The list of models', failureOf(reason));
      return [];
    });
    set({ models });
  };

  const loadDemo = async (): Promise<void> => {
    const demo = await client.demo();
    if (!demo.ok) {
      notify(store, 'Demo star', demo.failure);
      return;
    }
    // It may be here from an earlier visit.
    if (get().entries.some(({ spectrum }) => spectrum.simulated && spectrum.id === demo.value.id)) return;
    // It stands first, and leaves the selection to a file that was quicker.
    select((state) => {
      const added = list.addSpectra({ ...state, entries: [] }, [demo.value], demo.warnings);
      return { ...added, entries: [...added.entries, ...state.entries], selected: state.selected ?? added.selected };
    });
  };

  /**
   * Brings back what an earlier visit left, its unfinished fits in the queue, and keeps everything from now on. Returns the model that those
   * fits were asked for on.
   */
  async function recall(): Promise<string | null> {
    if (keeper === null) return null;
    const { entries, asked } = await readStars(keeper).catch(() => ({ entries: [], asked: [] }));
    select((state) => {
      const taken = state.entries.map(({ key }) => key);
      const earlier = entries.filter(({ key }) => !taken.includes(key));
      const first = asked[0]?.key ?? earlier[0]?.key ?? null;
      return { ...state, entries: [...earlier, ...state.entries], selected: state.selected ?? first };
    });
    for (const { key, wanted } of asked) fits.enqueue([key], wanted.settings, wanted.checkpoint);
    keepStars(store, keeper, fits.asked);
    return asked[0]?.wanted.model ?? null;
  }

  const recalled = recall();
  void startEngine().catch((reason: unknown) => {
    set({ engine: { kind: 'failed', failure: failureOf(reason) } });
  });
  void recalled.then(loadDemo).catch((reason: unknown) => {
    notify(store, 'Demo star', failureOf(reason));
  });

  /** Goes on with another model; what is there keeps its results. Nothing happens while a fit is under way. */
  async function chooseModel(id: string): Promise<void> {
    const { engine, entries } = get();
    if (engine.kind !== 'ready' || engine.engine.info.id === id || entries.some(({ run }) => isActive(run))) return;
    set({ engine: { kind: 'loading', model: id } });
    const opened = await client.use(id).catch((reason: unknown) => ({ ok: false, failure: failureOf(reason) }) as const);
    if (!opened.ok) {
      set({ engine });
      notify(store, `Model ${id}`, opened.failure);
      return;
    }
    set({ engine: { kind: 'ready', engine: opened.value } });
    await changeModel(engine.engine, opened.value);
    fits.start();
  }

  const read = async (file: NamedFile): Promise<Result<readonly Spectrum[]>> => {
    try {
      return await client.read(file.name, new Uint8Array(await file.arrayBuffer()));
    } catch (reason) {
      const why = reason instanceof Error ? reason.message : String(reason);
      return failed('FILE_UNREADABLE', `${file.name} could not be opened: ${why}`, 'Choose the file again.');
    }
  };

  return {
    store,
    settings,
    ...editing,

    chooseModel,

    /** Reads files one after another; one that cannot be read leaves a notice and the rest go on. The first that can is selected. */
    openFiles: async (files: readonly NamedFile[]): Promise<void> => {
      set(({ reading }) => ({ reading: reading + files.length, window: null }));
      let first = true;
      for (const file of files) {
        const outcome = await read(file);
        if (outcome.ok) {
          const chosen = first ? null : get().selected;
          first = false;
          select((state) => {
            const added = list.addSpectra(state, outcome.value, outcome.warnings);
            return chosen === null ? added : { ...added, selected: chosen };
          });
        } else notify(store, file.name, outcome.failure);
        set(({ reading }) => ({ reading: reading - 1 }));
      }
    },

    select: (key: string): void => {
      select((state) => ({ ...state, selected: key }));
    },
    step: (by: number): void => {
      select((state) => list.stepSelection(state, by));
    },

    remove: (key: string): void => {
      const at = get().entries.findIndex((entry) => entry.key === key);
      const entry = get().entries[at];
      if (entry === undefined) return;
      const kept: Entry = isActive(entry.run) ? { ...entry, run: IDLE } : entry;
      select((state) => list.removeEntry(state, key));
      fits.forget(key);
      const undo = (): void => {
        select((state) => list.restoreEntry(state, kept, at));
      };
      history.push({ what: `removed ${key}`, key: null, undo });
      set({ toast: { text: `Removed ${key}`, canUndo: true } });
    },

    dismiss: (key: string): void => {
      set((state) => list.dismissNotice(state, key));
    },
    dismissToast: (): void => {
      set({ toast: null });
    },

    fitSelected: (): void => {
      const { selected } = get();
      if (selected !== null) fits.enqueue([selected]);
    },
    /** Fits every spectrum that has no result yet. */
    fitAll: (): void => {
      fits.enqueue(
        get()
          .entries.filter(({ run }) => run.kind !== 'done')
          .map(({ key }) => key),
      );
    },
    cancel: fits.cancel,
    /** Holds the fits where they are, or lets them go on. */
    togglePause: (): void => {
      const { paused, entries } = get();
      if (paused || entries.some(({ run }) => isActive(run))) fits.pause(!paused);
    },

    /** What the terminal prints of every finished fit, as JSON text. */
    resultsJson: async (): Promise<string> => {
      const finished = fittedStars(get().entries);
      const reports = await Promise.all(finished.map(({ file, spectrum, fit }) => client.report(file, spectrum, fit)));
      return `${JSON.stringify(reports, null, 2)}\n`;
    },

    undo: (): void => {
      const what = history.undo();
      set({ toast: { text: what === null ? 'Nothing to undo' : `Undone: ${what}`, canUndo: false } });
    },
    setWindow: (window: SessionState['window']): void => {
      set({ window });
    },
  };
}

export type Session = ReturnType<typeof createSession>;
