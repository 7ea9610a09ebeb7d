/** Where every unknown of the joint fit stands in its vector: lines, widths of strong lines, and for each star its own parameters and its continuum. */
import { OWN, OWN_ELEMENTS, type Comparison } from './comparison.ts';
import type { LineWindow } from './lineDerivatives.ts';

/** A line whose largest derivative in all stars is below this is not moved. */
const INFORMATIVE = 0.004;
/** Its van der Waals width is moved where its derivative is above this. */
const DAMPED = 0.02;

/** Place of every unknown. */
export interface Layout {
  readonly size: number;
  /** Physical lines that are moved, and their place (−1: not). */
  readonly lines: readonly number[];
  readonly place: Int32Array;
  readonly damped: readonly number[];
  readonly dampedPlace: ReadonlyMap<number, number>;
  /** First unknown of each star: OWN, abundances; and of its continuum. */
  readonly own: readonly number[];
  readonly spline: readonly number[];
}

/** Which unknown a star's own parameters are: spectra of the same star share them all but velocity and broadening. */
export function layoutOf(comparisons: readonly Comparison[], count: number): Layout {
  const informative = new Uint8Array(count);
  const wide = new Set<number>();
  for (const c of comparisons) {
    c.strength.forEach((window, g) => {
      if (window !== null && peak(window) > INFORMATIVE) informative[g] = 1;
    });
    for (const [g, window] of c.damping) if (peak(window) > DAMPED) wide.add(g);
  }
  const lines = [...informative.keys()].filter((g) => informative[g] === 1);
  const place = new Int32Array(count).fill(-1);
  lines.forEach((g, k) => (place[g] = k));
  const damped = [...wide].filter((g) => informative[g] === 1).sort((a, b) => a - b);
  let size = lines.length;
  const dampedPlace = new Map(damped.map((g) => [g, size++]));
  const names = new Map<string, number>();
  const own = comparisons.map(({ observed }) => {
    const known = names.get(observed.star.name);
    if (known !== undefined) return known;
    const at = size;
    size += OWN.length + OWN_ELEMENTS.length;
    names.set(observed.star.name, at);
    return at;
  });
  const spline = comparisons.map(({ basis }) => {
    const at = size;
    size += basis.count;
    return at;
  });
  return { size, lines, place, damped, dampedPlace, own, spline };
}

const peak = (window: LineWindow): number => window.values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
