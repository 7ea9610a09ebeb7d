/** The child's side of `runPool`: the first message is the set-up, every later one a task, and each answer carries its task's index. */
import { z } from 'zod';

/**
 * Serves tasks until the parent disconnects. `prepare` runs once, on the set-up, and gives the function that does a task; what it or a task throws ends this
 * process, which the parent reports as the task's failure. Messages that do not fit their schemas throw: they would be a fault of the program.
 */
export function serveTasks<S, T>(
  setupSchema: z.ZodType<S>,
  taskSchema: z.ZodType<T>,
  prepare: (setup: S) => Promise<(task: T) => unknown> | ((task: T) => unknown),
): void {
  const messageSchema = z.object({ index: z.number(), task: taskSchema });
  let ready: Promise<(task: T) => unknown> | null = null;
  // The parent handles Ctrl-C and ends its children.
  process.on('SIGINT', () => undefined);
  process.on('message', (message) => {
    if (ready === null) {
      const setup = setupSchema.parse(message);
      ready = Promise.resolve().then(() => prepare(setup));
      return;
    }
    const { index, task } = messageSchema.parse(message);
    void ready.then((work) => work(task)).then((result) => process.send?.({ index, result }));
  });
}
