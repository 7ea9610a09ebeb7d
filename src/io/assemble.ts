import { failed, success, type Result } from '../domain/result.ts';
import type { Lsf, Spectrum } from '../domain/spectrum.ts';
import type { Survey } from '../domain/survey.ts';
import { median } from '../math/statistics.ts';
import { guessSigma } from './noise.ts';

/** A spectrum as a file gives it, before it is cleaned. */
export interface RawSpectrum {
  readonly id: string;
  readonly survey: Survey;
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
  const wavelength = new Float64Array(keep.length);
  const flux = new Float64Array(keep.length);
  const usable = new Uint8Array(keep.length);
  const mask = raw.mask && new Int32Array(keep.length);
  const lost = { notFinite: 0, masked: 0, noError: 0 };
  for (let k = 0; k < keep.length; k++) {
    const i = keep[k] ?? 0;
    const value = raw.flux[i] ?? NaN;
    const bits = raw.mask?.[i] ?? 0;
    wavelength[k] = raw.wavelength[i] ?? NaN;
    if (mask) mask[k] = bits;
    if (!Number.isFinite(value)) lost.notFinite++;
    else {
      flux[k] = value;
      if (bits !== 0) lost.masked++;
      else usable[k] = 1;
    }
  }
  const measured = raw.ivar;
  const ivar = measured ? measuredIvar(measured, keep, usable) : guessedIvar(flux, usable);
  for (let k = 0; k < keep.length; k++) if (usable[k] === 1 && ivar[k] === 0) lost.noError++;
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
function pixelOrder(wavelength: ArrayLike<number>, warnings: string[]): Result<Int32Array> {
  const all = new Int32Array(wavelength.length);
  let n = 0;
  for (let i = 0; i < wavelength.length; i++) {
    const value = wavelength[i] ?? NaN;
    if (value > 0 && value < Infinity) all[n++] = i;
  }
  const order = all.subarray(0, n);
  const dropped = wavelength.length - n;
  if (n === 0) {
    return failed(
      'NO_WAVELENGTH',
      `None of the ${wavelength.length} pixels has a positive wavelength.`,
      'Give the wavelength in Å in the first column.',
    );
  }
  if (dropped > 0) warnings.push(`${dropped} of ${wavelength.length} pixels have no positive wavelength and are left out.`);
  const at = (k: number): number => wavelength[order[k] ?? 0] ?? NaN;
  if (n > 1 && at(0) > at(n - 1)) order.reverse();
  let inOrder = true;
  for (let k = 1; k < n && inOrder; k++) inOrder = at(k) >= at(k - 1);
  if (!inOrder) {
    warnings.push('The wavelengths were not in order and have been sorted.');
    order.sort((a, b) => (wavelength[a] ?? 0) - (wavelength[b] ?? 0));
  }
  for (let k = 1; k < n; k++) {
    if (at(k) === at(k - 1)) {
      return failed(
        'WAVELENGTH_REPEATED',
        `The wavelength ${at(k)} occurs more than once.`,
        'Merge overlapping orders or arms into one spectrum first, and give each pixel once.',
      );
    }
  }
  return success(order);
}

/** The file's inverse variances; 0 where they are negative or not finite, or the pixel is not usable. */
function measuredIvar(measured: ArrayLike<number>, order: Int32Array, usable: Uint8Array): Float64Array {
  const ivar = new Float64Array(order.length);
  for (let k = 0; k < order.length; k++) {
    const value = measured[order[k] ?? 0] ?? 0;
    if (usable[k] === 1 && value > 0 && value < Infinity) ivar[k] = value;
  }
  return ivar;
}

function guessedIvar(flux: Float64Array, usable: Uint8Array): Float64Array {
  const sigma = guessSigma(flux.map((f, k) => (usable[k] === 1 ? f : NaN)));
  return sigma.map((s) => (s > 0 ? 1 / (s * s) : 0));
}
