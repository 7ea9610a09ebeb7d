/** Where the fit of one spectrum stands, as a union that every view switches over. */
import type { CalibratedLabels, FitProgress, ShownResult } from '../domain/fit.ts';
import type { Failure } from '../domain/result.ts';

/** A finished fit. */
export interface FinishedFit {
  readonly kind: 'done';
  readonly result: ShownResult;
  readonly calibrated: CalibratedLabels;
  /** When it ended, ISO 8601; absent in results of an earlier version. */
  readonly when?: string;
}

/** Where the fit of one spectrum stands. Cancelled is not failed. */
export type FitRun =
  | { readonly kind: 'idle' }
  | { readonly kind: 'queued' }
  | { readonly kind: 'running'; readonly progress: FitProgress | null }
  | FinishedFit
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** Asked for in another tab of this page, which runs it. */
  | { readonly kind: 'elsewhere' };

export const IDLE: FitRun = { kind: 'idle' };

/** Under way or waiting: the fit may be cancelled. */
export const isActive = (run: FitRun): boolean => run.kind === 'queued' || run.kind === 'running';

/** Finished, but the model does not describe the spectrum: no label of it is to be used. */
export const isUnreliable = (run: FitRun): boolean =>
  run.kind === 'done' && run.result.alerts?.some(({ spoilsLabels }) => spoilsLabels) === true;

/** One line for people and screen readers. */
export function describeRun(run: FitRun): string {
  switch (run.kind) {
    case 'idle':
      return 'not fitted';
    case 'queued':
      return 'waiting';
    case 'running':
      return `fitting ${String(Math.round(100 * (run.progress?.fraction ?? 0)))} %`;
    case 'done':
      if (isUnreliable(run)) return 'fitted, unreliable';
      return run.result.converged ? 'fitted' : 'fitted, not converged';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'elsewhere':
      return 'fitting in another tab';
  }
}
