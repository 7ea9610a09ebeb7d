/** A failure is data with a next step; it crosses workers as it is. */
export interface Failure {
  /** Stable, upper-case, e.g. `FITS_TRUNCATED`. */
  readonly code: string;
  /** What was found, quoting it. */
  readonly message: string;
  /** What the person can do next. */
  readonly hint?: string;
}

export type Result<T> =
  { readonly ok: true; readonly value: T; readonly warnings: readonly string[] } | { readonly ok: false; readonly failure: Failure };

export const success = <T>(value: T, warnings: readonly string[] = []): Result<T> => ({ ok: true, value, warnings });

export function failed(code: string, message: string, hint?: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: hint === undefined ? { code, message } : { code, message, hint } };
}
