import { proxy, wrap, type Remote } from 'comlink';
import { CANCELLED, type EngineInfo, type FitClient, type FitJob } from '../domain/client.ts';
import type { FitResult } from '../domain/fit.ts';
import { failed, type Failure, type Result } from '../domain/result.ts';
import type { OpenOptions, WorkerApi } from './messages.ts';

export interface ClientOptions extends OpenOptions {
  /** URL that `models/`, `calibrations/` and `demo/` are under. */
  readonly base: string;
  /** Makes the worker; tests give their own. */
  readonly spawn?: () => Worker;
}

/** A failure where the page asked for a plain value (a drawing, a prediction): thrown in the page, never across the boundary. */
export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
  constructor(readonly failure: Failure) {
    super(failure.message);
  }
}

interface Connection {
  readonly worker: Worker;
  readonly remote: Remote<WorkerApi>;
  ready: Promise<Result<EngineInfo>>;
  /** Settles only if the worker dies. */
  readonly crashed: Promise<Result<never>>;
}

const spawnWorker = (): Worker => new Worker(new URL('../../workers/fit.worker.ts', import.meta.url), { type: 'module', name: 'fit' });

/** The page's way to the engine. A worker that dies fails what it was doing, by name, and the next request gets a fresh one. */
export function createFitClient(options: ClientOptions): FitClient & { dispose(): void } {
  const { base, spawn = spawnWorker, ...openOptions } = options;
  let connection: Connection | null = null;
  let jobs = 0;
  /** The model of a worker that has to be started again. */
  let chosen: OpenOptions = openOptions;

  const connect = (): Connection => {
    const worker = spawn();
    const remote = wrap<WorkerApi>(worker);
    const crashed = new Promise<Result<never>>((resolve) => {
      const died = (why: string): void => {
        worker.terminate();
        if (connection?.worker === worker) connection = null;
        resolve(
          failed(
            'WORKER_CRASHED',
            `The worker that runs the model stopped: ${why}.`,
            'A fresh one starts with the next request: try again.',
          ),
        );
      };
      worker.addEventListener('error', (event) => {
        died(event.message || 'it could not be loaded, or ran out of memory');
      });
      worker.addEventListener('messageerror', () => {
        died('a message could not be read');
      });
    });
    return { worker, remote, crashed, ready: settled(remote.open(base, chosen), crashed) };
  };
  const current = (): Connection => (connection ??= connect());

  /** One request: its result, or the named failure of a worker that died meanwhile. */
  const ask = async <T>(request: (remote: Remote<WorkerApi>) => Promise<Result<T>>): Promise<Result<T>> => {
    const { remote, crashed } = current();
    return settled(request(remote), crashed);
  };
  const demand = async <T>(request: (remote: Remote<WorkerApi>) => Promise<Result<T>>): Promise<T> => {
    const result = await ask(request);
    if (!result.ok) throw new EngineFailure(result.failure);
    return result.value;
  };

  return {
    get ready() {
      return current().ready;
    },
    read: (name, bytes) => ask((remote) => remote.read(name, bytes)),
    fit(spectrum, fitOptions, onProgress): FitJob {
      const job = ++jobs;
      let over = false;
      let stop: (result: Result<FitResult>) => void = () => undefined;
      const stopped = new Promise<Result<FitResult>>((resolve) => {
        stop = resolve;
      });
      const { remote } = current();
      const report = proxy((progress: Parameters<typeof onProgress>[0]) => {
        if (!over) onProgress(progress);
      });
      const result = Promise.race([ask((worker) => worker.fit(job, spectrum, fitOptions, report)), stopped]).finally(() => {
        over = true;
      });
      return {
        result,
        cancel: () => {
          // The page goes on at once; the worker stops at its next pause.
          stop(failed(CANCELLED, `The fit of ${spectrum.id} was cancelled.`));
          remote.cancel(job).catch(() => undefined);
        },
      };
    },
    predict: (labels) => demand((remote) => remote.predict(labels)),
    redraw: (spectrum, result, labels, rv) => demand((remote) => remote.redraw(spectrum, result, labels, rv)),
    jacobian: (labels) => demand((remote) => remote.jacobian(labels)),
    calibrate: (result) => demand((remote) => remote.calibrate(result)),
    report: (file, spectrum, result) => demand((remote) => remote.report(file, spectrum, result)),
    demo: () => ask((remote) => remote.demo()),
    models: () => demand((remote) => remote.models()),
    async use(model) {
      const used = current();
      await used.ready;
      const opened = await settled(used.remote.open(base, { ...openOptions, model }), used.crashed);
      if (opened.ok) {
        chosen = { ...openOptions, model };
        used.ready = Promise.resolve(opened);
      }
      return opened;
    },
    dispose() {
      connection?.worker.terminate();
      connection = null;
    },
  };
}

/** The first of an answer and a crash; an exception that crossed after all becomes a failure by name. */
async function settled<T>(answer: Promise<Result<T>>, crashed: Promise<Result<never>>): Promise<Result<T>> {
  try {
    return await Promise.race([answer, crashed]);
  } catch (error) {
    return failed(
      'WORKER_FAILED',
      `The worker answered with an error: ${error instanceof Error ? error.message : String(error)}.`,
      'Try again; if it returns, report it as a bug.',
    );
  }
}
