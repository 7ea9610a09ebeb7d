import type { ReadOptions } from '../domain/spectrum.ts';
import type { ReadLimits } from './limits.ts';

export type { ReadOptions } from '../domain/spectrum.ts';

/** What a reader is given besides the file. */
export interface ReadRequest {
  readonly limits: ReadLimits;
  readonly options: ReadOptions;
}
