import { describe, expect, it } from 'vitest';
import { VOIGT_TABLE_END } from '../../math/voigt.ts';
import { layerProfiles } from './lineContext.ts';
import { fillWindow, lineWindow } from './lineWindow.ts';

describe("a line's window", () => {
  const perStep = 2e5; // 1.5 km/s
  const profiles = layerProfiles(2);
  profiles.width.fill(2e-5); // four steps
  profiles.half.set([1e-4, 0]); // twenty steps, and too weak
  const window = lineWindow();

  it('holds the points within the half-width, and the core among them', () => {
    expect(fillWindow(window, { centre: 50.3, reach: 1000, perStep }, profiles, 0, 256, 1)).toBe(true);
    expect([window.lo, window.hi]).toEqual([31, 70]);
    expect(window.dv).toBeCloseTo(0.25, 12);
    const core = VOIGT_TABLE_END / window.dv;
    expect(window.coreLo).toBe(Math.max(31, Math.ceil(50.3 - core)));
    expect(window.coreHi).toBe(Math.min(70, Math.floor(50.3 + core)));
  });

  it("is cut by the line's reach and by the block", () => {
    expect(fillWindow(window, { centre: 50.3, reach: 5, perStep }, profiles, 0, 256, 1)).toBe(true);
    expect([window.lo, window.hi]).toEqual([46, 55]);
    expect(fillWindow(window, { centre: 2, reach: 1000, perStep }, profiles, 0, 10, 1)).toBe(true);
    expect([window.lo, window.hi]).toEqual([0, 9]);
  });

  it('has an empty core where the centre is far outside the block', () => {
    profiles.half[0] = 1e-3;
    expect(fillWindow(window, { centre: -150, reach: 1000, perStep }, profiles, 0, 256, 1)).toBe(true);
    expect(window.coreHi).toBeLessThan(window.coreLo);
    profiles.half[0] = 1e-4;
  });

  it('is refused where the line is weak or does not reach', () => {
    expect(fillWindow(window, { centre: 50, reach: 1000, perStep }, profiles, 1, 256, 1)).toBe(false);
    expect(fillWindow(window, { centre: -50, reach: 1000, perStep }, profiles, 0, 256, 1)).toBe(false);
  });

  it('counts in strides on a coarse grid', () => {
    expect(fillWindow(window, { centre: 80, reach: 1000, perStep }, profiles, 0, 33, 8)).toBe(true);
    expect([window.lo, window.hi, window.centre]).toEqual([8, 12, 10]);
    expect(window.dv).toBeCloseTo(2, 12);
  });
});
