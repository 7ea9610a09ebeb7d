/** What a calibration is derived from. */
import type { CalibratedName } from './names.ts';
import type { RawLabels } from './rawLabels.ts';

/** One label of one star from elsewhere: a row of the table of references. */
export interface ReferenceLabel {
  readonly star: string;
  readonly source: string;
  readonly label: CalibratedName;
  /** K or dex; of elements [X/H]. */
  readonly value: number;
  /** The reference's own error. */
  readonly sigma: number;
}

/** One spectrum of a star with our raw labels. */
export interface RawSpectrum {
  readonly id: string;
  readonly star: string;
  readonly raw: RawLabels;
}

/** Stars that share their [X/H]: members of a cluster, or a pair that was born together. Each is named by the id of its spectrum. */
export interface SharedBirth {
  readonly id: string;
  readonly spectra: readonly string[];
}

export interface CalibrationData {
  readonly spectra: readonly RawSpectrum[];
  readonly references: readonly ReferenceLabel[];
  /** The source whose scale is the calibration's; zero points of others are relative to it. */
  readonly scale: string;
  /** Sources without an error of zero point: the Sun. */
  readonly exact: readonly string[];
  readonly clusters: readonly SharedBirth[];
  readonly pairs: readonly SharedBirth[];
  /** Ids of spectra of the field, whose near-solar dwarfs have [X/Fe] that does not depend on T_eff. */
  readonly field: readonly string[];
}
