import { proxy, type Remote } from 'comlink';
import { CANCELLED, type FitClient, type FitJob, type FitMemory } from '../domain/client.ts';
import type { FitOptions, FitProgress, FitResult } from '../domain/fit.ts';
import { failed, type Failure, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { settled } from './connection.ts';
import type { OpenOptions, WorkerApi } from './messages.ts';
import { WorkerPool } from './workerPool.ts';

export interface ClientOptions extends OpenOptions {
  /** URL that `models/`, `calibrations/` and `demo/` are under. */
  readonly base: string;
  /** Makes the worker; tests give their own. */
  readonly spawn?: () => Worker;
  /** Workers at most; absent: what suits the backend and the machine. */
  readonly workers?: number;
}

/** A failure where the page asked for a plain value (a drawing, a prediction): thrown in the page, never across the boundary. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

const spawnWorker = (): Worker => new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module', name: 'fit' });

/** The page's way to the engine. A worker that dies fails what it was doing, by name, and the next request gets a fresh one. */
export function createFitClient(options: ClientOptions): FitClient & { dispose(): void } {
  const { base, spawn = spawnWorker, workers, ...open } = options;
  const pool = new WorkerPool({ base, open, spawn, ...(workers === undefined ? {} : { workers }) });
  let jobs = 0;

  /** One request: its result, or the named failure of a worker that died meanwhile. */
  const ask = async <T>(request: (remote: Remote<WorkerApi>) => Promise<Result<T>>): Promise<Result<T>> => {
    const { remote, crashed } = pool.current();
    return settled(request(remote), crashed);
  };
  const demand = async <T>(request: (remote: Remote<WorkerApi>) => Promise<Result<T>>): Promise<T> => {
    const result = await ask(request);
    if (!result.ok) throw new EngineFailure(result.failure);
    return result.value;
  };

  return {
    get ready() {
      return pool.current().ready;
    },
    get parallel() {
      return pool.parallel;
    },
    read: (name, bytes) => ask((remote) => remote.read(name, bytes)),
    fit: (spectrum, fitOptions, onProgress, memory = {}) => startFit(pool, ++jobs, spectrum, fitOptions, onProgress, memory),
    predict: (labels) => demand((remote) => remote.predict(labels)),
    redraw: (spectrum, result, labels, rv) => demand((remote) => remote.redraw(spectrum, result, labels, rv)),
    jacobian: (labels) => demand((remote) => remote.jacobian(labels)),
    abinitio: async (label, labels) => (await demand((remote) => remote.abinitio(label, labels))).found,
    calibrate: (result) => demand((remote) => remote.calibrate(result)),
    report: (file, spectrum, result) => demand((remote) => remote.report(file, spectrum, result)),
    demo: () => ask((remote) => remote.demo()),
    models: () => demand((remote) => remote.models()),
    async use(model) {
      const used = pool.current();
      await used.ready;
      const opened = await settled(used.remote.open(base, { ...open, model }), used.crashed);
      if (opened.ok) {
        pool.reopened(model);
        used.ready = Promise.resolve(opened);
      }
      return opened;
    },
    dispose() {
      pool.dispose();
    },
  };
}

/** A fit on whichever worker is free. */
function startFit(
  pool: WorkerPool,
  job: number,
  spectrum: Spectrum,
  options: FitOptions,
  onProgress: (progress: FitProgress) => void,
  memory: FitMemory,
): FitJob {
  let over = false;
  let held = false;
  let remote: Remote<WorkerApi> | null = null;
  let stop: (result: Result<FitResult>) => void = () => undefined;
  const stopped = new Promise<Result<FitResult>>((resolve) => {
    stop = resolve;
  });
  const report = proxy((progress: FitProgress) => {
    if (!over) onProgress(progress);
  });
  const remember = proxy((checkpoint: unknown) => {
    if (!over) memory.onCheckpoint?.(checkpoint);
  });
  const cancelled = failed(CANCELLED, `The fit of ${spectrum.id} was cancelled.`);
  const work = async (): Promise<Result<FitResult>> => {
    const connection = await pool.reserve();
    try {
      if (over) return cancelled;
      remote = connection.remote;
      if (held) remote.hold(job, true).catch(() => undefined);
      return await settled(remote.fit(job, spectrum, options, report, memory.resume, remember), connection.crashed);
    } finally {
      pool.release(connection);
    }
  };
  const hold = (on: boolean): void => {
    held = on;
    if (!over) remote?.hold(job, on).catch(() => undefined);
  };
  return {
    result: Promise.race([work(), stopped]).finally(() => {
      over = true;
    }),
    cancel: () => {
      // The page goes on at once; the worker stops at its next pause.
      over = true;
      stop(cancelled);
      remote?.cancel(job).catch(() => undefined);
    },
    pause: () => {
      hold(true);
    },
    resume: () => {
      hold(false);
    },
  };
}
