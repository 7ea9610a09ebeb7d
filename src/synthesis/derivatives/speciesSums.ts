/** Where the second walk over the lines leaves its sums, and how they become derivatives by element. */
import { DIRECTIONS } from './lineTangents.ts';
import { FAR_STRIDE, farCount } from '../opacity/lineOpacity.ts';
import { BLOCK } from '../transfer/block.ts';
import type { Coupling } from './couplings.ts';
import type { ResponseSums, SpeciesSink } from './lineResponse.ts';

/**
 * Sums of one block's line responses: by element, by direction and through n_e. A species that one element moves adds to that element at once; one
 * that several move (molecules and what binds in them) is kept by layer until the end of the block.
 */
export class SpeciesSums implements ResponseSums {
  readonly elements: readonly Float64Array[];
  readonly directions = new Float64Array(BLOCK * DIRECTIONS);
  readonly farDirections: Float64Array;
  readonly farStark: Float64Array;
  readonly perElectron: Float64Array;
  readonly electrons: Float64Array;
  private count = BLOCK;
  private readonly couplings: readonly (readonly Coupling[])[];
  private readonly layers: number;
  private readonly single: readonly (SpeciesSink | null)[];
  private readonly dense = new Map<number, Float64Array>();
  private readonly far = new Map<number, Float64Array>();
  private readonly densePool: Float64Array[] = [];
  private readonly farPool: Float64Array[] = [];

  constructor(
    couplings: readonly (readonly Coupling[])[],
    elements: number,
    layers: number,
    perElectron: Float64Array,
    electrons: Float64Array,
  ) {
    this.couplings = couplings;
    this.layers = layers;
    this.perElectron = perElectron;
    this.electrons = electrons;
    this.elements = Array.from({ length: elements }, () => new Float64Array(BLOCK));
    this.farDirections = new Float64Array(layers * farCount(BLOCK) * DIRECTIONS);
    this.farStark = new Float64Array(layers * farCount(BLOCK));
    const nowhere = { sum: new Float64Array(BLOCK), factor: new Float64Array(layers) };
    this.single = couplings.map((all) => {
      if (all.length === 0) return nowhere;
      return all.length > 1 ? null : { sum: this.elements[all[0].element], factor: all[0].residual };
    });
  }

  /** Empties the sums for a block of `count` points. */
  begin(count: number): void {
    this.count = count;
    for (const sum of this.elements) sum.fill(0);
    this.directions.fill(0);
    this.farDirections.fill(0);
    this.farStark.fill(0);
    this.dense.clear();
    this.far.clear();
  }

  readonly sinkOf = (species: number): SpeciesSink => {
    const single = this.single[species];
    if (single) return single;
    let sum = this.dense.get(species);
    if (!sum) {
      sum = this.densePool[this.dense.size] ??= new Float64Array(this.layers * BLOCK);
      sum.fill(0);
      this.dense.set(species, sum);
    }
    return { sum, factor: null };
  };

  readonly farOf = (species: number): Float64Array => {
    let sum = this.far.get(species);
    if (!sum) {
      sum = this.farPool[this.far.size] ??= new Float64Array(this.layers * farCount(BLOCK));
      sum.fill(0);
      this.far.set(species, sum);
    }
    return sum;
  };

  /** Adds what was kept by layer; `gradient` is ∂F/∂χ by [layer·count + point]. */
  finish(gradient: Float64Array): void {
    for (const [species, sum] of this.dense) this.spread(species, sum);
    const { layers, count, farStark, couplings, perElectron } = this;
    if (this.far.size === 0) return;
    const coarse = farCount(count);
    const elements = new Map<number, Float64Array>();
    for (const [species, opacity] of this.far) {
      for (let layer = 0; layer < layers; layer++) {
        const e = perElectron[species * layers + layer];
        for (let i = layer * coarse; i < (layer + 1) * coarse; i++) farStark[i] += e * opacity[i];
      }
      for (const { element, residual } of couplings[species]) {
        let sum = elements.get(element);
        if (!sum) elements.set(element, (sum = new Float64Array(layers * coarse)));
        for (let layer = 0; layer < layers; layer++) {
          const rest = residual[layer];
          for (let i = layer * coarse; i < (layer + 1) * coarse; i++) sum[i] += rest * opacity[i];
        }
      }
    }
    for (const [element, values] of elements) this.addCoarse(values, gradient, this.elements[element], false);
    this.addCoarse(farStark, gradient, this.electrons, true);
    const one = new Float64Array(layers * coarse);
    const sum = new Float64Array(count);
    for (let d = 0; d < DIRECTIONS; d++) {
      for (let i = 0; i < one.length; i++) one[i] = this.farDirections[i * DIRECTIONS + d];
      sum.fill(0);
      this.addCoarse(one, gradient, sum, false);
      for (let j = 0; j < count; j++) this.directions[j * DIRECTIONS + d] += sum[j];
    }
  }

  /** out += gradient × coarse values, linear between the coarse points; `out` by layer, or summed over layers. */
  private addCoarse(values: Float64Array, gradient: Float64Array, out: Float64Array, byLayer: boolean): void {
    const { layers, count } = this;
    const coarse = farCount(count);
    for (let layer = 0; layer < layers; layer++) {
      const o = layer * count;
      const target = byLayer ? o : 0;
      for (let i = 0; i < coarse; i++) {
        const p = values[layer * coarse + i];
        const slope = i + 1 < coarse ? (values[layer * coarse + i + 1] - p) / FAR_STRIDE : 0;
        if (p === 0 && slope === 0) continue;
        const end = Math.min(count - i * FAR_STRIDE, FAR_STRIDE);
        for (let f = 0; f < end; f++) {
          const j = i * FAR_STRIDE + f;
          out[target + j] += gradient[o + j] * (p + f * slope);
        }
      }
    }
  }

  /** ∂F of one direction, by point. */
  direction(d: number): Float64Array {
    return Float64Array.from({ length: this.count }, (_, j) => this.directions[j * DIRECTIONS + d]);
  }

  /** Adds a species' t by [layer·count + point] to every element it answers to. */
  private spread(species: number, t: Float64Array): void {
    const { count, layers } = this;
    for (const { element, residual } of this.couplings[species]) {
      const sum = this.elements[element];
      for (let layer = 0; layer < layers; layer++) {
        const rest = residual[layer];
        const o = layer * count;
        for (let j = 0; j < count; j++) sum[j] += rest * t[o + j];
      }
    }
  }
}
