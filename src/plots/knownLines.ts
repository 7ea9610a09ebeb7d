/** A feature every stellar spectroscopist looks for. */
export interface KnownLine {
  readonly name: string;
  /** Å, vacuum, rest. */
  readonly wavelength: number;
}

/** Landmarks of FGK spectra. Vacuum wavelengths: NIST Atomic Spectra Database; the G band by its usual centre. */
export const KNOWN_LINES: readonly KnownLine[] = [
  { name: 'Ca II K', wavelength: 3934.78 },
  { name: 'Ca II H', wavelength: 3969.59 },
  { name: 'Hδ', wavelength: 4102.89 },
  { name: 'G band', wavelength: 4305 },
  { name: 'Hγ', wavelength: 4341.69 },
  { name: 'Hβ', wavelength: 4862.69 },
  { name: 'Mg b', wavelength: 5174.13 },
  { name: 'Na D', wavelength: 5894.57 },
  { name: 'Hα', wavelength: 6564.61 },
  { name: 'O I', wavelength: 7774.1 },
  { name: 'Ca II', wavelength: 8500.36 },
  { name: 'Ca II', wavelength: 8544.44 },
  { name: 'Ca II', wavelength: 8664.52 },
];
