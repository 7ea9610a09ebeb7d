/**
 * Keeps a long fit polite: it gives the event loop a turn every few tens of milliseconds, so that a cancel can arrive, and stops the fit
 * when it has. `FitCancelled` never leaves `fitSpectrum`, which turns it into a failure of code `CANCELLED`.
 */
export class FitCancelled extends Error {}

export type CancelSource = (() => boolean) | AbortSignal;

const TURN_MS = 40;

export class Pacer {
  private last = performance.now();

  /** `held` gives what to wait for before going on, null where there is nothing: a fit that is paused. */
  constructor(
    private readonly source: CancelSource | undefined,
    private readonly held?: () => Promise<void> | null,
  ) {}

  private cancelled(): boolean {
    return typeof this.source === 'function' ? this.source() : (this.source?.aborted ?? false);
  }

  /** Await between pieces of work; throws `FitCancelled` once cancelled. */
  readonly pause = async (): Promise<void> => {
    if (performance.now() - this.last > TURN_MS) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.last = performance.now();
    }
    if (this.cancelled()) throw new FitCancelled();
    for (let wait = this.held?.() ?? null; wait !== null; wait = this.held?.() ?? null) {
      await wait;
      if (this.cancelled()) throw new FitCancelled();
    }
  };
}
