/**
 * −2 ln of the posterior (up to a constant) and its linearisation: χ² of data against continuum × LSF × emulated spectrum with the continuum
 * profiled out, Gaussian priors, and the soft wall of the training range.
 *
 * Parameters are scaled: z = (value − centre) / halfRange for labels, then the nuisances in units of `NuisanceModel.scale`.
 */
import type { EmulatedJacobian, Emulator, EmulatorInfo } from '../domain/emulator.ts';
import type { FitOptions } from '../domain/fit.ts';
import type { Lsf } from '../domain/spectrum.ts';
import { ContinuumProfiler } from '../spectra/continuum.ts';
import type { LsfOperator } from '../spectra/lsf.ts';
import { applyOperator } from '../spectra/lsf.ts';
import type { FitTuning } from './defaults.ts';
import { NuisanceModel } from './nuisances.ts';
import type { Pacer } from './pacer.ts';
import type { PriorRow } from './priors.ts';
import { gaussianRows, wallRows } from './priors.ts';

/** Pixels of a fit; every array is of the same length. */
export interface FitPixels {
  readonly lnObserved: Float64Array;
  readonly flux: Float64Array;
  /** Inverse variance with every error term; 0 where the pixel is not used. */
  readonly weight: Float64Array;
  readonly lsf: Lsf;
}

export interface Evaluation {
  readonly z: Float64Array;
  /** χ² + priors + wall; Infinity where it cannot be computed. */
  readonly objective: number;
  readonly chi2: number;
  readonly native: Float32Array;
  /** Normalised model and continuum at the pixels. */
  readonly model: Float64Array;
  readonly continuum: Float64Array;
}

export interface Linearised extends Evaluation {
  /** Curvature Jᵀ W J of the data (continuum projected out), of the Gaussian priors and of the wall, row-major. */
  readonly curvature: { readonly data: Float64Array; readonly prior: Float64Array; readonly wall: Float64Array };
  /** −½ ∂objective/∂z. */
  readonly descent: Float64Array;
  /** ∂(continuum × model)/∂z per pixel, the continuum's freedom projected out. */
  readonly columns: readonly Float64Array[];
}

export class Objective {
  readonly info: EmulatorInfo;
  readonly nuisances: NuisanceModel;
  readonly size: number;
  /** Pixels with weight. */
  readonly used: number;
  readonly splineCount: number;
  evaluations = 0;
  jacobians = 0;
  private readonly profiler: ContinuumProfiler;
  private cache: { readonly key: string; readonly operator: LsfOperator }[] = [];

  constructor(
    private readonly emulator: Emulator,
    readonly pixels: FitPixels,
    readonly options: FitOptions,
    readonly tuning: FitTuning,
    private readonly pacer: Pacer,
  ) {
    this.info = emulator.info;
    this.nuisances = new NuisanceModel(emulator.info, pixels.lnObserved, pixels.lsf, tuning);
    this.size = emulator.info.labels.length + this.nuisances.count;
    this.used = pixels.weight.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
    this.profiler = new ContinuumProfiler(pixels.lnObserved.map(Math.exp), pixels.flux, pixels.weight, options.knotSpacing);
    this.splineCount = this.profiler.basis.count;
  }

  /** The same problem with other weights; counts of evaluations carry over. */
  reweighted(weight: Float64Array): Objective {
    const next = new Objective(this.emulator, { ...this.pixels, weight }, this.options, this.tuning, this.pacer);
    next.evaluations = this.evaluations;
    next.jacobians = this.jacobians;
    return next;
  }

  get labelCount(): number {
    return this.info.labels.length;
  }

  freedom(): number {
    return Math.max(1, this.used - this.splineCount - this.size);
  }

  labelsOf(z: Float64Array): Float64Array {
    return Float64Array.from(this.info.labels, (label, i) => label.centre + label.halfRange * (z[i] ?? 0));
  }

  nuisancesOf(z: Float64Array): Float64Array {
    return this.nuisances.scale.map((scale, k) => scale * (z[this.labelCount + k] ?? 0));
  }

  pack(labels: Float64Array, nuisances: Float64Array): Float64Array {
    const z = new Float64Array(this.size);
    this.info.labels.forEach((label, i) => (z[i] = ((labels[i] ?? 0) - label.centre) / label.halfRange));
    this.nuisances.scale.forEach((scale, k) => (z[this.labelCount + k] = (nuisances[k] ?? 0) / scale));
    return z;
  }

  /** Nearest point within the wall's reach and the bounds of the nuisances. */
  clamp(z: Float64Array): Float64Array {
    const limit = 1 + 3 * this.tuning.wallSigma;
    const nuisances = this.nuisancesOf(z);
    this.nuisances.clamp(nuisances);
    return z.map((value, i) => {
      const k = i - this.labelCount;
      return k < 0 ? Math.min(limit, Math.max(-limit, value)) : (nuisances[k] ?? 0) / (this.nuisances.scale[k] ?? 1);
    });
  }

  operatorAt(nuisances: Float64Array): LsfOperator {
    const key = nuisances.join(' ');
    const known = this.cache.find((entry) => entry.key === key);
    if (known !== undefined) return known.operator;
    const operator = this.nuisances.operator(nuisances);
    this.cache = [{ key, operator }, ...this.cache.slice(0, 3)];
    return operator;
  }

  private priorRows(z: Float64Array): PriorRow[] {
    return [...gaussianRows(z, this.info, this.options, this.tuning), ...this.nuisances.priorRows(this.nuisancesOf(z), this.labelCount)];
  }

  private penalty(z: Float64Array): number {
    let sum = 0;
    for (const row of this.priorRows(z)) sum += row.residual ** 2;
    for (const row of wallRows(z, this.labelCount, this.tuning)) sum += row.residual ** 2;
    return sum;
  }

  /** Evaluates with a native spectrum in hand. */
  evaluateNative(z: Float64Array, native: Float32Array): Evaluation {
    const model = applyOperator(this.operatorAt(this.nuisancesOf(z)), native);
    const fit = this.profiler.profile(model);
    const chi2 = fit === null || !Number.isFinite(fit.chi2) ? Infinity : fit.chi2;
    return { z, objective: chi2 + this.penalty(z), chi2, native, model, continuum: fit?.continuum ?? new Float64Array(model.length) };
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

  lineariseNative(z: Float64Array, jacobian: EmulatedJacobian): Linearised | null {
    const nuisances = this.nuisancesOf(z);
    const operator = this.operatorAt(nuisances);
    const model = applyOperator(operator, jacobian.flux);
    const fit = this.profiler.profile(model);
    if (fit === null || !Number.isFinite(fit.chi2)) return null;

    const labelColumns = jacobian.derivatives.map((derivative) => applyOperator(operator, derivative));
    const columns = [...labelColumns, ...this.nuisances.columns(nuisances, operator, jacobian.flux)];
    for (const [i, column] of columns.entries()) {
      const unit = this.info.labels[i]?.halfRange ?? 1;
      for (let p = 0; p < column.length; p++) column[p] = (column[p] as number) * unit * (fit.continuum[p] as number);
      this.profiler.projectOut(fit, model, column);
    }

    const { weight, flux } = this.pixels;
    const n = this.size;
    const residual = weight.slice();
    for (let p = 0; p < residual.length; p++)
      residual[p] = (residual[p] as number) * ((flux[p] as number) - (fit.continuum[p] as number) * (model[p] as number));
    const data = gram(columns, weight);
    const descent = new Float64Array(n);
    columns.forEach((column, i) => (descent[i] = dot(column, residual)));
    const addRows = (rows: readonly PriorRow[], into: Float64Array) => {
      for (const { residual: r, gradient } of rows) {
        for (const [i, a] of gradient) {
          descent[i] = (descent[i] ?? 0) - a * r;
          for (const [j, b] of gradient) into[i * n + j] = (into[i * n + j] ?? 0) + a * b;
        }
      }
    };
    const prior = new Float64Array(n * n);
    const wall = new Float64Array(n * n);
    addRows(this.priorRows(z), prior);
    addRows(wallRows(z, this.labelCount, this.tuning), wall);
    return {
      z,
      objective: fit.chi2 + this.penalty(z),
      chi2: fit.chi2,
      native: jacobian.flux,
      model,
      continuum: fit.continuum,
      curvature: { data, prior, wall },
      descent,
      columns,
    };
  }
}

/** Σ_p a_p b_p w_p of all pairs of columns, row-major. */
export function gram(columns: readonly Float64Array[], weight: Float64Array): Float64Array {
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
