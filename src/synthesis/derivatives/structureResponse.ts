/** Responses to labels that move the structure (T_eff, log g, [Fe/H], [α/M]): what one of them does to every layer. */
import { continuumField } from '../transfer/continuumField.ts';
import { continuumOpacity } from '../opacity/continuum.ts';
import { dopplerWidths, perturberDensity, speciesPopulations } from '../opacity/lineContext.ts';
import type { Star } from '../star.ts';
import { opticalDepthWeights } from '../transfer/transfer.ts';
import { solveEquationOfState } from '../structure/eos.ts';
import { hydrogenOverPartition, moleculeDensity } from '../structure/populations.ts';
import { success, type Result } from '../../domain/result.ts';
import type { Atmosphere } from '../structure/atmosphere.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import type { ThinContinuum } from './response.ts';

/** What one label that moves the structure does to every layer, per unit of the label; logarithmic unless said. Layers from the top. */
export interface StructureResponse {
  /** Of n/U, by [species·layers + layer]. */
  readonly lnPopulation: Float64Array;
  /** Of the Doppler width, by [species·layers + layer]. */
  readonly lnWidth: Float64Array;
  /** K per unit. */
  readonly temperature: Float64Array;
  readonly lnElectrons: Float64Array;
  readonly lnPerturbers: Float64Array;
  readonly lnNeutralHydrogen: Float64Array;
  /** Of the optical-depth weights: column mass over density. */
  readonly lnDepthWeight: Float64Array;
  /** Of continuous absorption and scattering (cm⁻¹), not logarithmic, on the thin continuum wavelengths [layer·n + k]. */
  readonly absorption: Float64Array;
  readonly scattering: Float64Array;
  /** Of the continuum flux on the thin wavelengths. */
  readonly lnContinuumFlux: Float64Array;
}

/** Response to a change of structure and composition: the difference of `star` and of the star at `step` of the label, solved alike but for the lines. */
export function structureResponse(
  tables: PhysicsTables,
  star: Star,
  vmic: number,
  thin: ThinContinuum,
  changed: { readonly atmosphere: Atmosphere; readonly perH: Float64Array; readonly step: number },
): Result<StructureResponse> {
  const { atmosphere, perH, step } = changed;
  const solved = solveEquationOfState(tables.eos, atmosphere, perH, star.populations);
  if (!solved.ok) return solved;
  const [pop, base] = [solved.value, star.populations];
  const species = tables.lines.species;
  const field = continuumField(continuumOpacity(thin.tables, tables.eos, pop), atmosphere, pop);
  const slope = (a: Float64Array, b: Float64Array): Float64Array => a.map((x, i) => (x > 0 ? Math.log(x / b[i]) / step : 0));
  // By the logarithm: these cancel in part, and a plain difference is not linear enough.
  const change = (of: 'absorption' | 'scattering'): Float64Array => slope(field[of], thin.field[of]).map((ln, i) => ln * thin.field[of][i]);
  return success({
    lnPopulation: slope(speciesPopulations(species, pop), speciesPopulations(species, base)),
    lnWidth: slope(dopplerWidths(species, pop.temperature, vmic), dopplerWidths(species, base.temperature, vmic)),
    temperature: pop.temperature.map((t, k) => (t - base.temperature[k]) / step),
    lnElectrons: slope(pop.electrons, base.electrons),
    lnPerturbers: slope(
      perturberDensity(pop, moleculeDensity(tables.eos, pop, 'H2')),
      perturberDensity(base, moleculeDensity(tables.eos, base, 'H2')),
    ),
    lnNeutralHydrogen: slope(hydrogenOverPartition(pop), hydrogenOverPartition(base)),
    lnDepthWeight: slope(opticalDepthWeights(atmosphere.rhox, pop.density), opticalDepthWeights(star.atmosphere.rhox, base.density)),
    absorption: change('absorption'),
    scattering: change('scattering'),
    lnContinuumFlux: slope(field.flux, thin.field.flux),
  });
}
