import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import { applyOperator, buildOperator, convolveLnGrid } from '../../src/spectra/lsf.ts';

/** First wavelength of the sampled spectra, Å vacuum, and their step in log10 λ. */
const START = 3700;
const LOG_STEP = 1e-4;
/** More samples than the interpolant needs beside a wavelength. */
const MARGIN = 12;

/**
 * The sampling `--r` asks for, over one native ln λ grid: λ_i = 3700·10^(1e-4 i) Å within the grid. `spectrum` convolves a native spectrum
 * (or a derivative) of resolving power `fromR` to `toR` and samples it. Where `toR` ≥ `fromR` nothing is sharpened.
 */
export function degrader(
  grid: EmulatorInfo['grid'],
  fromR: number,
  toR: number,
): { wavelength: Float64Array; readonly spectrum: (native: ArrayLike<number>) => Float64Array } {
  const end = grid.lnStart + (grid.count - 1) * grid.lnStep;
  const index = (ln: number): number => (ln / Math.LN10 - Math.log10(START)) / LOG_STEP;
  // 1e-6 of a step forgives a grid that starts at 3700 Å but for rounding.
  const first = Math.ceil(index(grid.lnStart) - 1e-6);
  const count = Math.max(0, Math.floor(index(end) + 1e-6) - first + 1);
  const wavelength = Float64Array.from({ length: count }, (_, i) => START * 10 ** (LOG_STEP * (first + i)));
  // The grid is continued by constants at both ends, so that the first and the last wavelength have neighbours.
  const padded = { lnStart: grid.lnStart - MARGIN * grid.lnStep, lnStep: grid.lnStep, count: grid.count + 2 * MARGIN };
  const operator = buildOperator({ grid: padded, lnRest: wavelength.map(Math.log), variance: new Float64Array(count) });
  return {
    wavelength,
    spectrum(native) {
      const convolved = convolveLnGrid(native, grid.lnStep, fromR, toR);
      const long = new Float64Array(padded.count);
      long.fill(convolved[0] ?? NaN, 0, MARGIN);
      long.set(convolved, MARGIN);
      long.fill(convolved[grid.count - 1] ?? NaN, MARGIN + grid.count);
      return applyOperator(operator, long);
    },
  };
}
