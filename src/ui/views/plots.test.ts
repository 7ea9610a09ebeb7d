import { expect, it } from 'vitest';
import { ToyEmulator } from '../../testing/toyEmulator.ts';
import { abinitioName, isNear } from './plots.ts';

it('an ab initio derivative is compared with that of a star within 150 K, 0.3 and 0.2 dex; else it is said to be of another', () => {
  const { info } = new ToyEmulator();
  const star = { teff: 5752, logg: 4.33, feh: -0.05 };
  const at = (teff: number, logg: number, feh: number): boolean => {
    const own = { teff, logg, feh } as Readonly<Record<string, number>>;
    const labels = Float64Array.from(info.labels, ({ name }) => own[name] ?? 0);
    return isNear({ info }, { star }, labels);
  };
  expect(at(5850, 4.1, 0.1)).toBe(true);
  expect(at(6195, 4.33, -0.05)).toBe(false);
  expect(at(5752, 4.0, -0.05)).toBe(false);
  expect(at(5752, 4.33, 0.2)).toBe(false);
  expect(abinitioName({ star })).toBe('ab initio, 5752 K, log g 4.33, [Fe/H] −0.05');
  expect(abinitioName({ star }, false)).toMatch(/^a like star’s, .*5752 K/);
});
