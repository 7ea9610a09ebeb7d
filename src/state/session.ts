import { calibrate } from '../calibration/apply.ts';
import { createStore } from 'zustand/vanilla';
import { CANCELLED } from '../domain/client.ts';
import type { EngineInfo, FitClient, FitJob } from '../domain/client.ts';
import type { EmulatedJacobian } from '../domain/emulator.ts';
import type { FitProgress, FitResult } from '../domain/fit.ts';
import type { Failure, Result } from '../domain/result.ts';
import { failed } from '../domain/result.ts';
import * as list from './entries.ts';
import type { EntriesState, Entry } from './entries.ts';
import { failureOf } from './failureOf.ts';
import { fittedStars } from './fittedStars.ts';
import { fitOptions } from './fitOptions.ts';
import { IDLE, isActive } from './fitRun.ts';
import type { FitRun } from './fitRun.ts';
import { History } from './history.ts';
import { fittedLabels, orderedLabels, solarLabels, withLabel } from './labelVectors.ts';
import { latestOnly } from './latest.ts';
import { createSettings } from './settings.ts';

export type EngineState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly engine: EngineInfo }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface SessionState extends EntriesState {
  readonly engine: EngineState;
  /** Files being read. */
  readonly reading: number;
  /** Derivatives at the labels on show; null until the first are there. */
  readonly jacobian: { readonly labels: Float64Array; readonly values: EmulatedJacobian } | null;
  /** Wavelength window of the linked views, Å as shown; null shows everything. */
  readonly window: readonly [number, number] | null;
  /** What was done last, with a way back; null when there is nothing to say. */
  readonly toast: { readonly text: string; readonly canUndo: boolean } | null;
}

/** A file as the browser gives it. */
export interface NamedFile {
  readonly name: string;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** The labels on show for an entry: the sliders', else the search's best, else the fit's, else the Sun's. */
export function shownLabels(engine: EngineInfo, entry: Entry | null): Float64Array {
  const solar = solarLabels(engine.info);
  if (entry === null) return solar;
  if (entry.run.kind === 'running' && entry.run.progress?.best != null)
    return orderedLabels(engine.info, entry.run.progress.best.labels, solar);
  if (entry.manual !== null) return entry.manual.labels;
  return entry.run.kind === 'done' ? fittedLabels(engine.info, entry.run.result) : solar;
}

/** One page's work: the spectra, their fits, the sliders. Everything a person does is a method; what is seen is in `store`. */
export function createSession(client: FitClient) {
  const settings = createSettings();
  const history = new History();
  const store = createStore<SessionState>()(() => ({
    ...list.EMPTY,
    engine: { kind: 'loading' },
    reading: 0,
    jacobian: null,
    window: null,
    toast: null,
  }));
  const get = store.getState;
  const set = store.setState;
  const entryOf = (key: string): Entry | undefined => get().entries.find((entry) => entry.key === key);
  const setRun = (key: string, run: FitRun): void => {
    set((state) => list.changeEntry(state, key, (entry) => ({ ...entry, run })));
  };
  const notify = (about: string, failure: Failure): void => {
    set((state) => list.addNotice(state, about, failure));
  };

  // --- the engine -------------------------------------------------------------------------------------------------------------
  const start = async (): Promise<void> => {
    const [ready, demo] = await Promise.all([client.ready, client.demo()]);
    if (ready.ok) set({ engine: { kind: 'ready', engine: ready.value } });
    else set({ engine: { kind: 'failed', failure: ready.failure } });
    if (demo.ok) {
      // A file dropped while the demo star was being made stays selected.
      set((state) => {
        const added = list.addSpectra({ ...state, entries: [] }, [demo.value], demo.warnings);
        return { ...added, entries: [...added.entries, ...state.entries], selected: state.selected ?? added.selected };
      });
    } else if (ready.ok) notify('Demo star', demo.failure);
    refreshDerivatives(null);
  };

  /** A request that the engine could not answer: told, not thrown. */
  const tell =
    (about: string) =>
    (reason: unknown): void => {
      notify(about, failureOf(reason));
    };

  // --- derivatives and sliders ------------------------------------------------------------------------------------------------
  const refreshDerivatives = latestOnly<null>(async () => {
    const { engine, jacobian } = get();
    const entry = list.selectedEntry(get());
    if (engine.kind !== 'ready' || (entry !== null && isActive(entry.run))) return;
    const labels = shownLabels(engine.engine, entry);
    if (jacobian !== null && labels.every((value, i) => value === jacobian.labels[i])) return;
    const values = await client.jacobian(labels).catch(tell('Derivative spectrum'));
    if (values !== undefined) set({ jacobian: { labels, values } });
  });

  const redraw = latestOnly(async (key: string) => {
    const entry = entryOf(key);
    const manual = entry?.manual ?? null;
    if (entry === undefined || manual === null) return;
    const result: FitResult | null = entry.run.kind === 'done' ? entry.run.result : null;
    const drawn = await client.redraw(entry.spectrum, result, manual.labels, result?.rv.value ?? 0).catch(tell(entry.spectrum.id));
    if (drawn === undefined) return;
    set((state) =>
      list.changeEntry(state, key, (now) => (now.manual === null ? now : { ...now, manual: { labels: now.manual.labels, drawn } })),
    );
    refreshDerivatives(null);
  });

  const setManual = (key: string, labels: Float64Array | null): void => {
    set((state) =>
      list.changeEntry(state, key, (entry) => ({
        ...entry,
        manual: labels === null ? null : { labels, drawn: entry.manual?.drawn ?? null },
      })),
    );
    if (labels === null) refreshDerivatives(null);
    else redraw(key);
  };

  const editLabels = (
    what: string,
    undoKey: string | null,
    edit: (labels: Float64Array, engine: EngineInfo) => Float64Array | null,
  ): void => {
    const { engine } = get();
    const entry = list.selectedEntry(get());
    if (engine.kind !== 'ready' || entry === null || isActive(entry.run)) return;
    const before = entry.manual?.labels ?? null;
    history.push({
      what,
      key: undoKey === null ? null : `${entry.key}/${undoKey}`,
      undo: () => {
        setManual(entry.key, before);
      },
    });
    setManual(entry.key, edit(shownLabels(engine.engine, entry), engine.engine));
  };

  // --- fits: one at a time, in the order asked -------------------------------------------------------------------------------
  let job: { readonly key: string; readonly job: FitJob; readonly before: FitRun } | null = null;
  const queue: string[] = [];

  const finish = async (key: string, before: FitRun, outcome: Result<FitResult>): Promise<void> => {
    if (outcome.ok) {
      const calibrated = await client.calibrate(outcome.value).catch((reason: unknown) => {
        tell(`Calibration of ${key}`)(reason);
        return calibrate(outcome.value, null);
      });
      set((state) =>
        list.changeEntry(state, key, (entry) => ({ ...entry, run: { kind: 'done', result: outcome.value, calibrated }, manual: null })),
      );
    } else if (outcome.failure.code === CANCELLED) {
      setRun(key, before.kind === 'done' ? before : { kind: 'cancelled' });
    } else {
      setRun(key, { kind: 'failed', failure: outcome.failure });
      notify(entryOf(key)?.spectrum.id ?? key, outcome.failure);
    }
  };

  const runNext = async (): Promise<void> => {
    const { engine } = get();
    if (job !== null || engine.kind !== 'ready') return;
    const key = queue.shift();
    const entry = key === undefined ? undefined : entryOf(key);
    if (key === undefined) return;
    if (entry !== undefined) {
      const onProgress = (progress: FitProgress): void => {
        if (job?.key === key && entryOf(key)?.run.kind === 'running') setRun(key, { kind: 'running', progress });
      };
      const before = previous.get(key) ?? IDLE;
      setRun(key, { kind: 'running', progress: null });
      const started = client.fit(entry.spectrum, fitOptions(settings.getState().fit, engine.engine.info), onProgress);
      job = { key, job: started, before };
      const outcome = await started.result.catch((reason: unknown) =>
        failed(
          'FIT_CRASHED',
          `The fit stopped unexpectedly: ${reason instanceof Error ? reason.message : String(reason)}`,
          'Run it again; if it returns, please report it with the spectrum.',
        ),
      );
      job = null;
      previous.delete(key);
      await finish(key, before, outcome);
      refreshDerivatives(null);
    }
    void runNext();
  };
  /** What each waiting entry was before, to return to if its fit is cancelled. */
  const previous = new Map<string, FitRun>();

  const enqueue = (keys: readonly string[]): void => {
    for (const key of keys) {
      const entry = entryOf(key);
      if (entry === undefined || isActive(entry.run)) continue;
      previous.set(key, entry.run);
      setRun(key, { kind: 'queued' });
      queue.push(key);
    }
    void runNext();
  };

  const unqueue = (key: string): void => {
    const at = queue.indexOf(key);
    if (at >= 0) queue.splice(at, 1);
    const before = previous.get(key) ?? IDLE;
    previous.delete(key);
    if (entryOf(key)?.run.kind === 'queued') setRun(key, before);
  };

  const select = (change: (state: EntriesState) => EntriesState): void => {
    set(change);
    refreshDerivatives(null);
  };

  void start().catch((reason: unknown) => {
    set({
      engine: {
        kind: 'failed',
        failure: { code: 'ENGINE_CRASHED', message: reason instanceof Error ? reason.message : String(reason), hint: 'Reload the page.' },
      },
    });
  });

  return {
    store,
    settings,

    /** Reads files one after another; one that cannot be read leaves a notice and the rest go on. */
    openFiles: async (files: readonly NamedFile[]): Promise<void> => {
      set(({ reading }) => ({ reading: reading + files.length }));
      for (const file of files) {
        const outcome = await file
          .arrayBuffer()
          .then((buffer) => client.read(file.name, new Uint8Array(buffer)))
          .catch((reason: unknown) =>
            failed(
              'FILE_UNREADABLE',
              `${file.name} could not be opened: ${reason instanceof Error ? reason.message : String(reason)}`,
              'Choose the file again.',
            ),
          );
        if (outcome.ok) select((state) => list.addSpectra(state, outcome.value, outcome.warnings));
        else notify(file.name, outcome.failure);
        set(({ reading }) => ({ reading: reading - 1, window: null }));
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
      if (job?.key === key) job.job.cancel();
      unqueue(key);
      const kept: Entry = isActive(entry.run) ? { ...entry, run: IDLE } : entry;
      history.push({
        what: `removed ${entry.spectrum.id}`,
        key: null,
        undo: () => {
          select((state) => list.restoreEntry(state, kept, at));
        },
      });
      select((state) => list.removeEntry(state, key));
      set({ toast: { text: `Removed ${entry.spectrum.id}`, canUndo: true } });
    },

    dismiss: (key: string): void => {
      set((state) => list.dismissNotice(state, key));
    },
    dismissToast: (): void => {
      set({ toast: null });
    },

    fitSelected: (): void => {
      const key = get().selected;
      if (key !== null) enqueue([key]);
    },
    fitAll: (): void => {
      enqueue(
        get()
          .entries.filter(({ run }) => run.kind !== 'done')
          .map(({ key }) => key),
      );
    },
    /** Stops the running fit and everything that waits. */
    cancel: (): void => {
      for (const key of [...queue]) unqueue(key);
      job?.job.cancel();
    },

    setLabel: (index: number, value: number): void => {
      editLabels('label change', `label-${String(index)}`, (labels, { info }) => withLabel(info, labels, index, value));
    },
    /** One label back to the fit's value, or the Sun's where there is no fit. */
    resetLabel: (index: number): void => {
      editLabels('label reset', null, (labels, engine) => {
        const run = list.selectedEntry(get())?.run;
        const origin = run?.kind === 'done' ? fittedLabels(engine.info, run.result) : solarLabels(engine.info);
        return withLabel(engine.info, labels, index, origin[index] ?? NaN);
      });
    },
    resetToFit: (): void => {
      editLabels('reset to the fit', null, () => null);
    },
    resetToSolar: (): void => {
      editLabels('reset to the Sun', null, (_, { info }) => solarLabels(info));
    },

    /** What the terminal prints of every finished fit, as JSON text. */
    resultsJson: async (): Promise<string> => {
      const finished = fittedStars(get().entries);
      const reports = await Promise.all(finished.map(({ file, spectrum, fit }) => client.report(file, spectrum, fit)));
      return `${JSON.stringify(reports, null, 2)}
`;
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
