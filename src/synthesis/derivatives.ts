import { addLines, type LnGrid } from './lineOpacity.ts';
import { BLOCK, blockHydrogen, blockPlanck, blockWavelengths, continuumFluxAt, fromContinuum } from './block.ts';
import { emergentFlux, fluxGradient, opticalDepthWeights, transferWork } from './transfer.ts';
import { elementResponse, thinContinuum, type ElementResponse } from './response.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { indexLines, linesOfBlock } from './lineIndex.ts';
import type { PhysicsTables } from './tables.ts';
import type { Star } from './star.ts';
import type { SyntheticSpectrum } from './spectrum.ts';

/** A spectrum with ∂(normalised flux)/∂[X/H] per dex at fixed structure, by element. */
export interface SpectrumWithElements extends SyntheticSpectrum {
  readonly derivatives: readonly Float32Array[];
}

/** A species' response that differs from the common one through n_e by less than this (in ln, per dex) is the common one. */
const RESIDUAL = 2e-3;
const LN10 = Math.LN10;

/** n_e used for the Stark profiles' own response. */
const ELECTRON_STEP = 1.05;

/**
 * Spectrum and element derivatives in one pass. Line opacity is kept apart by species; ∂F/∂χ of every layer comes from the backward pass of the
 * formal solution, and each element's derivative is its dot product with the change of opacity that the element causes: of its own lines, of all others
 * through n_e and molecules, of hydrogen's wings and of the continuum.
 */
export function computeWithElements(tables: PhysicsTables, star: Star, perH: Float64Array, grid: LnGrid, elements: readonly number[]): Result<SpectrumWithElements> {
  const { populations, field, atmosphere } = star;
  const { layers } = populations;
  const thin = thinContinuum(tables, star);
  const responses: ElementResponse[] = [];
  for (const z of elements) {
    const response = elementResponse(tables, star, perH, thin, z);
    if (!response.ok) return response;
    responses.push(response.value);
  }
  const species = tables.lines.species;
  const common = commonResponse(responses, species.length, layers);
  if (!common) return failed('NO_DONOR', 'The element derivatives need Mg and Si among the elements.');
  const couplings = species.map((s, index) => couplingsOf(index, s.kind.type === 'atom' ? s.kind.z : 0, responses, common, layers));

  const flux = new Float64Array(grid.count);
  const continuum = new Float64Array(grid.count);
  const derivatives = elements.map(() => new Float32Array(grid.count));
  const weights = opticalDepthWeights(atmosphere.rhox, populations.density);
  const index = indexLines(star.lines, grid);
  const moreElectrons = populations.electrons.map((n) => n * ELECTRON_STEP);
  const size = layers * BLOCK;
  const array = (): Float64Array => new Float64Array(size);
  const [absorption, scattering, meanIntensity, b, hydrogen, hydrogen2, continuous, gradient, gradientS, throughElectrons] = [array(), array(), array(), array(), array(), array(), array(), array(), array(), array()];
  const pool: Float64Array[] = [];
  const work = transferWork(layers, BLOCK);

  for (let start = 0; start < grid.count; start += BLOCK) {
    const count = Math.min(BLOCK, grid.count - start);
    const n = layers * count;
    const lambda = blockWavelengths(grid, start, count);
    fromContinuum(field, field.absorption, lambda, layers, continuous);
    fromContinuum(field, field.scattering, lambda, layers, scattering);
    fromContinuum(field, field.meanIntensity, lambda, layers, meanIntensity);
    blockPlanck(lambda, populations.temperature, b);
    blockHydrogen(tables.hydrogen, star, lambda, populations.electrons, hydrogen);
    blockHydrogen(tables.hydrogen, star, lambda, moreElectrons, hydrogen2);
    const bySpecies = new Map<number, Float64Array>();
    const targetOf = (s: number): Float64Array => {
      let target = bySpecies.get(s);
      if (!target) {
        target = pool[bySpecies.size] ??= array();
        target.fill(0);
        bySpecies.set(s, target);
      }
      return target;
    };
    for (const [from, to] of linesOfBlock(index, start, count)) addLines(star.lines, grid, start, count, from, to, targetOf);
    for (let i = 0; i < n; i++) absorption[i] = (continuous[i] ?? 0) + (hydrogen[i] ?? 0);
    for (const lines of bySpecies.values()) for (let i = 0; i < n; i++) absorption[i] = (absorption[i] ?? 0) + (lines[i] ?? 0);

    const block = { count, layers, absorption, scattering, planck: b, meanIntensity };
    const [rhox0, density0] = [atmosphere.rhox[0] ?? 0, populations.density[0] ?? 1];
    const blockFlux = flux.subarray(start, start + count);
    emergentFlux(block, weights, rhox0, density0, work, blockFlux);
    fluxGradient(block, weights, rhox0, density0, work, gradient, gradientS);

    const sums = elements.map(() => new Float64Array(count));
    for (let i = 0; i < n; i++) throughElectrons[i] = (((hydrogen2[i] ?? 0) - (hydrogen[i] ?? 0)) / Math.log(ELECTRON_STEP)) * (gradient[i] ?? 0);
    for (const [s, lines] of bySpecies) {
      const viaElectrons = common.perElectron.subarray(s * layers, (s + 1) * layers);
      for (let i = 0; i < n; i++) lines[i] = (lines[i] ?? 0) * (gradient[i] ?? 0);
      for (let layer = 0; layer < layers; layer++) addScaled(throughElectrons, layer * count, lines, layer * count, viaElectrons[layer] ?? 0, count);
      for (const { element, residual } of couplings[s] ?? []) {
        const sum = sums[element];
        if (sum) for (let layer = 0; layer < layers; layer++) addScaled(sum, 0, lines, layer * count, residual[layer] ?? 0, count);
      }
    }
    responses.forEach((response, e) => {
      const sum = sums[e];
      if (!sum || response.lnPopulation === null) return;
      addContinuumResponse(sum, response, { count, layers, lambda, thin: thin.field.wavelength, gradient, gradientS, continuous, scattering, absorption, hydrogen, throughElectrons });
    });
    for (let i = 0; i < count; i++) continuum[start + i] = continuumFluxAt(field, field.flux, lambda[i] ?? NaN);
    responses.forEach((response, e) => {
      const out = derivatives[e];
      const sum = sums[e];
      if (!out || !sum) return;
      for (let i = 0; i < count; i++) {
        const c = continuum[start + i] ?? 1;
        out[start + i] = ((sum[i] ?? 0) - (blockFlux[i] ?? 0) * continuumFluxAt(thin.field, response.lnContinuumFlux, lambda[i] ?? NaN)) / c;
      }
    });
  }
  return success({ grid, flux, continuum, derivatives });
}

interface BlockArrays {
  readonly count: number;
  readonly layers: number;
  readonly lambda: Float64Array;
  readonly thin: Float64Array;
  readonly gradient: Float64Array;
  readonly gradientS: Float64Array;
  readonly continuous: Float64Array;
  readonly scattering: Float64Array;
  readonly absorption: Float64Array;
  readonly hydrogen: Float64Array;
  readonly throughElectrons: Float64Array;
}

/** Adds what an electron donor does to the continuum, the density, hydrogen and, through n_e, to all lines. One block is ~10 Å: responses at its middle serve all of it. */
function addContinuumResponse(sum: Float64Array, r: ElementResponse, a: BlockArrays): void {
  const { count, layers } = a;
  const n = a.thin.length;
  const x = ((a.lambda[count >> 1] ?? 0) - (a.thin[0] ?? 0)) / ((a.thin[1] ?? 1) - (a.thin[0] ?? 0));
  const k = Math.floor(x);
  const f = x - k;
  for (let layer = 0; layer < layers; layer++) {
    const at = layer * n + k;
    const density = r.lnDensity[layer] ?? 0;
    const lnAbsorption = (1 - f) * (r.lnAbsorption[at] ?? 0) + f * (r.lnAbsorption[at + 1] ?? 0);
    const lnScattering = (1 - f) * (r.lnScattering[at] ?? 0) + f * (r.lnScattering[at + 1] ?? 0) - density;
    const lnHydrogen = r.lnNeutralHydrogen[layer] ?? 0;
    const electrons = r.lnElectrons[layer] ?? 0;
    const o = layer * count;
    for (let i = 0; i < count; i++) {
      const opacity = (a.continuous[o + i] ?? 0) * lnAbsorption + (a.hydrogen[o + i] ?? 0) * lnHydrogen - (a.absorption[o + i] ?? 0) * density;
      sum[i] = (sum[i] ?? 0) + (a.gradient[o + i] ?? 0) * opacity + (a.gradientS[o + i] ?? 0) * (a.scattering[o + i] ?? 0) * lnScattering + (a.throughElectrons[o + i] ?? 0) * electrons;
    }
  }
}

function addScaled(out: Float64Array, at: number, values: Float64Array, from: number, scale: number, count: number): void {
  if (scale === 0) return;
  for (let i = 0; i < count; i++) out[at + i] = (out[at + i] ?? 0) + scale * (values[from + i] ?? 0);
}

interface CommonResponse {
  /** ∂ln(n/U)/∂ln n_e by [species·layers + layer]. */
  readonly perElectron: Float64Array;
}

/** How every species follows n_e, read off the responses to Mg (to Si for the species of Mg itself). */
function commonResponse(responses: readonly ElementResponse[], species: number, layers: number): CommonResponse | null {
  const mg = responses.find((r) => r.z === 12);
  const si = responses.find((r) => r.z === 14);
  if (!mg?.lnPopulation || !si?.lnPopulation) return null;
  const perElectron = new Float64Array(species * layers);
  for (let s = 0; s < species; s++) {
    // the donor whose own species this is not: its response is the smaller one
    const size = (r: ElementResponse): number => Math.max(...(r.lnPopulation ?? new Float64Array(0)).subarray(s * layers, (s + 1) * layers).map(Math.abs));
    const donor = size(mg) <= size(si) || size(si) > 1 ? mg : si;
    for (let layer = 0; layer < layers; layer++) {
      const electrons = donor.lnElectrons[layer] ?? 0;
      perElectron[s * layers + layer] = Math.abs(electrons) > 1e-7 ? (donor.lnPopulation?.[s * layers + layer] ?? 0) / electrons : 0;
    }
  }
  return { perElectron };
}

/** Elements to which a species answers beyond the common way through n_e, with that rest per layer. */
function couplingsOf(species: number, z: number, responses: readonly ElementResponse[], common: CommonResponse, layers: number): { element: number; residual: Float64Array }[] {
  const out: { element: number; residual: Float64Array }[] = [];
  responses.forEach((response, element) => {
    const residual = new Float64Array(layers);
    let largest = 0;
    for (let layer = 0; layer < layers; layer++) {
      const at = species * layers + layer;
      const rest = response.lnPopulation === null ? (response.z === z ? LN10 : 0) : (response.lnPopulation[at] ?? 0) - (common.perElectron[at] ?? 0) * (response.lnElectrons[layer] ?? 0);
      residual[layer] = rest;
      largest = Math.max(largest, Math.abs(rest));
    }
    if (largest > RESIDUAL) out.push({ element, residual });
  });
  return out;
}
