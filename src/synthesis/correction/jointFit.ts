/**
 * Corrections of lines from several stars at once: one regularised least-squares problem, solved by Gauss-Newton steps.
 *
 * Unknown are Δlog gf of every physical line that some star shows, Δlog of the van der Waals width of strong ones, and, for each star, its temperature,
 * v_mic, velocity, broadening, continuum and abundances, within the errors with which they are known. What is common to all lines of an element in a star
 * thus goes to the star; what a line does alike in several stars goes to the line. A normal prior holds each Δ at 0: narrow for laboratory values, wide
 * for uncurated ones, from one side only (weaker) for suspects.
 */
import { conjugateGradient } from '../../math/conjugateGradient.ts';
import type { LineList } from '../tables/lineList.ts';
import { OWN, OWN_ELEMENTS, type Comparison, type StarState } from './comparison.ts';
import { layoutOf, type Layout } from './layout.ts';
import { StarColumns } from './starColumns.ts';
import type { PhysicalLine, Provenance } from './lineGroups.ts';

/** σ of Δlog gf before the stars are looked at, dex. */
export const PRIOR_SIGMA: Readonly<Record<Provenance, number>> = {
  laboratory: 0.05,
  molecule: 0.07,
  uncurated: 0.5,
  suspect: 1.5,
  added: 1.5,
};
/** σ of Δlog of the van der Waals width, dex. */
const PRIOR_DAMPING = 0.15;
const LOWEST = -3;
const HIGHEST = 2;
const LARGEST_STEP = 0.6;

/** Present corrections: dex, by physical line. */
export interface Corrections {
  readonly strength: Float64Array;
  readonly damping: Map<number, number>;
}

export interface JointState {
  readonly corrections: Corrections;
  /** By observation. */
  readonly stars: readonly StarState[];
}

/** A list with strengths and widths corrected. */
export function correctedLines(list: LineList, owner: Int32Array, { strength, damping }: Corrections): LineList {
  return {
    ...list,
    gf: list.gf.map((gf, i) => {
      const g = owner[i] ?? -1;
      return g < 0 ? gf : gf * 10 ** (strength[g] ?? 0);
    }),
    gammaVdw: list.gammaVdw.map((width, i) => {
      const change = damping.get(owner[i] ?? -1);
      return change === undefined ? width : width * 10 ** change;
    }),
  };
}

/** The priors: precision of every unknown and its distance from the prior's mean. */
function priors(
  comparisons: readonly Comparison[],
  layout: Layout,
  lines: readonly PhysicalLine[],
  state: JointState,
): { precision: Float64Array; offset: Float64Array } {
  const precision = new Float64Array(layout.size);
  const offset = new Float64Array(layout.size);
  layout.lines.forEach((g, k) => {
    precision[k] = 1 / PRIOR_SIGMA[lines[g]?.provenance ?? 'uncurated'] ** 2;
    offset[k] = state.corrections.strength[g] ?? 0;
  });
  for (const [g, k] of layout.dampedPlace) {
    precision[k] = 1 / PRIOR_DAMPING ** 2;
    offset[k] = state.corrections.damping.get(g) ?? 0;
  }
  comparisons.forEach(({ observed: { star } }, at) => {
    const own = layout.own[at] ?? 0;
    const s = state.stars[at];
    const held = (sigma: number): number => (sigma === 0 ? 1e12 : 1 / sigma ** 2);
    precision.set([held(star.sigmaTeff), held(star.sigmaVmic), 1 / 3 ** 2, 1 / 3 ** 2], own);
    offset.set([s?.teff ?? 0, s?.vmic ?? 0, 0, 0], own);
    OWN_ELEMENTS.forEach((_, k) => {
      precision[own + OWN.length + k] = held(star.sigmaXh);
      offset[own + OWN.length + k] = s?.abundances[k] ?? 0;
    });
  });
  return { precision, offset };
}

/** The linear problem at a state, solved: the step of every unknown. Suspects, and lines at an end of their range, are held where they would leave it. */
export function solveStep(
  comparisons: readonly Comparison[],
  lines: readonly PhysicalLine[],
  state: JointState,
  use: readonly boolean[] = comparisons.map(() => true),
): { readonly layout: Layout; readonly step: Float64Array } {
  const layout = layoutOf(comparisons, lines.length);
  const columns = comparisons.map((c, at) => new StarColumns(c, layout, lines, at));
  const { precision, offset } = priors(comparisons, layout, lines, state);
  const data = new Float64Array(layout.size);
  const right = new Float64Array(layout.size);
  columns.forEach((star, at) => {
    if (!use[at]) return;
    star.diagonal(data);
    star.backward(
      star.c.residual.map((r, p) => r * (star.c.weight[p] ?? 0)),
      right,
    );
  });
  for (let i = 0; i < right.length; i++) right[i] = (right[i] ?? 0) - (precision[i] ?? 0) * (offset[i] ?? 0);
  // a spline coefficient without data stays where it is
  const tie = 1e-3;
  const total = data.map((d, i) => d + (precision[i] ?? 0) + tie);
  const held = new Uint8Array(layout.size);
  const work = columns.map(({ c }) => new Float64Array(c.model.length));
  const apply = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < out.length; i++) out[i] = held[i] === 1 ? 0 : ((precision[i] ?? 0) + tie) * (v[i] ?? 0);
    columns.forEach((star, at) => {
      if (!use[at]) return;
      const y = work[at] ?? new Float64Array(0);
      star.forward(v, y);
      for (let p = 0; p < y.length; p++) y[p] = (y[p] ?? 0) * (star.c.weight[p] ?? 0);
      star.backward(y, out);
    });
    for (let i = 0; i < out.length; i++) if (held[i] === 1) out[i] = v[i] ?? 0;
  };
  let step: Float64Array = new Float64Array(layout.size);
  const pinned = new Float64Array(layout.size);
  for (let round = 0; round < 4; round++) {
    // what the held unknowns do is taken off the right-hand side
    const known = new Float64Array(layout.size);
    if (round > 0) {
      const mask = Uint8Array.from(held);
      held.fill(0);
      apply(pinned, known);
      held.set(mask);
    }
    const b = right.map((r, i) => (held[i] === 1 ? 0 : r - (known[i] ?? 0)));
    step = conjugateGradient(
      apply,
      total.map((t, i) => (held[i] === 1 ? 1 : t)),
      b,
      3e-3,
      120,
    ).x;
    for (let i = 0; i < step.length; i++) if (held[i] === 1) step[i] = pinned[i] ?? 0;
    let more = 0;
    layout.lines.forEach((g, k) => {
      if (held[k] === 1) return;
      const now = state.corrections.strength[g] ?? 0;
      const next = now + (step[k] ?? 0);
      const top = lines[g]?.provenance === 'suspect' ? 0 : HIGHEST;
      if (next <= top + 1e-9 && next >= LOWEST) return;
      held[k] = 1;
      pinned[k] = Math.min(Math.max(next, LOWEST), top) - now;
      more++;
    });
    if (more === 0) break;
  }
  return { layout, step };
}

const clip = (x: number, most: number): number => Math.min(Math.max(x, -most), most);

/** How far a step may go: each line by `LARGEST_STEP`; a star's temperature to one σ of what is known of it, its abundances and v_mic to two. */
export function advance(
  state: JointState,
  comparisons: readonly Comparison[],
  layout: Layout,
  step: Float64Array,
  largest = LARGEST_STEP,
): JointState {
  const strength = Float64Array.from(state.corrections.strength);
  layout.lines.forEach((g, k) => (strength[g] = Math.min(Math.max((strength[g] ?? 0) + clip(step[k] ?? 0, largest), LOWEST), HIGHEST)));
  const damping = new Map(state.corrections.damping);
  for (const [g, k] of layout.dampedPlace) damping.set(g, clip((damping.get(g) ?? 0) + clip(step[k] ?? 0, 0.3), 1));
  return {
    corrections: { strength, damping },
    stars: state.stars.map((s, at) => {
      const own = layout.own[at] ?? 0;
      const star = comparisons[at]?.observed.star;
      return {
        teff: clip(s.teff + clip(step[own] ?? 0, 100), star?.sigmaTeff ?? 0),
        vmic: clip(s.vmic + clip(step[own + 1] ?? 0, 0.3), 2 * (star?.sigmaVmic ?? 0)),
        velocity: s.velocity + clip(step[own + 2] ?? 0, 2),
        broadening: Math.max(0.5, s.broadening + clip(step[own + 3] ?? 0, 1)),
        abundances: s.abundances.map((x, k) => clip(x + clip(step[own + OWN.length + k] ?? 0, 0.2), 2 * (star?.sigmaXh ?? 0))),
      };
    }),
  };
}
