/** Ctrl-C, and the signal by which a scheduler announces the end of a job: both end a run in order. */
export interface Stopping {
  readonly signal: AbortSignal;
  /** The signal that came, or null. */
  readonly came: () => NodeJS.Signals | null;
  readonly release: () => void;
}

export function stopOnSignals(): Stopping {
  const controller = new AbortController();
  let came: NodeJS.Signals | null = null;
  const stop = (name: NodeJS.Signals): void => {
    came = name;
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    came: () => came,
    release: () => {
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
    },
  };
}
