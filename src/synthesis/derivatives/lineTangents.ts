/**
 * Tangents: how the strength s, the damping a and the Doppler width Δ of any line answer each direction in which the derivative is taken, per unit of its
 * label. They are put together from one part by species and one by layer, so that a line costs a few products and no table of its own.
 */
import { SPEED_OF_LIGHT_KMS } from '../../domain/units.ts';
import { K_EV } from '../constants.ts';
import type { Star } from '../star.ts';
import type { StructureResponse } from './structureResponse.ts';

/** Directions in which the lines' derivative is taken at once: four that move the structure, and v_mic. */
export const STRUCTURE_DIRECTIONS = 4;
export const DIRECTIONS = STRUCTURE_DIRECTIONS + 1;

/** How strength, width and damping of any line follow each direction. */
export interface LineTangents {
  /** ∂ln(n/U/Δ) and ∂lnΔ by [((species·layers + layer)·2 + which)·DIRECTIONS + direction]. */
  readonly species: Float64Array;
  /** ∂(−1/kT) (eV⁻¹), ∂ln of the Stark and of the van der Waals perturbers, ∂lnT by [(layer·4 + which)·DIRECTIONS + direction]. */
  readonly layer: Float64Array;
}

/** Tangents of one star; missing structure directions (a given deck) are zero. `vmic` in km/s. */
export function lineTangents(star: Star, vmic: number, responses: readonly StructureResponse[]): LineTangents {
  const { layers, temperature } = star.populations;
  const { doppler, lines } = star.lines;
  const species = new Float64Array(lines.species.length * layers * 2 * DIRECTIONS);
  const layer = new Float64Array(layers * 4 * DIRECTIONS);
  if (responses.length > STRUCTURE_DIRECTIONS)
    throw new Error(`expected at most ${String(STRUCTURE_DIRECTIONS)} changes of structure, found ${String(responses.length)}`);
  for (let at = 0; at < doppler.length; at++) {
    const o = at * 2 * DIRECTIONS;
    responses.forEach((r, d) => {
      const width = r.lnWidth[at];
      species[o + d] = r.lnPopulation[at] - width;
      species[o + DIRECTIONS + d] = width;
    });
    // Δ² = 2kT/m + v_mic²
    const width = vmic / (doppler[at] * SPEED_OF_LIGHT_KMS) ** 2;
    species[o + STRUCTURE_DIRECTIONS] = -width;
    species[o + DIRECTIONS + STRUCTURE_DIRECTIONS] = width;
  }
  for (let k = 0; k < layers; k++) {
    const t = temperature[k];
    const o = k * 4 * DIRECTIONS;
    responses.forEach((r, d) => {
      const lnT = r.temperature[k] / t;
      layer[o + d] = lnT / (K_EV * t);
      layer[o + DIRECTIONS + d] = r.lnElectrons[k] + lnT / 6;
      layer[o + 2 * DIRECTIONS + d] = r.lnPerturbers[k];
      layer[o + 3 * DIRECTIONS + d] = lnT;
    });
  }
  return { species, layer };
}
