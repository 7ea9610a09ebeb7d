import { failed, success, type Result } from '../domain/result.ts';
import { PIXEL_REASONS, type Lsf, type Spectrum, type Unsaid } from '../domain/spectrum.ts';
import type { Survey } from '../domain/survey.ts';
import { median } from '../math/statistics.ts';
import { filledPixels } from './filled.ts';
import { guessSigma } from './noise.ts';
import type { ReadOptions } from './readOptions.ts';
import { oddPixels } from './wild.ts';

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
  /** null where the file does not say: then it is assumed, with a notice, and listed in `Spectrum.reading`. Likewise `fluxUnit` and `lsf`. */
  readonly medium: Spectrum['medium'] | null;
  readonly frame: Spectrum['frame'];
  readonly fluxUnit: string | null;
  readonly lsf: Lsf | null;
  readonly meta: Readonly<Record<string, string | number | undefined>>;
  /** True for a spectrum that we made ourselves and that was saved. */
  readonly simulated?: boolean;
  /** False where the errors in the file were themselves guessed. */
  readonly ivarIsMeasured?: boolean;
  /** Å, where arms meet. */
  readonly arms?: readonly number[];
  /** True for a spectrum that was read and saved here: its pixels have been judged, and random-looking or constant values stay. */
  readonly cleaned?: boolean;
  /** Format and column names; files of one layout need one answer to what they leave open. */
  readonly layout?: string;
}

/** What is taken where neither the file nor the person says. */
const ASSUMED_RESOLVING_POWER = 1800;
const code = (reason: (typeof PIXEL_REASONS)[number]): number => PIXEL_REASONS.indexOf(reason);
const REASON = {
  noFlux: code('no finite flux'),
  masked: code('masked by the file'),
  noError: code('no error'),
  filled: code('filled: constant or interpolated'),
  placeholder: code('placeholder instead of a flux'),
  wild: code('wild: far beyond any spectral line'),
} as const;

/**
 * The spectrum with pixels in order of wavelength, without NaN, and with `ivar` 0 and a reason where flux, error, mask or the pattern of the
 * values say that a pixel is of no use: placeholders, wild values, filled stretches. `options` take precedence over the file.
 * Failures: LENGTH_MISMATCH, NO_WAVELENGTH, WAVELENGTH_REPEATED, ALL_PIXELS_BAD, FLUX_NEGATIVE.
 */
export function assemble(raw: RawSpectrum, options: ReadOptions = {}): Result<Spectrum> {
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
  const values = Float64Array.from(keep, (i) => raw.flux[i] ?? NaN);
  const bits = raw.mask;
  const mask = bits && Int32Array.from(keep, (i) => bits[i] ?? 0);
  const reason = reasons(wavelength, values, mask, raw.cleaned === true);
  const measured = raw.ivar;
  const usable = Uint8Array.from(reason, (why) => (why === 0 ? 1 : 0));
  const ivar = measured ? measuredIvar(measured, keep, usable) : guessedIvar(values, usable);
  const unbelievable = measured && raw.cleaned !== true ? dropUnbelievable(ivar) : 0;
  for (let k = 0; k < keep.length; k++) if (reason[k] === 0 && ivar[k] === 0) reason[k] = REASON.noError;
  const flux = values.map((value, k) => (reason[k] === REASON.noFlux || reason[k] === REASON.placeholder ? 0 : value));
  const bad = judge(wavelength, flux, reason, { unbelievable, mayBeNegative: raw.cleaned === true }, warnings);
  if (bad) return bad;
  const { unsaid, ...said } = settle(raw, options, warnings);
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
      medium: said.medium,
      frame: options.frame ?? raw.frame,
      flux,
      ivar,
      ivarIsMeasured: measured !== null && (raw.ivarIsMeasured ?? true),
      ...(mask ? { mask } : {}),
      reason,
      ...(raw.arms && raw.arms.length > 0 ? { arms: raw.arms } : {}),
      reading: { layout: raw.layout ?? raw.survey.name, unsaid },
      fluxUnit: said.fluxUnit,
      lsf: said.lsf,
      snr: medianSnr(flux, ivar),
      simulated: raw.simulated ?? false,
      meta,
    },
    warnings,
  );
}

/** What the person says, else the file, else an assumption that is listed and noticed. */
function settle(
  raw: RawSpectrum,
  options: ReadOptions,
  warnings: string[],
): { medium: Spectrum['medium']; lsf: Lsf; fluxUnit: string; unsaid: Unsaid[] } {
  const unsaid: Unsaid[] = [];
  const stated: Lsf | null =
    options.resolvingPower === undefined ? raw.lsf : { kind: 'resolving-power', resolvingPower: options.resolvingPower };
  const medium = options.medium ?? raw.medium;
  if (medium === null) {
    unsaid.push('medium');
    warnings.push('The file does not say whether its wavelengths are in air or vacuum: vacuum is assumed.');
  }
  if (stated === null) {
    unsaid.push('resolvingPower');
    warnings.push(`The file does not state its resolving power: R = ${ASSUMED_RESOLVING_POWER} is assumed.`);
  }
  if (raw.ivar === null && options.errorColumn === undefined) unsaid.push('errorColumn');
  const fluxUnit = options.fluxUnit ?? raw.fluxUnit;
  if (fluxUnit === null) unsaid.push('fluxUnit');
  return {
    medium: medium ?? 'vacuum',
    lsf: stated ?? { kind: 'resolving-power', resolvingPower: ASSUMED_RESOLVING_POWER },
    fluxUnit: fluxUnit ?? 'unknown unit',
    unsaid,
  };
}

/** The reason per pixel (an index of `PIXEL_REASONS`), as far as fluxes and mask tell. */
function reasons(wavelength: Float64Array, flux: Float64Array, mask: Int32Array | undefined, cleaned: boolean): Uint8Array {
  if (cleaned) return Uint8Array.from(flux, (f, k) => (!Number.isFinite(f) ? REASON.noFlux : (mask?.[k] ?? 0) !== 0 ? REASON.masked : 0));
  const odd = oddPixels(flux);
  const plain = flux.map((f, k) => (odd.placeholder[k] === 1 ? NaN : f));
  const filled = filledPixels(wavelength, plain);
  return Uint8Array.from(flux, (f, k) => {
    if (!Number.isFinite(f)) return REASON.noFlux;
    if ((mask?.[k] ?? 0) !== 0) return REASON.masked;
    if (odd.placeholder[k] === 1) return REASON.placeholder;
    if (odd.wild[k] === 1) return REASON.wild;
    return filled[k] === 1 ? REASON.filled : 0;
  });
}

/** A failure where nothing is left, or what is left is below zero; notices of what was left out, with the wavelengths. */
function judge(
  wavelength: Float64Array,
  flux: Float64Array,
  reason: Uint8Array,
  { unbelievable, mayBeNegative }: { readonly unbelievable: number; readonly mayBeNegative: boolean },
  warnings: string[],
): ReturnType<typeof failed> | null {
  const n = reason.length;
  const count = (why: number): number => reason.reduce((sum, one) => sum + (one === why ? 1 : 0), 0);
  const [noFlux, masked, noError, filled] = [count(REASON.noFlux), count(REASON.masked), count(REASON.noError), count(REASON.filled)];
  const where = (why: number): string => stretches(wavelength, reason, why);
  if (count(0) === 0) {
    const more = [
      filled > 0 ? `, ${filled} lie in stretches of constant or interpolated flux` : '',
      count(REASON.placeholder) > 0 ? `, ${count(REASON.placeholder)} hold a placeholder` : '',
    ].join('');
    return failed(
      'ALL_PIXELS_BAD',
      `None of the ${n} pixels can be used: ${noFlux} have no finite flux, ${masked} are masked, ${noError} have zero inverse variance${more}.`,
      'The spectrum carries no information (a dead fibre or a failed reduction); choose another one.',
    );
  }
  const middle = median(flux.filter((_, k) => reason[k] === 0));
  if (middle < 0 && !mayBeNegative) {
    return failed(
      'FLUX_NEGATIVE',
      `The median flux is negative (${Number(middle.toPrecision(4))}): the spectrum lies below zero.`,
      'Check its sign and the subtraction of the sky; a star cannot be fitted below zero.',
    );
  }
  if (noFlux > 0) warnings.push(`${noFlux} of ${n} pixels have no finite flux and are left out.`);
  if (filled > 0)
    warnings.push(`${filled} of ${n} pixels lie in stretches of constant or interpolated flux and are left out: ${where(REASON.filled)}.`);
  if (count(REASON.placeholder) > 0)
    warnings.push(
      `${count(REASON.placeholder)} of ${n} pixels hold a placeholder instead of a flux and are left out: ${where(REASON.placeholder)}.`,
    );
  if (count(REASON.wild) > 0)
    warnings.push(`${count(REASON.wild)} wild pixels, far beyond any spectral line, are clipped: ${where(REASON.wild)}.`);
  if (unbelievable > 0)
    warnings.push(`${unbelievable} pixels state an error a hundred times smaller than their neighbours and are left out.`);
  return null;
}

/** Stretches of pixels with one reason, as `3700–3760, 5012 Å`. */
function stretches(wavelength: Float64Array, reason: Uint8Array, why: number): string {
  const parts: string[] = [];
  for (let k = 0; k < reason.length; k++) {
    if (reason[k] !== why) continue;
    const from = k;
    while (k + 1 < reason.length && reason[k + 1] === why) k++;
    const [a, b] = [(wavelength[from] ?? NaN).toFixed(0), (wavelength[k] ?? NaN).toFixed(0)];
    parts.push(a === b ? a : `${a}–${b}`);
  }
  const shown = parts.slice(0, 6).join(', ');
  return parts.length > 6 ? `${shown} … (${parts.length} stretches) Å` : `${shown} Å`;
}

/** Sets to 0 what is more than 10⁴ times the typical inverse variance around it, in a narrow run; returns how many. */
function dropUnbelievable(ivar: Float64Array): number {
  const typical = median(ivar.filter((value) => value > 0));
  let dropped = 0;
  for (let k = 0; k < ivar.length; k++) {
    const value = ivar[k] ?? 0;
    if (!(value > 1e4 * typical)) continue;
    const around = median(ivar.subarray(Math.max(0, k - 25), k + 26).filter((one) => one > 0));
    if (value <= 1e4 * around) continue;
    ivar[k] = 0;
    dropped++;
  }
  return dropped;
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
