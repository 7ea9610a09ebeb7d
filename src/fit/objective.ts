/**
 * −2 ln of the posterior of a `Problem` (up to a constant) and its linearisation: a sum over the data sets of the star, the Gaussian priors, and
 * the soft wall of the training range.
 *
 * Parameters are scaled: z = (value − centre) / halfRange for labels, then the nuisances of each data set in units of `NuisanceModel.scale`.
 */
import type { EmulatedJacobian, Emulator, EmulatorInfo } from '../domain/emulator.ts';
import type { Problem } from '../domain/problem.ts';
import { DataTerm } from './dataTerm.ts';
import type { LinearisedPart, Part } from './dataTerm.ts';
import type { Pacer } from './pacer.ts';
import type { PriorRow } from './priors.ts';
import { PriorModel } from './priors.ts';

/** A value for each data set of a problem. */
export type PerData<T> = readonly [T, ...T[]];

export interface Evaluation {
  readonly z: Float64Array;
  /** χ² + priors + wall; Infinity where it cannot be computed. */
  readonly objective: number;
  readonly chi2: number;
  readonly native: Float32Array;
  readonly parts: PerData<Part>;
}

export interface Linearised extends Evaluation {
  readonly parts: PerData<LinearisedPart>;
  /** Curvature Jᵀ W J of the data (continuum projected out), of the Gaussian priors and of the wall, row-major. */
  readonly curvature: { readonly data: Float64Array; readonly prior: Float64Array; readonly wall: Float64Array };
  /** −½ ∂objective/∂z. */
  readonly descent: Float64Array;
}

export class Objective {
  readonly info: EmulatorInfo;
  readonly prior: PriorModel;
  readonly terms: PerData<DataTerm>;
  /** Labels and nuisances. */
  readonly size: number;
  /** Pixels with weight. */
  readonly used: number;
  readonly splineCount: number;
  evaluations = 0;
  jacobians = 0;
  /** Index of the first nuisance of each data set. */
  private readonly firsts: readonly number[];

  constructor(
    private readonly emulator: Emulator,
    readonly problem: Problem,
    private readonly pacer: Pacer,
  ) {
    this.info = emulator.info;
    this.prior = new PriorModel(problem.labels, problem.prior);
    this.terms = perData(problem.data, (data) => new DataTerm(emulator.info, data));
    const firsts: number[] = [];
    let size = problem.labels.length;
    for (const { nuisances } of this.terms) {
      firsts.push(size);
      size += nuisances.count;
    }
    this.firsts = firsts;
    this.size = size;
    this.used = this.terms.reduce((sum, { used }) => sum + used, 0);
    this.splineCount = this.terms.reduce((sum, term) => sum + term.splineCount, 0);
  }

  /** The same star posed otherwise (weights), with the same emulator; counts of evaluations carry over. */
  posed(problem: Problem): Objective {
    const next = new Objective(this.emulator, problem, this.pacer);
    next.evaluations = this.evaluations;
    next.jacobians = this.jacobians;
    return next;
  }

  get labelCount(): number {
    return this.problem.labels.length;
  }

  /** The data set that a result is drawn over and takes its velocity from. */
  get first(): DataTerm {
    return this.terms[0];
  }

  /** Degrees of freedom: pixels less parameters. */
  freedom(): number {
    return Math.max(1, this.used - this.splineCount - this.size);
  }

  /** Labels in their own units. */
  labelsOf(z: Float64Array): Float64Array {
    return Float64Array.from(this.problem.labels, (label, i) => label.centre + label.halfRange * (z[i] ?? 0));
  }

  /** Nuisances of one data set in their own units. */
  nuisancesOf(z: Float64Array, data = 0): Float64Array {
    const first = this.firsts[data] ?? NaN;
    return (this.terms[data] ?? this.first).nuisances.scale.map((scale, k) => scale * (z[first + k] ?? 0));
  }

  /** Scaled parameters from labels and nuisances (own units; an array per data set). */
  pack(labels: Float64Array, ...nuisances: readonly Float64Array[]): Float64Array {
    const z = new Float64Array(this.size);
    this.problem.labels.forEach((label, i) => (z[i] = ((labels[i] ?? 0) - label.centre) / label.halfRange));
    this.terms.forEach((term, t) => {
      const first = this.firsts[t] ?? NaN;
      term.nuisances.scale.forEach((scale, k) => (z[first + k] = (nuisances[t]?.[k] ?? 0) / scale));
    });
    return z;
  }

  /** Nearest point within the wall's reach and the bounds of the nuisances. */
  bounded(z: Float64Array): Float64Array {
    const limit = 1 + 3 * this.problem.prior.wallSigma;
    const out = z.map((value, i) => (i < this.labelCount ? Math.min(limit, Math.max(-limit, value)) : value));
    this.terms.forEach((term, t) => {
      const first = this.firsts[t] ?? NaN;
      const nuisances = this.nuisancesOf(z, t);
      term.nuisances.clamp(nuisances);
      nuisances.forEach((value, k) => (out[first + k] = value / (term.nuisances.scale[k] ?? 1)));
    });
    return out;
  }

  /** `bounded`, with the fixed labels at their values: where optimisers evaluate. */
  clamp(z: Float64Array): Float64Array {
    const out = this.bounded(z);
    this.problem.labels.forEach((label, i) => {
      const value = this.prior.fixed(i);
      if (value !== null) out[i] = (value - label.centre) / label.halfRange;
    });
    return out;
  }

  /** Gaussian priors of labels and nuisances. */
  priorRows(z: Float64Array): PriorRow[] {
    return [
      ...this.prior.rows(z),
      ...this.terms.flatMap(({ nuisances }, t) => nuisances.priorRows(this.nuisancesOf(z, t), this.firsts[t] ?? NaN)),
    ];
  }

  private penalty(z: Float64Array): number {
    let sum = 0;
    for (const row of this.priorRows(z)) sum += row.residual ** 2;
    for (const row of this.prior.wallRows(z)) sum += row.residual ** 2;
    return sum;
  }

  /** Evaluates with a native spectrum in hand. */
  evaluateNative(z: Float64Array, native: Float32Array): Evaluation {
    const parts = perData(this.terms, (term, t) => term.evaluate(this.nuisancesOf(z, t), native));
    const chi2 = parts.reduce((sum, part) => sum + part.chi2, 0);
    return { z, objective: chi2 + this.penalty(z), chi2, native, parts };
  }

  /** Evaluates a batch of points, as many in a call as suit the emulator; a cancel takes effect between calls. */
  async evaluateMany(points: readonly Float64Array[]): Promise<Evaluation[]> {
    const out: Evaluation[] = [];
    for (let i = 0; i < points.length; i += this.emulator.batch) {
      const batch = points.slice(i, i + this.emulator.batch);
      const natives = await this.emulator.predict(batch.map((z) => this.labelsOf(z)));
      this.evaluations += batch.length;
      batch.forEach((z, k) => {
        const native = natives[k];
        if (native !== undefined) out.push(this.evaluateNative(z, native));
      });
      await this.pacer.pause();
    }
    return out;
  }

  /** Value, gradient and Gauss–Newton curvature at a point: one Jacobian of the emulator. */
  async linearise(z: Float64Array): Promise<Linearised | null> {
    const jacobian = await this.emulator.jacobian(this.labelsOf(z));
    this.jacobians++;
    await this.pacer.pause();
    return this.lineariseNative(z, jacobian);
  }

  /** The same with the Jacobian in hand; null where it cannot be computed. */
  lineariseNative(z: Float64Array, jacobian: EmulatedJacobian): Linearised | null {
    const found: LinearisedPart[] = [];
    for (const [t, term] of this.terms.entries()) {
      const part = term.linearise(this.nuisancesOf(z, t), jacobian);
      if (part === null) return null;
      found.push(part);
    }
    const parts = perData(this.terms, (_, t) => found[t] as LinearisedPart);
    const chi2 = parts.reduce((sum, part) => sum + part.chi2, 0);
    const descent = this.descentOf(parts);
    const data = this.gram(
      parts,
      this.terms.map((term) => term.rowWeight),
    );
    const prior = this.addRows(this.priorRows(z), descent);
    const wall = this.addRows(this.prior.wallRows(z), descent);
    return { z, objective: chi2 + this.penalty(z), chi2, native: jacobian.flux, parts, curvature: { data, prior, wall }, descent };
  }

  /** Σ over the data sets of Σ_p a_p b_p w_p for all pairs of columns, with weights of each data set's rows; size × size, row-major. */
  gram(parts: PerData<LinearisedPart>, weights: readonly Float64Array[]): Float64Array {
    const n = this.size;
    const out = new Float64Array(n * n);
    parts.forEach(({ columns }, t) => {
      const own = gram(columns, weights[t] as Float64Array);
      columns.forEach((_, i) => {
        const row = this.parameterOf(t, i) * n;
        columns.forEach((__, j) => {
          const at = row + this.parameterOf(t, j);
          out[at] = (out[at] as number) + (own[i * columns.length + j] as number);
        });
      });
    });
    return out;
  }

  /** The parameter that column `i` of a data set belongs to. */
  private parameterOf(data: number, i: number): number {
    return i < this.labelCount ? i : (this.firsts[data] as number) + i - this.labelCount;
  }

  private descentOf(parts: PerData<LinearisedPart>): Float64Array {
    const descent = new Float64Array(this.size);
    this.terms.forEach((term, t) => {
      const part = parts[t] as LinearisedPart;
      const residual = term.rowResidual(part);
      part.columns.forEach((column, i) => {
        const at = this.parameterOf(t, i);
        descent[at] = (descent[at] as number) + dot(column, residual);
      });
    });
    return descent;
  }

  /** Curvature of rows, row-major; takes their pull off `descent`. */
  private addRows(rows: readonly PriorRow[], descent: Float64Array): Float64Array {
    const n = this.size;
    const curvature = new Float64Array(n * n);
    for (const { residual: r, gradient } of rows) {
      for (const [i, a] of gradient) {
        descent[i] = (descent[i] as number) - a * r;
        for (const [j, b] of gradient) curvature[i * n + j] = (curvature[i * n + j] as number) + a * b;
      }
    }
    return curvature;
  }
}

/** The same for every data set. */
export function perData<A, B>(of: PerData<A>, value: (one: A, index: number) => B): PerData<B> {
  const [first, ...rest] = of;
  return [value(first, 0), ...rest.map((one, k) => value(one, k + 1))];
}

/** Σ_p a_p b_p w_p of all pairs of columns, row-major. */
function gram(columns: readonly Float64Array[], weight: Float64Array): Float64Array {
  const n = columns.length;
  const out = new Float64Array(n * n);
  const weighted = weight.slice();
  columns.forEach((column, i) => {
    for (let p = 0; p < column.length; p++) weighted[p] = (column[p] as number) * (weight[p] as number);
    for (let j = 0; j <= i; j++) out[i * n + j] = out[j * n + i] = dot(weighted, columns[j] as Float64Array);
  });
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let p = 0; p < a.length; p++) sum += (a[p] as number) * (b[p] as number);
  return sum;
}
