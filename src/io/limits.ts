import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';

/** What a spectrum must offer to be fitted; the page may pass what its model bundle states. */
export interface ReadLimits {
  /** Å, vacuum (air differs by less than it matters here). */
  readonly range: readonly [number, number];
  /** Least overlap with the range, Å, and least good pixels in it. */
  readonly minOverlap: number;
  readonly minPixels: number;
  /** Native resolving power of the model: sharper data cannot be matched by broadening it, and are convolved when they are read. */
  readonly maxResolvingPower: number;
}

/** The range and native resolving power that every bundle is trained at (design: R = 5000, 3700–9100 Å). */
export const DEFAULT_LIMITS: ReadLimits = { range: [3700, 9100], minOverlap: 150, minPixels: 50, maxResolvingPower: 5000 };

/** Failures: OUT_OF_RANGE, TOO_FEW_PIXELS. */
export function checkLimits(spectrum: Spectrum, limits: ReadLimits): Result<Spectrum> {
  const { wavelength, ivar } = spectrum;
  const first = wavelength[0] ?? NaN;
  const last = wavelength.at(-1) ?? NaN;
  const [from, to] = limits.range;
  const needed = `${from.toFixed(0)}–${to.toFixed(0)} Å`;
  const overlap = Math.min(last, to) - Math.max(first, from);
  if (!(overlap >= limits.minOverlap)) {
    const looksLike = unitGuess(first, last, limits.range);
    return failed(
      'OUT_OF_RANGE',
      `The spectrum covers ${format(first)}–${format(last)} Å; ${needed} is needed, at least ${limits.minOverlap} Å of it.`,
      looksLike
        ? `The numbers look like ${looksLike}, not Å: state the unit (a column named wavelength_${looksLike}; CUNIT1 or TUNIT in FITS).`
        : `Choose a spectrum that covers ${needed}.`,
    );
  }
  let good = 0;
  for (let i = 0; i < wavelength.length; i++) {
    const at = wavelength[i] ?? 0;
    if (at >= from && at <= to && (ivar[i] ?? 0) > 0) good++;
  }
  if (good < limits.minPixels) {
    return failed(
      'TOO_FEW_PIXELS',
      `Only ${good} good pixels lie within ${needed}; ${limits.minPixels} are needed.`,
      'Choose a spectrum with more usable pixels.',
    );
  }
  return success(spectrum);
}

/** The unit in which the numbers would lie in the range, where they do not in Å. */
export function unitGuess(first: number, last: number, [from, to]: readonly [number, number]): 'nm' | 'um' | null {
  const inside = (factor: number): boolean => last * factor > from && first * factor < to;
  if (inside(1)) return null;
  return inside(10) ? 'nm' : inside(1e4) ? 'um' : null;
}

const format = (value: number): string => String(Number(value.toPrecision(6)));
