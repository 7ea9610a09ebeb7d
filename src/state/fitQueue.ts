import type { StoreApi } from 'zustand/vanilla';
import { calibrate } from '../calibration/apply.ts';
import { CANCELLED } from '../domain/client.ts';
import type { FitClient, FitJob } from '../domain/client.ts';
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitProgress, FitResult } from '../domain/fit.ts';
import { failed } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { changeEntry } from './entries.ts';
import { failureOf } from './failureOf.ts';
import { fitOptions } from './fitOptions.ts';
import { IDLE, isActive } from './fitRun.ts';
import type { FitRun } from './fitRun.ts';
import type { FitSettings, Settings } from './settings.ts';
import { entryOf, notify } from './store.ts';
import type { SessionStore } from './store.ts';

/** A fit that was asked for and is not finished. */
export interface Asked {
  /** As they were when it was asked for. */
  readonly settings: FitSettings;
  /** What the entry was before, to return to if the fit is cancelled. */
  readonly before: FitRun;
  /** Where a long fit stood when it last wrote that down. */
  readonly checkpoint?: unknown;
}

/** Fits in the order asked for, as many at a time as the engine takes. */
export function createFitQueue(client: FitClient, store: SessionStore, settings: StoreApi<Settings>, onSettled: () => void) {
  const asked = new Map<string, Asked>();
  const waiting: string[] = [];
  const jobs = new Map<string, FitJob>();

  const setRun = (key: string, run: FitRun): void => {
    store.setState((state) => changeEntry(state, key, (entry) => ({ ...entry, run })));
  };

  const finish = async (key: string, outcome: Result<FitResult>): Promise<void> => {
    const earlier = asked.get(key)?.before ?? IDLE;
    asked.delete(key);
    if (outcome.ok) {
      const result = outcome.value;
      const calibrated = await client.calibrate(result).catch((reason: unknown) => {
        notify(store, `Calibration of ${key}`, failureOf(reason));
        return calibrate(result, null);
      });
      store.setState((state) =>
        changeEntry(state, key, (entry) => ({ ...entry, run: { kind: 'done', result, calibrated }, manual: null })),
      );
    } else if (outcome.failure.code === CANCELLED) {
      setRun(key, earlier.kind === 'done' ? earlier : { kind: 'cancelled' });
    } else {
      setRun(key, { kind: 'failed', failure: outcome.failure });
      notify(store, key, outcome.failure);
    }
  };

  const run = async (key: string, info: EmulatorInfo): Promise<void> => {
    const entry = entryOf(store, key);
    if (entry === undefined) return;
    const onProgress = (progress: FitProgress): void => {
      if (jobs.has(key) && entryOf(store, key)?.run.kind === 'running') setRun(key, { kind: 'running', progress });
    };
    setRun(key, { kind: 'running', progress: null });
    const own = asked.get(key);
    const chosen = own?.settings ?? settings.getState().fit;
    const job = client.fit(entry.spectrum, fitOptions(chosen, info), onProgress, {
      resume: own?.checkpoint,
      onCheckpoint: (checkpoint) => {
        const now = asked.get(key);
        if (now !== undefined) asked.set(key, { ...now, checkpoint });
      },
    });
    jobs.set(key, job);
    const outcome = await job.result.catch((reason: unknown): Result<FitResult> => ({ ok: false, failure: failureOf(reason) }));
    jobs.delete(key);
    // What was removed meanwhile has no run to change, and nobody to tell.
    await finish(key, entryOf(store, key) === undefined ? failed(CANCELLED, `${key} was removed`) : outcome);
    onSettled();
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

  const withdraw = (key: string): void => {
    const at = waiting.indexOf(key);
    if (at < 0) return;
    waiting.splice(at, 1);
    setRun(key, asked.get(key)?.before ?? IDLE);
    asked.delete(key);
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
    /** With the settings of now, or as it was asked for in an earlier visit and had come by then. */
    enqueue: (keys: readonly string[], chosen: FitSettings = settings.getState().fit, checkpoint?: unknown): void => {
      for (const key of keys) {
        const entry = entryOf(store, key);
        if (entry === undefined || isActive(entry.run)) continue;
        asked.set(key, { settings: chosen, before: entry.run, checkpoint });
        setRun(key, { kind: 'queued' });
        waiting.push(key);
      }
      fill();
    },
    /** What was asked for the entry of this key and is not finished. */
    asked: (key: string): Asked | undefined => asked.get(key),
    pause,
    /** Stops the running fits and everything that waits. */
    cancel: (): void => {
      for (const key of [...waiting]) withdraw(key);
      for (const job of jobs.values()) job.cancel();
      pause(false);
    },
    /** Stops what concerns one spectrum; the rest goes on. */
    forget: (key: string): void => {
      withdraw(key);
      jobs.get(key)?.cancel();
    },
    /** Goes on with what was asked for before the engine was ready. */
    start: fill,
  };
}
