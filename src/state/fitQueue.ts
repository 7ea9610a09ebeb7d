import type { StoreApi } from 'zustand/vanilla';
import { calibrate } from '../calibration/apply.ts';
import { CANCELLED } from '../domain/client.ts';
import type { FitClient, FitJob } from '../domain/client.ts';
import type { FitProgress, FitResult } from '../domain/fit.ts';
import { failed } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { changeEntry } from './entries.ts';
import { failureOf } from './failureOf.ts';
import { fitOptions } from './fitOptions.ts';
import { IDLE, isActive } from './fitRun.ts';
import type { FitRun } from './fitRun.ts';
import type { Settings } from './settings.ts';
import { entryOf, notify } from './store.ts';
import type { SessionStore } from './store.ts';

/** Fits, one at a time, in the order asked for: the engine has one model and the machine few cores. */
export function createFitQueue(client: FitClient, store: SessionStore, settings: StoreApi<Settings>, onSettled: () => void) {
  const waiting: string[] = [];
  /** What each active entry was before, to return to if its fit is cancelled. */
  const before = new Map<string, FitRun>();
  let current: { readonly key: string; readonly job: FitJob } | null = null;

  const setRun = (key: string, run: FitRun): void => {
    store.setState((state) => changeEntry(state, key, (entry) => ({ ...entry, run })));
  };

  const finish = async (key: string, outcome: Result<FitResult>): Promise<void> => {
    const earlier = before.get(key) ?? IDLE;
    before.delete(key);
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

  const runNext = async (): Promise<void> => {
    const { engine } = store.getState();
    const key = waiting[0];
    if (current !== null || key === undefined || engine.kind !== 'ready') return;
    waiting.shift();
    const entry = entryOf(store, key);
    if (entry !== undefined) {
      const onProgress = (progress: FitProgress): void => {
        if (current?.key === key && entryOf(store, key)?.run.kind === 'running') setRun(key, { kind: 'running', progress });
      };
      setRun(key, { kind: 'running', progress: null });
      current = { key, job: client.fit(entry.spectrum, fitOptions(settings.getState().fit, engine.engine.info), onProgress) };
      const outcome = await current.job.result.catch((reason: unknown): Result<FitResult> => ({ ok: false, failure: failureOf(reason) }));
      current = null;
      // What was removed meanwhile has no run to change, and nobody to tell.
      await finish(key, entryOf(store, key) === undefined ? failed(CANCELLED, `${key} was removed`) : outcome);
      onSettled();
    }
    void runNext();
  };

  const withdraw = (key: string): void => {
    const at = waiting.indexOf(key);
    if (at < 0) return;
    waiting.splice(at, 1);
    setRun(key, before.get(key) ?? IDLE);
    before.delete(key);
  };

  return {
    enqueue: (keys: readonly string[]): void => {
      for (const key of keys) {
        const entry = entryOf(store, key);
        if (entry === undefined || isActive(entry.run)) continue;
        before.set(key, entry.run);
        setRun(key, { kind: 'queued' });
        waiting.push(key);
      }
      void runNext();
    },
    /** Stops the running fit and everything that waits. */
    cancel: (): void => {
      for (const key of [...waiting]) withdraw(key);
      current?.job.cancel();
    },
    /** Stops what concerns one spectrum; the rest goes on. */
    forget: (key: string): void => {
      withdraw(key);
      if (current?.key === key) current.job.cancel();
    },
    /** Goes on with what was asked for before the engine was ready. */
    start: (): void => void runNext(),
  };
}
