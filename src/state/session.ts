import type { FitClient } from '../domain/client.ts';
import { isSampleStar } from '../domain/sampleStars.ts';
import * as list from './entries.ts';
import type { EntriesState, Entry } from './entries.ts';
import type { ComparedWith } from './comparing.ts';
import { withShown } from './earlierFits.ts';
import { failureOf } from './failureOf.ts';
import { createCalibrating } from './calibrations.ts';
import { createFitQueue } from './fitQueue.ts';
import { IDLE, isActive } from './fitRun.ts';
import type { Unfinished } from './keeping.ts';
import { History } from './history.ts';
import type { Keeper } from './keeper.ts';
import { createLineNaming } from './lineNaming.ts';
import { createKeeping } from './keeping.ts';
import { createModelEditing } from './modelEditing.ts';
import { DEFAULT_METHOD } from '../fit/methods.ts';
import { createOwnLines } from './ownLines.ts';
import { createOpening } from './opening.ts';
import { FileReading, type NamedFile } from './reading.ts';
import { createSessionFiles } from './sessionFiles.ts';
import { createSettings } from './settings.ts';
import { createSessionStore, notify, tell, tellDone } from './store.ts';
import { createStretchEditing } from './stretchEditing.ts';
import { createGivenEditing } from './givenEditing.ts';
import { createNoteEditing } from './noteEditing.ts';
import type { SessionState } from './store.ts';
import type { Tabs } from './tabs.ts';
import { createTeaching } from './teaching.ts';
import { readViewLink } from './viewLink.ts';
import { createViewLinks } from './viewLinks.ts';

export type { NamedFile } from './reading.ts';

/** Where a session is kept between visits, and the other tabs that keep there too. */
export interface Kept {
  readonly keeper: Keeper;
  readonly tabs: Tabs;
}

/** Spectra of one drop that are fitted at once; the rest of a larger one waits for "Fit all". */
const AUTO_FITS = 20;

/** The star that the page opens with: of those that are no part of a sample, the one that nobody chose. */
const isDemoStar = ({ demo, spectrum }: Entry): boolean => demo === true && !isSampleStar(spectrum.id);

/** One page's work: the spectra, their fits, the sliders. Everything a person does is a method; what is seen is in `store`. */
export function createSession(client: FitClient, kept: Kept | null = null) {
  const store = createSessionStore();
  const settings = createSettings();
  const history = new History(undefined, (undoable) => {
    store.setState({ undoable });
  });
  const { refreshDerivatives, changeModel, setLabels, ...editing } = createModelEditing(client, store, history);
  const calibrating = createCalibrating(client, store);
  const fits = createFitQueue(client, store, settings, calibrating.now, (finished) => {
    // The labels that were set by hand before a fit went with it.
    if (finished !== null) history.forgetLabels(finished);
    refreshDerivatives();
  });
  const get = store.getState;
  const set = store.setState;

  const select = (change: (state: EntriesState) => EntriesState): void => {
    set(change);
    refreshDerivatives();
  };

  const fileReading = new FileReading(client, settings.getState);
  const { saveSession, openSession } = createSessionFiles(store, settings, calibrating, history, {
    asked: fits.asked,
    select,
    takeUp: (unfinished) => {
      const { engine } = get();
      takeUp(unfinished, engine.kind === 'ready' ? engine.engine.info.id : null);
    },
    cancel: fits.cancel,
  });

  const { openIfLines, ...ownLines } = createOwnLines(store, history);
  const { openFiles, answer } = createOpening(fileReading, calibrating, openIfLines, openSession, store, settings, fits, select);

  const teaching = createTeaching(client, store, settings, {
    select,
    setLabels,
    fit: (key) => {
      fits.enqueue([key], { ...settings.getState().fit, method: DEFAULT_METHOD });
    },
  });

  const startEngine = async (): Promise<void> => {
    const [first, wanted] = await Promise.all([client.ready, recalled]);
    let ready = first;
    if (first.ok && wanted !== null && wanted !== first.value.info.id) {
      const other = await client.use(wanted);
      if (other.ok) ready = other;
      else {
        notify(store, `Model ${wanted}`, other.failure);
        settings.getState().setModel(null);
      }
    }
    set({ engine: ready.ok ? { kind: 'ready', engine: ready.value } : { kind: 'failed', failure: ready.failure } });
    refreshDerivatives();
    await calibrating.load();
    fits.start();
    const models = await client.models().catch((reason: unknown) => {
      if (ready.ok) notify(store, 'The list of models', failureOf(reason));
      return [];
    });
    set({ models });
  };

  /** Puts the demo star on the page, unless it was removed in this visit or an earlier one, or is there already. */
  const loadDemo = async (): Promise<void> => {
    if (!settings.getState().demo) return;
    const demo = await client.demo();
    if (!demo.ok) {
      notify(store, 'Demo star', demo.failure);
      return;
    }
    // It may be here from an earlier visit.
    if (get().entries.some(isDemoStar)) return;
    // It stands first, and leaves the selection to a file that was quicker.
    select((state) => {
      const added = list.addSpectra({ ...state, entries: [] }, [demo.value], demo.warnings);
      const star = added.entries.map((entry) => ({ ...entry, demo: true }));
      return { ...added, entries: [...star, ...state.entries], selected: state.selected ?? added.selected };
    });
  };

  /**
   * Brings back what an earlier visit left, its unfinished fits in the queue, and keeps everything from now on. Returns the model to go on
   * with: the one that those fits were asked for on, else the one chosen last; null for the default.
   */
  async function recall(): Promise<string | null> {
    const chosen = settings.getState().model;
    if (kept === null) return chosen;
    const keeping = createKeeping(store, kept.keeper, kept.tabs, fits.asked);
    const unfinished = await keeping.start((later) => {
      const { engine } = get();
      takeUp(later, engine.kind === 'ready' ? engine.engine.info.id : null);
    });
    const model = unfinished.find(({ wanted }) => wanted.model !== null)?.wanted.model ?? chosen;
    select((state) => ({ ...state, selected: state.selected ?? unfinished[0]?.key ?? state.entries[0]?.key ?? null }));
    takeUp(unfinished, model);
    keeping.keep();
    return model;
  }

  /** Begins fits again that a visit or a tab left unfinished; not on another model than theirs, which would give other labels. */
  function takeUp(unfinished: readonly Unfinished[], model: string | null): void {
    for (const { key, wanted } of unfinished) {
      if (wanted.model === null || model === null || wanted.model === model) fits.enqueue([key], wanted.settings, wanted.checkpoint);
      else
        notify(store, key, {
          code: 'FIT_LEFT',
          message: `Its fit was under way on the model ${wanted.model}, which is not the one that is open.`,
          hint: 'Choose that model and press Fit.',
        });
    }
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
    settings.getState().setModel(id);
    await changeModel(engine.engine, opened.value);
    await calibrating.load();
    fits.start();
  }

  const showDemo = (): Promise<void> => {
    settings.getState().setDemo(true);
    return loadDemo();
  };
  const links = createViewLinks(client, store, settings, history, {
    select,
    setLabels,
    openSample: teaching.openSample,
    showDemo: async () => {
      await recalled;
      await showDemo();
    },
    chooseModel,
  });

  const cancel = (keys: readonly string[]): void => {
    const stopped = fits.cancel(keys);
    const [only] = stopped;
    if (only === undefined) return;
    refreshDerivatives();
    const what = stopped.length === 1 ? `cancelled the fit of ${only.key}` : `cancelled ${String(stopped.length)} fits`;
    const undo = (): void => {
      for (const one of stopped) fits.enqueue([one.key], one.settings, one.checkpoint);
    };
    history.push({ what, key: null, undo });
    tellDone(store, what);
  };

  return {
    store,
    settings,
    ...editing,
    ...createLineNaming(client, store),
    ...ownLines,
    ...teaching,
    ...links,
    /** Whether the fragment of an address names a view. */
    isLink: (fragment: string): boolean => readViewLink(fragment) !== null,
    ...createStretchEditing(store, history),
    ...createNoteEditing(store, history),
    ...createGivenEditing(store, history, (before, now) => {
      fileReading.follow(before, now);
    }),

    /** Brings the demo star back to a page that it was removed from. */
    showDemo: (): void => {
      void showDemo().catch((reason: unknown) => {
        notify(store, 'Demo star', failureOf(reason));
      });
    },

    /** Does what a person asked for and reports it where it fails: nothing that was asked for may end without a word. */
    attempt: (what: string, work: () => void | Promise<void>): void => {
      void (async () => {
        try {
          await work();
        } catch (reason) {
          notify(store, what, failureOf(reason));
        }
      })();
    },

    chooseModel,
    chooseCalibration: (id: string | null): void => {
      calibrating.choose(id);
    },
    /** Tells of the calibration of one label, of all, or no more. */
    aboutCalibration: (about: string | null): void => {
      set({ aboutCalibration: about });
    },

    openFiles: (files: readonly NamedFile[]): Promise<void> => openFiles(files),

    /** Reads files that were dropped or chosen and, unless the setting says no, fits the first of them at once, by Levenberg–Marquardt. */
    dropFiles: async (files: readonly NamedFile[]): Promise<void> => {
      const { autoFit, fit } = settings.getState();
      let left = autoFit ? AUTO_FITS : 0;
      await openFiles(files, (keys) => {
        const now = keys.slice(0, left);
        left -= now.length;
        if (now.length > 0) fits.enqueue(now, { ...fit, method: DEFAULT_METHOD });
      });
    },

    /** Shows an earlier fit of the selected star, by its place among them; not while another is under way. */
    showFit: (index: number): void => {
      const { selected, entries } = get();
      const entry = entries.find(({ key }) => key === selected);
      if (entry === undefined || entry.elsewhere === true) return;
      select((state) => list.changeEntry(state, entry.key, (now) => withShown(now, index)));
      history.forgetLabels(entry.key);
    },
    /** Sets what the selected star is compared with. */
    compareWith: (compared: ComparedWith | null): void => {
      set({ compared });
    },

    answer,
    saveSession,

    select: (key: string): void => {
      select((state) => ({ ...state, selected: key }));
    },
    step: (by: number): void => {
      select((state) => list.stepSelection(state, by));
    },

    remove: (key: string): void => {
      const at = get().entries.findIndex((entry) => entry.key === key);
      const entry = get().entries[at];
      if (entry === undefined || entry.elsewhere === true) return;
      const gone: Entry = isActive(entry.run) ? { ...entry, run: IDLE } : entry;
      fits.cancel([key]);
      select((state) => list.removeEntry(state, key));
      if (isDemoStar(gone)) settings.getState().setDemo(false);
      const undo = (): void => {
        select((state) => list.restoreEntry(state, gone, at));
        if (isDemoStar(gone)) settings.getState().setDemo(true);
      };
      const what = `removed ${key}`;
      history.push({ what, key: null, undo });
      tellDone(store, what);
    },

    /** Takes every star of the sample off the page; one undo brings all back as they were selected. Those that another tab keeps stay. */
    removeAll: (): void => {
      const { entries, selected } = get();
      const sample = list.sampleOf(entries).filter(({ elsewhere }) => elsewhere !== true);
      if (sample.length === 0) return;
      const demo = sample.some(isDemoStar);
      const gone = entries.map((entry) => (isActive(entry.run) ? { ...entry, run: IDLE } : entry));
      fits.cancel(sample.map(({ key }) => key));
      select((state) => sample.reduce<EntriesState>((left, { key }) => list.removeEntry(left, key), state));
      if (demo) settings.getState().setDemo(false);
      const what = sample.length === 1 ? 'removed 1 star' : `removed ${String(sample.length)} stars`;
      const undo = (): void => {
        select((state) => ({ ...list.restoreMissing(state, gone), selected }));
        if (demo) settings.getState().setDemo(true);
      };
      history.push({ what, key: null, undo });
      tellDone(store, what);
    },
    /** The table of the sample in place of the plots of one star, or back. */
    toggleSample: (): void => {
      set(({ sampleOpen }) => ({ sampleOpen: !sampleOpen }));
    },

    dismiss: (key: string): void => {
      set((state) => list.dismissNotice(state, key));
    },
    /** Offers a new version of the page; `take` goes on with it. */
    offerUpdate: (take: () => void): void => {
      set({ update: take });
    },
    declineUpdate: (): void => {
      set({ update: null });
    },
    /** Says what was done, where there is nothing to take back. */
    tell: (text: string): void => {
      tell(store, text);
    },
    dismissToast: (): void => {
      set({ toast: null });
    },

    fitSelected: (): void => {
      const { selected } = get();
      if (selected !== null) fits.enqueue([selected]);
    },
    /** Fits every spectrum of the sample that has no result yet. */
    fitAll: (): void => {
      fits.enqueue(
        list
          .sampleOf(get().entries)
          .filter(({ run }) => run.kind !== 'done')
          .map(({ key }) => key),
      );
    },
    /** Cancels the fit of the selected spectrum; undo asks for it again. */
    cancelSelected: (): void => {
      const { selected } = get();
      if (selected !== null) cancel([selected]);
    },
    /** Cancels every fit that runs or waits; undo asks for all of them again. */
    cancelAll: (): void => {
      cancel(
        get()
          .entries.filter(({ run }) => isActive(run))
          .map(({ key }) => key),
      );
    },
    /** Holds the fits where they are, or lets them go on. */
    togglePause: (): void => {
      const { paused, entries } = get();
      if (paused || entries.some(({ run }) => isActive(run))) fits.pause(!paused);
    },

    undo: (): void => {
      const what = history.undo();
      tell(store, what === null ? 'Nothing to undo' : `Undone: ${what}`);
    },
    setWindow: (window: SessionState['window']): void => {
      set({ window });
    },
  };
}

export type Session = ReturnType<typeof createSession>;
