import { describe, expect, it } from 'vitest';
import type { ManifestLabel } from './emulator.ts';
import { outsideRange, outsideRangeText } from './labelRange.ts';

const label = (name: ManifestLabel['name'], unit: ManifestLabel['unit'], min: number, max: number): ManifestLabel => ({
  ...{ name, unit, min, max },
  centre: (min + max) / 2,
  halfRange: (max - min) / 2,
});
const info = { labels: [label('teff', 'K', 4000, 7000), label('feh', 'dex', -2.5, 0.5), label('Mg', 'dex', -0.5, 0.5)] };

describe('labels outside the training range', () => {
  it('are named with value, range and excess, on either side', () => {
    const found = outsideRange(info, Float64Array.of(7123.5, -2.51, 0));
    expect(found.map(({ name }) => name)).toEqual(['teff', 'feh']);
    expect(found[0]).toEqual({ name: 'teff', unit: 'K', min: 4000, max: 7000, value: 7123.5, by: 123.5 });
    expect(found[1]?.by).toBeCloseTo(0.01, 12);
    expect(found.map(outsideRangeText)).toEqual([
      'T_eff = 7123.5 is 124 K outside the training range 4000 to 7000',
      '[Fe/H] = -2.51 is 0.01 dex outside the training range -2.5 to 0.5',
    ]);
  });

  it('are none on the ends of the range', () => {
    expect(outsideRange(info, Float64Array.of(4000, 0.5, -0.5))).toEqual([]);
  });

  it('include what is no number, and what is missing', () => {
    const found = outsideRange(info, Float64Array.of(5000, NaN));
    expect(found.map(outsideRangeText)).toEqual([
      '[Fe/H] is not a number; the training range -2.5 to 0.5',
      '[Mg/Fe] is not a number; the training range -0.5 to 0.5',
    ]);
  });
});
