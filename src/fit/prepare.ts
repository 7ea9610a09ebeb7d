/** From a spectrum as read to pixels ready for a fit: vacuum, scaled to a median of one, with the pixels that may be used. */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import { readerReason, reasonCode, type FitReason } from '../domain/problem.ts';
import type { Result } from '../domain/result.ts';
import { failed, success } from '../domain/result.ts';
import type { Lsf, Spectrum } from '../domain/spectrum.ts';
import { median } from '../math/statistics.ts';
import { airToVacuumArray } from '../spectra/airVacuum.ts';
import { DIFFUSE_BANDS, inRegions, pixelFaults } from '../spectra/masks.ts';
import type { PixelFault } from '../spectra/masks.ts';
import { RV_LIMIT } from '../spectra/rv.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import type { FitTuning } from './defaults.ts';

export interface PreparedSpectrum {
  /** Observed vacuum wavelength, Å, and its ln. */
  readonly wavelength: Float64Array;
  readonly lnObserved: Float64Array;
  /** Flux in units of `scale`. */
  readonly flux: Float64Array;
  /** Of the noise, by the survey's statement and what is known of that. */
  readonly ivar: Float64Array;
  readonly scale: number;
  readonly good: Uint8Array;
  /** Index into `FIT_REASONS`, as far as the star's velocity does not matter; 0 where `good` is 1. */
  readonly reason: Uint8Array;
  readonly lsf: Lsf;
  readonly ivarIsMeasured: boolean;
  readonly simulated: boolean;
}

/** Fewer good pixels than this say nothing about thirty labels. */
const FEWEST_PIXELS = 150;

const FAULTS: Readonly<Record<PixelFault, FitReason>> = {
  'no information': 'no information',
  'survey mask': 'survey mask',
  telluric: 'telluric band',
  interstellar: 'interstellar line',
};

const span = (values: ArrayLike<number>): string => `${(values[0] ?? NaN).toFixed(0)}–${(values[values.length - 1] ?? NaN).toFixed(0)} Å`;

/**
 * Failures: `BAD_SPECTRUM` (arrays that do not fit together), `BAD_RANGE` (it ends before it begins), `NO_OVERLAP` with the model or the range asked for, `ALL_MASKED`,
 * `TOO_FEW_PIXELS`.
 */
export function prepareSpectrum(spectrum: Spectrum, info: EmulatorInfo, options: FitOptions, tuning: FitTuning): Result<PreparedSpectrum> {
  const n = spectrum.wavelength.length;
  if (n === 0 || spectrum.flux.length !== n || spectrum.ivar.length !== n) {
    return failed(
      'BAD_SPECTRUM',
      `${spectrum.id}: ${n} wavelengths, ${spectrum.flux.length} fluxes and ${spectrum.ivar.length} inverse variances`,
      'The three must be equally long and not empty; check how the file was read',
    );
  }
  if (spectrum.wavelength.some((value, p) => !(value > (p === 0 ? 0 : (spectrum.wavelength[p - 1] ?? 0))))) {
    return failed(
      'BAD_SPECTRUM',
      `${spectrum.id}: wavelengths are not strictly increasing positive numbers`,
      'Sort the pixels by wavelength in Å',
    );
  }
  if (options.range[0] >= options.range[1]) {
    return failed(
      'BAD_RANGE',
      `The range to fit runs from ${options.range[0]} to ${options.range[1]} Å`,
      'Give the shorter wavelength first',
    );
  }
  const wavelength = spectrum.medium === 'air' ? airToVacuumArray(spectrum.wavelength) : spectrum.wavelength;
  const grid = info.grid;
  const native = [Math.exp(grid.lnStart), Math.exp(grid.lnStart + (grid.count - 1) * grid.lnStep)] as const;
  const slack = 1 + RV_LIMIT / SPEED_OF_LIGHT_KMS;
  const from = Math.max(native[0], options.range[0]) / slack;
  const to = Math.min(native[1], options.range[1]) * slack;
  const within = Uint8Array.from(wavelength, (value) => (value >= from && value <= to ? 1 : 0));
  const overlap = count(within);
  if (overlap === 0) {
    return failed(
      'NO_OVERLAP',
      `${spectrum.id} covers ${span(wavelength)}; the model ${info.id} covers ${span(native)} and the fit uses ${span(options.range)}`,
      'Check the wavelength unit (Å), widen the range, or choose another model',
    );
  }
  const bands = options.maskDiffuseBands === true ? DIFFUSE_BANDS : [];
  const byPerson = options.maskedRegions.filter(({ frame }) => frame === 'observed');
  const reason = Uint8Array.from(pixelFaults(spectrum, wavelength, [...tuning.observedMasks, ...bands]), (fault, p) => {
    if (within[p] !== 1) return reasonCode('outside the fitted range');
    const read = readerReason(spectrum, p);
    if (fault === 'no information' && read !== 'good') return reasonCode(read);
    if (fault !== null) return reasonCode(FAULTS[fault]);
    return reasonCode(inRegions(wavelength[p] ?? NaN, byPerson) ? 'left out by the person' : 'good');
  });
  const good = reason.map((code) => (code === 0 ? 1 : 0));
  const usable = count(good);
  if (usable === 0) {
    return failed(
      'ALL_MASKED',
      `None of the ${overlap} pixels of ${spectrum.id} within ${span([from, to])} is usable: all are masked, NaN, or have zero inverse variance`,
      'Check the error and mask columns of the file',
    );
  }
  if (usable < FEWEST_PIXELS) {
    return failed(
      'TOO_FEW_PIXELS',
      `Only ${usable} usable pixels of ${spectrum.id} lie within the model's ${span(native)}; a fit needs ${FEWEST_PIXELS}`,
      'Widen the range or relax the masks',
    );
  }
  const level = median(spectrum.flux.filter((_, p) => good[p] === 1).map(Math.abs));
  if (!(level > 0)) {
    return failed('BAD_SPECTRUM', `The median flux of ${spectrum.id} is ${level}`, 'The spectrum seems to be empty');
  }
  const warnings: string[] = [];
  if (usable < 0.5 * overlap)
    warnings.push(`${(100 * (1 - usable / overlap)).toFixed(0)} % of the pixels in range are masked or carry no information`);
  if (spectrum.snr < 10) warnings.push(`S/N of ${spectrum.snr.toFixed(1)} per pixel: expect little beyond T_eff and [Fe/H]`);
  return success(
    {
      wavelength,
      lnObserved: wavelength.map(Math.log),
      flux: spectrum.flux.map((value, p) => (good[p] === 1 ? value / level : 0)),
      ivar: spectrum.ivar.map((value, p) => (good[p] === 1 ? value * (level / tuning.noiseFactor(wavelength[p] ?? NaN)) ** 2 : 0)),
      scale: level,
      good,
      reason,
      lsf: spectrum.lsf,
      ivarIsMeasured: spectrum.ivarIsMeasured,
      simulated: spectrum.simulated,
    },
    warnings,
  );
}

function count(flags: Uint8Array): number {
  return flags.reduce((sum, flag) => sum + flag, 0);
}
