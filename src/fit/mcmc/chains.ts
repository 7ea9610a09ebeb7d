/**
 * Hamiltonian Monte Carlo for posteriors that are nearly Gaussian. In coordinates y where a Gaussian that stands in for the posterior is a
 * unit normal, the energy is ½|y|² + ½|p|² + Φ(y), with Φ what the posterior is off the Gaussian. The first two terms are solved exactly,
 * by a rotation in the plane of each (y, p); Φ kicks p before and after (split Hamiltonian Monte Carlo: Shahbaba, Lan, Johnson & Neal 2014).
 * Steps are then limited by Φ alone: with Φ = 0 a quarter turn is an independent draw, always accepted.
 *
 * Without a gradient there are no kicks, and the same step is the preconditioned Crank–Nicolson proposal (Neal 1999; Cotter, Roberts,
 * Stuart & White 2013): y cos α + p sin α, accepted by the change of Φ; one evaluation. Both are exact whatever the Gaussian.
 * From tails that are heavier than its own such turns would return but slowly, so that one step in five is a random walk.
 *
 * While it warms up, the step follows the acceptance by dual averaging, and the Gaussian follows the draws; then both stand still. A turn of
 * the Gaussian's own period ends every trajectory, so there is no U-turn to look for (NUTS) and every chain costs the same.
 */
import { convergence } from '../../math/convergence.ts';
import type { RandomStream } from '../../math/random.ts';
import { randomStream } from '../../math/random.ts';
import { median } from '../../math/statistics.ts';
import type { DualAveraging } from './dualAveraging.ts';
import { average, startAveraging } from './dualAveraging.ts';
import type { Gaussian } from './gaussian.ts';
import { fromUnit, gaussianOfSample, normalVector, slopeToUnit, toUnit } from './gaussian.ts';
import type { SamplerState, Slope, Target } from './target.ts';
import type { Point } from './turn.ts';
import { turn } from './turn.ts';
import { finiteOrNever } from './target.ts';

export interface ChainState extends SamplerState {
  readonly kind: 'chains';
  readonly gradients: boolean;
  readonly gaussian: Gaussian;
  readonly stepping: DualAveraging;
  /** Value and gradient where each walker stands, in the order of the groups; gradients are empty where none are used. */
  readonly slopes: readonly Slope[];
  /** Steps of the windows of warm-up still to come, the present one first; empty: sampling proper. */
  readonly windows: readonly number[];
  /** Draws of the present window, by step. */
  readonly window: readonly (readonly Float64Array[])[];
}

/** Each ends with a new Gaussian but the last, which settles the step. */
const WARM_UP = [40, 80, 160, 40];
/** With gradients few steps say as much as many without. */
const WARM_UP_GRADIENTS = [15, 40, 15];
/** Hamiltonian steps are best near 0.65–0.8 (Beskos et al. 2013; Hoffman & Gelman 2014); turns without kicks where half are accepted. */
const WANTED = { gradients: 0.75, none: 0.45 };
const QUARTER = Math.PI / 2;
/** Kicks per trajectory at most: what a step that is too small may cost. */
const MOST_KICKS = 24;

export interface ChainOptions {
  readonly seed: number;
  /** Stand-in for the target, e.g. by Laplace's method. */
  readonly gaussian: Gaussian;
  /** Where the walkers start. */
  readonly groups: readonly (readonly Float64Array[])[];
  /** Steps of the windows of warm-up; absent: what does for a posterior that resembles the Gaussian. */
  readonly windows?: readonly number[];
}

/** Uses the target's gradient where it has one. */
export async function startChains(target: Target, options: ChainOptions): Promise<ChainState> {
  const { seed, gaussian, groups } = options;
  const gradients = target.logDensityAndGradient !== undefined;
  return {
    kind: 'chains',
    seed,
    step: 0,
    groups,
    gradients,
    accepted: 0,
    proposed: 0,
    gaussian,
    stepping: startAveraging(gradients ? 1 : QUARTER / 2, gradients ? WANTED.gradients : WANTED.none),
    slopes: await slopesAt(target, gradients, groups.flat()),
    windows: options.windows ?? (gradients ? WARM_UP_GRADIENTS : WARM_UP),
    window: [],
  };
}

async function slopesAt(target: Target, gradients: boolean, points: readonly Float64Array[]): Promise<readonly Slope[]> {
  if (gradients && target.logDensityAndGradient !== undefined) return target.logDensityAndGradient(points);
  const values = await target.logDensity(points);
  return points.map((_, k) => ({ value: finiteOrNever(values[k]), gradient: new Float64Array(0) }));
}

interface Phase extends Point {
  readonly slope: Slope;
}

/** One step of every walker, a batch at a time. The state that was given is left as it was. */
export async function stepChains(target: Target, state: ChainState): Promise<ChainState> {
  const random = randomStream(state.seed, state.step);
  const { gaussian, gradients } = state;
  const warm = state.windows.length === 0;
  const size = Math.exp(warm ? state.stepping.logAverage : state.stepping.logStep);
  const { kicks, angle } = trajectory(size, gradients, random);
  const drift = angle > 0 ? (phase: Phase) => ({ ...phase, ...turn(phase, angle, gaussian, target.box) }) : shift;
  const points = state.groups.flat();
  const starts = points.map((x, k): Phase => ({
    y: toUnit(gaussian, x),
    p: normalVector(x.length, random),
    slope: state.slopes[k] ?? { value: -Infinity, gradient: new Float64Array(0) },
  }));

  let ends = starts;
  for (let kick = 0; kick < kicks; kick++) {
    const turned = ends.map((phase) => drift(kicked(phase, gaussian, angle / 2)));
    const slopes = await slopesAt(
      target,
      gradients,
      turned.map(({ y }) => fromUnit(gaussian, y)),
    );
    ends = turned.map((phase, k) => kicked({ ...phase, slope: slopes[k] ?? phase.slope }, gaussian, angle / 2));
  }

  let accepted = 0;
  let expected = 0;
  const moved = starts.map((start, k) => {
    const end = ends[k] ?? start;
    const gain = start.slope.value === -Infinity ? end.slope.value : logJoint(end) - logJoint(start);
    const chance = Number.isNaN(gain) || end.slope.value === -Infinity ? 0 : Math.min(1, Math.exp(gain));
    expected += chance / starts.length;
    if (!(random.uniform() < chance)) return { point: points[k] ?? end.y, slope: start.slope };
    accepted++;
    return { point: fromUnit(gaussian, end.y), slope: end.slope };
  });
  let at = 0;
  const next: ChainState = {
    ...state,
    step: state.step + 1,
    groups: state.groups.map((group) => moved.slice(at, (at += group.length)).map(({ point }) => point)),
    slopes: moved.map(({ slope }) => slope),
  };
  if (warm) return { ...next, accepted: state.accepted + accepted, proposed: state.proposed + points.length };
  return adapt(next, angle > 0 ? expected : null);
}

/** Angle 0 stands for a step of the random walk. Random lengths, or a chain may come round to where it was; they are the same for all walkers, whose batches stay whole. */
function trajectory(size: number, gradients: boolean, random: RandomStream): { kicks: number; angle: number } {
  const u = random.uniform();
  if (!gradients) return u < 0.2 ? { kicks: 1, angle: 0 } : { kicks: 1, angle: Math.min(QUARTER, size * (0.4 + u)) };
  const whole = QUARTER * (0.6 + 0.8 * u);
  const kicks = Math.min(MOST_KICKS, Math.max(1, Math.ceil(whole / size)));
  return { kicks, angle: Math.min(size, whole / kicks) };
}

/** p − t·∇Φ, with ∇Φ = −∇ln π − y. Unchanged where there is no gradient. */
function kicked(phase: Phase, gaussian: Gaussian, time: number): Phase {
  if (phase.slope.gradient.length === 0) return phase;
  const slope = slopeToUnit(gaussian, phase.slope.gradient);
  return { ...phase, p: phase.p.map((p, i) => p + time * ((slope[i] ?? 0) + (phase.y[i] ?? 0))) };
}

/** A plain random walk, of the length that is best in d dimensions (Roberts, Gelman & Gilks 1997). */
const shift = ({ y, p, slope }: Phase): Phase => ({ y: y.map((v, i) => v + (2.38 / Math.sqrt(y.length)) * (p[i] ?? 0)), p, slope });

const logJoint = ({ p, slope }: Phase): number => slope.value - 0.5 * p.reduce((sum, v) => sum + v * v, 0);

/** Warm-up goes on: the step follows; at the end of a window the Gaussian does, and the step starts afresh. */
function adapt(state: ChainState, statistic: number | null): ChainState {
  const stepping = statistic === null ? state.stepping : average(state.stepping, statistic, state.gradients ? 1.2 * QUARTER : QUARTER);
  const window = [...state.window, state.groups.flat()];
  const [length = 0, ...rest] = state.windows;
  if (window.length < length) return { ...state, stepping, window };
  if (rest.length === 0) return { ...state, stepping, window: [], windows: [] };
  const gaussian = fitted(state.gaussian, window);
  const fresh = startAveraging(Math.exp(stepping.logAverage), stepping.wanted);
  return { ...state, gaussian, stepping: fresh, window: [], windows: rest };
}

/** The window's own Gaussian, shrunk to the one before, in whose coordinates it is found; or that one, if the draws are too few. */
function fitted(before: Gaussian, window: readonly (readonly Float64Array[])[]): Gaussian {
  const later = window.slice(window.length >> 2);
  const units = later.map((points) => points.map((x) => toUnit(before, x)));
  const n = before.mean.length;
  const walkers = units[0]?.length ?? 0;
  const sizes = before.mean.map((_, i) => {
    const series = Array.from({ length: walkers }, (__, w) => [Float64Array.from(units, (points) => points[w]?.[i] ?? NaN)]);
    return convergence(series).essBulk;
  });
  const unit = gaussianOfSample(units.flat(), median(sizes));
  if (unit === null) return before;
  // x = m + L(μ + R·y): the factor of the two together is L·R, lower again.
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      for (let k = j; k <= i; k++) root[i * n + j] = (root[i * n + j] ?? 0) + (before.root[i * n + k] ?? 0) * (unit.root[k * n + j] ?? 0);
  return { mean: fromUnit(before, unit.mean), root };
}
