/** The continuum's radiation: its flux, and the opacities it was computed with. */
import { opticalDepthWeights, emergentFlux, planck, transferWork, type TransferBlock } from './transfer.ts';
import { scatteringWork, solveMeanIntensity } from './scattering.ts';
import type { Atmosphere } from '../structure/atmosphere.ts';
import type { ContinuumOpacity } from '../opacity/continuum.ts';
import type { Populations } from '../structure/populations.ts';

/** The continuum's radiation: mean intensity in every layer and emergent flux. */
export interface ContinuumField {
  readonly wavelength: Float64Array;
  readonly absorption: Float64Array;
  readonly scattering: Float64Array;
  readonly total: Float64Array;
  /** erg cm⁻² s⁻¹ Å⁻¹ */
  readonly flux: Float64Array;
}

export function continuumField(opacity: ContinuumOpacity, atmosphere: Atmosphere, pop: Populations): ContinuumField {
  const { wavelength, absorption, scattering } = opacity;
  const count = wavelength.length;
  const { layers } = pop;
  const size = layers * count;
  const weights = opticalDepthWeights(atmosphere.rhox, pop.density);
  const b = new Float64Array(size);
  for (let k = 0; k < layers; k++) for (let i = 0; i < count; i++) b[k * count + i] = planck(wavelength[i], pop.temperature[k]);
  const block: TransferBlock = { count, layers, absorption, scattering, planck: b, meanIntensity: new Float64Array(size) };
  const work = transferWork(layers, count);
  const flux = new Float64Array(count);
  const [rhox0, density0] = [atmosphere.rhox[0], pop.density[0]];
  const scatterers = scatteringWork(layers, count);
  solveMeanIntensity(block, weights, scatterers);
  emergentFlux(block, weights, rhox0, density0, work, flux);
  return {
    wavelength,
    absorption,
    scattering,
    total: absorption.map((a, i) => a + scattering[i]),
    flux,
  };
}
