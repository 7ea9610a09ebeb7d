import type { Emulator } from '../../src/domain/emulator.ts';
import type { Problem } from '../../src/domain/problem.ts';
import { uncertaintyAt } from '../../src/fit/fisher.ts';
import { Objective } from '../../src/fit/objective.ts';
import { Pacer } from '../../src/fit/pacer.ts';
import { noiseAlone } from '../../src/fit/pose.ts';
import type { AbInitioStar } from './abInitio.ts';
import type { Injection } from './inject.ts';

/**
 * Label covariance (physical units, row-major) that the data could give at best: Fisher matrix of the ab initio derivatives at the true labels
 * in the problem of the fit, over the pixels that it used, with its priors, continuum, velocity and widths marginalised, and with the noise alone: no error floor.
 * Null where the matrix cannot be inverted.
 */
export function cramerRao(star: AbInitioStar, { nuisances }: Injection, problem: Problem, emulator: Emulator): Float64Array | null {
  const objective = new Objective(emulator, noiseAlone(problem), new Pacer(undefined));
  const at = objective.lineariseNative(objective.pack(star.labels, nuisances), { flux: star.flux, derivatives: star.derivatives });
  return at === null ? null : (uncertaintyAt(objective, at, 1)?.covariance ?? null);
}
