import { HC_EV_ANGSTROM, K_EV } from './constants.ts';
import type { ElementResponse } from './response.ts';
import type { StructureResponse } from './structureResponse.ts';

/** One block after its backward pass; arrays by [layer·count + point]. */
export interface BlockGradient {
  count: number;
  readonly layers: number;
  readonly temperature: Float64Array;
  /** Number of the thin continuum's wavelengths, and the place of every point among them (index and fraction). */
  readonly thinCount: number;
  thinPlace: Float64Array;
  lambda: Float64Array;
  hasHydrogen: boolean;
  /** Opacities, cm⁻¹: all absorption, scattering, the continuum's and hydrogen's share. */
  readonly absorption: Float64Array;
  readonly scattering: Float64Array;
  readonly continuous: Float64Array;
  readonly hydrogen: Float64Array;
  /** ∂χ_H/∂ln n(H I), ∂χ_H/∂ln n_e, and ∂χ_H/∂lnT at fixed densities. */
  readonly hydrogenPerNeutral: Float64Array;
  readonly hydrogenPerElectron: Float64Array;
  readonly hydrogenPerT: Float64Array;
  readonly planck: Float64Array;
  readonly meanIntensity: Float64Array;
  /** ∂F/∂χ of absorption and scattering, and ∂F/∂S over χ. */
  readonly gradient: Float64Array;
  readonly gradientScattering: Float64Array;
  readonly perSource: Float64Array;
  /** ∂F/∂ln n_e through the lines. */
  readonly electrons: Float64Array;
}

/** Products of ∂F/∂… with what it multiplies, by [layer·count + point]: a response is their sum with one coefficient each per layer. */
export class BlockProducts {
  readonly weight: Float64Array;
  readonly lines: Float64Array;
  readonly planck: Float64Array;
  readonly meanIntensity: Float64Array;
  readonly neutral: Float64Array;
  readonly perElectron: Float64Array;
  readonly perT: Float64Array;

  constructor(size: number) {
    const array = (): Float64Array => new Float64Array(size);
    this.weight = array();
    this.lines = array();
    this.planck = array();
    this.meanIntensity = array();
    this.neutral = array();
    this.perElectron = array();
    this.perT = array();
  }

  /** Takes the products of a block. */
  fill(b: BlockGradient): void {
    const n = b.layers * b.count;
    const { gradient, gradientScattering, perSource } = b;
    for (let i = 0; i < n; i++) {
      const g = gradient[i] ?? 0;
      const a = b.absorption[i] ?? 0;
      const c = b.continuous[i] ?? 0;
      const s = b.scattering[i] ?? 0;
      const source = perSource[i] ?? 0;
      const scattered = (gradientScattering[i] ?? 0) * s;
      this.weight[i] = g * a + scattered;
      this.lines[i] = g * (a - c - (b.hydrogen[i] ?? 0));
      this.planck[i] = source * a * (b.planck[i] ?? 0);
      this.meanIntensity[i] = source * s;
    }
    if (!b.hasHydrogen) return;
    for (let i = 0; i < n; i++) {
      const g = gradient[i] ?? 0;
      this.neutral[i] = g * (b.hydrogenPerNeutral[i] ?? 0);
      this.perElectron[i] = g * (b.hydrogenPerElectron[i] ?? 0);
      this.perT[i] = g * (b.hydrogenPerT[i] ?? 0);
    }
  }
}

/** A response per dex smaller than this is left out: it moves the flux by less than 2e-4 of its value. */
const NEGLIGIBLE = 2e-4;
const relevant = (x: number, unit = 1): number => (Math.abs(x) < NEGLIGIBLE * unit ? 0 : x);

/** Place of every x among increasing nodes: index of its cell plus the fraction within. */
export function placeIn(nodes: Float64Array, x: Float64Array): Float64Array {
  let k = 0;
  return x.map((value) => {
    while (k < nodes.length - 2 && (nodes[k + 1] ?? Infinity) <= value) k++;
    const a = nodes[k] ?? 0;
    return k + Math.min(Math.max((value - a) / ((nodes[k + 1] ?? 1) - a), 0), 1 - 1e-9);
  });
}

/** Linear interpolation at a place of `placeIn`. */
export function valueAt(values: Float64Array, place: number): number {
  const k = place | 0;
  const f = place - k;
  return (1 - f) * (values[k] ?? 0) + f * (values[k + 1] ?? 0);
}

/** Runs of points that lie in one cell of the thin continuum, where all of it is linear: [first, end). */
function cells({ thinPlace, count }: BlockGradient): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  let first = 0;
  for (let i = 1; i <= count; i++) {
    if (i < count && Math.floor(thinPlace[i] ?? 0) === Math.floor(thinPlace[first] ?? 0)) continue;
    out.push([first, i]);
    first = i;
  }
  return out;
}

/** Value at point 0 and slope per point of one layer's values [layer·n + k], as they run through [first, end). */
function linear(
  values: Float64Array,
  layer: number,
  { thinPlace, thinCount }: BlockGradient,
  first: number,
  end: number,
): readonly [number, number] {
  const row = values.subarray(layer * thinCount, (layer + 1) * thinCount);
  const start = valueAt(row, thinPlace[first] ?? 0);
  const slope = end - first > 1 ? (valueAt(row, thinPlace[end - 1] ?? 0) - start) / (end - 1 - first) : 0;
  return [start - first * slope, slope];
}

/** Adds what an electron donor does to the continuum, the density, hydrogen and, through n_e, to all lines. */
export function addElementContinuum(sum: Float64Array, r: ElementResponse, b: BlockGradient, u: BlockProducts): void {
  const { count, layers } = b;
  const runs = cells(b);
  for (let layer = 0; layer < layers; layer++) {
    const o = layer * count;
    const e = relevant(r.lnElectrons[layer] ?? 0);
    const weight = -relevant(r.lnDensity[layer] ?? 0, 0.25);
    for (const [first, end] of runs) {
      const [absorption, absorptionSlope] = linear(r.absorption, layer, b, first, end);
      const [scattering, scatteringSlope] = linear(r.scattering, layer, b, first, end);
      const continuous = relevant(absorption, b.continuous[o] ?? 1) !== 0 || relevant(scattering, b.scattering[o] ?? 1) !== 0;
      if (e === 0 && weight === 0 && !continuous) continue;
      const [dJ, dJSlope] = linear(r.meanIntensity, layer, b, first, end);
      for (let i = first; i < end; i++) {
        const p = o + i;
        sum[i] =
          (sum[i] ?? 0) +
          e * (b.electrons[p] ?? 0) +
          (absorption + i * absorptionSlope) * (b.gradient[p] ?? 0) +
          (scattering + i * scatteringSlope) * (b.gradientScattering[p] ?? 0) +
          weight * (u.weight[p] ?? 0) +
          (dJ + i * dJSlope) * (u.meanIntensity[p] ?? 0);
      }
    }
    const neutral = relevant(r.lnNeutralHydrogen[layer] ?? 0);
    if (b.hasHydrogen && neutral !== 0) for (let i = 0; i < count; i++) sum[i] = (sum[i] ?? 0) + neutral * (u.neutral[o + i] ?? 0);
  }
}

/** Adds what a change of structure does beside the lines' own response: continuum, hydrogen, stimulated emission, column mass over density, B and J. */
export function addStructure(sum: Float64Array, r: StructureResponse, b: BlockGradient, u: BlockProducts): void {
  const { count, layers } = b;
  const runs = cells(b);
  const lambda = b.lambda[count >> 1] ?? 1;
  for (let layer = 0; layer < layers; layer++) {
    const o = layer * count;
    const t = b.temperature[layer] ?? 1;
    const lnT = (r.temperature[layer] ?? 0) / t;
    const x = HC_EV_ANGSTROM / (lambda * K_EV * t);
    const lnStimulated = (-x * lnT) / Math.expm1(x);
    const lnPlanck = (x * lnT) / -Math.expm1(-x);
    const weight = r.lnWeight[layer] ?? 0;
    for (const [first, end] of runs) {
      const [continuous, continuousSlope] = linear(r.absorption, layer, b, first, end);
      const [scattering, scatteringSlope] = linear(r.scattering, layer, b, first, end);
      const [dJ, dJSlope] = linear(r.meanIntensity, layer, b, first, end);
      for (let i = first; i < end; i++) {
        const p = o + i;
        sum[i] =
          (sum[i] ?? 0) +
          (continuous + i * continuousSlope) * (b.gradient[p] ?? 0) +
          (scattering + i * scatteringSlope) * (b.gradientScattering[p] ?? 0) +
          weight * (u.weight[p] ?? 0) +
          lnStimulated * (u.lines[p] ?? 0) +
          lnPlanck * (u.planck[p] ?? 0) +
          (dJ + i * dJSlope) * (u.meanIntensity[p] ?? 0);
      }
    }
    if (!b.hasHydrogen) continue;
    const neutral = r.lnNeutralHydrogen[layer] ?? 0;
    const electrons = r.lnElectrons[layer] ?? 0;
    for (let i = 0; i < count; i++) {
      const p = o + i;
      sum[i] = (sum[i] ?? 0) + neutral * (u.neutral[p] ?? 0) + electrons * (u.perElectron[p] ?? 0) + lnT * (u.perT[p] ?? 0);
    }
  }
}
