/**
 * Where references are: the polytope that planes in 98 directions cut about them in (T_eff, log g, [Fe/H]), which holds their convex hull with little room to
 * spare. Nothing is extrapolated beyond it.
 */
import { PIVOT } from './terms.ts';
import type { Place } from './names.ts';

/** What counts as one step in T_eff, log g and [Fe/H]: K, dex, dex. */
const STEP: Place = { teff: 500, logg: 0.5, feh: 0.5 };

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
/** All primitive vectors of whole numbers between −2 and 2, of length 1. */
const DIRECTIONS: readonly (readonly [number, number, number])[] = (() => {
  const steps = [-2, -1, 0, 1, 2];
  return steps.flatMap((a) =>
    steps.flatMap((b) =>
      steps.flatMap((c): [number, number, number][] => {
        if (divisor(divisor(Math.abs(a), Math.abs(b)), Math.abs(c)) !== 1) return [];
        const length = Math.hypot(a, b, c);
        return [[a / length, b / length, c / length]];
      }),
    ),
  );
})();

const scaled = (x: Place): readonly [number, number, number] => [
  (x.teff - PIVOT.teff) / STEP.teff,
  (x.logg - PIVOT.logg) / STEP.logg,
  (x.feh - PIVOT.feh) / STEP.feh,
];

/** How far the hull reaches in each direction, in steps. */
export type Hull = readonly number[];
export const HULL_SIZE = DIRECTIONS.length;

/** The hull of some places. */
export function hullOf(places: readonly Place[]): Hull {
  const points = places.map(scaled);
  return DIRECTIONS.map(([a, b, c]) => points.reduce((most, [t, g, m]) => Math.max(most, a * t + b * g + c * m), -Infinity));
}

/** How deep a place lies inside the hull, in steps; negative outside. NaN where a place is not known. */
export function depthIn(hull: Hull, place: Place): number {
  const [t, g, m] = scaled(place);
  if (!Number.isFinite(t + g + m)) return NaN;
  return DIRECTIONS.reduce((least, [a, b, c], k) => Math.min(least, (hull[k] ?? -Infinity) - (a * t + b * g + c * m)), Infinity);
}

/** The same as a growth of scatter: 1 well inside, rising to 2 at the edge over half a step. */
const RIM = 0.5;
export const growthAt = (depth: number): number => 1 + Math.max(0, 1 - depth / RIM);
