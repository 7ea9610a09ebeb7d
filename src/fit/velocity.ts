/** The velocity stage: emulated templates, the velocity search, and the first weights. */
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import type { Result } from '../domain/result.ts';
import { failed, success } from '../domain/result.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { ContinuumProfiler } from '../spectra/continuum.ts';
import { applyOperator, convolveLnGrid } from '../spectra/lsf.ts';
import { inRegions } from '../spectra/masks.ts';
import { resolvingPowerAt } from '../spectra/resolvingPower.ts';
import { estimateVelocity, isFailure } from '../spectra/rv.ts';
import type { FitTuning } from './defaults.ts';
import { NuisanceModel } from './nuisances.ts';
import type { Pacer } from './pacer.ts';
import type { PreparedSpectrum } from './prepare.ts';
import { distinctStarts, templateLabels } from './templates.ts';
import { flooredWeights } from './weights.ts';

export interface VelocityStage {
  readonly rv: number;
  readonly sigma: number;
  readonly contrast: number;
  /** Label vectors to start from, best first. */
  readonly starts: readonly Float64Array[];
  /** Weights with the error floor over all pixels, 0 outside the fit. */
  readonly weight: Float64Array;
  readonly evaluations: number;
  /** Native spectrum of the best template. */
  readonly native: Float32Array;
}

/** Kernel reach and remaining freedom of the velocity, by which the fitted range stays inside the native grid: 250 km/s. */
const MARGIN = 250 / SPEED_OF_LIGHT_KMS;
const TEMPLATE_BATCH = 4;

export async function findVelocity(
  prepared: PreparedSpectrum,
  emulator: Emulator,
  options: FitOptions,
  tuning: FitTuning,
  pacer: Pacer,
): Promise<Result<VelocityStage>> {
  const { info } = emulator;
  const labels = templateLabels(info);
  const natives: Float32Array[] = [];
  for (let i = 0; i < labels.length; i += TEMPLATE_BATCH) {
    natives.push(...(await emulator.predict(labels.slice(i, i + TEMPLATE_BATCH))));
    await pacer.pause();
  }
  const middle = prepared.wavelength[prepared.wavelength.length >> 1] ?? 5500;
  const resolution = resolvingPowerAt(prepared.lsf, middle);
  const templates = natives.map((native) => convolveLnGrid(native, info.grid.lnStep, info.resolvingPower, resolution));

  const { lnObserved, flux, ivar, good } = prepared;
  // A first continuum without a model, for the size of the error floor.
  const flat = new Float64Array(flux.length).fill(1);
  const rough = new ContinuumProfiler(prepared.wavelength, flux, ivar, 300).profile(flat);
  if (rough === null) return failed('ALL_MASKED', 'No pixel carries information', 'Relax the masks or widen the range');
  const level = rough.continuum.map(Math.abs);
  const first = flooredWeights(ivar, level, prepared.wavelength.map(tuning.errorFloor), good);
  const velocity = await estimateVelocity({ lnObserved, flux, weight: first, grid: info.grid, templates }, pacer.pause);
  if (isFailure(velocity)) return { ok: false, failure: velocity };

  // With the velocity known, range and masks can be put in the star's frame.
  const shift = 1 + velocity.rv / SPEED_OF_LIGHT_KMS;
  const rest = prepared.wavelength.map((value) => value / shift);
  const from = Math.max(options.range[0], Math.exp(info.grid.lnStart) * (1 + MARGIN));
  const to = Math.min(options.range[1], Math.exp(info.grid.lnStart + (info.grid.count - 1) * info.grid.lnStep) * (1 - MARGIN));
  const keep = good.map((flag, p) => {
    const value = rest[p] ?? 0;
    return flag === 1 && value >= from && value <= to && !inRegions(value, options.maskedRegions) ? 1 : 0;
  });
  const kept = keep.reduce((sum, flag) => sum + flag, 0);
  if (kept < 3 * info.labels.length) {
    return failed(
      kept === 0 ? 'ALL_MASKED' : 'TOO_FEW_PIXELS',
      `${kept} pixels are left between ${from.toFixed(0)} and ${to.toFixed(0)} Å (rest) after masks, for ${info.labels.length} labels`,
      'Widen the range or remove masks',
    );
  }
  const native = natives[velocity.best] ?? new Float32Array(0);
  const nuisances = new NuisanceModel(info, lnObserved, prepared.lsf, tuning);
  const model = applyOperator(nuisances.operator(nuisances.start(velocity.rv)), native);
  const floor = rest.map(tuning.errorFloor);
  const provisional = flooredWeights(ivar, level, floor, keep);
  const continuum = new ContinuumProfiler(prepared.wavelength, flux, provisional, 300).profile(model)?.continuum ?? level;
  const starts = distinctStarts(info, labels, velocity.chi2).flatMap((i) => {
    const start = labels[i];
    return start === undefined ? [] : [start];
  });
  return success({
    rv: velocity.rv,
    sigma: velocity.sigma,
    contrast: velocity.contrast,
    starts,
    weight: flooredWeights(ivar, continuum.map(Math.abs), floor, keep),
    evaluations: labels.length,
    native,
  });
}
