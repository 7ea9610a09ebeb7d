import { describe, expect, test } from 'vitest';
import type { FittedLabel, LabelFlag } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { calibrate, calibratedXfe, type LabelsOfFit } from './apply.ts';
import { hullOf } from './hull.ts';
import type { Place } from './names.ts';
import { calibrationSchema, type Calibration, type LabelCalibration } from './schema.ts';
import { calibrationFor } from './select.ts';

const NAMES: readonly LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'Mg', 'Eu'];
function fit(values: readonly number[], flags: Partial<Record<LabelName, readonly LabelFlag[]>> = {}, longest?: number): LabelsOfFit {
  const labels: FittedLabel[] = NAMES.map((name, i) => ({
    name,
    value: values[i] ?? NaN,
    sigma: i === 0 ? 50 : 0.1,
    priorFraction: 0.1,
    flags: flags[name] ?? [],
  }));
  const covariance = new Float64Array(36);
  labels.forEach((label, i) => (covariance[7 * i] = label.sigma ** 2));
  // [Fe/H] and [Mg/Fe] anticorrelate.
  covariance[3 * 6 + 4] = covariance[4 * 6 + 3] = -0.006;
  const ends = longest === undefined ? {} : { restWavelength: Float64Array.of(4000, longest, 9000), used: Uint8Array.of(1, 1, 0) };
  return { model: 'toy', labels, covariance, ...ends };
}

const corners: readonly Place[] = [4000, 7000].flatMap((teff) => [1, 5].flatMap((logg) => [-2, 0.5].map((feh) => ({ teff, logg, feh }))));
const hull = [...hullOf(corners)];
const even = (value: number) => ({ dwarf: value, giant: value, 'metal-poor': value });

const label = (terms: LabelCalibration['terms'], scatter: number, more: Partial<LabelCalibration> = {}): LabelCalibration => ({
  kind: 'references',
  terms,
  covariance: terms.flatMap(() => terms.map(() => 0)),
  stars: 100,
  spectra: 100,
  sources: [{ name: 'A', stars: 100, zeroPoint: null }],
  shared: [],
  range: { teff: [4000, 7000], logg: [1, 5], feh: [-2, 0.5] },
  hull,
  scatter: even(scatter),
  fitScale: 1,
  scatterRatio: even(scatter / 2),
  heldOut: null,
  reach: null,
  tried: [],
  ...more,
});
const constant = (coefficient: number) => ({ name: 'constant' as const, coefficient, sigma: 0 });

const calibration: Calibration = {
  format: 'maury-calibration-2',
  id: 'test',
  title: '',
  model: { id: 'toy', weights: 'abc' },
  derived: { command: '', date: '', method: '' },
  scale: 'A',
  sources: [],
  labels: {
    teff: label([constant(100), { name: 'teff', coefficient: 50, sigma: 0 }], 30),
    logg: label([constant(-0.1)], 0.1),
    feh: label([constant(0.05)], 0.06),
    Mg: label([constant(0.2), { name: 'logg', coefficient: 0.1, sigma: 0 }], 0.08),
    Eu: label([constant(0.04)], 0.1, {
      kind: 'solar-zero-point',
      hull: null,
      range: { teff: [5000, 6500], logg: [3.6, 5], feh: [-0.8, 0.8] },
    }),
  },
};

describe('applying a calibration', () => {
  const star = fit([6100, 4.2, 1.1, -0.3, 0.2, 0]);

  test('the calibrated place is the one whose corrections lead to the raw labels; σ adds the scatter', () => {
    const { parameters, abundances } = calibrate(star, calibration);
    const teff = parameters['teff']?.calibrated ?? NaN;
    expect(teff + 100 + (50 * (teff - 5500)) / 1000).toBeCloseTo(6100, 6);
    expect(parameters['logg']?.calibrated).toBeCloseTo(4.3, 10);
    expect(parameters['feh']).toMatchObject({ flags: [] });
    expect(parameters['feh']?.calibrated).toBeCloseTo(-0.35, 10);
    expect(parameters['feh']?.sigmaCalibrated).toBeCloseTo(Math.hypot(0.1, 0.06), 6);
    expect(parameters['vmic']).toMatchObject({ calibrated: null, flags: ['uncalibrated'] });
    expect(abundances['Fe']).toEqual(parameters['feh']);
  });

  test('[X/H] has the covariance of [X/Fe] with [Fe/H], and its trend at the calibrated labels', () => {
    const mg = calibrate(star, calibration).abundances['Mg'];
    expect(mg?.value).toBeCloseTo(-0.1, 12);
    expect(mg?.sigma).toBeCloseTo(Math.sqrt(0.01 + 0.01 - 0.012), 12);
    expect(mg?.calibrated).toBeCloseTo(-0.1 - 0.2 - 0.1 * (4.3 - 3.5), 10);
  });

  test('calibrated [X/Fe] is calibrated [X/H] − [Fe/H], with a scatter of its own', () => {
    const calibrated = calibrate(star, calibration);
    const mg = star.labels[4];
    if (mg === undefined) throw new Error('no Mg');
    const ratio = calibratedXfe(mg, calibrated);
    expect(ratio.calibrated).toBeCloseTo(
      (calibrated.abundances['Mg']?.calibrated ?? NaN) - (calibrated.parameters['feh']?.calibrated ?? NaN),
      10,
    );
    expect(ratio.sigmaCalibrated).toBeCloseTo(Math.hypot(0.1, 0.04), 6);
  });

  test('outside the hull a label stays raw and says so; near its edge σ grows', () => {
    const hot = calibrate(fit([7300, 4.2, 1.1, 0, 0, 0]), calibration);
    expect(hot.parameters['teff']).toMatchObject({ value: 7300, calibrated: null, flags: ['uncalibrated'] });
    const edge = calibrate(fit([6050, 4.85, 1.1, -0.3, 0, 0]), calibration).parameters['feh'];
    expect(edge?.sigmaCalibrated).toBeGreaterThan(Math.hypot(0.1, 0.06) + 0.005);
  });

  test('what the Sun alone sets says so, and is used near the Sun alone', () => {
    expect(calibrate(star, calibration).abundances['Eu']).toMatchObject({ flags: ['solar-zero-point'] });
    const giant = calibrate(fit([4800, 2.2, 1.1, 0, 0, 0]), calibration).abundances;
    expect(giant['Eu']).toMatchObject({ calibrated: null, flags: ['uncalibrated'] });
    expect(giant['Mg']?.calibrated).not.toBeNull();
  });

  test('what was not measured is not calibrated: its flags say so, its value never', () => {
    const flagged = calibrate(fit([6000, 4.2, 1.1, -0.3, 0.2, 0], { Mg: ['prior-dominated'] }), calibration);
    expect(flagged.abundances['Mg']).toMatchObject({ calibrated: null, flags: ['prior-dominated', 'uncalibrated'] });
    const bound = calibrate(fit([6000, 4.2, 1.1, -0.3, 0.2, 0], { Mg: ['at-bound'] }), calibration);
    expect(bound.abundances['Mg']?.calibrated).not.toBeNull();
  });

  test('a fit beyond the blue is first brought to the blue, and pays for it', () => {
    const reach = { terms: [constant(0.1)], covariance: [0], scatter: 0.06, spectra: 40 };
    const reaching = { ...calibration, labels: { ...calibration.labels, Mg: label([constant(0.2)], 0.08, { reach }) } };
    const at = (longest: number) => calibrate(fit([6000, 4.2, 1.1, -0.3, 0.2, 0], {}, longest), reaching).abundances['Mg'];
    expect((at(7400)?.calibrated ?? NaN) - (at(8900)?.calibrated ?? NaN)).toBeCloseTo(0.1, 10);
    expect(at(8900)?.sigmaCalibrated).toBeCloseTo(Math.sqrt((at(7400)?.sigmaCalibrated ?? NaN) ** 2 + 0.06 ** 2 / 2), 10);
  });

  test('no calibration, or one of another model, leaves everything raw', () => {
    for (const other of [null, { ...calibration, model: { id: 'another', weights: 'abc' } }]) {
      const calibrated = calibrate(star, other);
      expect(calibrated.calibration).toBe('none');
      for (const value of [
        ...Object.values(calibrated.parameters),
        ...Object.values(calibrated.abundances),
        ...Object.values(calibrated.ratios ?? {}),
      ]) {
        expect(value.calibrated).toBeNull();
        expect(value.flags).toContain('uncalibrated');
      }
    }
  });
});

describe('the file', () => {
  test('survives JSON and its schema', () => {
    expect(calibrationSchema.parse(JSON.parse(JSON.stringify(calibration)))).toEqual(calibration);
  });

  test('is refused by name for another model, other weights, or another format', () => {
    expect(calibrationFor(calibration, { id: 'toy', weights: 'abc' }).ok).toBe(true);
    const code = (json: unknown, id: string, weights: string): string => {
      const found = calibrationFor(json, { id, weights });
      return found.ok ? 'ok' : found.failure.code;
    };
    expect(code(calibration, 'other', 'abc')).toBe('CALIBRATION_OTHER_MODEL');
    expect(code(calibration, 'toy', 'abd')).toBe('CALIBRATION_OTHER_MODEL');
    expect(code({ id: 'x' }, 'toy', 'abc')).toBe('CALIBRATION_INVALID');
    expect(code({ ...calibration, format: 'maury-calibration-1' }, 'toy', 'abc')).toBe('CALIBRATION_INVALID');
  });
});
