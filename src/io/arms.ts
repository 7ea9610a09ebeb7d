/** Arms of one spectrograph, each on its own pixels, as one spectrum. */
import { failed, success, type Result } from '../domain/result.ts';
import type { Lsf, Spectrum } from '../domain/spectrum.ts';
import { resolvingPowerAt } from '../spectra/resolvingPower.ts';
import { medianSnr } from './assemble.ts';

/** Fraction of the shorter of two that may lie within the other, for them to be arms of one spectrum and not two spectra. */
const ARMS_OVERLAP = 0.3;
/** Nodes of R(λ) per arm, where a single number does not tell it. */
const NODES = 12;

/** Good pixels' range, Å; the whole range where none is good. */
function goodRange({ wavelength, ivar }: Spectrum): readonly [number, number] {
  const first = ivar.findIndex((value) => value > 0);
  const last = ivar.findLastIndex((value) => value > 0);
  return first < 0 ? [wavelength[0] ?? NaN, wavelength.at(-1) ?? NaN] : [wavelength[first] ?? NaN, wavelength[last] ?? NaN];
}

/** True where spectra follow one another in wavelength with little overlap, in one medium and frame. */
export function areArms(spectra: readonly Spectrum[]): boolean {
  if (spectra.length < 2) return false;
  const sorted = spectra.toSorted((a, b) => (a.wavelength[0] ?? 0) - (b.wavelength[0] ?? 0));
  return sorted.every((next, i) => {
    const previous = sorted[i - 1];
    if (!previous) return true;
    const [a, b] = [goodRange(previous), goodRange(next)];
    const shorter = Math.min(a[1] - a[0], b[1] - b[0]);
    return previous.medium === next.medium && previous.frame === next.frame && a[1] - b[0] < ARMS_OVERLAP * shorter && b[1] > a[1];
  });
}

/**
 * The arms one after another. Where two overlap, each keeps its own side of the middle of the overlap: no pixel is interpolated or averaged,
 * so that noise stays independent and R(λ) has one value. `arms` of the result are the places where they meet (in a gap: its middle).
 * Failure: ARMS_DIFFER (medium, frame or unit).
 */
export function joinArms(id: string, spectra: readonly Spectrum[]): Result<Spectrum> {
  const sorted = spectra.toSorted((a, b) => (a.wavelength[0] ?? 0) - (b.wavelength[0] ?? 0));
  const [first] = sorted;
  if (!first) throw new RangeError('no arms');
  if (sorted.length === 1) return success({ ...first, id });
  const differ = (['medium', 'frame', 'fluxUnit'] as const).find((key) => sorted.some((arm) => arm[key] !== first[key]));
  if (differ !== undefined) {
    return failed(
      'ARMS_DIFFER',
      `The arms differ in ${differ}: ${sorted.map((arm) => arm[differ]).join(', ')}.`,
      'Save each arm as a file of its own.',
    );
  }
  const cuts = sorted.slice(1).map((arm, i) => {
    const [left, right] = [goodRange(sorted[i] ?? first), goodRange(arm)];
    return 0.5 * (left[1] + right[0]);
  });
  const parts = sorted.map((arm, i) => {
    const [from, to] = [cuts[i - 1] ?? -Infinity, cuts[i] ?? Infinity];
    return {
      arm,
      keep: Int32Array.from(arm.wavelength.keys()).filter((p) => (arm.wavelength[p] ?? 0) >= from && (arm.wavelength[p] ?? 0) < to),
    };
  });
  const gather = (pick: (arm: Spectrum) => ArrayLike<number> | undefined): number[] =>
    parts.flatMap(({ arm, keep }) => Array.from(keep, (p) => pick(arm)?.[p] ?? 0));
  const flux = Float64Array.from(gather((arm) => arm.flux));
  const ivar = Float64Array.from(gather((arm) => arm.ivar));
  const at = cuts.map((cut) => cut.toFixed(0)).join(', ');
  return success(
    {
      ...first,
      id,
      wavelength: Float64Array.from(gather((arm) => arm.wavelength)),
      flux,
      ivar,
      ivarIsMeasured: sorted.every((arm) => arm.ivarIsMeasured),
      ...(sorted.some((arm) => arm.mask) ? { mask: Int32Array.from(gather((arm) => arm.mask)) } : {}),
      reason: Uint8Array.from(gather((arm) => arm.reason)),
      arms: cuts,
      lsf: joinLsf(sorted, cuts),
      snr: medianSnr(flux, ivar),
      meta: Object.assign({}, ...sorted.map((arm) => arm.meta).toReversed()) as Spectrum['meta'],
    },
    [`${sorted.length} arms are joined at ${at} Å; each keeps its own pixels.`],
  );
}

/** R(λ) of all arms; the same number everywhere stays a number. */
function joinLsf(arms: readonly Spectrum[], cuts: readonly number[]): Lsf {
  const [first] = arms;
  const same = first && arms.every((arm) => JSON.stringify(arm.lsf) === JSON.stringify(first.lsf));
  if (same && first.lsf.kind !== 'table') return first.lsf;
  const wavelength: number[] = [];
  const resolvingPower: number[] = [];
  arms.forEach((arm, i) => {
    const from = Math.max(arm.wavelength[0] ?? NaN, (cuts[i - 1] ?? -Infinity) + 1e-3);
    const to = Math.min(arm.wavelength.at(-1) ?? NaN, (cuts[i] ?? Infinity) - 1e-3);
    const nodes = Array.from({ length: NODES }, (_, k) => from + ((to - from) * k) / (NODES - 1));
    for (const node of nodes) {
      wavelength.push(node);
      resolvingPower.push(resolvingPowerAt(arm.lsf, node));
    }
  });
  return { kind: 'table', wavelength, resolvingPower };
}

/** Arms as one spectrum, anything else as it is, each under its own name. */
export function joinOrKeep(
  id: string,
  parts: readonly { readonly name: string; readonly spectrum: Spectrum }[],
): Result<readonly Spectrum[]> {
  const spectra = parts.map(({ spectrum }) => spectrum);
  if (!areArms(spectra)) return success(spectra);
  const joined = joinArms(id, spectra);
  if (!joined.ok) return joined;
  return success([joined.value], [`${parts.map(({ name }) => name).join(' and ')} are halves of one spectrum.`, ...joined.warnings]);
}
