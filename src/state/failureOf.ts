import { EngineFailure } from '../compute/client.ts';
import type { Failure } from '../domain/result.ts';

/** The failure behind something thrown: the engine's own, or a mistake of ours told as such. */
export function failureOf(reason: unknown): Failure {
  if (reason instanceof EngineFailure) return reason.failure;
  const message = reason instanceof Error ? reason.message : String(reason);
  return { code: 'UNEXPECTED', message: `Something unforeseen happened: ${message}`, hint: 'Try again; if it returns, please report it.' };
}
