/** What one star adds to the normal equations of the joint fit: products with its Jacobian, which is never stored as a matrix. */
import { elementsOf, OWN, type Comparison } from './comparison.ts';
import type { Layout } from './layout.ts';
import type { LineWindow } from './lineDerivatives.ts';
import type { PhysicalLine } from './lineGroups.ts';

/** One star's part of the linear problem: J v and Jᵀ u. */
export class StarColumns {
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
