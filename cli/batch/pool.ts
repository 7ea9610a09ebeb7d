/**
 * A pool of child processes for batches: each loads its own model, so that as many fits run at once as there are cores, and a
 * process that dies takes one task with it and is replaced. Tasks are handed out one at a time; results come back by index.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';

interface PoolOptions<T, R> {
  /** The child's entry; it gets `setup` as its first message, then one `{index, task}` at a time. */
  readonly entry: URL;
  readonly setup: Readonly<Record<string, unknown>>;
  readonly processes: number;
  readonly tasks: readonly T[];
  /** Checks an answer `{index, result}`. */
  readonly answer: z.ZodType<{ index: number; result: R }>;
  /** The result of a task whose process died. */
  readonly died: (task: T, why: string) => R;
  readonly onResult: (index: number, result: R) => void;
}

/** Runs all tasks; `stop` ends it early. Settles when every task has its result, or after `stop`. */
export function runPool<T, R>(options: PoolOptions<T, R>): { readonly done: Promise<void>; readonly stop: () => void } {
  const { tasks, processes } = options;
  let next = 0;
  let open = 0;
  let stopped = false;
  const children = new Set<ChildProcess>();
  let settle: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    settle = resolve;
  });

  const start = (): void => {
    let current: number | null = null;
    const child = fork(fileURLToPath(options.entry), { execArgv: process.execArgv, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.add(child);
    open++;
    const give = (): void => {
      if (stopped || next >= tasks.length) {
        current = null;
        if (child.connected) child.disconnect();
        return;
      }
      current = next++;
      child.send({ index: current, task: tasks[current] });
    };
    child.on('message', (message) => {
      const { index, result } = options.answer.parse(message);
      current = null;
      options.onResult(index, result);
      give();
    });
    child.on('exit', (code, signal) => {
      children.delete(child);
      open--;
      if (current !== null && !stopped) {
        const task = tasks[current];
        if (task !== undefined) options.onResult(current, options.died(task, signal ?? `exit code ${String(code)}`));
        if (next < tasks.length) start();
      }
      if (open === 0) settle();
    });
    child.send(options.setup);
    give();
  };

  for (let i = 0; i < Math.min(processes, tasks.length); i++) start();
  if (tasks.length === 0) settle();
  return {
    done,
    stop: () => {
      stopped = true;
      for (const child of children) child.kill('SIGKILL');
    },
  };
}
