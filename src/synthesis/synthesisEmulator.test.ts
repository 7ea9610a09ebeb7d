import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { LABELS, labelVector, type StellarLabels } from '../domain/labels.ts';
import { valueOf } from '../testing/result.ts';
import { describeWithShared } from '../testing/shared.ts';
import { SynthesisEmulator } from './synthesisEmulator.ts';
import { createSynthesizer } from './synthesize.ts';
import { loadTables, type PhysicsTables } from './tables/tables.ts';

describeWithShared('the synthesis as an emulator', (shared) => {
  let tables: PhysicsTables;
  beforeAll(() => {
    tables = valueOf(loadTables((path) => readFileSync(join(shared, 'physics', path)), 'lines/linemake_vald.npz'));
  }, 300_000);
  const star: StellarLabels = { teff: 5500, logg: 4.2, vmic: 1.1, feh: -0.1, xfe: { Mg: 0.1, C: -0.1 } };
  const emulatorOf = (range: readonly [number, number]): SynthesisEmulator =>
    new SynthesisEmulator(tables, { id: 'ab-initio', title: 'synthesis', range });

  it('gives over a part of the range the numbers of the whole, and each of them once', async () => {
    const emulator = emulatorOf([5140, 5200]);
    const labels = labelVector(star);
    const { flux, derivatives } = await emulator.jacobian(labels);
    // A wider part stands for the whole: its blocks are the same.
    const whole = valueOf(createSynthesizer(tables, { derivatives: true, range: [5000, 5400] })(star));
    const first = Math.round((emulator.info.grid.lnStart - whole.grid.lnStart) / whole.grid.lnStep);
    const worst = (part: Float32Array, all: Float64Array): number =>
      part.reduce((most, value, i) => Math.max(most, Math.abs(value - (all[first + i] ?? NaN))), 0);
    expect(flux.length).toBe(emulator.info.grid.count);
    expect(emulator.wavelength[0]).toBeCloseTo(5140, 0);
    expect(worst(flux, whole.flux)).toBeLessThan(1e-6);
    LABELS.forEach((name, i) => {
      const all = whole.derivatives.get(name) ?? new Float64Array(0);
      const peak = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(worst(derivatives[i] ?? new Float32Array(0), all), name).toBeLessThan(1e-5 * peak);
    });
    expect((await emulator.predict([labels]))[0]).toBe(flux);
    expect(await emulator.jacobian(labels)).toMatchObject({ flux });
    expect([emulator.spectra, emulator.jacobians]).toEqual([0, 1]);
  }, 300_000);

  it('takes a star beyond the atmosphere grid at its edge, and says why a hole has no spectrum', async () => {
    const emulator = emulatorOf([6000, 6050]);
    const at = (change: Partial<StellarLabels>): Float64Array => labelVector({ ...star, ...change });
    const [beyond, edge] = await emulator.predict([at({ feh: 0.55 }), at({ feh: 0.5 })]);
    expect(beyond).toEqual(edge);
    const [hole] = await emulator.predict([at({ teff: 7900, logg: 0.2 })]);
    expect(hole?.every(Number.isNaN)).toBe(true);
    expect(emulator.lastFailure()).toMatchObject({ code: 'ATMOSPHERE_MISSING' });
    await emulator.predict([at({ teff: 5600 })]);
    expect(emulator.lastFailure()).toBeNull();
  }, 300_000);
});
