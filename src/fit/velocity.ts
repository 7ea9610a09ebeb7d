/** The velocity stage: emulated templates, the velocity search, and the first weights. */
import type { Emulator } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import type { Result } from '../domain/result.ts';
import { success } from '../domain/result.ts';
import { convolveLnGrid } from '../spectra/lsf.ts';
import { inRegions } from '../spectra/masks.ts';
import { resolvingPowerAt } from '../spectra/resolvingPower.ts';
import { estimateVelocity, isFailure } from '../spectra/rv.ts';
import type { FitTuning } from './defaults.ts';
import type { Pacer } from './pacer.ts';
import type { PreparedSpectrum } from './prepare.ts';
import { distinctStarts, templateLabels } from './templates.ts';
import { firstLevel, sodiumAt, weightsAtVelocity, type FirstWeights } from './restFrame.ts';
import { flooredWeights } from './weights.ts';

export interface VelocityStage {
  readonly rv: number;
  /** Label vectors to start from, best first. */
  readonly starts: readonly Float64Array[];
  /** Weights with the error floor. */
  readonly first: FirstWeights;
  readonly evaluations: number;
}

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
  for (let i = 0; i < labels.length; i += emulator.batch) {
    natives.push(...(await emulator.predict(labels.slice(i, i + emulator.batch))));
    await pacer.pause();
  }
  const middle = prepared.wavelength[prepared.wavelength.length >> 1] ?? 5500;
  const resolution = resolvingPowerAt(prepared.lsf, middle);
  const templates = natives.map((native) => convolveLnGrid(native, info.grid.lnStep, info.resolvingPower, resolution));

  const { lnObserved, flux, ivar, good } = prepared;
  // A first continuum without a model, for the size of the error floor.
  const level = firstLevel(prepared);
  if (!level.ok) return level;
  // Before the star's velocity is known, the gas alone is left out.
  const gas = sodiumAt(prepared, 0).masked;
  const clear = good.map((flag, p) => (inRegions(prepared.wavelength[p] ?? 0, gas) ? 0 : flag));
  const first = flooredWeights(ivar, level.value, prepared.wavelength.map(tuning.errorFloor), clear);
  const velocity = await estimateVelocity({ lnObserved, flux, weight: first, grid: info.grid, templates }, pacer.pause);
  if (isFailure(velocity)) return { ok: false, failure: velocity };

  // With the velocity known, range and masks can be put in the star's frame.
  const native = natives[velocity.best] ?? new Float32Array(0);
  const weight = weightsAtVelocity(prepared, info, options, tuning, { nuisances: null, rv: velocity.rv, native, level: level.value });
  if (!weight.ok) return weight;
  const starts = distinctStarts(info, labels, velocity.chi2).flatMap((i) => {
    const start = labels[i];
    return start === undefined ? [] : [start];
  });
  return success({
    rv: velocity.rv,
    starts,
    first: weight.value,
    evaluations: labels.length,
  });
}
