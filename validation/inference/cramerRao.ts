import type { Emulator } from '../../src/domain/emulator.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import type { FitTuning } from '../../src/fit/defaults.ts';
import { uncertaintyAt } from '../../src/fit/fisher.ts';
import { Objective } from '../../src/fit/objective.ts';
import { Pacer } from '../../src/fit/pacer.ts';
import type { AbInitioStar } from './abInitio.ts';
import type { Injection } from './inject.ts';

/**
 * Label covariance (physical units, row-major) that the data could give at best: Fisher matrix of the ab initio derivatives at the true labels
 * over the pixels that the fit used, with its priors, continuum, velocity and widths marginalised, and with the noise alone: no error floor.
 * Null where the matrix cannot be inverted.
 */
export function cramerRao(
  star: AbInitioStar,
  injection: Injection,
  used: Uint8Array,
  emulator: Emulator,
  options: FitOptions,
  tuning: FitTuning,
): Float64Array | null {
  const { spectrum, nuisances } = injection;
  const pixels = {
    lnObserved: spectrum.wavelength.map(Math.log),
    flux: spectrum.flux,
    weight: spectrum.ivar.map((w, p) => (used[p] === 1 ? w : 0)),
    lsf: spectrum.lsf,
  };
  const objective = new Objective(emulator, pixels, options, tuning, new Pacer(undefined));
  const at = objective.lineariseNative(objective.pack(star.labels, nuisances), { flux: star.flux, derivatives: star.derivatives });
  return at === null ? null : (uncertaintyAt(objective, at, 1)?.covariance ?? null);
}
