import { describe, expect, it } from 'vitest';
import { LAMOST_MASK, SDSS_MASK, maskSummary, rejecting } from './maskBits.ts';

describe('mask bits', () => {
  it.each([
    ['LAMOST', LAMOST_MASK],
    ['SDSS', SDSS_MASK],
  ])('%s: each bit once, named and explained', (_, table) => {
    expect(new Set(table.map(({ bit }) => bit)).size).toBe(table.length);
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    for (const { name, meaning } of table) expect([/^[A-Z]+$/.test(name), meaning.length > 5]).toEqual([true, true]);
  });

  it('every bit of LAMOST rejects: ANDMASK says that no exposure was good', () => {
    for (const { bit } of LAMOST_MASK) expect(rejecting(1 << bit, LAMOST_MASK)).toBe(1 << bit);
  });

  it('SDSS: what is lost rejects, what speaks of the fibre or of a doubt warns', () => {
    const rejected = SDSS_MASK.filter(({ bit }) => rejecting(1 << bit, SDSS_MASK) !== 0).map(({ name }) => name);
    expect(rejected).toEqual(['FULLREJECT', 'NOSKY', 'BRIGHTSKY', 'COMBINEREJ', 'REDMONSTER']);
    const nearBadPixelAndBrightSky = (1 << 16) | (1 << 23);
    expect(rejecting(nearBadPixelAndBrightSky, SDSS_MASK)).toBe(1 << 23);
  });

  it('a bit that nobody named rejects, the sign bit included', () => {
    expect(rejecting(1 << 14, SDSS_MASK)).toBe(1 << 14);
    expect(rejecting(1 << 31, SDSS_MASK)).toBe(1 << 31);
    expect(rejecting(1 << 7, LAMOST_MASK)).toBe(1 << 7);
  });

  it('counts pixels by name', () => {
    const mask = [0, 1 << 23, (1 << 23) | (1 << 17), 1 << 16, 1 << 14, 1 << 31];
    expect(maskSummary(mask, SDSS_MASK)).toEqual({ rejected: 'bit 14 1, BRIGHTSKY 2, bit 31 1', warned: 'NEARBADPIXEL 1, LOWFLAT 1' });
    expect(maskSummary([0, 0], SDSS_MASK)).toEqual({});
    expect(maskSummary([1, 33], LAMOST_MASK)).toEqual({ rejected: 'BADCCD 2, NODATA 1' });
  });
});
