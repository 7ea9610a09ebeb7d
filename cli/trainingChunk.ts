import type { LabelName } from '../src/domain/labels.ts';

/** Stars [from, to) of a set go into one file. */
export interface ChunkTask {
  readonly chunk: number;
  readonly from: number;
  readonly to: number;
}

export const chunkName = (chunk: number): string => `chunk-${String(chunk).padStart(5, '0')}.npz`;

/** Derivatives are stored per this much of a label: float16 has no room for a change per kelvin. */
export const derivativeUnit = (name: LabelName): number => (name === 'teff' ? 1000 : 1);
