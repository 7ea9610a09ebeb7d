import { describe, expect, it } from 'vitest';
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
    expect(tuning.errorFloor(4050)).toBe(0.03);
    expect(tuning.errorFloor(4100)).toBeCloseTo(0.02, 12);
    expect(tuning.errorFloor(9000)).toBe(0.01);
    expect(tuning.adaptiveWindow).toBe(0);
    expect(tuning.huber).toBe(Infinity);
  });

  it('a real star has the physics that is left out beside it', () => {
    const tuning = tuningFor({ simulated: false }, measured);
    expect(tuning.errorFloor(4050)).toBeCloseTo(Math.hypot(DEFAULT_TUNING.errorFloor(4050), 0.03), 12);
    expect({ ...tuning, errorFloor: DEFAULT_TUNING.errorFloor }).toEqual(DEFAULT_TUNING);
  });

  it('a model that does not say has none', () => {
    expect(emulatorError(info)(5000)).toBe(0);
  });
});
