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
import { elementsOf, OWN, OWN_ELEMENTS, type Comparison, type StarState } from './comparison.ts';
import type { PhysicalLine, Provenance } from './lineGroups.ts';
import type { LineWindow } from './lineDerivatives.ts';

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
/** A line whose largest derivative in all stars is below this is not moved. */
const INFORMATIVE = 0.004;
/** Its van der Waals width is moved where its derivative is above this. */
const DAMPED = 0.02;
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

/** Place of every unknown. */
export interface Layout {
  readonly size: number;
  /** Physical lines that are moved, and their place (−1: not). */
  readonly lines: readonly number[];
  readonly place: Int32Array;
  readonly damped: readonly number[];
  readonly dampedPlace: ReadonlyMap<number, number>;
  /** First unknown of each star: OWN, abundances; and of its continuum. */
  readonly own: readonly number[];
  readonly spline: readonly number[];
}

/** Which unknown a star's own parameters are: spectra of the same star share them all but velocity and broadening. */
function layoutOf(comparisons: readonly Comparison[], count: number): Layout {
  const informative = new Uint8Array(count);
  const wide = new Set<number>();
  for (const c of comparisons) {
    c.strength.forEach((window, g) => {
      if (window !== null && peak(window) > INFORMATIVE) informative[g] = 1;
    });
    for (const [g, window] of c.damping) if (peak(window) > DAMPED) wide.add(g);
  }
  const lines = [...informative.keys()].filter((g) => informative[g] === 1);
  const place = new Int32Array(count).fill(-1);
  lines.forEach((g, k) => (place[g] = k));
  const damped = [...wide].filter((g) => informative[g] === 1).sort((a, b) => a - b);
  let size = lines.length;
  const dampedPlace = new Map(damped.map((g) => [g, size++]));
  const names = new Map<string, number>();
  const own = comparisons.map(({ observed }) => {
    const known = names.get(observed.star.name);
    if (known !== undefined) return known;
    const at = size;
    size += OWN.length + OWN_ELEMENTS.length;
    names.set(observed.star.name, at);
    return at;
  });
  const spline = comparisons.map(({ basis }) => {
    const at = size;
    size += basis.count;
    return at;
  });
  return { size, lines, place, damped, dampedPlace, own, spline };
}

const peak = (window: LineWindow): number => window.values.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

/** One star's part of the linear problem: J v and Jᵀ u. */
class StarColumns {
  constructor(
    readonly c: Comparison,
    readonly layout: Layout,
    lines: readonly PhysicalLine[],
    readonly at: number,
  ) {
    const own = (layout.own[at] ?? 0) + OWN.length;
    const fixed = c.observed.star.sigmaXh === 0;
    c.strength.forEach((window, g) => {
      if (window === null) return;
      const unknowns = fixed ? [] : elementsOf(lines[g]?.species ?? '').map((k) => own + k);
      const k = layout.place[g] ?? -1;
      if (k >= 0) unknowns.push(k);
      if (unknowns.length > 0) this.sparse.push({ unknowns, window });
    });
    for (const [g, window] of c.damping) {
      const k = layout.dampedPlace.get(g);
      if (k !== undefined) this.sparse.push({ unknowns: [k], window });
    }
  }
  private readonly sparse: { readonly unknowns: readonly number[]; readonly window: LineWindow }[] = [];

  private each(visit: (unknowns: readonly number[], window: LineWindow) => void): void {
    for (const { unknowns, window } of this.sparse) visit(unknowns, window);
  }

  forward(v: Float64Array, out: Float64Array): void {
    const { c, layout, at } = this;
    out.fill(0);
    this.each((unknowns, { first, values }) => {
      let sum = 0;
      for (const k of unknowns) sum += v[k] ?? 0;
      if (sum === 0) return;
      for (let i = 0; i < values.length; i++) out[first + i] = (out[first + i] ?? 0) + sum * (values[i] ?? 0);
    });
    c.own.forEach((column, k) => {
      const x = v[(layout.own[at] ?? 0) + k] ?? 0;
      if (x !== 0) for (let p = 0; p < out.length; p++) out[p] = (out[p] ?? 0) + x * (column[p] ?? 0);
    });
    const { first, values } = c.basis;
    const spline = layout.spline[at] ?? 0;
    for (let p = 0; p < out.length; p++) {
      let level = 0;
      for (let q = 0; q < 4; q++) level += (values[4 * p + q] ?? 0) * (v[spline + (first[p] ?? 0) + q] ?? 0);
      out[p] = (out[p] ?? 0) + level * (c.model[p] ?? 0);
    }
  }

  backward(u: Float64Array, out: Float64Array): void {
    const { c, layout, at } = this;
    this.each((unknowns, { first, values }) => {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += (u[first + i] ?? 0) * (values[i] ?? 0);
      for (const k of unknowns) out[k] = (out[k] ?? 0) + sum;
    });
    c.own.forEach((column, k) => {
      let sum = 0;
      for (let p = 0; p < u.length; p++) sum += (u[p] ?? 0) * (column[p] ?? 0);
      const i = (layout.own[at] ?? 0) + k;
      out[i] = (out[i] ?? 0) + sum;
    });
    const { first, values } = c.basis;
    const spline = layout.spline[at] ?? 0;
    for (let p = 0; p < u.length; p++) {
      const x = (u[p] ?? 0) * (c.model[p] ?? 0);
      if (x === 0) continue;
      for (let q = 0; q < 4; q++) {
        const i = spline + (first[p] ?? 0) + q;
        out[i] = (out[i] ?? 0) + x * (values[4 * p + q] ?? 0);
      }
    }
  }

  /** Adds the diagonal of Jᵀ W J. */
  diagonal(out: Float64Array): void {
    const { c, layout, at } = this;
    this.each((unknowns, { first, values }) => {
      let sum = 0;
      for (let i = 0; i < values.length; i++) sum += (c.weight[first + i] ?? 0) * (values[i] ?? 0) ** 2;
      for (const k of unknowns) out[k] = (out[k] ?? 0) + sum;
    });
    c.own.forEach((column, k) => {
      const i = (layout.own[at] ?? 0) + k;
      for (let p = 0; p < column.length; p++) out[i] = (out[i] ?? 0) + (c.weight[p] ?? 0) * (column[p] ?? 0) ** 2;
    });
    const { first, values } = c.basis;
    const spline = layout.spline[at] ?? 0;
    for (let p = 0; p < c.model.length; p++)
      for (let q = 0; q < 4; q++) {
        const i = spline + (first[p] ?? 0) + q;
        out[i] = (out[i] ?? 0) + (c.weight[p] ?? 0) * ((values[4 * p + q] ?? 0) * (c.model[p] ?? 0)) ** 2;
      }
  }
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
): { readonly layout: Layout; readonly step: Float64Array; readonly diagonal: Float64Array; readonly priorPrecision: Float64Array } {
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
  return { layout, step, diagonal: data, priorPrecision: precision };
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
