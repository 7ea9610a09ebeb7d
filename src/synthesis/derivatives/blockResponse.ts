/**
 * Everything but the lines' own response, block by block: what a change of the continuum, of hydrogen's lines, of n_e, of density and of temperature in a layer
 * does to the flux. Each is a product of a gradient (∂F/∂opacity or ∂F/∂B) with what it multiplies, times one coefficient per layer from the response of the
 * label: so the products are made once per block and shared by all labels.
 */
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
  /** Of the optical-depth weights: Σ χ·∂F/∂χ. */
  readonly depth: Float64Array;
  readonly lines: Float64Array;
  readonly planck: Float64Array;
  readonly neutral: Float64Array;
  readonly perElectron: Float64Array;
  readonly perT: Float64Array;

  constructor(size: number) {
    const array = (): Float64Array => new Float64Array(size);
    this.depth = array();
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
      this.depth[i] = g * a + scattered;
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

/** What one layer of a response is made of: one coefficient for each product of the block, and the continuum's own change. Zero: no part. */
interface LayerResponse {
  /** Of ln n_e through the lines (and hydrogen, where `perElectron` is 0). */
  electrons: number;
  /** Of the optical-depth weight: ln(column mass / density). */
  depth: number;
  /** Of ln(stimulated emission) of the lines, and of ln B. */
  lines: number;
  planck: number;
  /** Of ln n(H I), ln n_e and ln T in hydrogen's lines. */
  neutral: number;
  perElectron: number;
  perT: number;
  /** Keep changes of the continuum that are negligible, too. */
  readonly thorough: boolean;
}
const none: LayerResponse = { electrons: 0, depth: 0, lines: 0, planck: 0, neutral: 0, perElectron: 0, perT: 0, thorough: false };

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
  const part = { ...none };
  for (let layer = 0; layer < b.layers; layer++) {
    responses.forEach((response, i) => {
      if (response.lnPopulation === null) return;
      part.electrons = relevant(response.lnElectrons[layer]);
      part.depth = -relevant(response.lnDensity[layer], 0.25);
      part.neutral = relevant(response.lnNeutralHydrogen[layer]);
      addLayer(sums[i], layer, part, response, runs, b, u);
    });
  }
}

/** Adds what changes of structure do beside the lines' own response: continuum, hydrogen, stimulated emission, column mass over density, B. */
export function addStructures(
  sums: readonly Float64Array[],
  responses: readonly StructureResponse[],
  b: BlockGradient,
  u: BlockProducts,
): void {
  const runs = cells(b);
  const part = { ...none, thorough: true };
  const lambda = b.lambda[b.count >> 1];
  for (let layer = 0; layer < b.layers; layer++) {
    const t = b.temperature[layer];
    const h = HC_EV_ANGSTROM / (lambda * K_EV * t);
    for (const [i, response] of responses.entries()) {
      const lnT = response.temperature[layer] / t;
      part.depth = response.lnDepthWeight[layer];
      part.lines = (-h * lnT) / Math.expm1(h);
      part.planck = (h * lnT) / -Math.expm1(-h);
      part.neutral = response.lnNeutralHydrogen[layer];
      part.perElectron = response.lnElectrons[layer];
      part.perT = lnT;
      addLayer(sums[i], layer, part, response, runs, b, u);
    }
  }
}

/** One layer of one response, elements and structure alike. Of a run the continuum's part is left out where that and all else are negligible. */
function addLayer(
  sum: Float64Array,
  layer: number,
  part: LayerResponse,
  continuum: { readonly absorption: Float64Array; readonly scattering: Float64Array },
  runs: readonly Run[],
  b: BlockGradient,
  u: BlockProducts,
): void {
  const { count, gradient, gradientScattering } = b;
  const o = layer * count;
  const row = layer * b.thinCount;
  const moved = part.thorough || part.electrons !== 0 || part.depth !== 0;
  addRow(sum, part.electrons, b.electrons, o, count);
  for (const run of runs) {
    const absorption = valueAt(continuum.absorption, run.from, row);
    const scattering = valueAt(continuum.scattering, run.from, row);
    if (!moved && relevant(absorption, b.continuous[o]) === 0 && relevant(scattering, b.scattering[o]) === 0) continue;
    const absorptionSlope = slopeOf(continuum.absorption, run, row, absorption);
    const scatteringSlope = slopeOf(continuum.scattering, run, row, scattering);
    const { first, end } = run;
    for (let i = first; i < end; i++) {
      const p = o + i;
      const x = i - first;
      sum[i] = sum[i] + (absorption + x * absorptionSlope) * gradient[p] + (scattering + x * scatteringSlope) * gradientScattering[p];
    }
  }
  addRow(sum, part.depth, u.depth, o, count);
  addRow(sum, part.lines, u.lines, o, count);
  addRow(sum, part.planck, u.planck, o, count);
  if (!b.hasHydrogen) return;
  addRow(sum, part.neutral, u.neutral, o, count);
  addRow(sum, part.perElectron, u.perElectron, o, count);
  addRow(sum, part.perT, u.perT, o, count);
}

/** sum[i] += coefficient · values[offset + i]. */
function addRow(sum: Float64Array, coefficient: number, values: Float64Array, offset: number, count: number): void {
  if (coefficient === 0) return;
  for (let i = 0; i < count; i++) sum[i] += coefficient * values[offset + i];
}
