/**
 * One data set's part of −2 ln P: χ² of its pixels against continuum × LSF × emulated spectrum, with the continuum profiled out. It has nuisances
 * of its own; the labels it shares with the other data sets of the star.
 */
import type { EmulatedJacobian, EmulatorInfo } from '../domain/emulator.ts';
import type { DataSet } from '../domain/problem.ts';
import { ContinuumProfiler } from '../spectra/continuum.ts';
import type { LsfOperator } from '../spectra/lsf.ts';
import { applyOperator } from '../spectra/lsf.ts';
import { NuisanceModel } from './nuisances.ts';

/** A data set at one point. */
export interface Part {
  /** Infinity where it cannot be computed. */
  readonly chi2: number;
  /** Normalised model and continuum at the pixels, in the data set's unit of flux. */
  readonly model: Float64Array;
  readonly continuum: Float64Array;
}

export interface LinearisedPart extends Part {
  /** ∂(continuum × model)/∂(scaled parameter) per pixel, labels first, then the nuisances; the continuum's freedom is projected out. */
  readonly columns: readonly Float64Array[];
}

export class DataTerm {
  readonly nuisances: NuisanceModel;
  /** Pixels with weight. */
  readonly used: number;
  readonly splineCount: number;
  private readonly profiler: ContinuumProfiler;
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

  evaluate(nuisances: Float64Array, native: Float32Array): Part {
    const model = applyOperator(this.operatorAt(nuisances), native);
    const fit = this.profiler.profile(model);
    const chi2 = fit === null || !Number.isFinite(fit.chi2) ? Infinity : fit.chi2;
    return { chi2, model, continuum: fit?.continuum ?? new Float64Array(model.length) };
  }

  /** Null where it cannot be computed. */
  linearise(nuisances: Float64Array, jacobian: EmulatedJacobian): LinearisedPart | null {
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
    return { chi2: fit.chi2, model, continuum: fit.continuum, columns };
  }

  /** w (d − C·M) per pixel. */
  weightedResidual({ model, continuum }: Part): Float64Array {
    const { weight, flux } = this.data;
    return weight.map((w, p) => w * ((flux[p] as number) - (continuum[p] as number) * (model[p] as number)));
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
