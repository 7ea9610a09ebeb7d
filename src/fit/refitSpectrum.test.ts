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
import { refitSpectrum } from './refitSpectrum.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'C', 'Mg', 'Ca', 'Ti'];
const toy = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200, linesPerElement: 8 });
const tuning = { ...DEFAULT_TUNING, errorFloor: () => 0.003, observedMasks: [] };
const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: 'lm', range: [4450, 6150] };
const TRUTH = toyLabels(toy, [5400, 3.9, 1.1, -0.4], (i) => (i % 2 === 0 ? 0.1 : -0.1));

/** A model whose every label is off: what a network is to the physics, many σ wrong. */
const OFF = Float64Array.from([80, 0.1, 0.05, -0.06, 0.05, -0.04, 0.03, -0.05]);
const shifted = (labels: Float64Array): Float64Array => labels.map((value, i) => value - (OFF[i] ?? 0));
const wrong: Emulator = {
  info: { ...toy.info, id: 'wrong' },
  backend: toy.backend,
  wavelength: toy.wavelength,
  batch: toy.batch,
  predict: (labels) => toy.predict(labels.map(shifted)),
  jacobian: (labels) => toy.jacobian(shifted(labels)),
  gradient: (labels, seed) => toy.gradient(shifted(labels), seed),
  dispose: () => undefined,
};

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
