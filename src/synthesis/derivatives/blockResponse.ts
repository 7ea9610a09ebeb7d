import { HC_EV_ANGSTROM, K_EV } from '../constants.ts';
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
  /** ∂F/∂χ of absorption and scattering, and ∂F/∂B over the absorption; all with what they do to the mean intensity. */
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
  readonly neutral: Float64Array;
  readonly perElectron: Float64Array;
  readonly perT: Float64Array;

  constructor(size: number) {
    const array = (): Float64Array => new Float64Array(size);
    this.weight = array();
    this.lines = array();
    this.planck = array();
    this.neutral = array();
    this.perElectron = array();
    this.perT = array();
  }

  /** Takes the products of a block. */
  fill(b: BlockGradient): void {
    const n = b.layers * b.count;
    const { gradient, gradientScattering, perSource } = b;
    for (let i = 0; i < n; i++) {
      const g = gradient[i];
      const a = b.absorption[i];
      const c = b.continuous[i];
      const s = b.scattering[i];
      const source = perSource[i];
      const scattered = gradientScattering[i] * s;
      this.weight[i] = g * a + scattered;
      this.lines[i] = g * (a - c - b.hydrogen[i]);
      this.planck[i] = source * a * b.planck[i];
    }
    if (!b.hasHydrogen) return;
    for (let i = 0; i < n; i++) {
      const g = gradient[i];
      this.neutral[i] = g * b.hydrogenPerNeutral[i];
      this.perElectron[i] = g * b.hydrogenPerElectron[i];
      this.perT[i] = g * b.hydrogenPerT[i];
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
    while (k < nodes.length - 2 && nodes[k + 1] <= value) k++;
    const a = nodes[k];
    return k + Math.min(Math.max((value - a) / (nodes[k + 1] - a), 0), 1 - 1e-9);
  });
}

/** Linear interpolation at a place of `placeIn`, in values from `offset` on. */
export function valueAt(values: Float64Array, place: number, offset = 0): number {
  const k = place | 0;
  const at = offset + k;
  const a = values[at];
  return a + (place - k) * (values[at + 1] - a);
}

/** A run of points [first, end) in one cell of the thin continuum, where all of it is linear; the places of its first and last point. */
interface Run {
  readonly first: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}
function cells({ thinPlace, count }: BlockGradient): Run[] {
  const out: Run[] = [];
  let first = 0;
  for (let i = 1; i <= count; i++) {
    if (i < count && Math.floor(thinPlace[i]) === Math.floor(thinPlace[first])) continue;
    out.push({ first, end: i, from: thinPlace[first], to: thinPlace[i - 1] });
    first = i;
  }
  return out;
}

/** Slope per point over a run. */
const slopeOf = (values: Float64Array, { first, end, to }: Run, offset: number, start: number): number =>
  end - first > 1 ? (valueAt(values, to, offset) - start) / (end - 1 - first) : 0;

/**
 * Adds what every electron donor does to the continuum, the density, hydrogen and, through n_e, to all lines: `sums` by response, each by point.
 * Layer by layer, so that what one layer needs stays in the cache.
 */
export function addElementContinua(
  sums: readonly Float64Array[],
  responses: readonly ElementResponse[],
  b: BlockGradient,
  u: BlockProducts,
): void {
  const runs = cells(b);
  for (let layer = 0; layer < b.layers; layer++) {
    responses.forEach((response, i) => {
      if (response.lnPopulation !== null) addElementLayer(sums[i], response, layer, runs, b, u);
    });
  }
}

function addElementLayer(
  sum: Float64Array,
  r: ElementResponse,
  layer: number,
  runs: readonly Run[],
  b: BlockGradient,
  u: BlockProducts,
): void {
  const { count } = b;
  const o = layer * count;
  const e = relevant(r.lnElectrons[layer]);
  const weight = -relevant(r.lnDensity[layer], 0.25);
  const row = layer * b.thinCount;
  for (const run of runs) {
    const absorption = valueAt(r.absorption, run.from, row);
    const scattering = valueAt(r.scattering, run.from, row);
    const continuous = relevant(absorption, b.continuous[o]) !== 0 || relevant(scattering, b.scattering[o]) !== 0;
    if (e === 0 && weight === 0 && !continuous) continue;
    const absorptionSlope = slopeOf(r.absorption, run, row, absorption);
    const scatteringSlope = slopeOf(r.scattering, run, row, scattering);
    const { first, end } = run;
    for (let i = first; i < end; i++) {
      const p = o + i;
      const x = i - first;
      sum[i] =
        sum[i] +
        e * b.electrons[p] +
        (absorption + x * absorptionSlope) * b.gradient[p] +
        (scattering + x * scatteringSlope) * b.gradientScattering[p] +
        weight * u.weight[p];
    }
  }
  const neutral = relevant(r.lnNeutralHydrogen[layer]);
  if (b.hasHydrogen && neutral !== 0) for (let i = 0; i < count; i++) sum[i] += neutral * u.neutral[o + i];
}

/** Adds what changes of structure do beside the lines' own response: continuum, hydrogen, stimulated emission, column mass over density, B. */
export function addStructures(
  sums: readonly Float64Array[],
  responses: readonly StructureResponse[],
  b: BlockGradient,
  u: BlockProducts,
): void {
  const runs = cells(b);
  for (let layer = 0; layer < b.layers; layer++) {
    responses.forEach((response, i) => {
      addStructureLayer(sums[i], response, layer, runs, b, u);
    });
  }
}

function addStructureLayer(
  sum: Float64Array,
  r: StructureResponse,
  layer: number,
  runs: readonly Run[],
  b: BlockGradient,
  u: BlockProducts,
): void {
  const { count } = b;
  const lambda = b.lambda[count >> 1];
  const o = layer * count;
  const t = b.temperature[layer];
  const lnT = r.temperature[layer] / t;
  const h = HC_EV_ANGSTROM / (lambda * K_EV * t);
  const lnStimulated = (-h * lnT) / Math.expm1(h);
  const lnPlanck = (h * lnT) / -Math.expm1(-h);
  const weight = r.lnWeight[layer];
  const row = layer * b.thinCount;
  for (const run of runs) {
    const absorption = valueAt(r.absorption, run.from, row);
    const scattering = valueAt(r.scattering, run.from, row);
    const absorptionSlope = slopeOf(r.absorption, run, row, absorption);
    const scatteringSlope = slopeOf(r.scattering, run, row, scattering);
    const { first, end } = run;
    for (let i = first; i < end; i++) {
      const p = o + i;
      const x = i - first;
      sum[i] =
        sum[i] +
        (absorption + x * absorptionSlope) * b.gradient[p] +
        (scattering + x * scatteringSlope) * b.gradientScattering[p] +
        weight * u.weight[p] +
        lnStimulated * u.lines[p] +
        lnPlanck * u.planck[p];
    }
  }
  if (!b.hasHydrogen) return;
  const neutral = r.lnNeutralHydrogen[layer];
  const electrons = r.lnElectrons[layer];
  for (let i = 0; i < count; i++) {
    const p = o + i;
    sum[i] = sum[i] + neutral * u.neutral[p] + electrons * u.perElectron[p] + lnT * u.perT[p];
  }
}
