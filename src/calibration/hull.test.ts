import { describe, expect, test } from 'vitest';
import { depthIn, growthAt, hullOf } from './hull.ts';
import type { Place } from './names.ts';

const corners: readonly Place[] = [4500, 6500].flatMap((teff) =>
  [1.5, 4.5].flatMap((logg) => [-1.5, 0.3].map((feh) => ({ teff, logg, feh }))),
);
const hull = hullOf(corners);

describe('the hull of references', () => {
  test('holds what it is made of and what lies between, and nothing beyond a face', () => {
    for (const corner of corners) expect(depthIn(hull, corner)).toBeCloseTo(0, 12);
    expect(depthIn(hull, { teff: 5500, logg: 3, feh: -0.6 })).toBeGreaterThan(1);
    expect(depthIn(hull, { teff: 6600, logg: 3, feh: -0.6 })).toBeCloseTo(-0.2, 12);
    expect(depthIn(hull, { teff: 5500, logg: 0.5, feh: -0.6 })).toBeCloseTo(-2, 12);
  });

  test('an empty corner of the H-R diagram is outside, though inside the box', () => {
    const sequence: readonly Place[] = [
      { teff: 4300, logg: 1, feh: 0 },
      { teff: 5000, logg: 3, feh: -1 },
      { teff: 5000, logg: 4.6, feh: 0.3 },
      { teff: 6600, logg: 4.1, feh: -1 },
      { teff: 6600, logg: 4.3, feh: 0.2 },
    ];
    expect(depthIn(hullOf(sequence), { teff: 6500, logg: 1.5, feh: -0.5 })).toBeLessThan(0);
  });

  test('of an unknown place nothing is said, and scatter grows towards the edge', () => {
    expect(depthIn(hull, { teff: NaN, logg: 3, feh: 0 })).toBeNaN();
    expect([growthAt(3), growthAt(0.5), growthAt(0.25), growthAt(0)]).toEqual([1, 1, 1.5, 2]);
  });
});
