import { addLines, type LnGrid } from './lineOpacity.ts';
import { BLOCK, blockHydrogen, blockPlanck, blockWavelengths, continuumFluxAt, fromContinuum } from './block.ts';
import { emergentFlux, fluxGradient, opticalDepthWeights, transferWork } from './transfer.ts';
import { commonResponse, couplingsOf, type Coupling } from './couplings.ts';
import { elementResponse, thinContinuum, type ElementResponse } from './response.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { hydrogenProfiles } from './hydrogen.ts';
import { addScatteringGradient, scatteringWork, solveMeanIntensity } from './scattering.ts';
import { indexLines, linesOfBlock } from './lineIndex.ts';
import type { PhysicsTables } from './tables.ts';
import type { Star } from './star.ts';
import type { SyntheticSpectrum } from './spectrum.ts';

/** A spectrum with ∂(normalised flux)/∂[X/H] per dex at fixed structure, by element. */
export interface SpectrumWithElements extends SyntheticSpectrum {
  readonly derivatives: readonly Float32Array[];
}

/** n_e used for the Stark profiles' own response. */
const ELECTRON_STEP = 1.05;

/**
 * Spectrum and element derivatives in one pass. Line opacity is kept apart by species; ∂F/∂χ of every layer comes from the backward pass of the
 * formal solution, and each element's derivative is its dot product with the change of opacity that the element causes: of its own lines, of all others
 * through n_e and molecules, of hydrogen's wings and of the continuum.
 */
export function computeWithElements(
  tables: PhysicsTables,
  star: Star,
  perH: Float64Array,
  grid: LnGrid,
  elements: readonly number[],
): Result<SpectrumWithElements> {
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
  const profiles = hydrogenProfiles(tables.hydrogen, populations, populations.electrons);
  const profiles2 = hydrogenProfiles(
    tables.hydrogen,
    populations,
    populations.electrons.map((n) => n * ELECTRON_STEP),
  );
  const size = layers * BLOCK;
  const array = (): Float64Array => new Float64Array(size);
  const [absorption, scattering, meanIntensity, b, hydrogen, hydrogen2, continuous] = [
    array(),
    array(),
    array(),
    array(),
    array(),
    array(),
    array(),
  ];
  const [gradient, gradientS, throughElectrons, byDensity, byContinuum, byHydrogen, byScattering] = [
    array(),
    array(),
    array(),
    array(),
    array(),
    array(),
    array(),
  ];
  const pool: Float64Array[] = [];
  const work = transferWork(layers, BLOCK);
  const scatterers = scatteringWork(layers, BLOCK);

  for (let start = 0; start < grid.count; start += BLOCK) {
    const count = Math.min(BLOCK, grid.count - start);
    const n = layers * count;
    const lambda = blockWavelengths(grid, start, count);
    fromContinuum(field, field.absorption, lambda, layers, continuous);
    fromContinuum(field, field.scattering, lambda, layers, scattering);
    blockPlanck(lambda, populations.temperature, b);
    blockHydrogen(tables.hydrogen, star, lambda, profiles, hydrogen);
    blockHydrogen(tables.hydrogen, star, lambda, profiles2, hydrogen2);
    const bySpecies = new Map<number, SpeciesOpacity>();
    const targetOf = (species: number, lo: number, hi: number): Float64Array => {
      let target = bySpecies.get(species);
      if (!target) {
        const opacity = (pool[bySpecies.size] ??= array());
        opacity.fill(0);
        target = { opacity, lo, hi };
        bySpecies.set(species, target);
      }
      target.lo = Math.min(target.lo, lo);
      target.hi = Math.max(target.hi, hi);
      return target.opacity;
    };
    for (const [from, to] of linesOfBlock(index, start, count)) addLines(star.lines, grid, start, count, from, to, targetOf);
    for (let i = 0; i < n; i++) absorption[i] = (continuous[i] ?? 0) + (hydrogen[i] ?? 0);
    for (const { opacity, lo, hi } of bySpecies.values()) {
      for (let layer = 0; layer < layers; layer++)
        for (let i = layer * count + lo; i <= layer * count + hi; i++) absorption[i] = (absorption[i] ?? 0) + (opacity[i] ?? 0);
    }

    const block = { count, layers, absorption, scattering, planck: b, meanIntensity };
    const [rhox0, density0] = [atmosphere.rhox[0] ?? 0, populations.density[0] ?? 1];
    const blockFlux = flux.subarray(start, start + count);
    solveMeanIntensity(block, weights, scatterers);
    emergentFlux(block, weights, rhox0, density0, work, blockFlux);
    fluxGradient(block, weights, rhox0, density0, work, gradient, gradientS);
    addScatteringGradient(block, weights, work, scatterers, gradient, gradientS);

    const sums = elements.map(() => new Float64Array(count));
    for (let i = 0; i < n; i++)
      throughElectrons[i] = (((hydrogen2[i] ?? 0) - (hydrogen[i] ?? 0)) / Math.log(ELECTRON_STEP)) * (gradient[i] ?? 0);
    for (const [index, target] of bySpecies)
      addSpeciesResponse(
        target,
        couplings[index] ?? [],
        common.perElectron.subarray(index * layers, (index + 1) * layers),
        gradient,
        throughElectrons,
        sums,
        count,
      );
    for (let i = 0; i < n; i++) {
      const scattered = (gradientS[i] ?? 0) * (scattering[i] ?? 0);
      byDensity[i] = (gradient[i] ?? 0) * (absorption[i] ?? 0) + scattered;
      byContinuum[i] = (gradient[i] ?? 0) * (continuous[i] ?? 0);
      byHydrogen[i] = (gradient[i] ?? 0) * (hydrogen[i] ?? 0);
      byScattering[i] = scattered;
    }
    const x =
      ((lambda[count >> 1] ?? 0) - (thin.field.wavelength[0] ?? 0)) / ((thin.field.wavelength[1] ?? 1) - (thin.field.wavelength[0] ?? 0));
    responses.forEach((response, e) => {
      const sum = sums[e];
      if (sum && response.lnPopulation !== null)
        addContinuumResponse(sum, response, {
          count,
          layers,
          x,
          thinCount: thin.field.wavelength.length,
          byDensity,
          byContinuum,
          byHydrogen,
          byScattering,
          throughElectrons,
        });
    });
    for (let i = 0; i < count; i++) continuum[start + i] = continuumFluxAt(field, field.flux, lambda[i] ?? NaN);
    responses.forEach((response, e) => {
      const out = derivatives[e];
      const sum = sums[e];
      if (!out || !sum) return;
      for (let i = 0; i < count; i++) {
        const c = continuum[start + i] ?? 1;
        out[start + i] =
          ((sum[i] ?? 0) - (blockFlux[i] ?? 0) * continuumFluxAt(thin.field, response.lnContinuumFlux, lambda[i] ?? NaN)) / c;
      }
    });
  }
  return success({ grid, flux, continuum, derivatives });
}

/** ∂F/∂χ times opacities of one block by [layer·count + i]; `x` is the block's place among the thin continuum's wavelengths. */
interface BlockArrays {
  readonly count: number;
  readonly layers: number;
  readonly x: number;
  readonly thinCount: number;
  readonly byDensity: Float64Array;
  readonly byContinuum: Float64Array;
  readonly byHydrogen: Float64Array;
  readonly byScattering: Float64Array;
  readonly throughElectrons: Float64Array;
}

/** A response per dex smaller than this is left out: it moves the flux by less than 1e-4 of its value. */
const NEGLIGIBLE = 1e-4;

/** Adds what an electron donor does to the continuum, the density, hydrogen and, through n_e, to all lines. One block is ~6 Å: responses at its middle serve all of it. */
function addContinuumResponse(sum: Float64Array, r: ElementResponse, a: BlockArrays): void {
  const { count, layers } = a;
  const k = Math.floor(a.x);
  const f = a.x - k;
  const add = (values: Float64Array, layer: number, scale: number): void => {
    if (Math.abs(scale) < NEGLIGIBLE) return;
    const o = layer * count;
    for (let i = 0; i < count; i++) sum[i] = (sum[i] ?? 0) + scale * (values[o + i] ?? 0);
  };
  for (let layer = 0; layer < layers; layer++) {
    const at = layer * a.thinCount + k;
    add(a.byContinuum, layer, (1 - f) * (r.lnAbsorption[at] ?? 0) + f * (r.lnAbsorption[at + 1] ?? 0));
    add(a.byScattering, layer, (1 - f) * (r.lnScattering[at] ?? 0) + f * (r.lnScattering[at + 1] ?? 0));
    add(a.byHydrogen, layer, r.lnNeutralHydrogen[layer] ?? 0);
    add(a.byDensity, layer, -(r.lnDensity[layer] ?? 0));
    add(a.throughElectrons, layer, r.lnElectrons[layer] ?? 0);
  }
}

/** Line opacity of one species in one block by [layer·count + i], non-zero only for lo ≤ i ≤ hi. */
interface SpeciesOpacity {
  readonly opacity: Float64Array;
  lo: number;
  hi: number;
}

/** Adds one species' line opacity, times ∂F/∂χ, to the common sum through n_e and to the elements it is coupled to. */
function addSpeciesResponse(
  { opacity, lo, hi }: SpeciesOpacity,
  couplings: readonly Coupling[],
  perElectron: Float64Array,
  gradient: Float64Array,
  throughElectrons: Float64Array,
  sums: readonly Float64Array[],
  count: number,
): void {
  const [first, ...others] = couplings;
  const own = first ? sums[first.element] : undefined;
  perElectron.forEach((electrons, layer) => {
    const o = layer * count;
    const residual = first?.residual[layer] ?? 0;
    if (own) {
      for (let i = lo; i <= hi; i++) {
        const t = (opacity[o + i] ?? 0) * (gradient[o + i] ?? 0);
        throughElectrons[o + i] = (throughElectrons[o + i] ?? 0) + t * electrons;
        own[i] = (own[i] ?? 0) + t * residual;
      }
    } else {
      for (let i = lo; i <= hi; i++)
        throughElectrons[o + i] = (throughElectrons[o + i] ?? 0) + (opacity[o + i] ?? 0) * (gradient[o + i] ?? 0) * electrons;
    }
    for (const other of others) {
      const sum = sums[other.element];
      const rest = other.residual[layer] ?? 0;
      if (sum) for (let i = lo; i <= hi; i++) sum[i] = (sum[i] ?? 0) + (opacity[o + i] ?? 0) * (gradient[o + i] ?? 0) * rest;
    }
  });
}
