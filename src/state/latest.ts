/**
 * Runs `work` for the newest argument only: while one run is under way a newer request replaces the one that waits.
 * This throttles by how fast the work is, and the last request is always honoured.
 */
export function latestOnly<T>(work: (argument: T) => Promise<void>): (argument: T) => void {
  let busy = false;
  let waiting: { readonly argument: T } | null = null;
  const start = (argument: T): void => {
    busy = true;
    void work(argument).finally(() => {
      busy = false;
      const next = waiting;
      waiting = null;
      if (next !== null) start(next.argument);
    });
  };
  return (argument) => {
    if (busy) waiting = { argument };
    else start(argument);
  };
}
