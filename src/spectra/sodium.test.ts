import { describe, expect, it } from 'vitest';
import { inRegions } from './masks.ts';
import { sodiumLines } from './sodium.ts';

const C = 299_792.458;
const at = (line: number, v: number): number => line * (1 + v / C);

describe('sodium of the star and of the gas', () => {
  it.each([-600, -300, -120, 0, 40, 250, 500])('at %d km/s the gas is left out, and a line of the star is whole or not there', (v) => {
    const { masked, free } = sodiumLines(v, 3.3);
    for (const line of [5891.583, 5897.558]) {
      for (const gas of [-50, 0, 50]) expect(inRegions(at(line, gas), masked)).toBe(true);
      const own = [-2.9, 0, 2.9].map((offset) => at(line, v) + offset);
      const used = own.map((wavelength) => !inRegions(wavelength, masked));
      expect(new Set(used).size).toBe(1);
      expect(used[0]).toBe(own.every((wavelength) => inRegions(wavelength, free)));
    }
  });

  it('a line is free where no line of the gas is near: one at ±500 km/s, both at 1000', () => {
    const count = (v: number, fwhm = 3.3) => sodiumLines(v, fwhm).free.length;
    expect([0, 150, -221, 300, -300].map((v) => count(v))).toEqual([0, 0, 0, 0, 0]);
    expect([500, -500].map((v) => count(v))).toEqual([1, 1]);
    expect(count(1000)).toBe(2);
    // A sharper spectrograph parts them sooner.
    expect([count(330, 1.2), count(330, 5)]).toEqual([1, 0]);
  });
});
