import { describe, expect, it } from 'vitest';
import type { Nature } from '../domain/nature.ts';
import { failed, success } from '../domain/result.ts';
import type { Assets } from './assets.ts';
import { findNature } from './nature.ts';
import { natureText, parseNature } from './natureFile.ts';

const count = 5;
const nature: Nature = {
  model: { id: 'toy', weights: 'abc' },
  date: '2026-01-01',
  command: 'a test',
  stars: { MILES: 40, Sun: 1 },
  resolvingPower: 2000,
  correlation: 200,
  grid: { lnStart: 8.3, lnStep: 4.6e-4, count },
  law: { wavelength: [4000, 9000], constant: [0.01, 0.02], depth: [0.1, 0] },
  nodes: [{ teff: 5800, logg: 4.4, feh: 0, stars: 12.5, amplitudes: [0.012], factor: Float32Array.of(0.5, 1, 2, 3, 8) }],
  shapes: [Float32Array.of(-1, 0.25, 0, 2, 1.5)],
};
const text = natureText(nature);
const assets = (files: Readonly<Record<string, string>>): Assets => ({
  read(path) {
    const found = files[path];
    return Promise.resolve(found === undefined ? failed('ASSET_MISSING', `no ${path}`, '') : success(new TextEncoder().encode(found)));
  },
});
const site = assets({ 'models/toy/nature.json': text });
const without = { id: 'toy', title: 'toy' };
const offer = { ...without, nature: 'nature.json' };

describe('the file of a model’s error', () => {
  it('comes back as it was written, to the digits it keeps', () => {
    const read = parseNature(JSON.parse(text));
    const value = read.ok ? read.value : null;
    expect(value).toMatchObject({ ...nature, nodes: [{ teff: 5800, amplitudes: [0.012] }] });
    nature.nodes[0]?.factor.forEach((factor, i) => {
      expect((value?.nodes[0]?.factor[i] ?? NaN) / factor).toBeCloseTo(1, 1.7);
    });
  });

  it('that is damaged says where', () => {
    const message = (change: object): string => {
      const read = parseNature({ ...(JSON.parse(text) as object), ...change });
      return read.ok ? 'read' : `${read.failure.code} ${read.failure.message}`;
    };
    expect(message({ format: 'another' })).toMatch(/NATURE_INVALID .*format/);
    expect(message({ grid: { lnStart: 8.3, lnStep: 4.6e-4, count: 6 } })).toMatch(/6 points/);
    expect(message({ shapes: [] })).toMatch(/amplitudes/);
  });

  it('is found where the index names it, for its own weights', async () => {
    const own = await findNature(site, offer, { id: 'toy', weights: 'abc' }, undefined);
    expect(own).toMatchObject({ ok: true, value: { date: '2026-01-01' }, warnings: [] });
    const other = await findNature(site, offer, { id: 'toy', weights: 'def' }, undefined);
    expect(other).toMatchObject({ ok: true, value: null });
    expect(other.ok && other.warnings[0]).toMatch(/other weights of toy/);
    expect(await findNature(site, without, { id: 'toy', weights: 'abc' }, undefined)).toMatchObject({
      ok: true,
      value: null,
      warnings: [],
    });
    expect(await findNature(site, offer, { id: 'toy', weights: 'abc' }, 'none')).toMatchObject({ value: null });
    const missing = await findNature(assets({}), offer, { id: 'toy', weights: 'abc' }, undefined);
    expect(missing.ok && missing.warnings[0]).toMatch(/no models\/toy\/nature.json/);
  });
});
