/**
 * One data set's part of −2 ln P: χ² of its pixels against continuum × LSF × emulated spectrum, with the continuum profiled out. It has nuisances
 * of its own; the labels it shares with the other data sets of the star.
 */
import type { EmulatedJacobian, EmulatorInfo } from '../domain/emulator.ts';
import type { DataSet } from '../domain/problem.ts';
import { ContinuumProfiler, type ContinuumFit } from '../spectra/continuum.ts';
import type { LsfOperator } from '../spectra/lsf.ts';
import { applyOperator } from '../spectra/lsf.ts';
import { NuisanceModel } from './nuisances.ts';
import { SharedShapes, withRows, type SharedError } from './sharedError.ts';

/** A data set at one point. */
export interface Part {
  /** Infinity where it cannot be computed. */
  readonly chi2: number;
  /** Normalised model and continuum at the pixels, in the data set's unit of flux. */
  readonly model: Float64Array;
  readonly continuum: Float64Array;
  /** What the shapes of the model's error add to continuum × model at their best amplitudes, and these; null where there are none. */
  readonly shared: SharedError | null;
}

export interface LinearisedPart extends Part {
  /**
   * ∂(continuum × model)/∂(scaled parameter) per pixel, labels first, then the nuisances; the freedom of the continuum and of the shapes is
   * projected out. After the pixels follow the rows of the shapes' priors (`sharedError.ts`).
   */
  readonly columns: readonly Float64Array[];
}

export class DataTerm {
  readonly nuisances: NuisanceModel;
  /** Pixels with weight. */
  readonly used: number;
  readonly splineCount: number;
  private readonly profiler: ContinuumProfiler;
  private readonly shapes: SharedShapes;
  /** `weight` of the data, and 1 for the rows that follow the pixels in `columns`. */
  readonly rowWeight: Float64Array;
  private cache: { readonly key: string; readonly operator: LsfOperator }[] = [];

  constructor(
    private readonly info: EmulatorInfo,
    readonly data: DataSet,
  ) {
    const { lnWavelength, flux, weight, spectrum, knotSpacing } = data;
    this.nuisances = new NuisanceModel(info, lnWavelength, spectrum.lsf, data.nuisances);
    this.used = weight.reduce((sum, w) => sum + (w > 0 ? 1 : 0), 0);
    this.profiler = new ContinuumProfiler(lnWavelength.map(Math.exp), flux, weight, knotSpacing);
    this.splineCount = this.profiler.basis.count;
    this.shapes = new SharedShapes(data.modelError?.shapes ?? [], weight);
    this.rowWeight = this.rowsOf(weight, 1);
  }

  /** From the native grid to the pixels, at these nuisances; the last few are remembered. */
  operatorAt(nuisances: Float64Array): LsfOperator {
    const key = nuisances.join(' ');
    const known = this.cache.find((entry) => entry.key === key);
    if (known !== undefined) return known.operator;
    const operator = this.nuisances.operator(nuisances);
    this.cache = [{ key, operator }, ...this.cache.slice(0, 3)];
    return operator;
  }

  /** Values of the pixels, followed by one and the same of every row that follows them in `columns`. */
  rowsOf(pixels: Float64Array, rows: number): Float64Array {
    return withRows(pixels, new Float64Array(this.shapes.count).fill(rows));
  }

  evaluate(nuisances: Float64Array, native: Float32Array): Part {
    const model = applyOperator(this.operatorAt(nuisances), native);
    const fit = this.profiler.profile(model);
    if (fit === null || !Number.isFinite(fit.chi2))
      return { chi2: Infinity, model, continuum: fit?.continuum ?? new Float64Array(model.length), shared: null };
    const shared = this.sharedAt(fit, model)?.found ?? null;
    return { chi2: fit.chi2 - (shared?.gain ?? 0), model, continuum: fit.continuum, shared };
  }

  /** The shapes over a profiled continuum; null where there are none. */
  private sharedAt(fit: ContinuumFit, model: Float64Array) {
    const { flux, weight } = this.data;
    if (this.shapes.count === 0) return null;
    const project = (y: Float64Array) => {
      this.profiler.projectOut(fit, model, y);
    };
    const residual = flux.map((value, p) => ((weight[p] as number) > 0 ? value - (fit.continuum[p] as number) * (model[p] as number) : 0));
    return this.shapes.at(project, residual);
  }

  /** Null where it cannot be computed. */
  linearise(nuisances: Float64Array, jacobian: EmulatedJacobian): LinearisedPart | null {
    const operator = this.operatorAt(nuisances);
    const model = applyOperator(operator, jacobian.flux);
    const fit = this.profiler.profile(model);
    if (fit === null || !Number.isFinite(fit.chi2)) return null;
    const shared = this.sharedAt(fit, model);
    const labelColumns = jacobian.derivatives.map((derivative) => applyOperator(operator, derivative));
    const columns = [...labelColumns, ...this.nuisances.columns(nuisances, operator, jacobian.flux)];
    for (const [i, column] of columns.entries()) {
      const unit = this.info.labels[i]?.halfRange ?? 1;
      for (let p = 0; p < column.length; p++) column[p] = (column[p] as number) * unit * (fit.continuum[p] as number);
      this.profiler.projectOut(fit, model, column);
    }
    if (shared === null) return { chi2: fit.chi2, model, continuum: fit.continuum, columns, shared: null };
    const { found } = shared;
    return { chi2: fit.chi2 - found.gain, model, continuum: fit.continuum, columns: columns.map((y) => shared.freed(y)), shared: found };
  }

  /** w (d − C·M − shapes) per pixel. */
  weightedResidual({ model, continuum, shared }: Part): Float64Array {
    const { weight, flux } = this.data;
    return weight.map(
      (w, p) =>
        w * ((flux[p] as number) - (continuum[p] as number) * (model[p] as number) - (shared === null ? 0 : (shared.flux[p] as number))),
    );
  }

  /** The same, with the rows that follow the pixels in `columns`. */
  rowResidual(part: Part): Float64Array {
    return withRows(this.weightedResidual(part), part.shared?.amplitudes.map((a) => -a) ?? new Float64Array());
  }

  /** χ² of a part against the errors before widening. */
  surveyChi2({ model, continuum }: Part): number {
    const { surveyWeight, weight, flux } = this.data;
    let sum = 0;
    for (let p = 0; p < flux.length; p++) {
      const w = (weight[p] as number) > 0 ? (surveyWeight[p] as number) : 0;
      if (w > 0) sum += w * ((flux[p] as number) - (continuum[p] as number) * (model[p] as number)) ** 2;
    }
    return sum;
  }
}
