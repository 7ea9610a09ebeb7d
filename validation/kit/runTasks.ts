/** Runs the tasks of a validation in processes, keeps each result as it comes, and says how long the rest will take. */
import type { z } from 'zod';
import { runPool } from '../../cli/batch/pool.ts';
import type { LineStore } from './keep.ts';

interface RunOptions<T, R> {
  readonly entry: URL;
  readonly setup: Readonly<Record<string, unknown>>;
  readonly processes: number;
  readonly tasks: readonly T[];
  readonly answer: z.ZodType<{ index: number; result: R }>;
  readonly died: (task: T, why: string) => R;
  /** Whether a result is worth keeping: a process that died may do better next time. */
  readonly keep: (result: R) => boolean;
  readonly store: LineStore<R>;
  readonly say: (result: R) => string;
}

/** True when it ran to the end, false when Ctrl-C ended it. */
export async function runTasks<T, R>(options: RunOptions<T, R>): Promise<boolean> {
  const { tasks, store } = options;
  const started = performance.now();
  let done = 0;
  let interrupted = false;
  const pool = runPool<T, R>({
    entry: options.entry,
    setup: options.setup,
    processes: options.processes,
    tasks,
    answer: options.answer,
    died: options.died,
    onResult: (_, result) => {
      done++;
      if (options.keep(result)) store.add(result);
      const left = ((performance.now() - started) / done) * (tasks.length - done);
      process.stderr.write(`[${String(done)}/${String(tasks.length)}] ${options.say(result)}; ${(left / 60_000).toFixed(1)} min to go\n`);
    },
  });
  const stop = (): void => {
    interrupted = true;
    pool.stop();
    process.stderr.write('Interrupted; the same command goes on from here.\n');
  };
  process.once('SIGINT', stop);
  await pool.done;
  process.removeListener('SIGINT', stop);
  return !interrupted;
}
