import { failed, success, type Result } from '../domain/result.ts';
import type { Lsf, Spectrum } from '../domain/spectrum.ts';
import { median } from '../math/statistics.ts';
import { guessSigma } from './noise.ts';

/** A spectrum as a file gives it, before it is cleaned. */
export interface RawSpectrum {
  readonly id: string;
  readonly survey: string;
  readonly object?: string | undefined;
  /** Å, in any order. */
  readonly wavelength: ArrayLike<number>;
  readonly flux: ArrayLike<number>;
  /** 1/fluxUnit²; null where the file gives no errors: then they are guessed from the pixel-to-pixel noise. */
  readonly ivar: ArrayLike<number> | null;
  /** Survey bits that reject a pixel: where they are not 0, `ivar` becomes 0. */
  readonly mask?: ArrayLike<number> | undefined;
  readonly medium: Spectrum['medium'];
  readonly frame: Spectrum['frame'];
  readonly fluxUnit: string;
  readonly lsf: Lsf;
  readonly meta: Readonly<Record<string, string | number | undefined>>;
  /** True for a spectrum that we made ourselves and that was saved. */
  readonly simulated?: boolean;
  /** False where the errors in the file were themselves guessed. */
  readonly ivarIsMeasured?: boolean;
}

/**
 * The spectrum with pixels in order of wavelength, without NaN, and with `ivar` 0 where flux, error or mask say that a pixel is of no use.
 * Failures: LENGTH_MISMATCH, NO_WAVELENGTH, WAVELENGTH_REPEATED, ALL_PIXELS_BAD.
 */
export function assemble(raw: RawSpectrum): Result<Spectrum> {
  const n = raw.wavelength.length;
  for (const [what, array] of [
    ['flux', raw.flux],
    ['error', raw.ivar],
    ['mask', raw.mask],
  ] as const) {
    if (array && array.length !== n)
      return failed('LENGTH_MISMATCH', `${n} wavelengths but ${array.length} ${what} values.`, 'The file is inconsistent; write it again.');
  }
  const warnings: string[] = [];
  const order = pixelOrder(raw.wavelength, warnings);
  if (!order.ok) return order;
  const keep = order.value;
  const wavelength = Float64Array.from(keep, (i) => raw.wavelength[i] ?? NaN);
  const flux = Float64Array.from(keep, (i) => finiteOr(raw.flux[i], 0));
  const mask = raw.mask && Int32Array.from(keep, (i) => raw.mask?.[i] ?? 0);
  const usable = (k: number): boolean => Number.isFinite(raw.flux[keep[k] ?? 0]) && (mask?.[k] ?? 0) === 0;
  const measured = raw.ivar;
  const ivar = measured
    ? Float64Array.from(keep, (i, k) => (usable(k) ? Math.max(0, finiteOr(measured[i], 0)) : 0))
    : guessedIvar(flux, usable);
  const lost = { notFinite: 0, masked: 0, noError: 0 };
  for (let k = 0; k < keep.length; k++) {
    if (!Number.isFinite(raw.flux[keep[k] ?? 0])) lost.notFinite++;
    else if (mask && mask[k] !== 0) lost.masked++;
    else if (ivar[k] === 0) lost.noError++;
  }
  const good = keep.length - lost.notFinite - lost.masked - lost.noError;
  if (good === 0) {
    return failed(
      'ALL_PIXELS_BAD',
      `None of the ${keep.length} pixels can be used: ${lost.notFinite} have no finite flux, ${lost.masked} are masked, ${lost.noError} have zero inverse variance.`,
      'The spectrum carries no information (a dead fibre or a failed reduction); choose another one.',
    );
  }
  if (lost.notFinite > 0) warnings.push(`${lost.notFinite} of ${keep.length} pixels have no finite flux and are left out.`);
  if (!measured) warnings.push('The file gives no errors: they are guessed from the pixel-to-pixel noise, and the fit rescales them.');
  const meta = Object.fromEntries(
    Object.entries(raw.meta).filter((entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== ''),
  );
  return success(
    {
      id: raw.id,
      survey: raw.survey,
      ...(raw.object === undefined ? {} : { object: raw.object }),
      wavelength,
      medium: raw.medium,
      frame: raw.frame,
      flux,
      ivar,
      ivarIsMeasured: measured !== null && (raw.ivarIsMeasured ?? true),
      ...(mask ? { mask } : {}),
      fluxUnit: raw.fluxUnit,
      lsf: raw.lsf,
      snr: medianSnr(flux, ivar),
      simulated: raw.simulated ?? false,
      meta,
    },
    warnings,
  );
}

/** Median of flux/σ over the pixels with an error. */
export function medianSnr(flux: Float64Array, ivar: Float64Array): number {
  return median(flux.map((f, i) => ((ivar[i] ?? 0) > 0 ? f * Math.sqrt(ivar[i] ?? 0) : NaN)));
}

/** Indices of the pixels with a wavelength, in increasing order of it. */
function pixelOrder(wavelength: ArrayLike<number>, warnings: string[]): Result<number[]> {
  const indices = Array.from({ length: wavelength.length }, (_, i) => i).filter(
    (i) => Number.isFinite(wavelength[i]) && (wavelength[i] ?? 0) > 0,
  );
  const dropped = wavelength.length - indices.length;
  if (indices.length === 0)
    return failed(
      'NO_WAVELENGTH',
      `None of the ${wavelength.length} pixels has a positive wavelength.`,
      'Give the wavelength in Å in the first column.',
    );
  if (dropped > 0) warnings.push(`${dropped} of ${wavelength.length} pixels have no positive wavelength and are left out.`);
  const at = (k: number): number => wavelength[indices[k] ?? 0] ?? NaN;
  const falling = indices.length > 1 && at(0) > at(indices.length - 1);
  let disordered = false;
  for (let k = 1; k < indices.length; k++) if (falling ? at(k) > at(k - 1) : at(k) < at(k - 1)) disordered = true;
  if (disordered) warnings.push('The wavelengths were not in order and have been sorted.');
  indices.sort((a, b) => (wavelength[a] ?? 0) - (wavelength[b] ?? 0));
  for (let k = 1; k < indices.length; k++) {
    if (at(k) === at(k - 1)) {
      return failed(
        'WAVELENGTH_REPEATED',
        `The wavelength ${at(k)} occurs more than once.`,
        'Merge overlapping orders or arms into one spectrum first, and give each pixel once.',
      );
    }
  }
  return success(indices);
}

function guessedIvar(flux: Float64Array, usable: (k: number) => boolean): Float64Array {
  const sigma = guessSigma(flux.map((f, k) => (usable(k) ? f : NaN)));
  return sigma.map((s) => (Number.isFinite(s) && s > 0 ? 1 / (s * s) : 0));
}

const finiteOr = (value: number | undefined, instead: number): number => (value !== undefined && Number.isFinite(value) ? value : instead);
