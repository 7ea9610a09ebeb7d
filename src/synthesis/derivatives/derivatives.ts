/** The emergent spectrum of a prepared star with its derivative by every label, in one pass over the blocks. */
import { addFar, addLines, farCount } from '../opacity/lineOpacity.ts';
import { addLineResponses } from './lineResponse.ts';
import { BLOCK, blockHydrogen, blockPlanck, blockWavelengths, continuumFluxAt, fromContinuum, hydrogenState } from '../transfer/block.ts';
import { couplingsOf, electronResponse } from './couplings.ts';
import { DIRECTIONS, lineTangents } from './lineTangents.ts';
import { elementResponse, thinContinuum, type ElementResponse } from './response.ts';
import { emergentFlux, fluxGradient, opticalDepthWeights, transferWork } from '../transfer/transfer.ts';
import { addElementContinua, addStructures, BlockProducts, placeIn, valueAt, type BlockGradient } from './blockResponse.ts';
import { success, type Result } from '../../domain/result.ts';
import { hydrogenProfiles } from '../opacity/hydrogen.ts';
import { addScatteringGradient, scatteringWork, solveMeanIntensity } from '../transfer/scattering.ts';
import { indexLines, linesOfBlock } from '../opacity/lineIndex.ts';
import { layerProfiles, type LnGrid } from '../opacity/lineContext.ts';
import { SpeciesSums } from './speciesSums.ts';
import { structureResponse, type StructureResponse } from './structureResponse.ts';
import type { Atmosphere } from '../structure/atmosphere.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import type { Star } from '../star.ts';
import type { SyntheticSpectrum } from '../spectrum.ts';

/** A spectrum with derivatives of its normalised flux. */
export interface SpectrumWithDerivatives extends SyntheticSpectrum {
  /** Per dex of n_X/n_H at fixed structure, by element. */
  readonly elements: readonly Float32Array[];
  /** Per unit of each change of structure. */
  readonly structure: readonly Float32Array[];
  /** Per km/s. */
  readonly vmic: Float32Array;
}

/** A neighbouring star `step` of a label away: what it is made of and how it is built. At most four. */
export interface ChangedStructure {
  readonly atmosphere: Atmosphere;
  readonly perH: Float64Array;
  readonly step: number;
}

/** Steps for the response of hydrogen's lines to n_e, to the neutral atoms and to T. */
const ELECTRON_STEP = 1.002;
const NEUTRAL_STEP = 1.002;
const TEMPERATURE_STEP = 1.0002;

/**
 * Spectrum and all derivatives in one pass. ∂F/∂χ of every layer comes from the backward pass of the formal solution; a second walk over the lines
 * takes its product with the change of their opacity along v_mic and every label that moves the structure, and sums it by species for the elements: an
 * element acts through its own lines, through n_e and molecules on all others, on hydrogen's wings and on the continuum.
 */
export function computeWithDerivatives(
  tables: PhysicsTables,
  star: Star,
  perH: Float64Array,
  vmic: number,
  grid: LnGrid,
  elements: readonly number[],
  changed: readonly ChangedStructure[],
): Result<SpectrumWithDerivatives> {
  const { populations, field, atmosphere } = star;
  const { layers } = populations;
  const thin = thinContinuum(tables, star);
  const responses: ElementResponse[] = [];
  for (const z of elements) {
    const response = elementResponse(tables, star, perH, thin, z);
    if (!response.ok) return response;
    responses.push(response.value);
  }
  const structures: StructureResponse[] = [];
  for (const change of changed) {
    const response = structureResponse(tables, star, vmic, thin, change);
    if (!response.ok) return response;
    structures.push(response.value);
  }
  const species = tables.lines.species;
  const perElectron = electronResponse(tables, star, perH);
  if (!perElectron.ok) return perElectron;
  const couplings = species.map((s, index) =>
    couplingsOf(index, s.kind.type === 'atom' ? s.kind.z : 0, responses, perElectron.value, layers),
  );
  const tangents = lineTangents(star, vmic, structures);

  const flux = new Float64Array(grid.count);
  const continuum = new Float64Array(grid.count);
  const outputs = Array.from({ length: elements.length + changed.length + 1 }, () => new Float32Array(grid.count));
  const weights = opticalDepthWeights(atmosphere.rhox, populations.density);
  const [rhox0, density0] = [atmosphere.rhox[0], populations.density[0]];
  const index = indexLines(star.lines, grid);
  const state = hydrogenState(populations);
  const profiles = hydrogenProfiles(tables.hydrogen, state);
  const denser = hydrogenProfiles(tables.hydrogen, { ...state, electrons: state.electrons.map((n) => n * ELECTRON_STEP) });
  const moreNeutral = hydrogenProfiles(tables.hydrogen, {
    ...state,
    neutral: state.neutral.map((n) => n * NEUTRAL_STEP),
  });
  const hotter = hydrogenProfiles(tables.hydrogen, { ...state, temperature: state.temperature.map((t) => t * TEMPERATURE_STEP) });

  const array = (): Float64Array => new Float64Array(layers * BLOCK);
  const g: BlockGradient = {
    count: 0,
    layers,
    temperature: populations.temperature,
    thinCount: thin.field.wavelength.length,
    thinPlace: new Float64Array(0),
    lambda: new Float64Array(0),
    hasHydrogen: false,
    absorption: array(),
    scattering: array(),
    planck: array(),
    meanIntensity: array(),
    continuous: array(),
    hydrogen: array(),
    hydrogenPerNeutral: array(),
    hydrogenPerElectron: array(),
    hydrogenPerT: array(),
    gradient: array(),
    gradientScattering: array(),
    perSource: array(),
    electrons: array(),
  };
  const products = new BlockProducts(layers * BLOCK);
  const far = new Float64Array(layers * farCount(BLOCK));
  const scratch = layerProfiles(layers);
  const work = transferWork(layers, BLOCK);
  const sums = new SpeciesSums(couplings, elements.length, layers, perElectron.value, g.electrons);
  const scatterers = scatteringWork(layers, BLOCK);

  for (let start = 0; start < grid.count; start += BLOCK) {
    const count = Math.min(BLOCK, grid.count - start);
    const n = layers * count;
    const lambda = blockWavelengths(grid, start, count);
    g.count = count;
    g.lambda = lambda;
    g.thinPlace = placeIn(thin.field.wavelength, lambda);
    fromContinuum(field, field.absorption, lambda, layers, g.continuous);
    fromContinuum(field, field.scattering, lambda, layers, g.scattering);
    blockPlanck(lambda, populations.temperature, g.planck);
    g.hasHydrogen = blockHydrogen(star, lambda, profiles, g.hydrogen);
    if (g.hasHydrogen) {
      blockHydrogen(star, lambda, denser, g.hydrogenPerElectron);
      blockHydrogen(star, lambda, moreNeutral, g.hydrogenPerNeutral);
      blockHydrogen(star, lambda, hotter, g.hydrogenPerT);
      for (let i = 0; i < n; i++) {
        const h = g.hydrogen[i];
        g.hydrogenPerElectron[i] = (g.hydrogenPerElectron[i] - h) / Math.log(ELECTRON_STEP);
        g.hydrogenPerNeutral[i] = (g.hydrogenPerNeutral[i] - h) / Math.log(NEUTRAL_STEP);
        g.hydrogenPerT[i] = (g.hydrogenPerT[i] - h) / Math.log(TEMPERATURE_STEP);
      }
    }
    const runs = linesOfBlock(index, start, count);
    for (let i = 0; i < n; i++) g.absorption[i] = g.continuous[i] + g.hydrogen[i];
    far.fill(0);
    for (const [from, to] of runs) addLines(star.lines, grid, start, count, from, to, g.absorption, far, scratch);
    addFar(far, layers, count, g.absorption);

    const blockFlux = flux.subarray(start, start + count);
    solveMeanIntensity(g, weights, scatterers);
    emergentFlux(g, weights, rhox0, density0, work, blockFlux);
    fluxGradient(g, weights, rhox0, density0, work, g.gradient, g.gradientScattering, g.perSource);
    addScatteringGradient(g, weights, work, scatterers, g.gradient, g.gradientScattering, g.perSource);

    sums.begin(count);
    for (let i = 0; i < n; i++) g.electrons[i] = g.hasHydrogen ? g.hydrogenPerElectron[i] * g.gradient[i] : 0;
    for (const [from, to] of runs)
      addLineResponses({ context: star.lines, grid, start, count, from, to }, g.gradient, tangents, sums, scratch);
    sums.finish(g.gradient);
    products.fill(g);

    for (let i = 0; i < count; i++) continuum[start + i] = continuumFluxAt(field, field.flux, lambda[i]);
    const write = (out: number, dF: Float64Array, lnContinuumFlux: Float64Array | null): void => {
      const target = outputs[out];
      for (let i = 0; i < count; i++) {
        const moved = lnContinuumFlux === null ? 0 : blockFlux[i] * valueAt(lnContinuumFlux, g.thinPlace[i]);
        target[start + i] = (dF[i] - moved) / continuum[start + i];
      }
    };
    addElementContinua(sums.elements, responses, g, products);
    responses.forEach((response, e) => {
      write(e, sums.elements[e], response.lnContinuumFlux);
    });
    const byStructure = structures.map((_, d) => sums.direction(d));
    addStructures(byStructure, structures, g, products);
    structures.forEach((response, d) => {
      write(elements.length + d, byStructure[d], response.lnContinuumFlux);
    });
    write(elements.length + changed.length, sums.direction(DIRECTIONS - 1), null);
  }
  return success({
    grid,
    flux,
    continuum,
    elements: outputs.slice(0, elements.length),
    structure: outputs.slice(elements.length, -1),
    vmic: outputs[outputs.length - 1],
  });
}
