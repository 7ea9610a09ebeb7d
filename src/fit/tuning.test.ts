import { describe, expect, it } from 'vitest';
import { unknownSurvey } from '../domain/survey.ts';
import { randomStream } from '../math/random.ts';
import { ToyEmulator } from '../testing/toyEmulator.ts';
import { DEFAULT_TUNING } from './defaults.ts';
import { emulatorError, tuningFor } from './tuning.ts';

const { info } = new ToyEmulator({ labels: ['teff'] });
const measured = {
  ...info,
  ownError: [
    { from: 4000, to: 4100, sigma: 0.03 },
    { from: 4100, to: 4200, sigma: 0.01 },
  ],
};

describe('the error model by what a spectrum is', () => {
  it('a simulated star has the emulator’s error alone, and its errors stand as they are', () => {
    const tuning = tuningFor({ simulated: true }, measured);
    expect(tuning.errorFloor(4050) / tuning.errorFloor(9000)).toBeCloseTo(3, 12);
    expect(tuning.adaptiveWindow).toBe(0);
    expect(tuning.huber).toBe(Infinity);
  });

  it('a real star has the physics that is left out beside it', () => {
    const tuning = tuningFor({ simulated: false }, measured);
    const own = tuningFor({ simulated: true }, measured).errorFloor(4050);
    expect(tuning.errorFloor(4050)).toBeCloseTo(Math.hypot(DEFAULT_TUNING.errorFloor(4050), own), 12);
    expect({ ...tuning, errorFloor: DEFAULT_TUNING.errorFloor, networkError: DEFAULT_TUNING.networkError }).toEqual(DEFAULT_TUNING);
  });

  it('a survey known to have more noise in the red than it states is given it; another, or a simulated star, has what is stated', () => {
    const noisy = { ...unknownSurvey(), noise: { wavelength: [5750, 6250, 8000, 8750], value: [1, 1.2, 1.2, 1.6] } };
    const factors = (kind: Parameters<typeof tuningFor>[0]) => [4500, 6250, 7000, 9000].map(tuningFor(kind, measured).noiseFactor);
    const found = factors({ simulated: false, survey: noisy });
    [1, 1.2, 1.2, 1.6].forEach((factor, k) => {
      expect(found[k]).toBeCloseTo(factor, 12);
    });
    expect(factors({ simulated: false, survey: unknownSurvey() })).toEqual([1, 1, 1, 1]);
    expect(factors({ simulated: true, survey: noisy })).toEqual([1, 1, 1, 1]);
  });

  it('is interpolated between the middles of intervals, and held beyond', () => {
    const at = emulatorError(measured);
    expect([3000, 4050, 4100, 9000].map(at)).toEqual([0.03, 0.03, 0.02, 0.01]);
  });

  it('is widened as errors spread by the LSF ask: the scatter of a projection is that of independent pixels with the floor', () => {
    // White errors and white lines on a fine grid, both spread by a Gaussian of the LSF's σ and read at every tenth point, a pixel.
    const random = randomStream(6);
    const sigma = 10 / (1800 * 2.3548 * 1e-4 * Math.LN10);
    const spread = (): number[] => {
      const white = Array.from({ length: 6000 }, () => random.normal());
      const kernel = Array.from({ length: 81 }, (_, k) => Math.exp(-0.5 * ((k - 40) / sigma) ** 2));
      return Array.from({ length: 580 }, (_, p) => kernel.reduce((sum, w, k) => sum + w * (white[10 * p + k] ?? 0), 0));
    };
    let [projected, independent] = [0, 0];
    for (let trial = 0; trial < 400; trial++) {
      const [error, line] = [spread(), spread()];
      const variance = error.reduce((sum, e) => sum + e * e, 0) / error.length;
      projected += error.reduce((sum, e, p) => sum + e * (line[p] ?? 0), 0) ** 2;
      independent += variance * line.reduce((sum, l) => sum + l * l, 0);
    }
    const widened = tuningFor({ simulated: true }, measured).errorFloor(9000) / emulatorError(measured)(9000);
    expect(Math.abs(Math.sqrt(projected / independent) / widened - 1)).toBeLessThan(0.15);
  });

  it('a model that does not say has none', () => {
    expect(emulatorError(info)(5000)).toBe(0);
  });
});
