/**
 * What a spectrograph adds to a star, beside its continuum: one velocity, small corrections to it along the spectrum, and a change of the
 * LSF's width along the spectrum (the stated R is nominal; rotation widens too). Order of the vector: rv [km/s], warp at each node [km/s],
 * relative change of the instrumental variance at each node (0: as stated).
 */
import type { EmulatorInfo } from '../domain/emulator.ts';
import type { NuisanceLayout } from '../domain/problem.ts';
import type { Lsf } from '../domain/spectrum.ts';
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import type { LsfOperator } from '../spectra/lsf.ts';
import { applyOperator, buildOperator, gridDerivatives, lsfSigma, restLn } from '../spectra/lsf.ts';
import { resolvingPowerAt } from '../spectra/resolvingPower.ts';
import type { PriorRow } from './priors.ts';

/** km/s per unit of the scaled velocity. */
const RV_SCALE = 10;
/** The relative change of variance is kept within these; below, R would exceed 1.6 × its nominal value. */
const BROADENING_BOUNDS = [-0.6, 8] as const;

/** Hat functions of linear interpolation between nodes, constant beyond the ends; one array over pixels per node. */
function hats(wavelength: Float64Array, nodes: readonly number[]): Float64Array[] {
  const out = nodes.map(() => new Float64Array(wavelength.length));
  wavelength.forEach((value, p) => {
    let right = nodes.findIndex((node) => node > value);
    if (right === -1) right = nodes.length;
    const left = right - 1;
    const [low, high] = [nodes[left], nodes[right]];
    const t = low === undefined ? 1 : high === undefined ? 0 : (value - low) / (high - low);
    const [a, b] = [out[left], out[right]];
    if (a !== undefined) a[p] = 1 - t;
    if (b !== undefined) b[p] = t;
  });
  return out;
}

export class NuisanceModel {
  readonly count: number;
  /** Physical change per unit of the scaled parameter. */
  readonly scale: Float64Array;
  private readonly warp: readonly Float64Array[];
  private readonly broadening: readonly Float64Array[];
  private readonly instrument: Float64Array;
  private readonly native: number;

  constructor(
    private readonly info: EmulatorInfo,
    private readonly lnObserved: Float64Array,
    lsf: Lsf,
    private readonly layout: NuisanceLayout,
  ) {
    const wavelength = lnObserved.map(Math.exp);
    const covered = (nodes: readonly number[]) => nodesWithin(nodes, wavelength[0] ?? 0, wavelength[wavelength.length - 1] ?? 0);
    const warpNodes = covered(layout.warpNodes);
    // One node would repeat the velocity itself.
    this.warp = warpNodes.length > 1 ? hats(wavelength, warpNodes) : [];
    this.broadening = hats(wavelength, covered(layout.broadeningNodes));
    this.count = 1 + this.warp.length + this.broadening.length;
    this.scale = Float64Array.from({ length: this.count }, (_, i) =>
      i === 0 ? RV_SCALE : i <= this.warp.length ? layout.warpSigma : layout.broadeningSigma,
    );
    this.instrument = wavelength.map((value) => lsfSigma(lsf, value) ** 2);
    this.native = lsfSigma({ kind: 'resolving-power', resolvingPower: info.resolvingPower }, 5500) ** 2;
  }

  start(rv: number): Float64Array {
    const vector = new Float64Array(this.count);
    vector[0] = rv;
    return vector;
  }

  /** Keeps the width changes within their bounds, in place. */
  clamp(vector: Float64Array): void {
    for (let i = 1 + this.warp.length; i < this.count; i++)
      vector[i] = Math.min(BROADENING_BOUNDS[1], Math.max(BROADENING_BOUNDS[0], vector[i] ?? 0));
  }

  /** Velocity (km/s) and variance of the instrument's LSF over its nominal value, per pixel. */
  private alongSpectrum(vector: Float64Array): { velocity: Float64Array; relative: Float64Array } {
    const n = this.lnObserved.length;
    const velocity = new Float64Array(n).fill(vector[0] ?? 0);
    const relative = new Float64Array(n).fill(1);
    this.warp.forEach((hat, k) => {
      addTimes(velocity, vector[1 + k] ?? 0, hat);
    });
    this.broadening.forEach((hat, k) => {
      addTimes(relative, vector[1 + this.warp.length + k] ?? 0, hat);
    });
    return { velocity, relative };
  }

  operator(vector: Float64Array): LsfOperator {
    const { velocity, relative } = this.alongSpectrum(vector);
    const variance = relative.map((value, p) => value * (this.instrument[p] ?? 0) - this.native);
    return buildOperator({ grid: this.info.grid, lnRest: restLn(this.lnObserved, velocity), variance });
  }

  /**
   * Columns ∂M/∂(scaled nuisance) of M = `operator`·`native`, with the operator of `vector`. A Gaussian kernel that shifts gives the first
   * derivative of the spectrum, one that widens half the second (∂G/∂σ² = ½ ∂²G/∂x²): two more applications of the operator, and no new one.
   */
  columns(vector: Float64Array, operator: LsfOperator, native: Float32Array): Float64Array[] {
    const { velocity, relative } = this.alongSpectrum(vector);
    const { lnStep } = this.info.grid;
    const { first, second } = gridDerivatives(native);
    const perKms = applyOperator(operator, first);
    const perVariance = applyOperator(operator, second);
    for (let p = 0; p < perKms.length; p++) {
      const instrument = this.instrument[p] as number;
      const widened = (relative[p] as number) * instrument > this.native;
      perKms[p] = -(perKms[p] as number) / ((SPEED_OF_LIGHT_KMS + (velocity[p] as number)) * lnStep);
      perVariance[p] = widened ? (0.5 * (perVariance[p] as number) * instrument) / (lnStep * lnStep) : 0;
    }
    const times = (a: Float64Array, b: Float64Array, scale: number): Float64Array => {
      const out = new Float64Array(a.length);
      for (let p = 0; p < a.length; p++) out[p] = scale * (a[p] as number) * (b[p] as number);
      return out;
    };
    return [
      perKms.map((value) => value * RV_SCALE),
      ...this.warp.map((hat) => times(hat, perKms, this.layout.warpSigma)),
      ...this.broadening.map((hat) => times(hat, perVariance, this.layout.broadeningSigma)),
    ];
  }

  /** Gaussian priors about 0 on everything but the velocity; parameter indices start at `first`. */
  priorRows(vector: Float64Array, first: number): PriorRow[] {
    return Array.from({ length: this.count - 1 }, (_, k) => ({
      residual: (vector[k + 1] ?? 0) / (this.scale[k + 1] ?? 1),
      gradient: [[first + k + 1, 1]] as const,
    }));
  }

  /** λ/FWHM at 5500 Å (or the nearest pixel) with the fitted change of width. */
  resolvingPower(vector: Float64Array, lsf: Lsf): number {
    const ln = Math.log(5500);
    let nearest = 0;
    this.lnObserved.forEach((value, p) => {
      if (Math.abs(value - ln) < Math.abs((this.lnObserved[nearest] ?? 0) - ln)) nearest = p;
    });
    let relative = 1;
    this.broadening.forEach((hat, k) => (relative += (vector[1 + this.warp.length + k] ?? 0) * (hat[nearest] ?? 0)));
    const wavelength = Math.exp(this.lnObserved[nearest] ?? ln);
    const nominal = resolvingPowerAt(lsf, wavelength);
    return Math.min(this.info.resolvingPower, nominal / Math.sqrt(Math.max(relative, 1e-3)));
  }

  /** Mean velocity over the pixels, warp included, km/s: what a single-velocity fit would say. */
  meanVelocity(vector: Float64Array): number {
    const n = this.lnObserved.length;
    let sum = vector[0] ?? 0;
    this.warp.forEach((hat, k) => (sum += ((vector[1 + k] ?? 0) * hat.reduce((a, b) => a + b, 0)) / n));
    return sum;
  }

  /** ∂(mean velocity)/∂(scaled nuisance). */
  meanVelocityGradient(): Float64Array {
    const n = this.lnObserved.length;
    return Float64Array.from({ length: this.count }, (_, i) => {
      if (i === 0) return RV_SCALE;
      const hat = this.warp[i - 1];
      return hat === undefined ? 0 : (this.layout.warpSigma * hat.reduce((a, b) => a + b, 0)) / n;
    });
  }
}

function addTimes(to: Float64Array, amount: number, hat: Float64Array): void {
  for (let p = 0; p < to.length; p++) to[p] = (to[p] as number) + amount * (hat[p] as number);
}

/** Nodes that the data reach, give or take a third of the distance between nodes; at least the one nearest to the middle. */
function nodesWithin(nodes: readonly number[], from: number, to: number): readonly number[] {
  const inside = nodes.filter((node) => node > from - 300 && node < to + 300);
  if (inside.length > 0) return inside;
  const middle = (from + to) / 2;
  const nearest = [...nodes].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  return nearest === undefined ? [] : [nearest];
}
