/** The emergent spectrum of a prepared star on a grid regular in ln λ, block by block. */
import { SPEED_OF_LIGHT_KMS } from '../domain/units.ts';
import { addFar, addLines, farCount } from './opacity/lineOpacity.ts';
import { layerProfiles, type LnGrid } from './opacity/lineContext.ts';
import { BLOCK, hydrogenState, blockHydrogen, blockPlanck, blockWavelengths, continuumFluxAt, fromContinuum } from './transfer/block.ts';
import { emergentFlux, opticalDepthWeights, transferWork } from './transfer/transfer.ts';
import { hydrogenProfiles } from './opacity/hydrogen.ts';
import { scatteringWork, solveMeanIntensity } from './transfer/scattering.ts';
import { indexLines, linesOfBlock } from './opacity/lineIndex.ts';
import type { PhysicsTables } from './tables/tables.ts';
import type { Star } from './star.ts';

/** A synthetic spectrum on a grid regular in ln λ (Å, vacuum). */
export interface SyntheticSpectrum {
  readonly grid: LnGrid;
  /** Surface flux and its continuum, erg cm⁻² s⁻¹ Å⁻¹ (∫F dλ = σT_eff⁴). */
  readonly flux: Float64Array;
  readonly continuum: Float64Array;
}

/** More than the reach of the kernel that brings a spectrum to its native resolution, in ln λ. */
const MARGIN = 1e-3;

/**
 * The grid of the computation: 3690 … 9112 Å at `step` km/s; with `native`, no more of it than a native grid needs. That is whole blocks of the
 * whole grid, so that a part of a spectrum has the numbers of the whole.
 */
export function computationGrid(step: number, native?: LnGrid): LnGrid {
  const lnStart = Math.log(3690);
  const lnStep = step / SPEED_OF_LIGHT_KMS;
  const count = Math.floor((Math.log(9112) - lnStart) / lnStep);
  if (native === undefined) return { lnStart, lnStep, count };
  const place = (ln: number): number => (ln - lnStart) / lnStep / BLOCK;
  const first = BLOCK * Math.max(0, Math.floor(place(native.lnStart - MARGIN)));
  const end = Math.min(count, BLOCK * Math.ceil(place(native.lnStart + (native.count - 1) * native.lnStep + MARGIN)));
  return { lnStart: lnStart + first * lnStep, lnStep, count: Math.max(0, end - first) };
}

/** Emergent spectrum of a prepared star. */
export function computeSpectrum(tables: PhysicsTables, star: Star, grid: LnGrid): SyntheticSpectrum {
  const flux = new Float64Array(grid.count);
  const continuum = new Float64Array(grid.count);
  const { populations, field, atmosphere } = star;
  const { layers } = populations;
  const weights = opticalDepthWeights(atmosphere.rhox, populations.density);
  const index = indexLines(star.lines, grid);
  const profiles = hydrogenProfiles(tables.hydrogen, hydrogenState(populations));
  const array = (): Float64Array => new Float64Array(layers * BLOCK);
  const [absorption, scattering, meanIntensity, b, hydrogen] = [array(), array(), array(), array(), array()];
  const work = transferWork(layers, BLOCK);
  const scratch = layerProfiles(layers);
  const far = new Float64Array(layers * farCount(BLOCK));
  const scatterers = scatteringWork(layers, BLOCK);
  for (let start = 0; start < grid.count; start += BLOCK) {
    const count = Math.min(BLOCK, grid.count - start);
    const lambda = blockWavelengths(grid, start, count);
    const size = layers * count;
    fromContinuum(field, field.absorption, lambda, layers, absorption);
    fromContinuum(field, field.scattering, lambda, layers, scattering);
    blockPlanck(lambda, populations.temperature, b);
    if (blockHydrogen(star, lambda, profiles, hydrogen)) for (let i = 0; i < size; i++) absorption[i] += hydrogen[i];
    far.fill(0);
    for (const [from, to] of linesOfBlock(index, start, count))
      addLines(star.lines, grid, start, count, from, to, absorption, far, scratch);
    addFar(far, layers, count, absorption);
    const block = { count, layers, absorption, scattering, planck: b, meanIntensity };
    solveMeanIntensity(block, weights, scatterers);
    emergentFlux(block, weights, atmosphere.rhox[0], populations.density[0], work, flux.subarray(start, start + count));
    for (let i = 0; i < count; i++) continuum[start + i] = continuumFluxAt(field, field.flux, lambda[i]);
  }
  return { grid, flux, continuum };
}
