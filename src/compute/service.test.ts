import { createHash } from 'node:crypto';
import { software } from '../domain/version.ts';
import { starRecord } from '../results/record.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { calibrationSchema } from '../calibration/schema.ts';
import type { Calibration } from '../calibration/schema.ts';
import { CANCELLED } from '../domain/client.ts';
import type { FitOptions, FitResult } from '../domain/fit.ts';
import { labelVector } from '../domain/labels.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { toyCard } from '../testing/toyCard.ts';
import { ToyEmulator } from '../testing/toyEmulator.ts';
import { DRAWING_UNKNOWN } from './drawings.ts';
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

async function fitted(more: Partial<FitOptions> = {}): Promise<{ spectrum: Spectrum; result: FitResult }> {
  const spectrum = await star();
  const fit = await service.fit(spectrum, { ...options, ...more });
  if (!fit.ok) throw new Error(fit.failure.message);
  return { spectrum, result: fit.value };
}

describe('the service', () => {
  test('fits, and the record of it is plain JSON with every label and [X/H]', async () => {
    const { spectrum, result } = await fitted();
    const report = starRecord(
      { file: 'toy.csv', spectrum, result, calibrated: service.calibrate(result), warnings: ['read with care'] },
      { software: software(), date: '2026-01-02T03:04:05Z' },
    );
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(report.warnings).toContain('read with care');
    expect(Math.abs((report.labels['teff']?.value ?? NaN) - truth.teff)).toBeLessThan(100);
    expect(report.abundances['Mg']?.xh).toBeCloseTo((report.labels['Mg']?.value ?? NaN) + (report.labels['feh']?.value ?? NaN), 4);
    expect(report.calibration).toBe('none');
    expect(report.labels['teff']?.calibrated).toBeNull();
  });

  test('the pixels that carry a label are few and used, and a fit of another model has none', async () => {
    const { result } = await fitted();
    const carriers = await service.carriers(result);
    expect(carriers).toHaveLength(result.labels.length);
    const [magnesium] = carriers.slice(names.indexOf('Mg'));
    const count = magnesium?.reduce((sum, flag) => sum + flag, 0) ?? 0;
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(0.3 * result.pixelsUsed);
    expect(magnesium?.some((flag, p) => flag === 1 && result.used[p] !== 1)).toBe(false);
    expect(await service.carriers({ ...result, problem: { ...result.problem, model: { id: 'another', weights: '' } } })).toEqual([]);
  });

  test.each([
    ['the default range', {}],
    [
      'a range that begins further in the blue, with other masks and knots',
      { range: [3905, 6900] as const, knotSpacing: 200, maskDiffuseBands: true },
    ],
  ])("a redraw at the fit's own labels gives the fit's own model and residuals, with %s", async (_, more) => {
    const { spectrum, result } = await fitted(more);
    expect(service.drawings.keep('star', { spectrum, solution: result }).ok).toBe(true);
    const labels = Float64Array.from(result.labels, (label) => label.value);
    const drawn = await service.redraw('star', labels, result.rv.value);
    if (!drawn.ok) throw new Error(drawn.failure.message);
    const { model, residuals } = drawn.value;
    expect(result.used.filter((used, p) => used === 1 && (result.restWavelength[p] ?? 0) < 3935).length > 0).toBe('range' in more);
    result.modelFlux.forEach((value, p) => {
      if (Number.isNaN(value)) return;
      expect(Math.abs((model[p] ?? NaN) / value - 1)).toBeLessThan(1e-9);
    });
    result.residuals.forEach((value, p) => {
      if (Number.isNaN(value)) expect(residuals[p]).toBeNaN();
      else expect(Math.abs((residuals[p] ?? NaN) - value)).toBeLessThan(1e-6);
    });
  });

  test('a redraw without a fit has finite pixels, and other labels give another model', async () => {
    const spectrum = await star();
    expect(service.drawings.keep('unfitted', { spectrum, solution: null }).ok).toBe(true);
    const at = (teff: number) => service.redraw('unfitted', labelVector({ ...truth, teff }, names), -35);
    const [right, wrong] = [await at(5600), await at(5000)];
    if (!right.ok || !wrong.ok) throw new Error('not drawn');
    const chi2 = (residuals: Float64Array) => residuals.reduce((sum, r) => (Number.isFinite(r) ? sum + r * r : sum), 0);
    expect(chi2(right.value.residuals)).toBeGreaterThan(0);
    expect(chi2(wrong.value.residuals)).toBeGreaterThan(2 * chi2(right.value.residuals));
  });

  test('the spectra that models are drawn over are held by key, the last eight', async () => {
    const spectrum = await star();
    const labels = labelVector(truth, names);
    expect(await service.redraw('nobody', labels, 0)).toMatchObject({ ok: false, failure: { code: DRAWING_UNKNOWN } });
    for (let k = 0; k < 9; k++) service.drawings.keep(`star ${String(k)}`, { spectrum, solution: null });
    expect((await service.redraw('star 0', labels, -35)).ok).toBe(false);
    expect((await service.redraw('star 1', labels, -35)).ok).toBe(true);
    // What was used last outlives what came later.
    service.drawings.keep('star 9', { spectrum, solution: null });
    expect((await service.redraw('star 1', labels, -35)).ok).toBe(true);
    expect((await service.redraw('star 2', labels, -35)).ok).toBe(false);
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

  test('calibrates results of its own model and weights alone', async () => {
    const { result } = await fitted();
    const real = { ...result, simulated: false };
    const of = (model: string): Calibration => ({ ...anyCalibration(), model: { id: model, weights: 'none' } });
    const opened = (model: string) => new FitService(new ToyEmulator(), { id: model, weights: 'none' }, of(model), toyCard(emulator.info));
    const own = opened(result.model);
    expect(own.calibrate(real).calibration).toBe(of(result.model).id);
    // The calibration of the model that is open is not for results of another.
    expect(opened('small').calibrate(real).calibration).toBe('none');
    expect(own.calibrate({ ...real, problem: { ...real.problem, model: { id: result.model, weights: 'others' } } }).calibration).toBe(
      'none',
    );
  });

  test('a spectrum says which file it is from', async () => {
    const content = [
      'wavelength,flux,error',
      ...Array.from({ length: 2000 }, (_, i) => `${String(4000 + i)},${String(1 + 0.1 * Math.sin(i))},0.1`),
    ].join('\n');
    const bytes = new TextEncoder().encode(content);
    const read = await service.read('wave.csv', bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(read).toMatchObject({ ok: true, value: [{ source: { name: 'wave.csv', sha256, index: 0 } }] });
  });

  test('a file it cannot use is a named failure', async () => {
    expect(await service.read('empty.fits', new Uint8Array())).toMatchObject({ ok: false, failure: { code: 'EMPTY_FILE' } });
  });
});
