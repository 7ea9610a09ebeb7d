/** Stretches of a spectrum that a person leaves out of its fits, and where they lie on the plot. */
import { isSolution } from '../domain/fit.ts';
import type { MaskedRegion } from '../domain/fitOptions.ts';
import type { Entry } from './entries.ts';
import type { Frame } from './settings.ts';
import { shownWavelength, vacuumWavelength } from './spectrumView.ts';

/** Shorter ones (Å) are a slip of the hand: no pixel of these surveys is so narrow. */
const SHORTEST = 0.5;
const BY_HAND = 'by hand';

const NONE: readonly MaskedRegion[] = [];

export const stretchesOf = ({ stretches = NONE }: Entry): readonly MaskedRegion[] => stretches;

/**
 * The stretch between two wavelengths (Å, vacuum, in either order), to a tenth of an Å; null where it is too short. It is fixed in `frame`:
 * to the lines of the star, or to the sky and the detector.
 */
export function stretchBetween(one: number, other: number, frame: Frame): MaskedRegion | null {
  const tenth = (value: number): number => Math.round(10 * value) / 10;
  const [from, to] = one < other ? [tenth(one), tenth(other)] : [tenth(other), tenth(one)];
  return to - from >= SHORTEST ? { from, to, why: BY_HAND, frame } : null;
}

/** With one more stretch, in order of wavelength; those of the same frame that touch become one. */
export function withStretch(stretches: readonly MaskedRegion[], added: MaskedRegion): readonly MaskedRegion[] {
  const apart: MaskedRegion[] = [];
  let { from, to } = added;
  for (const one of stretches) {
    if (one.frame === added.frame && one.from <= to && one.to >= from) {
      from = Math.min(from, one.from);
      to = Math.max(to, one.to);
    } else apart.push(one);
  }
  return [...apart, { ...added, from, to }].sort((a, b) => a.from - b.from);
}

/** Observed over rest wavelength by the fit; 1 before there is one. */
function velocityShift({ spectrum, run }: Entry): number {
  if (run.kind !== 'done') return 1;
  const rest = run.result.restWavelength;
  const middle = rest.length >> 1;
  return (vacuumWavelength(spectrum)[middle] ?? 1) / (rest[middle] ?? 1);
}

/** Where the stretches lie on the plot, Å in the frame that is shown. Before a velocity is known, both frames are one. */
export function shownStretches(entry: Entry, wanted: Frame): readonly (readonly [from: number, to: number])[] {
  const { frame: shown } = shownWavelength(entry, wanted);
  const shift = velocityShift(entry);
  return stretchesOf(entry).map(({ from, to, frame = 'rest' }) => {
    const factor = frame === shown ? 1 : shown === 'observed' ? shift : 1 / shift;
    return [from * factor, to * factor];
  });
}

/** Whether the stretches are others than those of the fit on show: it is to be made anew. */
export function stretchesChanged(entry: Entry): boolean {
  if (entry.run.kind !== 'done' || !isSolution(entry.run.result)) return false;
  const fitted = entry.run.result.problem.options.maskedRegions;
  return JSON.stringify(fitted) !== JSON.stringify(stretchesOf(entry));
}
