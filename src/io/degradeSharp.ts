/** Spectra sharper than the model are convolved when they are read: nothing can sharpen the model, and a file need not be refused for being good. */
import { failed, success, type Result } from '../domain/result.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { convolvePixels, PER_FWHM } from '../spectra/convolvePixels.ts';
import { resolvingPowerAt } from '../spectra/resolvingPower.ts';
import { medianSnr } from './assemble.ts';
import { median } from '../math/statistics.ts';
import type { ReadLimits } from './limits.ts';
import type { ReadRequest } from './readOptions.ts';
import { tabulatedLsf } from './tabular.ts';

/** λ/FWHM to which sharp data are convolved where nobody chooses: that of the surveys for which the calibrations are made. */
export const DEFAULT_DEGRADED = 1800;
/** Fewer pixels than this at the default, and the data keep as much of their resolution as the model has. */
const FEW_PIXELS = 400;
/** Å beyond the model's range that are kept, for velocities and kernels. */
const MARGIN = 60;

/** 1800, or the model's own resolving power where the spectrum is so short that it would leave too few pixels for a fit. */
function defaultTarget({ wavelength, ivar }: Spectrum, limits: ReadLimits): number {
  let pixels = 0;
  for (let p = 1; p < wavelength.length; p++) {
    const [last, at] = [wavelength[p - 1] ?? NaN, wavelength[p] ?? NaN];
    if ((ivar[p] ?? 0) > 0 && at < limits.range[1] && last > limits.range[0]) pixels += ((at - last) / at) * DEFAULT_DEGRADED * PER_FWHM;
  }
  return pixels < FEW_PIXELS ? limits.maxResolvingPower : Math.min(DEFAULT_DEGRADED, limits.maxResolvingPower);
}

/**
 * The spectrum as it is where the model is at least as sharp, unless `degradeTo` is given; else convolved to `degradeTo` (default 1800) and
 * binned to 2.5 pixels per FWHM, with a notice. Failure: DEGRADE_TARGET (a resolving power that is no number from 200 to the model's).
 */
export function degradeSharp(spectrum: Spectrum, { limits, options }: ReadRequest): Result<Spectrum> {
  const [from, to] = [Math.max(limits.range[0], spectrum.wavelength[0] ?? 0), Math.min(limits.range[1], spectrum.wavelength.at(-1) ?? 0)];
  const powers = Array.from({ length: 21 }, (_, k) => resolvingPowerAt(spectrum.lsf, from + ((to - from) * k) / 20));
  const [blunt, sharp] = [Math.min(...powers), Math.max(...powers)];
  // A red end that is a little sharper than the model (DESI, 4MOST) does no harm: there the model is as it is.
  const tooSharp = median(powers) > limits.maxResolvingPower * 1.02 || sharp > limits.maxResolvingPower * 1.3;
  if (!tooSharp && options.degradeTo === undefined) return success(spectrum);
  const target = options.degradeTo ?? defaultTarget(spectrum, limits);
  if (!(target >= 200 && target <= limits.maxResolvingPower)) {
    return failed(
      'DEGRADE_TARGET',
      `The data cannot be convolved to R = ${target}: the model allows 200 to ${limits.maxResolvingPower}.`,
      `Choose a resolving power up to ${limits.maxResolvingPower}.`,
    );
  }
  if (sharp <= target)
    return success(spectrum, [`The data (R ≈ ${Math.round(sharp)}) are not sharper than R = ${target} and stay as they are.`]);
  const keep = Int32Array.from(spectrum.wavelength.keys()).filter((p) => {
    const at = spectrum.wavelength[p] ?? 0;
    return at > limits.range[0] - MARGIN && at < limits.range[1] + MARGIN;
  });
  const pick = (values: Float64Array): Float64Array => Float64Array.from(keep, (p) => values[p] ?? 0);
  const result = convolvePixels(
    { ln: pick(spectrum.wavelength).map(Math.log), flux: pick(spectrum.flux), ivar: pick(spectrum.ivar) },
    (ln) => resolvingPowerAt(spectrum.lsf, Math.exp(ln)),
    target,
  );
  const wavelength = result.ln.map(Math.exp);
  const constant = result.resolvingPower.every((power) => Math.abs(power / target - 1) < 1e-3);
  const range = sharp / blunt < 1.05 ? `${Math.round(sharp)}` : `${Math.round(blunt)}–${Math.round(sharp)}`;
  const rest: Spectrum = { ...spectrum };
  delete (rest as { mask?: Int32Array }).mask;
  return success(
    {
      ...rest,
      wavelength,
      flux: result.flux,
      ivar: result.ivar,
      reason: Uint8Array.from(result.ivar, (value) => (value > 0 ? 0 : 3)),
      lsf: (constant ? null : tabulatedLsf(wavelength, result.resolvingPower)) ?? { kind: 'resolving-power', resolvingPower: target },
      snr: medianSnr(result.flux, result.ivar),
      meta: { ...spectrum.meta, convolved_from_resolving_power: range, convolved_to_resolving_power: target },
    },
    [
      `The spectrum (R ≈ ${range}) is sharper than asked for: it was convolved to R = ${target} and binned to ${PER_FWHM} pixels per FWHM. ` +
        'Convolved pixels are correlated; their errors are widened so that a stretch of pixels has the error of its sum.',
    ],
  );
}
