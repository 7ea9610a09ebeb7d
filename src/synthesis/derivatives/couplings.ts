/** Which elements move which species, beyond what all of them share through n_e. */
import { solveEquationOfState } from '../structure/eos.ts';
import { speciesPopulations } from '../opacity/lineContext.ts';
import { success, type Result } from '../../domain/result.ts';
import type { ElementResponse } from './response.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import type { Star } from '../star.ts';

/** A species' response that differs from the common one through n_e by less than this (in ln, per dex) is the common one. */
const RESIDUAL = 5e-3;
/** Electrons added, as a fraction, either side. */
const DONATED = 0.01;

/** An element a species answers to, with ∂ln(n/U) per dex of every layer. */
export interface Coupling {
  readonly element: number;
  readonly residual: Float64Array;
}

/** How every species follows n_e, ∂ln(n/U)/∂ln n_e by [species·layers + layer]: the equation of state with electrons from nowhere. */
export function electronResponse(tables: PhysicsTables, star: Star, perH: Float64Array): Result<Float64Array> {
  const more = solveEquationOfState(tables.eos, star.atmosphere, perH, star.populations, DONATED);
  if (!more.ok) return more;
  const fewer = solveEquationOfState(tables.eos, star.atmosphere, perH, star.populations, -DONATED);
  if (!fewer.ok) return fewer;
  const { layers } = star.populations;
  const lnElectrons = more.value.electrons.map((ne, k) => Math.log(ne / fewer.value.electrons[k]));
  const low = speciesPopulations(tables.lines.species, fewer.value);
  return success(
    speciesPopulations(tables.lines.species, more.value).map((n, at) => (n > 0 ? Math.log(n / low[at]) / lnElectrons[at % layers] : 0)),
  );
}

/** Elements to which a species (of element `z`, 0 for a molecule) answers beyond the common way through n_e, with that rest per layer. */
export function couplingsOf(
  species: number,
  z: number,
  responses: readonly ElementResponse[],
  perElectron: Float64Array,
  layers: number,
): Coupling[] {
  const out: Coupling[] = [];
  responses.forEach((response, element) => {
    const residual = new Float64Array(layers);
    let largest = 0;
    for (let layer = 0; layer < layers; layer++) {
      const at = species * layers + layer;
      const rest =
        response.lnPopulation === null
          ? response.z === z
            ? Math.LN10
            : 0
          : response.lnPopulation[at] - perElectron[at] * response.lnElectrons[layer];
      residual[layer] = rest;
      largest = Math.max(largest, Math.abs(rest));
    }
    if (largest > RESIDUAL) out.push({ element, residual });
  });
  return out;
}
