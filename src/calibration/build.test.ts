import { describe, expect, test } from 'vitest';
import { madeData, type Truth } from '../testing/madeReferences.ts';
import { buildCalibration, type CalibrationInput } from './build.ts';
import { calibrationSchema } from './schema.ts';
import { asBlue, deriveReach } from './reach.ts';
import type { RawLabels } from './rawLabels.ts';
import { randomStream } from '../math/random.ts';

const truth: Truth = { shift: { teff: () => 60, feh: () => -0.1, Mg: ({ logg }) => (logg < 3.5 ? 0.1 : -0.1) }, intrinsic: 0.05 };
const input = (count: number): CalibrationInput => ({
  ...madeData(count, truth),
  identity: { id: 'made', title: 'made', model: { id: 'toy', weights: 'abc' }, derived: { command: '', date: '', method: '' } },
  citations: [{ name: 'A', use: 'all', citation: 'nobody' }],
  twoRanges: [],
  sun: null,
});

describe('a calibration file', () => {
  test('is whole, and says of stars that took no part what is true of them', () => {
    const built = buildCalibration(input(60), { folds: 2 });
    if (!built.ok) throw new Error(built.failure.message);
    const { calibration, heldOut } = built.value;
    expect(calibrationSchema.safeParse(JSON.parse(JSON.stringify(calibration))).success).toBe(true);
    expect(Object.keys(calibration.labels)).toEqual(['teff', 'logg', 'feh', 'Mg']);
    expect(calibration.sources).toEqual([{ name: 'A', use: 'all', citation: 'nobody', stars: 60 }]);
    const mg = calibration.labels.Mg;
    expect(mg?.heldOut?.stars).toBe(60);
    expect(Math.abs(mg?.heldOut?.bias ?? NaN)).toBeLessThan(0.03);
    // √(0.05² + 0.04² + 0.05²) = 0.081
    expect(mg?.heldOut?.scatter).toBeLessThan(0.11);
    expect(Math.abs((calibration.labels.feh?.heldOut?.raw.bias ?? NaN) + 0.1)).toBeLessThan(0.04);
    expect(Math.abs(calibration.labels.feh?.heldOut?.bias ?? NaN)).toBeLessThan(0.03);
    expect(mg?.heldOut?.within1).toBeGreaterThan(0.6);
    expect(mg?.heldOut?.within2).toBeGreaterThan(0.88);
    expect(mg?.scatter.dwarf).toBeLessThan(0.09);
    expect(new Set(heldOut.map(({ star }) => star)).size).toBe(60);
  });

  test('of too few stars is refused, and says how many there were', () => {
    const built = buildCalibration(input(12));
    expect(built.ok ? '' : built.failure.code).toBe('CALIBRATION_TOO_FEW');
    expect(built.ok ? '' : built.failure.message).toContain('Only 12 reference stars');
  });
});

describe('fits over two ranges', () => {
  const random = randomStream(4);
  const raw = (value: number, sigma: number, long: boolean): RawLabels => ({
    values: { Mg: { value, sigma, measured: true } },
    ratioSigmas: {},
    long,
  });
  const spectra = Array.from({ length: 80 }, (_, i) => {
    const place = { teff: 4500 + 25 * i, logg: 4, feh: -0.3 };
    const blue = 0.1 * random.normal();
    const offset = 0.08 + (0.04 * (place.teff - 5500)) / 1000;
    return { id: String(i), place, blue: raw(blue, 0.05, false), long: raw(blue + offset + 0.03 * random.normal(), 0.045, true) };
  });

  test('show what the red adds, and its scatter', () => {
    const reach = deriveReach('Mg', spectra);
    if (reach === null) throw new Error('no reach');
    const blue = asBlue(raw(0.5, 0.04, true), { teff: 6300, logg: 4, feh: -0.3 }, () => reach);
    expect(blue.values.Mg?.value).toBeGreaterThan(0.5 - 0.13);
    expect(blue.values.Mg?.value).toBeLessThan(0.5 - 0.09);
    expect(reach.scatter).toBeGreaterThan(0.005);
    expect(reach.scatter).toBeLessThan(0.045);
    expect(asBlue(raw(0.5, 0.04, false), { teff: 6300, logg: 4, feh: -0.3 }, () => reach).values.Mg?.value).toBe(0.5);
  });

  test('too few say nothing', () => {
    expect(deriveReach('Mg', spectra.slice(0, 10))).toBeNull();
  });
});
