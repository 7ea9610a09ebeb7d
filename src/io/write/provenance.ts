import type { CalibratedLabels, FitResult } from '../../domain/fit.ts';
import type { Spectrum } from '../../domain/spectrum.ts';

/** What wrote a file, and when: given by the caller, so that the same input makes the same file. */
export interface Provenance {
  /** e.g. `Maury 0.1.0` */
  readonly software: string;
  /** ISO 8601 */
  readonly date: string;
}

/** One fitted star, as results are written. */
export interface FittedStar {
  readonly spectrum: Spectrum;
  readonly fit: FitResult;
  readonly calibrated: CalibratedLabels;
}
