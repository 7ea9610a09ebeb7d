import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { describeWithShared } from '../../testing/shared.ts';
import { valueOf } from '../../testing/result.ts';
import { isElement, LABELS, type LabelName, type StellarLabels } from '../../domain/labels.ts';
import { createSynthesizer, type LabelledSpectrum } from '../synthesize.ts';
import { loadTables, type PhysicsTables } from '../tables/tables.ts';
import { placeIn, valueAt } from './blockResponse.ts';

// Coarse sampling: both sides of every comparison have it.
const stepKms = 4;
const giant: StellarLabels = { teff: 4620, logg: 2.2, vmic: 1.6, feh: 0.1, xfe: { Mg: 0.1, O: 0.1 } };
const moved = (name: LabelName, by: number): StellarLabels =>
  isElement(name) ? { ...giant, xfe: { ...giant.xfe, [name]: (giant.xfe[name] ?? 0) + by } } : { ...giant, [name]: giant[name] + by };
const peakOf = (values: Float64Array): number => values.reduce((peak, x) => Math.max(peak, Math.abs(x)), 0);

describeWithShared('derivatives of a metal-rich giant', (shared) => {
  let tables: PhysicsTables;
  let spectrum: LabelledSpectrum;
  beforeAll(() => {
    tables = valueOf(loadTables((path) => readFileSync(join(shared, 'physics', path))));
    spectrum = valueOf(createSynthesizer(tables, { derivatives: true, stepKms })(giant));
  }, 120_000);

  it('exist for all 33 labels, and none is zero everywhere', () => {
    for (const name of LABELS) {
      const peak = peakOf(spectrum.derivatives.get(name) ?? new Float64Array(1));
      expect(Number.isFinite(peak), name).toBe(true);
      expect(peak, name).toBeGreaterThan(name === 'teff' ? 1e-5 : 1e-3);
    }
  });

  it('leave the spectrum as it is without them', { timeout: 60_000 }, () => {
    const alone = valueOf(createSynthesizer(tables, { derivatives: false, stepKms })(giant)).flux;
    expect(peakOf(alone.map((f, i) => f - spectrum.flux[i]))).toBeLessThan(1e-12);
  });

  it.each([
    ['teff', 5],
    ['logg', 0.01],
    ['vmic', 0.02],
    ['feh', 0.01],
    ['Mg', 0.03],
    ['C', 0.03],
    ['Ti', 0.03],
    ['Eu', 0.03],
  ] as const)('for %s is the difference of two complete syntheses, to a hundredth of its peak', { timeout: 60_000 }, (name, h) => {
    const plain = createSynthesizer(tables, { derivatives: false, stepKms });
    const up = valueOf(plain(moved(name, h))).flux;
    const down = valueOf(plain(moved(name, -h))).flux;
    const difference = up.map((f, i) => (f - down[i]) / (2 * h));
    const ours = spectrum.derivatives.get(name) ?? new Float64Array(0);
    const worst = peakOf(difference.map((d, i) => d - ours[i]));
    console.log(`${name}: largest difference ${((100 * worst) / peakOf(difference)).toFixed(2)} % of the peak`);
    expect(worst).toBeLessThan(0.01 * peakOf(difference));
  });
});

it('values between nodes are linear, and end with the nodes', () => {
  const nodes = Float64Array.of(0, 10, 40);
  const values = Float64Array.of(1, 3, 9);
  expect([...placeIn(nodes, Float64Array.of(0, 5, 10, 25))].map((place) => valueAt(values, place))).toEqual([1, 2, 3, 6]);
});
