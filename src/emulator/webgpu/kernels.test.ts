import { expect, it } from 'vitest';

import { dispatchGrid } from './kernels.ts';

it.each([1, 64, 65535, 65536, 76_800, 131_071, 1_000_000, 65535 * 300 + 1])(
  'cuts %i workgroups into a grid that WebGPU allows',
  (groups) => {
    const [x, y, z] = dispatchGrid(groups);
    expect(Math.max(x, y, z)).toBeLessThanOrEqual(65535);
    expect(x * y * z).toBeGreaterThanOrEqual(groups);
    // Fewer than one group too many in each row.
    expect(x * y * z - groups).toBeLessThan(y);
  },
);

it('leaves alone what fits', () => {
  expect(dispatchGrid(65535)).toEqual([65535, 1, 1]);
});
