import type { ModelIdentity } from '../domain/problem.ts';
import { isSamplingRun, type SamplingRun } from '../fit/mcmc/run.ts';

/** A sampling run with the weights whose posterior it samples: under others its draws would be of something else. Plain data. */
export interface Checkpoint {
  readonly weights: string;
  readonly run: SamplingRun;
}

export const checkpointOf = ({ weights }: ModelIdentity, run: SamplingRun): Checkpoint => ({ weights, run });

/** The run of a value that was stored, for this model to go on with; undefined where it is of another one's, or no checkpoint. */
export function resumable({ weights }: ModelIdentity, stored: unknown): SamplingRun | undefined {
  if (typeof stored !== 'object' || stored === null || !('weights' in stored) || !('run' in stored)) return undefined;
  return stored.weights === weights && isSamplingRun(stored.run) ? stored.run : undefined;
}
