import { failed, success, type Result } from '../../domain/result.ts';
import type { FitsHeader } from '../fits/header.ts';
import { angstromsPer } from '../wavelengthUnit.ts';

/** The wavelengths of a 1-D image, and what its header says of the medium. */
export interface SpectralAxis {
  /** Å */
  readonly wavelength: Float64Array;
  readonly medium: 'air' | 'vacuum' | null;
}

/**
 * The spectral axis of `n` pixels: COEFF0/COEFF1 (log10), or CRVAL1 with CDELT1 (or CD1_1) and CRPIX1, linear, log10 (DC-FLAG 1 or LOG in
 * CTYPE1) or natural-log (`WAVE-LOG`: Greisen et al. 2006, A&A 446, 747, table 2). Failures: FITS_NO_WAVELENGTH, FITS_UNSUPPORTED.
 */
export function linearAxis(header: FitsHeader, n: number): Result<SpectralAxis> {
  const ctype = (header.text('CTYPE1') ?? '').toUpperCase();
  const medium = mediumOf(header, ctype);
  const coeff0 = header.number('COEFF0');
  const coeff1 = header.number('COEFF1');
  if (coeff0 !== undefined && coeff1 !== undefined) {
    return success({ wavelength: Float64Array.from({ length: n }, (_, i) => 10 ** (coeff0 + coeff1 * i)), medium });
  }
  if (ctype.startsWith('MULTISPE')) {
    return failed(
      'FITS_UNSUPPORTED',
      'The image uses the IRAF multispec wavelength system.',
      'Write one order as a table or text file with wavelength and flux.',
    );
  }
  const start = header.number('CRVAL1');
  const step = header.number('CDELT1') ?? header.number('CD1_1');
  if (start === undefined || step === undefined || step === 0) {
    return failed(
      'FITS_NO_WAVELENGTH',
      `The image has ${n} pixels in a row but its header gives no wavelengths (CRVAL1 ${String(header.get('CRVAL1'))}, CDELT1 ${String(header.get('CDELT1'))}).`,
      'Add CRVAL1 and CDELT1 to the header, or save the spectrum as text with the columns wavelength (Å) and flux.',
    );
  }
  const unit = header.text('CUNIT1') ?? (ctype === 'ANGSTROM' ? 'Angstrom' : null);
  const factor = unit === null ? 1 : angstromsPer(unit);
  if (factor === null) return failed('FITS_UNSUPPORTED', `The wavelength unit CUNIT1 is "${unit ?? ''}".`, 'Use Angstrom, nm, um or m.');
  const reference = header.number('CRPIX1') ?? 1;
  const at = (i: number): number => step * (i + 1 - reference);
  const log10 = header.number('DC-FLAG') === 1 || /LOG-?10|LOGLAM|LOG-LINEAR/.test(`${ctype} ${header.text('WFITTYPE') ?? ''}`);
  const natural = !log10 && ctype.endsWith('-LOG');
  const value = (i: number): number => (log10 ? 10 ** (start + at(i)) : natural ? start * Math.exp(at(i) / start) : start + at(i));
  return success({ wavelength: Float64Array.from({ length: n }, (_, i) => factor * value(i)), medium });
}

function mediumOf(header: FitsHeader, ctype: string): 'air' | 'vacuum' | null {
  if (header.get('VACUUM') === true || /^vac/i.test(header.text('AIRORVAC') ?? '')) return 'vacuum';
  if (header.get('VACUUM') === false || /^air/i.test(header.text('AIRORVAC') ?? '') || ctype.startsWith('AWAV')) return 'air';
  return ctype.startsWith('WAVE') && ctype !== 'WAVELENGTH' ? 'vacuum' : null;
}
