/** Responses to abundances: what one element does to every layer at fixed temperature and pressure. */
import { continuumField, type ContinuumField } from '../transfer/continuumField.ts';
import { continuumOpacity } from '../opacity/continuum.ts';
import { solveEquationOfState } from '../structure/eos.ts';
import { hydrogenOverPartition, type Populations } from '../structure/populations.ts';
import { speciesPopulations } from '../opacity/lineContext.ts';
import { SOLAR_PER_H } from '../tables/elements.ts';
import { success, type Result } from '../../domain/result.ts';
import type { ContinuumTables } from '../tables/continuumTables.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import type { Star } from '../star.ts';

/**
 * What one element's abundance does to every layer at fixed T and P, all per dex: the equation of state is solved again at ±STEP.
 * Elements rarer than TRACE in the Sun only scale their own lines.
 */
export interface ElementResponse {
  readonly z: number;
  /** Change of ln(n/U) of the line species [species·layers + layer]; null for a trace element (its own species: ln 10, others 0). */
  readonly lnPopulation: Float64Array | null;
  readonly lnElectrons: Float64Array;
  readonly lnDensity: Float64Array;
  readonly lnNeutralHydrogen: Float64Array;
  /** Change of continuous absorption and scattering (cm⁻¹) on the thin continuum wavelengths [layer·n + k]. */
  readonly absorption: Float64Array;
  readonly scattering: Float64Array;
  /** Change of ln(continuum flux) on the thin wavelengths. */
  readonly lnContinuumFlux: Float64Array;
}

/** dex, either side. */
export const ABUNDANCE_STEP = 0.02;
const TRACE = 5e-8;
/** Redward of this (Å) the continuum's response is smooth: every fourth wavelength will do. */
const SMOOTH = 4700;
const THINNING = 4;

/** The continuum on fewer wavelengths, with its field: the base of all responses of one star. */
export interface ThinContinuum {
  readonly tables: ContinuumTables;
  readonly field: ContinuumField;
}

export function thinContinuum(tables: PhysicsTables, star: Star): ThinContinuum {
  const full = tables.continuum;
  const n = full.wavelength.length;
  const kept = [...full.wavelength.keys()].filter((k) => k % THINNING === 0 || full.wavelength[k] < SMOOTH);
  const keep = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: (values.length / n) * kept.length }, (_, i) => {
      const row = Math.floor(i / kept.length);
      return values[row * n + kept[i - row * kept.length]];
    });
  const thin: ContinuumTables = {
    ...full,
    wavelength: keep(full.wavelength),
    hMinusBoundFree: keep(full.hMinusBoundFree),
    hydrogen: full.hydrogen.map((level) => ({ ...level, sigma: keep(level.sigma) })),
    metals: full.metals.map((metal) => ({ ...metal, sum: keep(metal.sum) })),
  };
  return { tables: thin, field: continuumField(continuumOpacity(thin, tables.eos, star.populations), star.atmosphere, star.populations) };
}

/** Response of one element, by atomic number. */
export function elementResponse(
  tables: PhysicsTables,
  star: Star,
  perH: Float64Array,
  thin: ThinContinuum,
  z: number,
): Result<ElementResponse> {
  const { layers } = star.populations;
  const n = thin.field.wavelength.length;
  if (SOLAR_PER_H[z] < TRACE) {
    const zero = new Float64Array(layers);
    return success({
      z,
      lnPopulation: null,
      lnElectrons: zero,
      lnDensity: zero,
      lnNeutralHydrogen: zero,
      absorption: new Float64Array(layers * n),
      scattering: new Float64Array(layers * n),
      lnContinuumFlux: new Float64Array(n),
    });
  }
  const side = (sign: 1 | -1): Result<{ pop: Populations; species: Float64Array; field: ContinuumField }> => {
    const changed = perH.slice();
    changed[z] *= 10 ** (sign * ABUNDANCE_STEP);
    const solved = solveEquationOfState(tables.eos, star.atmosphere, changed, star.populations);
    if (!solved.ok) return solved;
    const pop = solved.value;
    const field = continuumField(continuumOpacity(thin.tables, tables.eos, pop), star.atmosphere, pop);
    return success({ pop, species: speciesPopulations(tables.lines.species, pop), field });
  };
  const [up, down] = [side(1), side(-1)];
  if (!up.ok) return up;
  if (!down.ok) return down;
  const [plus, minus] = [up.value, down.value];
  const slope = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((x, i) => (x > 0 ? Math.log(x / b[i]) / (2 * ABUNDANCE_STEP) : 0));
  // By the logarithm: these cancel in part, and a plain difference is not linear enough.
  const change = (of: 'absorption' | 'scattering'): Float64Array =>
    slope(plus.field[of], minus.field[of]).map((ln, i) => ln * thin.field[of][i]);
  return success({
    z,
    lnPopulation: slope(plus.species, minus.species),
    lnElectrons: slope(plus.pop.electrons, minus.pop.electrons),
    lnDensity: slope(plus.pop.density, minus.pop.density),
    lnNeutralHydrogen: slope(hydrogenOverPartition(plus.pop), hydrogenOverPartition(minus.pop)),
    absorption: change('absorption'),
    scattering: change('scattering'),
    lnContinuumFlux: slope(plus.field.flux, minus.field.flux),
  });
}
