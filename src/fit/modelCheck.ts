/**
 * The error of a fast model (a network) at its own solution of a star, by one spectrum of a slow one (the synthesis) at the same labels. If the star
 * were what the synthesis says there, the network's fit would have missed its labels by δz = C Jᵀ W (synthesis − network), with the curvature and
 * weights of the solution: the first step of a fit with the synthesis, the other way about.
 */
import type { Emulator } from '../domain/emulator.ts';
import type { Solution } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { notFinite } from './finish.ts';
import { Objective } from './objective.ts';
import { Pacer } from './pacer.ts';

/** Error of one label, in its own unit, and over its σ in the solution. */
export interface LabelError {
  readonly name: LabelName;
  readonly error: number;
  readonly inSigma: number;
}

export interface ModelCheck {
  /** The id of the slow model. */
  readonly by: string;
  readonly labels: readonly LabelError[];
  /** Rms of synthesis − network over the native points of the synthesis, as a fraction of the continuum. */
  readonly rms: number;
}

/**
 * Checks `solution` of `network` against `physics`, whose grid must be the network's or a part of it; beyond that part the two count as equal.
 * Failures: `GRID_DIFFERS`, and what `physics` says where it has no spectrum.
 */
export async function checkModel(solution: Solution, network: Emulator, physics: Emulator): Promise<Result<ModelCheck>> {
  const first = partOf(physics.info.grid, network.info.grid);
  if (first === null)
    return failed(
      'GRID_DIFFERS',
      `The native grid of ${physics.info.id} is no part of that of ${network.info.id}.`,
      'Choose a bundle of this grid.',
    );
  const objective = new Objective(network, solution.problem, new Pacer(undefined));
  const labels = objective.labelsOf(solution.z);
  const slopes = await network.jacobian(labels);
  const named = new Map(network.info.labels.map(({ name }, i) => [name, labels[i] ?? NaN]));
  const [exact] = await physics.predict([Float64Array.from(physics.info.labels, ({ name, centre }) => named.get(name) ?? centre)]);
  if (exact?.every(Number.isFinite) !== true) return notFinite(physics);
  const native = slopes.flux.slice();
  native.set(exact, first);
  const [own, exactly] = [
    objective.lineariseNative(solution.z, slopes),
    objective.lineariseNative(solution.z, { ...slopes, flux: native }),
  ];
  if (own === null || exactly === null) return notFinite(network);
  const squares = exact.reduce((sum, value, i) => sum + (value - (slopes.flux[first + i] ?? NaN)) ** 2, 0);
  const n = own.descent.length;
  const inflation = Math.max(1, solution.chi2ReducedWidened);
  const pull = own.descent.map((value, i) => (value - (exactly.descent[i] ?? NaN)) / inflation);
  return success({
    by: physics.info.id,
    rms: Math.sqrt(squares / exact.length),
    labels: solution.labels.map(({ name, sigma }, i) => {
      const scaled = pull.reduce((sum, value, j) => sum + value * (solution.scaledCovariance[i * n + j] ?? NaN), 0);
      const error = scaled * (network.info.labels[i]?.halfRange ?? NaN);
      return { name, error, inSigma: error / sigma };
    }),
  });
}

interface Grid {
  readonly lnStart: number;
  readonly lnStep: number;
  readonly count: number;
}

/** The point of `whole` at which `part` begins; null where it is no part of it. */
function partOf(part: Grid, whole: Grid): number | null {
  const place = (part.lnStart - whole.lnStart) / whole.lnStep;
  const first = Math.round(place);
  const same = Math.abs(part.lnStep / whole.lnStep - 1) < 1e-9 && Math.abs(place - first) < 1e-3;
  return same && first >= 0 && first + part.count <= whole.count ? first : null;
}
