import { expect, it } from 'vitest';
import { failed, success } from '../domain/result.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { loadAtlas, nearestDerivative } from './atlas.ts';

const toy = new ToyEmulator({ labels: ['teff', 'logg', 'vmic', 'feh', 'Mg'] });
const COUNT = 4;
const LABELS = ['teff', 'logg', 'feh', 'Mg'];
const described = {
  format: 'maury-abinitio-1',
  file: 'abinitio.bin',
  labels: LABELS,
  grid: { lnStart: Math.log(4000), lnStep: 0.01, count: COUNT },
  resolvingPower: 1800,
  stars: [
    { labels: [4500, 2, -1, 0.3], scales: [0.001, 0.1, 0.2, 0.5] },
    { labels: [5800, 4.4, 0, 0], scales: [0.002, 0.1, 0.2, 0.4] },
  ],
};
const q = Int8Array.from({ length: 2 * LABELS.length * COUNT }, (_, i) => i - 16);

/** A site of these files alone. */
const site = (files: Readonly<Record<string, Uint8Array>>) => ({
  read: (path: string) => Promise.resolve(path in files ? success(files[path] ?? new Uint8Array()) : failed('ASSET_MISSING', `no ${path}`)),
});
const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const whole = { 'models/m/abinitio.json': json(described), 'models/m/abinitio.bin': new Uint8Array(q.buffer) };

it('gives the derivative of the star that is nearest, as it was before it was packed', async () => {
  const atlas = valueOf(await loadAtlas(site(whole), 'm'));
  if (atlas === null) throw new Error('no atlas');
  const near = nearestDerivative(atlas, toy.info, 'Mg', toyLabels(toy, [5600, 4.2, 1, -0.1]));
  expect(near?.star).toEqual({ teff: 5800, logg: 4.4, feh: 0, Mg: 0 });
  // Second star, fourth label: q = 12 … 15.
  expect([...(near?.derivative ?? [])]).toEqual([12, 13, 14, 15].map((value) => Math.fround(0.4 * (value / 127) * (value / 127))));
  expect(near?.wavelength[1]).toBeCloseTo(4000 * Math.exp(0.01), 9);
  const cool = nearestDerivative(atlas, toy.info, 'teff', toyLabels(toy, [4300, 1.5, 1, -1.3]));
  expect(cool?.star.teff).toBe(4500);
  expect(cool?.derivative[0]).toBeCloseTo(-0.001 * (16 / 127) ** 2, 9);
  expect(nearestDerivative(atlas, toy.info, 'Eu', toyLabels(toy, [5600, 4.2, 1, -0.1]))).toBeNull();
});

it('a model without an atlas has none; one that does not fit together is named', async () => {
  expect(valueOf(await loadAtlas(site({}), 'm'))).toBeNull();
  const cut = { ...whole, 'models/m/abinitio.bin': new Uint8Array(5) };
  expect(failureOf(await loadAtlas(site(cut), 'm')).code).toBe('ATLAS_INVALID');
  const other = { ...whole, 'models/m/abinitio.json': json({ ...described, format: 'another' }) };
  expect(failureOf(await loadAtlas(site(other), 'm')).code).toBe('ATLAS_INVALID');
});
