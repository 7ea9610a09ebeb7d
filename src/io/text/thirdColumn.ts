/** What a third column without a name is: errors agree with the scatter of the pixels, a flag or a second flux does not. */
import { median } from '../../math/statistics.ts';
import { guessSigma } from '../noise.ts';

/** σ may be this many times below or above the scatter: smoothing lowers the scatter, unresolved lines raise it. */
const SIGMA_RATIO: readonly [number, number] = [0.2, 30];
/** A column that repeats the flux pixel by pixel, noise and all, may be a normalised flux: as σ it must agree better. */
const SCALED_RATIO: readonly [number, number] = [0.4, 3];
/** S/N and inverse variances are believed within this factor only. */
const OTHER_RATIO = 2;

/** The name under which the column is to be read (`sigma`, `snr`, `ivar`), or null where it is not used; either way with a warning. */
export function thirdColumn(flux: Float64Array, third: Float64Array, warnings: string[]): 'sigma' | 'snr' | 'ivar' | null {
  const finite = third.filter(Number.isFinite);
  const distinct = new Set(finite.subarray(0, 20_000));
  if (distinct.size <= 3 && finite.every((value) => Number.isInteger(value) && value >= 0) && finite.includes(0)) {
    warnings.push(
      'The third column has no name and holds a few whole numbers, as a flag does: it is not taken for sigma and not used. Name it mask (not 0: bad) or good.',
    );
    return null;
  }
  const scatter = guessSigma(flux);
  const ratio = (sigma: (value: number, f: number) => number): number =>
    median(third.map((value, i) => sigma(value, Math.abs(flux[i] ?? NaN)) / (scatter[i] ?? NaN)));
  const asSigma = ratio((value) => value);
  const near = (value: number): boolean => value > 1 / OTHER_RATIO && value < OTHER_RATIO;
  const asSnr = ratio((value, f) => f / value);
  const asIvar = ratio((value) => 1 / Math.sqrt(value));
  const [low, high] = isScaledFlux(flux, third) ? SCALED_RATIO : SIGMA_RATIO;
  const sigmaFits = asSigma > low && asSigma < high;
  const closer = (other: number): boolean => near(other) && (!sigmaFits || Math.abs(Math.log(other)) < 0.25 * Math.abs(Math.log(asSigma)));
  if (!near(asSigma) && closer(asSnr)) {
    warnings.push('The third column has no name: it is taken for S/N per pixel, not sigma, which agrees with the scatter of the pixels.');
    return 'snr';
  }
  if (!near(asSigma) && closer(asIvar)) {
    warnings.push(
      'The third column has no name: it is taken for inverse variance, not sigma, which agrees with the scatter of the pixels.',
    );
    return 'ivar';
  }
  if (sigmaFits || !Number.isFinite(asSigma)) {
    warnings.push(`The third column has no name: it is taken for sigma (${asSigma.toPrecision(2)} times the scatter of the pixels).`);
    return 'sigma';
  }
  warnings.push(
    `The third column has no name and is not taken for sigma: its values are ${asSigma.toPrecision(2)} times the scatter of the pixels. Name it if it holds errors.`,
  );
  return null;
}

/** Whether third/flux changes from pixel to pixel far less than the flux itself does. */
function isScaledFlux(flux: Float64Array, third: Float64Array): boolean {
  const step = (values: Float64Array): number =>
    median(values.map((value, i) => (i === 0 ? NaN : Math.abs(value / (values[i - 1] ?? NaN) - 1))));
  const quotient = third.map((value, i) => value / (flux[i] ?? NaN));
  return step(quotient) < 0.2 * step(flux);
}
