import { proxy, type Remote } from 'comlink';
import { CANCELLED, type DrawnModel, type FitClient, type FitJob, type FitMemory, type CalibratedFit } from '../domain/client.ts';
import type { FitOptions, FitProgress, Solution } from '../domain/fit.ts';
import { failed, type Failure, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { settled } from './connection.ts';
import { DRAWING_UNKNOWN } from './drawings.ts';
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

  /** Names of what was drawn over, by the object it came with. */
  const keys = new WeakMap<object, string>();
  let drawings = 0;
  const keyOf = (subject: object): string => {
    const key = keys.get(subject) ?? `drawing ${String(++drawings)}`;
    keys.set(subject, key);
    return key;
  };
  /** Labels by key; the spectrum goes along only where the worker does not hold it: the first time, or after it was replaced. */
  const draw = async (spectrum: Spectrum, result: Solution | null, labels: Float64Array, rv: number): Promise<DrawnModel> => {
    const key = keyOf(result ?? spectrum);
    const drawn = await ask((remote) => remote.redraw(key, labels, rv));
    if (drawn.ok) return drawn.value;
    if (drawn.failure.code !== DRAWING_UNKNOWN) throw new EngineFailure(drawn.failure);
    const solution = result === null ? null : { problem: result.problem, nuisances: result.nuisances, rv: result.rv };
    await demand((remote) => remote.keepDrawing(key, { spectrum, solution }));
    return demand((remote) => remote.redraw(key, labels, rv));
  };

  return {
    get ready() {
      return pool.current().ready;
    },
    get parallel() {
      return pool.parallel;
    },
    read: (name, bytes, options) => ask((remote) => remote.read(name, bytes, options)),
    fit: (spectrum, fitOptions, onProgress, memory = {}) => startFit(pool, ++jobs, spectrum, fitOptions, onProgress, memory),
    predict: (labels) => demand((remote) => remote.predict(labels)),
    redraw: (spectrum, result, labels, rv) => draw(spectrum, result, labels, rv),
    jacobian: (labels) => demand((remote) => remote.jacobian(labels)),
    carriers: async ({ problem, labels, scaledCovariance, nuisances, chi2ReducedWidened, z }) =>
      (await demand((remote) => remote.carriers({ problem, labels, scaledCovariance, nuisances, chi2ReducedWidened, z }))).pixels,
    abinitio: async (label, labels) => (await demand((remote) => remote.abinitio(label, labels))).found,
    demo: () => ask((remote) => remote.demo()),
    sample: (id) => ask((remote) => remote.sample(id)),
    lineTable: () => ask((remote) => remote.lineTable()),
    models: () => demand((remote) => remote.models()),
    calibrations: () => demand((remote) => remote.calibrations()),
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
  let stop: (result: Result<CalibratedFit>) => void = () => undefined;
  const stopped = new Promise<Result<CalibratedFit>>((resolve) => {
    stop = resolve;
  });
  const report = proxy((progress: FitProgress) => {
    if (!over) onProgress(progress);
  });
  const remember = proxy((checkpoint: unknown) => {
    if (!over) memory.onCheckpoint?.(checkpoint);
  });
  const cancelled = failed(CANCELLED, `The fit of ${spectrum.id} was cancelled.`);
  const work = async (): Promise<Result<CalibratedFit>> => {
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
