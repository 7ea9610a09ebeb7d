import { beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions, Solution } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from './defaults.ts';
import { fitSpectrum } from './fitSpectrum.ts';
import { checkModel } from './modelCheck.ts';
import { refitSpectrum } from './refitSpectrum.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'C', 'Mg', 'Ca', 'Ti'];
const toy = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200, linesPerElement: 8 });
const tuning = { ...DEFAULT_TUNING, errorFloor: () => 0.003, observedMasks: [] };
const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'lm', range: [4450, 6150] };
const TRUTH = toyLabels(toy, [5400, 3.9, 1.1, -0.4], (i) => (i % 2 === 0 ? 0.1 : -0.1));

/** A model whose every label is off: what a network is to the physics, many σ wrong. */
const OFF = Float64Array.from([80, 0.1, 0.05, -0.06, 0.05, -0.04, 0.03, -0.05]);
const offBy = (share: number): Emulator => {
  const shifted = (labels: Float64Array): Float64Array => labels.map((value, i) => value - share * (OFF[i] ?? 0));
  return {
    info: { ...toy.info, id: 'wrong' },
    backend: toy.backend,
    wavelength: toy.wavelength,
    batch: toy.batch,
    predict: (labels) => toy.predict(labels.map(shifted)),
    jacobian: (labels) => toy.jacobian(shifted(labels)),
    gradient: (labels, seed) => toy.gradient(shifted(labels), seed),
    dispose: () => undefined,
  };
};
const wrong = offBy(1);

describe('a fit with a slow model from the solution of a fast one', { timeout: 120_000 }, () => {
  let spectrum: Spectrum;
  let start: Solution;
  beforeAll(async () => {
    const [flux] = await toy.predict([TRUTH]);
    if (flux === undefined) throw new Error('no flux');
    const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
    spectrum = simulateSpectrum({ flux, grid: toy.info.grid, resolvingPower: 5000 }, { id: 'toy', lsf, snr: 300, rv: 40, seed: 3 });
    start = valueOf(await fitSpectrum(spectrum, wrong, options, {}, tuning));
  }, 120_000);

  it('ends where the whole fit with that model ends, on four Jacobians at most', async () => {
    const whole = valueOf(await fitSpectrum(spectrum, toy, options, {}, tuning));
    const before = toy.jacobians;
    const refit = valueOf(await refitSpectrum(spectrum, toy, options, start, {}, tuning));
    // One at the start, and no more than four of the descent.
    expect(toy.jacobians - before).toBeLessThanOrEqual(5);
    expect(refit).toMatchObject({ converged: true, model: 'toy', pixelsUsed: whole.pixelsUsed });
    const far = Math.max(
      ...start.labels.map(({ value }, i) => Math.abs(value - (whole.labels[i]?.value ?? NaN)) / (whole.labels[i]?.sigma ?? NaN)),
    );
    expect(far).toBeGreaterThan(3);
    refit.labels.forEach(({ name, value, sigma }, i) => {
      expect(Math.abs(value - (whole.labels[i]?.value ?? NaN)) / sigma, name).toBeLessThan(0.2);
      expect(sigma / (whole.labels[i]?.sigma ?? NaN), name).toBeCloseTo(1, 1);
    });
    expect(Math.abs(refit.rv.value - whole.rv.value)).toBeLessThan(0.2 * whole.rv.sigma);
  });

  it('the error of the fast model is known beforehand, by one spectrum of the slow one', async () => {
    const slightly = offBy(0.15);
    const near = valueOf(await fitSpectrum(spectrum, slightly, options, {}, tuning));
    const refit = valueOf(await refitSpectrum(spectrum, toy, options, near, {}, tuning));
    const before = [toy.evaluations, toy.jacobians];
    const check = valueOf(await checkModel(near, slightly, toy));
    // The fast one's own slopes are the toy's, too.
    expect([toy.evaluations, toy.jacobians]).toEqual([(before[0] ?? NaN) + 1, (before[1] ?? NaN) + 1]);
    expect(check.by).toBe('toy');
    expect(check.rms).toBeGreaterThan(1e-4);
    expect(Math.max(...check.labels.map(({ inSigma }) => Math.abs(inSigma)))).toBeGreaterThan(1);
    check.labels.forEach(({ name, error, inSigma }, i) => {
      const [was, is] = [near.labels[i], refit.labels[i]];
      const found = (was?.value ?? NaN) - (is?.value ?? NaN);
      expect(Math.abs(error - found) / (is?.sigma ?? NaN), name).toBeLessThan(0.1 + 0.1 * Math.abs(inSigma));
      expect(error / (was?.sigma ?? NaN), name).toBeCloseTo(inSigma, 10);
    });
    const other = new ToyEmulator({ labels: LABELS, from: 4401, to: 6200 });
    expect(failureOf(await checkModel(near, slightly, other)).code).toBe('GRID_DIFFERS');
  });

  it('fails by name', async () => {
    const failure = { code: 'ATMOSPHERE_MISSING', message: 'No model atmosphere.' };
    const empty = (): Float32Array => new Float32Array(toy.info.grid.count).fill(NaN);
    const hole: Emulator = {
      ...wrong,
      jacobian: () => Promise.resolve({ flux: empty(), derivatives: LABELS.map(empty) }),
      lastFailure: () => failure,
    };
    expect(failureOf(await refitSpectrum(spectrum, hole, options, start, {}, tuning))).toEqual(failure);
    const elsewhere = { ...options, range: [7000, 7100] as const };
    expect(failureOf(await refitSpectrum(spectrum, toy, elsewhere, start, {}, tuning)).code).toBe('NO_OVERLAP');
    const dark: Spectrum = { ...spectrum, ivar: new Float64Array(spectrum.ivar.length) };
    expect(failureOf(await refitSpectrum(dark, toy, options, start, {}, tuning)).code).toBe('ALL_MASKED');
  });
});
