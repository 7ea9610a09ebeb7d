import type { Spectrum } from '../domain/spectrum.ts';
import type { ReadLimits } from './limits.ts';

/** What a person says of a file: it takes precedence over what the file says, and over what would be assumed. */
export interface ReadOptions {
  readonly medium?: Spectrum['medium'];
  /** λ/FWHM of the data. */
  readonly resolvingPower?: number;
  /** Name of the column (or image HDU) with the errors; what it holds follows from its name, σ where that does not tell. `none`: guess them. */
  readonly errorColumn?: string;
  readonly fluxUnit?: string;
  /** TARGETID, APOGEE or object name, or number (from 1), of the one spectrum wanted in a file with many. */
  readonly target?: string;
  /** λ/FWHM to which data sharper than the model are convolved (default `DEFAULT_DEGRADED`); given here, blunter data are convolved too. */
  readonly degradeTo?: number;
}

/** What a reader is given besides the file. */
export interface ReadRequest {
  readonly limits: ReadLimits;
  readonly options: ReadOptions;
}
