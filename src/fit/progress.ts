/** Progress of a fit, at most ten times a second. */
import type { FitProgress } from '../domain/fit.ts';

const INTERVAL_MS = 100;

export type ProgressListener = (progress: FitProgress) => void;

export class ProgressReporter {
  private last = -Infinity;

  constructor(private readonly listener: ProgressListener | undefined) {}

  /** Reports what `build` says, unless the last report is too recent; the first of a stage should be `always`. */
  report(build: () => FitProgress, always = false): void {
    if (this.listener === undefined) return;
    const now = performance.now();
    if (!always && now - this.last < INTERVAL_MS) return;
    this.last = now;
    this.listener(build());
  }
}
