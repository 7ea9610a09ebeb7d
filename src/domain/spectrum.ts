import type { Survey } from './survey.ts';

/** One observed (or simulated) spectrum as read: plain data that crosses postMessage as it is. */
export interface Spectrum {
  /** Unique within a session, e.g. the file name (with the row, where a file holds several). */
  readonly id: string;
  /** Survey or instrument as its reader identified it, with what is known of its spectra. */
  readonly survey: Survey;
  /** Object name from the header, where given. */
  readonly object?: string;
  /** Pixel centres in Å, strictly increasing, in `medium` and `frame`. */
  readonly wavelength: Float64Array;
  readonly medium: 'air' | 'vacuum';
  readonly frame: 'observed' | 'barycentric' | 'rest';
  /** Flux in `fluxUnit`; never NaN (a pixel that is NaN or a placeholder in the file has `ivar` 0 and flux 0). */
  readonly flux: Float64Array;
  /** Inverse variance in 1/fluxUnit²; 0 where the pixel carries no information. */
  readonly ivar: Float64Array;
  /** False where the file gives no errors and `ivar` is only a guess (then χ² is scaled to 1 and the result says so). */
  readonly ivarIsMeasured: boolean;
  /** Survey mask bits, 0 = good; absent when the file has none. LAMOST: ANDMASK; what only ORMASK flags is counted in `meta`. */
  readonly mask?: Int32Array;
  /** Why the reader left each pixel out: an index of `PIXEL_REASONS`, 0 = used (then `ivar` > 0). Absent for spectra that no reader made. */
  readonly reason?: Uint8Array;
  /** Wavelengths (Å, in `medium`) where the arms or detectors of the instrument meet, as far as the survey's layout tells. */
  readonly arms?: readonly number[];
  /** What the reader had to assume, and by which layout an answer of the person may be remembered. */
  readonly reading?: Reading;
  readonly fluxUnit: string;
  /** Line-spread function as the survey states it. */
  readonly lsf: Lsf;
  /** Median S/N per pixel over the good pixels. */
  readonly snr: number;
  /** True for spectra made by us (demo): the page must say so. */
  readonly simulated: boolean;
  /** What a person may want to see: survey, date, pipeline labels, RV, exposure... Values with units in the key or value. */
  readonly meta: Readonly<Record<string, string | number>>;
  /** What the file said, where a person said otherwise after it had been read; absent where nobody did. */
  readonly asRead?: AsRead;
  /** Absent for spectra that come from no file. */
  readonly source?: SpectrumSource;
  /** True labels, only for simulated spectra, keyed by label name. */
  readonly truth?: Readonly<Record<string, number>>;
}

/** The file that a spectrum was read from. */
export interface SpectrumSource {
  /** Its name, without a folder. */
  readonly name: string;
  /** SHA-256 of its bytes, hexadecimal; null where the page has no means to work it out. */
  readonly sha256: string | null;
  /** Which spectrum of those that were read of the file, from 0. */
  readonly index: number;
  /** What the person said of the file when it was read; absent where nothing. */
  readonly reading?: ReadOptions;
}

/** How the numbers of a spectrum were meant when its file was read, and what the person had said of the file by then. */
export interface AsRead extends Pick<Spectrum, 'medium' | 'frame' | 'lsf'> {
  readonly reading?: ReadOptions;
}

/** What a person says of a file: it takes precedence over what the file says, and over what would be assumed. */
export interface ReadOptions {
  readonly medium?: Spectrum['medium'];
  readonly frame?: Spectrum['frame'];
  /** λ/FWHM of the data. */
  readonly resolvingPower?: number;
  /** Name of the column (or image HDU) with the errors; what it holds follows from its name, σ where that does not tell. `none`: guess them. */
  readonly errorColumn?: string;
  readonly fluxUnit?: string;
  /** TARGETID, APOGEE or object name, or number (from 1), of the one spectrum wanted in a file with many. */
  readonly target?: string;
  /** λ/FWHM to which data sharper than the model are convolved (default `DEFAULT_DEGRADED` in `src/io`); given here, blunter data are convolved too. */
  readonly degradeTo?: number;
}

/** Gaussian line-spread function: constant R = λ/FWHM, constant FWHM in Å, or R at increasing wavelengths (Å), linear between them and constant beyond. */
export type Lsf =
  | { readonly kind: 'resolving-power'; readonly resolvingPower: number }
  | { readonly kind: 'fwhm'; readonly fwhm: number }
  | { readonly kind: 'table'; readonly wavelength: readonly number[]; readonly resolvingPower: readonly number[] };

/** Why a reader leaves a pixel out. */
export const PIXEL_REASONS = [
  'used',
  'no finite flux',
  'masked by the file',
  'no error',
  'filled: constant or interpolated',
  'placeholder instead of a flux',
  'wild: far beyond any spectral line',
] as const;

/** What a file may leave open, and a person may answer (`ReadOptions`). */
export type Unsaid = 'medium' | 'resolvingPower' | 'errorColumn' | 'fluxUnit';

export interface Reading {
  /** Format and column names: files of one layout need one answer. */
  readonly layout: string;
  readonly unsaid: readonly Unsaid[];
}
