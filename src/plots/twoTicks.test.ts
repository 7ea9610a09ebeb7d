import { describe, expect, it } from 'vitest';
import { twoTicks } from './twoTicks.ts';

describe('twoTicks', () => {
  it('are round, and as far apart as a quarter at each end leaves', () => {
    // Between 5728 and 5872 lie 5750, 5800 and 5850, but 100 is less than 0.45 of 240: of the twenties 5740 and 5860 are far enough apart.
    expect(twoTicks(5680, 5920)).toMatchObject({ tickvals: [5740, 5860], ticktext: ['5740', '5860'] });
    expect(twoTicks(-0.31, 0.29)).toMatchObject({ tickvals: [-0.15, 0.15], ticktext: ['−0.15', '0.15'] });
  });
  it('are none where nothing varies or nothing is known', () => {
    expect(twoTicks(4, 4).tickvals).toEqual([]);
    expect(twoTicks(NaN, 1).tickvals).toEqual([]);
  });
  it('never stand where two panels touch, whatever the range', () => {
    for (let k = 1; k < 400; k++) {
      const [low, high] = [Math.sin(k) * 10 ** (k % 5), Math.sin(k) * 10 ** (k % 5) + 10 ** ((k % 7) - 3) * (1 + (k % 9))];
      const [a = NaN, b = NaN] = twoTicks(low, high).tickvals as number[];
      expect(a).toBeGreaterThanOrEqual(low + 0.1999 * (high - low));
      expect(b).toBeLessThanOrEqual(high - 0.1999 * (high - low));
      expect(b - a).toBeGreaterThanOrEqual(0.4499 * (high - low));
    }
  });
});
