import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { calibrationSchema } from '../calibration/schema.ts';
import type { Calibration } from '../calibration/schema.ts';
import { CANCELLED } from '../domain/client.ts';
import type { FitResult } from '../domain/fit.ts';
import { labelVector } from '../domain/labels.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { toyCard } from '../testing/toyCard.ts';
import { ToyEmulator } from '../testing/toyEmulator.ts';
import { FitService } from './service.ts';

vi.setConfig({ testTimeout: 60_000 });

/** One that ships; which does not matter here. */
function anyCalibration(): Calibration {
  const json = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../public/calibrations/${file}`, import.meta.url), 'utf8'));
  const [first] = json('index.json') as { file: string }[];
  return calibrationSchema.parse(json(first?.file ?? ''));
}

const emulator = new ToyEmulator();
const service = new FitService(emulator, { id: emulator.info.id, weights: 'none' }, null, toyCard(emulator.info));
const truth = { teff: 5600, logg: 4.3, vmic: 1.1, feh: -0.2, xfe: { Mg: 0.2 } };
const names = emulator.info.labels.map((label) => label.name);

async function star(): Promise<Spectrum> {
  const flux = await service.predict(labelVector(truth, names));
  return simulateSpectrum(
    { flux, ...emulator.info },
    { id: 'toy', lsf: { kind: 'resolving-power', resolvingPower: 1800 }, snr: 100, rv: -35, seed: 5 },
  );
}
const options = { ...DEFAULT_FIT_OPTIONS, method: 'lm' as const };

async function fitted(): Promise<{ spectrum: Spectrum; result: FitResult }> {
  const spectrum = await star();
  const fit = await service.fit(spectrum, options);
  if (!fit.ok) throw new Error(fit.failure.message);
  return { spectrum, result: fit.value };
}

describe('the service', () => {
  test('fits, and the report of it is plain JSON with every label and [X/H]', async () => {
    const { spectrum, result } = await fitted();
    const report = service.report('toy.csv', spectrum, result, ['read with care']);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.warnings).toContain('read with care');
    expect(Math.abs((report.labels['teff']?.value ?? NaN) - truth.teff)).toBeLessThan(100);
    expect(report.abundances['Mg']?.xh).toBeCloseTo((report.labels['Mg']?.value ?? NaN) + (report.labels['feh']?.value ?? NaN), 4);
    expect(report.calibration).toBe('none');
    expect(report.labels['teff']?.calibrated).toBeNull();
  });

  test("a redraw at the fit's own labels gives the fit's own model, residuals included", async () => {
    const { spectrum, result } = await fitted();
    const drawn = await service.redraw(
      spectrum,
      result,
      Float64Array.from(result.labels, (label) => label.value),
      result.rv.value,
    );
    if (!drawn.ok) throw new Error(drawn.failure.message);
    const { model, residuals } = drawn.value;
    result.used.forEach((used, p) => {
      if (used !== 1) return;
      expect(Math.abs((model[p] ?? NaN) / (result.modelFlux[p] ?? NaN) - 1)).toBeLessThan(2e-3);
      expect(Math.abs((residuals[p] ?? NaN) - (result.residuals[p] ?? NaN))).toBeLessThan(0.3);
    });
  });

  test('a redraw without a fit has finite pixels, and other labels give another model', async () => {
    const spectrum = await star();
    const at = (teff: number) => service.redraw(spectrum, null, labelVector({ ...truth, teff }, names), -35);
    const [right, wrong] = [await at(5600), await at(5000)];
    if (!right.ok || !wrong.ok) throw new Error('not drawn');
    const chi2 = (residuals: Float64Array) => residuals.reduce((sum, r) => (Number.isFinite(r) ? sum + r * r : sum), 0);
    expect(chi2(right.value.residuals)).toBeGreaterThan(0);
    expect(chi2(wrong.value.residuals)).toBeGreaterThan(2 * chi2(right.value.residuals));
  });

  test('a fit told to stop stops soon, and says that it was cancelled', async () => {
    let stop = false;
    let stopped = 0;
    setTimeout(() => {
      stop = true;
      stopped = performance.now();
    }, 30);
    const fit = await service.fit(await star(), { ...options, method: 'cmaes' }, { isCancelled: () => stop });
    expect(fit).toMatchObject({ ok: false, failure: { code: CANCELLED } });
    expect(stopped).toBeGreaterThan(0);
  });

  test('in the place of another, it leaves results of the other model to the calibration of that model', async () => {
    const { spectrum, result } = await fitted();
    const of = (model: string): Calibration => ({ ...anyCalibration(), model: { id: model, weights: 'none' } });
    const calibration = of(result.model);
    const small = (own: Calibration | null) =>
      new FitService(new ToyEmulator(), { id: 'small', weights: 'none' }, own, toyCard(emulator.info));
    const before = new FitService(new ToyEmulator(), { id: result.model, weights: 'none' }, calibration, toyCard(emulator.info));
    const real = { ...result, simulated: false };
    const expected = before.report('toy.csv', spectrum, real);
    expect(expected.calibration).toBe(calibration.id);
    const after = small(null);
    after.replace(before);
    expect(after.report('toy.csv', spectrum, real)).toEqual(expected);
    const last = small(null);
    last.replace(after);
    expect(last.report('toy.csv', spectrum, real)).toEqual(expected);
    // The calibration of the model that is open is not for results of another.
    expect(small(of('small')).report('toy.csv', spectrum, real).calibration).toBe('none');
  });

  test('a file it cannot use is a named failure', () => {
    expect(service.read('empty.fits', new Uint8Array())).toMatchObject({ ok: false, failure: { code: 'EMPTY_FILE' } });
  });
});
