import { wrap, type Remote } from 'comlink';
import type { EngineInfo } from '../domain/client.ts';
import { failed, type Result } from '../domain/result.ts';
import type { OpenOptions, WorkerApi } from './messages.ts';

/** A worker that has been asked to open a model. */
export interface Connection {
  readonly worker: Worker;
  readonly remote: Remote<WorkerApi>;
  ready: Promise<Result<EngineInfo>>;
  /** Settles only if the worker dies. */
  readonly crashed: Promise<Result<never>>;
  /** Fits it was given and has not finished. */
  jobs: number;
}

/** `onDeath` is called once, when the worker has died and been terminated. */
export function connect(worker: Worker, base: string, options: OpenOptions, onDeath: () => void): Connection {
  const remote = wrap<WorkerApi>(worker);
  const crashed = new Promise<Result<never>>((resolve) => {
    const died = (why: string): void => {
      worker.terminate();
      onDeath();
      resolve(
        failed('WORKER_CRASHED', `The worker that runs the model stopped: ${why}.`, 'A fresh one starts with the next request: try again.'),
      );
    };
    worker.addEventListener('error', (event) => {
      died(event.message || 'it could not be loaded, or ran out of memory');
    });
    worker.addEventListener('messageerror', () => {
      died('a message could not be read');
    });
  });
  return { worker, remote, crashed, ready: settled(remote.open(base, options), crashed), jobs: 0 };
}

/** The first of an answer and a crash; an exception that crossed after all becomes a failure by name. */
export async function settled<T>(answer: Promise<Result<T>>, crashed: Promise<Result<never>>): Promise<Result<T>> {
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
