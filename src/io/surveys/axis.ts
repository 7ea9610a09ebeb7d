import { failed, success, type Result } from '../../domain/result.ts';
import type { FitsHeader } from '../fits/header.ts';
import { angstromsPer } from '../wavelengthUnit.ts';

const SPEED_OF_LIGHT = 299_792_458;
/** log10 of Å between which an axis without a keyword is taken to be logarithmic: 1000 Å to 100 000 Å. */
const LOG_RANGE: readonly [number, number] = [3, 5];

const noWavelength = (found: string) =>
  failed(
    'FITS_NO_WAVELENGTH',
    found,
    'Add CRVAL1 and CDELT1 in Å to the header, or save the spectrum as text with the columns wavelength (Å) and flux.',
  );

/** Å per pixel as the header gives it: CDi_j takes the place of CDELT (standard 8.1), PC1_1 multiplies it. */
function stepOf(header: FitsHeader, warnings: string[]): number | undefined {
  const [cd, cdelt, pc] = [header.number('CD1_1'), header.number('CDELT1'), header.number('PC1_1')];
  if (cd !== undefined && cd !== 0) {
    if (cdelt !== undefined && Math.abs(cdelt / cd - 1) > 1e-6)
      warnings.push(`CD1_1 (${cd}) and CDELT1 (${cdelt}) disagree: CD1_1 is used, as the standard has it.`);
    return cd;
  }
  return cdelt === undefined ? undefined : cdelt * (pc ?? 1);
}

/**
 * Wavelengths in Å of `n` pixels: COEFF0/COEFF1 (log10), or CRVAL1 with CD1_1 (or PC1_1 · CDELT1) and CRPIX1: linear, log10 (DC-FLAG 1, or
 * LOG in CTYPE1), natural-log (`WAVE-LOG`), linear in frequency (`WAVE-F2W`, `FREQ`) or in wavenumber (`WAVN`): Greisen et al. 2006,
 * A&A 446, 747, tables 1 and 2. Pixel numbers are not wavelengths. Failures: FITS_NO_WAVELENGTH, FITS_UNSUPPORTED.
 */
export function linearAxis(header: FitsHeader, n: number): Result<Float64Array> {
  const coeff0 = header.number('COEFF0');
  const coeff1 = header.number('COEFF1');
  if (coeff0 !== undefined && coeff1 !== undefined) return success(Float64Array.from({ length: n }, (_, i) => 10 ** (coeff0 + coeff1 * i)));
  const warnings: string[] = [];
  const ctype = (header.text('CTYPE1') ?? '').toUpperCase();
  const start = header.number('CRVAL1');
  const step = stepOf(header, warnings);
  if (start === undefined || step === undefined || step === 0) {
    return noWavelength(
      `The image has ${n} pixels in a row but its header gives no wavelengths (CRVAL1 ${String(header.get('CRVAL1'))}, CDELT1 ${String(header.get('CDELT1'))}).`,
    );
  }
  const unit = header.text('CUNIT1') ?? watUnit(header);
  const plain = (start === 1 || start === 0) && step === 1 && (unit === null || unit === '') && !/WAVE|WAV|LAM/.test(ctype);
  if (/^(PIX|COL|DETX|CHANNEL)/.test(ctype) || /^(pix|chan)/i.test(unit ?? '') || plain) {
    return noWavelength(
      `The axis of the image counts pixels (CTYPE1 "${ctype}", CRVAL1 ${start}, step ${step}): pixel numbers are not wavelengths.`,
    );
  }
  const reference = header.number('CRPIX1') ?? 1;
  const offset = (i: number): number => step * (i + 1 - reference);
  const physical = otherQuantity(ctype, start, unit, offset);
  if (physical)
    return physical.ok
      ? success(
          Float64Array.from({ length: n }, (_, i) => physical.value(i)),
          warnings,
        )
      : physical;
  const isLog = isLogarithmic(header, ctype, unit, start, step, warnings);
  const factor = unit === null || /^log/i.test(unit) ? 1 : angstromsPer(unit);
  if (factor === null) return failed('FITS_UNSUPPORTED', `The wavelength unit CUNIT1 is "${unit ?? ''}".`, 'Use Angstrom, nm, um or m.');
  const natural = !isLog && ctype.endsWith('-LOG');
  const frequency = ctype.endsWith('-F2W') || ctype.endsWith('-F2A');
  const value = (i: number): number => {
    if (isLog) return 10 ** (start + offset(i));
    if (natural) return start * Math.exp(offset(i) / start);
    return frequency ? start / (1 - offset(i) / start) : start + offset(i);
  };
  return success(
    Float64Array.from({ length: n }, (_, i) => factor * value(i)),
    warnings,
  );
}

/** Å from a frequency (Hz) or a wavenumber (1/m, 1/cm); a failure for axes that are no wavelength; null for wavelengths. */
function otherQuantity(
  ctype: string,
  start: number,
  unit: string | null,
  offset: (i: number) => number,
): { ok: true; value: (i: number) => number } | ReturnType<typeof failed> | null {
  if (/-(TAB|GRI|GRA|V2W|V2A)$/.test(ctype)) {
    return failed(
      'FITS_UNSUPPORTED',
      `The axis type CTYPE1 "${ctype}" is not supported.`,
      'Save the spectrum as a table of wavelength and flux.',
    );
  }
  if (ctype.startsWith('FREQ')) {
    const hertz = { hz: 1, khz: 1e3, mhz: 1e6, ghz: 1e9, thz: 1e12 }[(unit ?? 'hz').toLowerCase()];
    if (hertz === undefined) return failed('FITS_UNSUPPORTED', `The frequency unit CUNIT1 is "${unit ?? ''}".`, 'Use Hz, or wavelengths.');
    return { ok: true, value: (i) => (1e10 * SPEED_OF_LIGHT) / (hertz * (start + offset(i))) };
  }
  if (ctype.startsWith('WAVN')) {
    const perMetre = /cm/i.test(unit ?? '') ? 100 : 1;
    return { ok: true, value: (i) => 1e10 / (perMetre * (start + offset(i))) };
  }
  if (/^(VELO|VRAD|VOPT|ZOPT|BETA|ENER)/.test(ctype)) {
    return failed('FITS_UNSUPPORTED', `The axis of the image is "${ctype}", not a wavelength.`, 'Save the spectrum with wavelengths in Å.');
  }
  return null;
}

/** Whether CRVAL1 is log10 of a wavelength. A flag that makes no sense (10^3900) or a start that only makes sense as a logarithm is reported. */
function isLogarithmic(header: FitsHeader, ctype: string, unit: string | null, start: number, step: number, warnings: string[]): boolean {
  const inRange = start > LOG_RANGE[0] && start < LOG_RANGE[1] && Math.abs(step) < 0.01;
  const said =
    header.number('DC-FLAG') === 1 ||
    /LOG-?10|LOG-?LAM|LOG-?WAV|LOG-LINEAR|LOGLAM|LOGWAVE|^LOG/.test(`${ctype} ${header.text('WFITTYPE') ?? ''}`) ||
    /^log/i.test(unit ?? '');
  if (said && start > 10) {
    warnings.push(`The header says that the axis is logarithmic, but CRVAL1 is ${start}: it is taken as linear.`);
    return false;
  }
  if (!said && inRange && !ctype.endsWith('-LOG') && (unit === null || angstromsPer(unit) === 1)) {
    warnings.push(`CRVAL1 = ${start} and a step of ${step} are taken for log10 of Å.`);
    return true;
  }
  return said;
}

/** `units=angstroms` of IRAF's WAT1_001. */
function watUnit(header: FitsHeader): string | null {
  const match = /units\s*=\s*"?([A-Za-z]+)/.exec(header.text('WAT1_001') ?? '');
  const unit = match?.[1] ?? null;
  if (unit !== null) return angstromsPer(unit) === null && !/^pix/i.test(unit) ? null : unit;
  return (header.text('CTYPE1') ?? '').toUpperCase() === 'ANGSTROM' ? 'Angstrom' : null;
}
