/** A bit of a survey's pixel mask. `reject`: the pixel is left out; `warn`: it stays, and the number of such pixels is said. */
export interface MaskBit {
  readonly bit: number;
  readonly name: string;
  readonly action: 'reject' | 'warn';
  readonly meaning: string;
}

/** Values at increasing wavelengths (Å), linear between them and constant beyond. */
export interface Curve {
  readonly wavelength: readonly number[];
  readonly value: readonly number[];
}

/**
 * What is known of a survey's spectra beyond their pixels. The reader gives it with the spectrum, so that nothing else has to know a survey by
 * its name. What varies from file to file (medium, frame, line-spread function) stands on the `Spectrum` itself.
 */
export interface Survey {
  /** As people call it: `LAMOST`, `MILES`; an instrument's name; `unknown` where nothing tells. */
  readonly name: string;
  /** The data model states whether wavelengths are in air or vacuum, so that `Spectrum.medium` is no guess. */
  readonly mediumKnown: boolean;
  /**
   * By what factor means over a line's width scatter beyond the stated errors of their pixels between visits of one star, by observed vacuum
   * wavelength: noise that neighbours share counts in full. Absent: they scatter as stated, or nobody has measured it.
   */
  readonly noise?: Curve;
  /** Scatter of the wavelength scale from visit to visit, km/s, which no pixel's error holds; absent: none, or nobody has measured it. */
  readonly velocityScatter?: number;
  /** Meaning of the bits of its mask; `Spectrum.mask` holds those that reject. */
  readonly maskBits?: readonly MaskBit[];
  /** Radial velocity that the survey's own pipeline found for this spectrum, km/s, in the frame of the spectrum. */
  readonly pipelineVelocity?: number;
  /** What the survey's own pipeline took the object for, as it writes it: `STAR F9`, `GALAXY`, `QSO` … */
  readonly pipelineClass?: string;
}

/** Where nothing tells the survey, or it is one that nothing more is known of. */
export const unknownSurvey = (name = 'unknown'): Survey => ({ name, mediumKnown: false });

/** Spectra that we made: their wavelengths are what we say. */
export const SIMULATED: Survey = { name: 'simulated', mediumKnown: true };
