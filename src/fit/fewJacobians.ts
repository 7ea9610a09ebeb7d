/**
 * Levenberg–Marquardt where a Jacobian costs several spectra and a spectrum seconds (the synthesis): slopes are used again and again, corrected by
 * what each accepted step teaches of them (Broyden 1965, Math. Comp. 19, 577), and computed anew only where they promise nothing more or
 * have failed. A fit ends where slopes computed at its own point, or within two σ of it (all labels together), promise nothing more.
 */
import type { EmulatedJacobian, Emulator } from '../domain/emulator.ts';
import type { LmOutcome } from './lm.ts';
import { promisedGain, solveStep } from './lm.ts';
import type { Evaluation, Linearised, Objective } from './objective.ts';

/** Slopes of the native spectrum, and the gain in −2 ln L since they were computed. */
export interface Slopes {
  readonly slopes: EmulatedJacobian;
  readonly gained: number;
}

export interface FewJacobiansOptions {
  /** Slopes at the start; absent, they are computed. */
  readonly known?: Slopes;
  /** Jacobians at most, one at the start counted where it is not known. */
  readonly maxJacobians: number;
  /** Spectra at most. */
  readonly maxSpectra: number;
  /** Converged when a full Gauss–Newton step promises less than this in −2 ln L. */
  readonly tolerance: number;
  readonly onStep?: (at: Evaluation, step: number) => void;
}

const FIRST_DAMPING = 1e-3;
/** Slopes hold for a gain of so much in −2 ln L since they were computed: the square of a distance in σ. */
const TRUSTED_GAIN = 4;
/** Of the gain that was promised, what a step must give for its slopes to be used again, and for less damping. */
const [POOR, GOOD] = [0.25, 0.75];

/** Minimises from `start` (scaled parameters); null where the start itself cannot be evaluated. Ends linearised at its last point. */
export async function descendWithFewJacobians(
  objective: Objective,
  emulator: Emulator,
  start: Float64Array,
  options: FewJacobiansOptions,
): Promise<(LmOutcome & Slopes) | null> {
  const { maxJacobians, maxSpectra, tolerance } = options;
  let jacobians = 0;
  const linearise = async (z: Float64Array) => {
    const slopes = await emulator.jacobian(objective.labelsOf(z));
    jacobians++;
    objective.jacobians++;
    const at = objective.lineariseNative(z, slopes);
    return at === null ? null : { at, slopes, gained: 0 };
  };
  const from = objective.clamp(start);
  const { known } = options;
  let here: (Slopes & { readonly at: Linearised }) | null;
  if (known === undefined) here = await linearise(from);
  else {
    const at = objective.lineariseNative(from, known.slopes);
    here = at === null ? null : { at, ...known };
  }
  if (here === null) return null;
  let damping = FIRST_DAMPING;
  for (let step = 1; step <= maxSpectra; step++) {
    if (promisedGain(here.at) < tolerance) {
      if (here.gained < TRUSTED_GAIN) return { ...here, converged: true, iterations: step - 1 };
      if (jacobians >= maxJacobians) break;
      const renewed = await linearise(here.at.z);
      if (renewed === null) return null;
      here = renewed;
      continue;
    }
    const move = solveStep(here.at, damping);
    if (move === null) break;
    const z = objective.clamp(here.at.z.map((value, i) => value + (move[i] ?? 0)));
    const [trial] = await objective.evaluateMany([z]);
    const share = trial === undefined ? -1 : (here.at.objective - trial.objective) / predictedGain(here.at, z);
    if (trial === undefined || !(share > 0)) {
      damping *= 30;
      if (here.gained === 0 || jacobians >= maxJacobians) continue;
      const renewed = await linearise(here.at.z);
      if (renewed === null) return null;
      here = renewed;
      continue;
    }
    damping = share > GOOD ? Math.max(1e-7, damping / 10) : share < POOR ? damping * 5 : damping;
    options.onStep?.(trial, step);
    if (share < POOR && jacobians < maxJacobians) {
      const renewed = await linearise(z);
      if (renewed === null) return null;
      here = renewed;
      continue;
    }
    const slopes = corrected(objective, here.at, here.slopes, z, trial.native);
    const at = objective.lineariseNative(z, slopes);
    if (at === null) return null;
    here = { at, slopes, gained: here.gained + here.at.objective - trial.objective };
  }
  return { ...here, converged: promisedGain(here.at) < tolerance, iterations: maxSpectra };
}

/** Decrease of the objective that the quadratic model promises for the step to `z`. */
function predictedGain({ z: from, descent, curvature: { data, prior, wall } }: Linearised, z: Float64Array): number {
  const n = descent.length;
  const step = z.map((value, i) => value - (from[i] ?? 0));
  let gain = 0;
  step.forEach((a, i) => {
    gain += 2 * a * (descent[i] ?? 0);
    step.forEach((b, j) => (gain -= a * b * ((data[i * n + j] ?? 0) + (prior[i * n + j] ?? 0) + (wall[i * n + j] ?? 0))));
  });
  return Math.max(gain, 1e-12);
}

/**
 * Slopes that give the native spectrum found at `z` exactly: the least change of them, with every label in units of what the data know of it, so
 * that the change goes to the labels that moved by many σ.
 */
function corrected(
  objective: Objective,
  at: Linearised,
  slopes: EmulatedJacobian,
  z: Float64Array,
  native: Float32Array,
): EmulatedJacobian {
  const { labels } = objective.info;
  const n = at.descent.length;
  const moves = labels.map((_, i) => (z[i] ?? 0) - (at.z[i] ?? 0));
  const pulls = moves.map((move, i) => move * ((at.curvature.data[i * n + i] ?? 0) + (at.curvature.prior[i * n + i] ?? 0)));
  const norm = moves.reduce((sum, move, i) => sum + move * (pulls[i] ?? 0), 0);
  if (!(norm > 0)) return { flux: native, derivatives: slopes.derivatives };
  const missed = native.map((value, p) => value - (slopes.flux[p] ?? NaN));
  slopes.derivatives.forEach((derivative, i) => {
    const physical = (moves[i] ?? 0) * (labels[i]?.halfRange ?? 0);
    if (physical === 0) return;
    for (let p = 0; p < missed.length; p++) missed[p] = (missed[p] ?? NaN) - physical * (derivative[p] ?? NaN);
  });
  return {
    flux: native,
    derivatives: slopes.derivatives.map((derivative, i) => {
      const share = (pulls[i] ?? 0) / norm / (labels[i]?.halfRange ?? 1);
      return share === 0 ? derivative : derivative.map((value, p) => value + share * (missed[p] ?? NaN));
    }),
  };
}
