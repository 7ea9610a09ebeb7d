/** The queue of fits: what was asked for, what runs, and what becomes of an entry when its fit ends or is cancelled. */
import type { StoreApi } from 'zustand/vanilla';
import { CANCELLED } from '../domain/client.ts';
import type { CalibratedFit, FitClient, FitJob } from '../domain/client.ts';
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitProgress } from '../domain/fit.ts';
import type { Result } from '../domain/result.ts';
import type { Calibrating } from './calibrations.ts';
import { createBreather } from './breather.ts';
import { changeEntry } from './entries.ts';
import { earlierOf, fitTitle, keepEarlier, MOST_EARLIER } from './earlierFits.ts';
import { failureOf } from './failureOf.ts';
import { fitOptions } from './fitOptions.ts';
import { isActive } from './fitRun.ts';
import type { FinishedFit, FitRun } from './fitRun.ts';
import { givenOf } from './given.ts';
import type { FitSettings, Settings } from './settings.ts';
import { entryOf, tell } from './store.ts';
import type { SessionStore } from './store.ts';
import { stretchesOf } from './stretches.ts';

/** A fit that was asked for and is not finished. */
export interface Asked {
  /** As they were when it was asked for. */
  readonly settings: FitSettings;
  /** What the entry was before, to return to if the fit is cancelled. */
  readonly before: FitRun;
  /** Where a long fit stood when it last wrote that down. */
  readonly checkpoint?: unknown;
}

/** A fit that was cancelled, with what it takes to ask for it again. */
export interface CancelledFit extends Asked {
  readonly key: string;
}

/**
 * Fits in the order asked for, as many at a time as the engine takes. `onSettled` is called when a fit has ended, with the key of its entry
 * where it ended with a result.
 */
export function createFitQueue(
  client: FitClient,
  store: SessionStore,
  settings: StoreApi<Settings>,
  calibrated: Calibrating['now'],
  onSettled: (finished: string | null) => void,
) {
  const asked = new Map<string, Asked>();
  const waiting: string[] = [];
  const jobs = new Map<string, FitJob>();

  const setRun = (key: string, run: FitRun): void => {
    store.setState((state) => changeEntry(state, key, (entry) => ({ ...entry, run })));
  };

  /** How a fit that was not cancelled ended. */
  const ending = (outcome: Result<CalibratedFit>): FitRun =>
    outcome.ok
      ? {
          kind: 'done',
          result: outcome.value.result,
          calibrated: calibrated(outcome.value.result, outcome.value.calibrated),
          when: new Date().toISOString(),
        }
      : { kind: 'failed', failure: outcome.failure };

  /** Shows a fit that has ended with a result; the one from before is kept beside it, unless it was the same. */
  const finish = (key: string, before: FitRun, ended: FinishedFit): void => {
    const entry = entryOf(store, key);
    if (entry === undefined) return;
    const { earlier, gone } = keepEarlier(earlierOf(entry), before, ended);
    store.setState((state) => changeEntry(state, key, (now) => ({ ...now, run: ended, manual: null, earlier })));
    if (gone === null) return;
    tell(store, `${key}: ${String(MOST_EARLIER + 1)} fits are kept; the oldest, ${fitTitle(gone)}, is gone`);
  };

  const run = async (key: string, info: EmulatorInfo): Promise<void> => {
    const entry = entryOf(store, key);
    if (entry === undefined) return;
    const own = asked.get(key);
    const chosen = own?.settings ?? settings.getState().fit;
    setRun(key, { kind: 'running', progress: null });
    const breathe = createBreather();
    const onProgress = (progress: FitProgress): void => {
      breathe(() => {
        if (jobs.get(key) === job) setRun(key, { kind: 'running', progress });
      });
    };
    const job = client.fit(entry.spectrum, fitOptions(chosen, info, { stretches: stretchesOf(entry), given: givenOf(entry) }), onProgress, {
      resume: own?.checkpoint,
      onCheckpoint: (checkpoint) => {
        const now = asked.get(key);
        if (now !== undefined) asked.set(key, { ...now, checkpoint });
      },
    });
    jobs.set(key, job);
    const outcome = await job.result.catch((reason: unknown): Result<CalibratedFit> => ({ ok: false, failure: failureOf(reason) }));
    const ended = ending(outcome);
    const finished = ended.kind === 'done';
    // A job that is no longer in the list was cancelled here, and its entry is as it should be.
    if (jobs.get(key) === job) {
      if (!outcome.ok && outcome.failure.code === CANCELLED) stop(key);
      else {
        jobs.delete(key);
        asked.delete(key);
        if (ended.kind === 'done') finish(key, own?.before ?? entry.run, ended);
        else setRun(key, ended);
      }
    }
    onSettled(finished ? key : null);
    fill();
  };

  /** Starts what waits, as far as there is room. */
  const fill = (): void => {
    const { engine, paused } = store.getState();
    if (engine.kind !== 'ready' || paused) return;
    while (jobs.size < client.parallel) {
      const key = waiting.shift();
      if (key === undefined) return;
      void run(key, engine.engine.info);
    }
  };

  /** Ends the fit of one entry, waiting or running, which is then as it was before; null where there is none. */
  const stop = (key: string): CancelledFit | null => {
    const own = asked.get(key);
    if (own === undefined) return null;
    const at = waiting.indexOf(key);
    if (at >= 0) waiting.splice(at, 1);
    const ran = jobs.get(key);
    asked.delete(key);
    jobs.delete(key);
    ran?.cancel();
    setRun(key, ran === undefined || own.before.kind === 'done' ? own.before : { kind: 'cancelled' });
    return { key, ...own };
  };

  const pause = (paused: boolean): void => {
    if (store.getState().paused === paused) return;
    store.setState({ paused });
    for (const job of jobs.values())
      if (paused) job.pause();
      else job.resume();
    fill();
  };

  return {
    /** With the settings of now, or as it was asked for earlier and had come by then. */
    enqueue: (keys: readonly string[], chosen: FitSettings = settings.getState().fit, checkpoint?: unknown): void => {
      for (const key of keys) {
        const entry = entryOf(store, key);
        if (entry === undefined || entry.elsewhere === true || isActive(entry.run)) continue;
        asked.set(key, { settings: chosen, before: entry.run, checkpoint });
        setRun(key, { kind: 'queued' });
        waiting.push(key);
      }
      fill();
    },
    /** What was asked for the entry of this key and is not finished. */
    asked: (key: string): Asked | undefined => asked.get(key),
    pause,
    /** Stops the fits of these entries, running or waiting; the rest goes on. Returns those that there were. */
    cancel: (keys: readonly string[]): readonly CancelledFit[] => {
      const stopped = keys.flatMap((key) => stop(key) ?? []);
      if (asked.size === 0) pause(false);
      fill();
      return stopped;
    },
    /** Goes on with what was asked for before the engine was ready. */
    start: fill,
  };
}
