import { continuumField, type ContinuumField } from './continuumField.ts';
import { continuumOpacity } from './continuum.ts';
import { solveEquationOfState, type Populations } from './eos.ts';
import { speciesPopulations } from './lineOpacity.ts';
import { SOLAR_PER_H } from './elements.ts';
import { success, type Result } from '../domain/result.ts';
import type { ContinuumTables } from './continuumTables.ts';
import type { PhysicsTables } from './tables.ts';
import type { Star } from './star.ts';

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
  /** Relative change of continuous absorption and scattering, on the thin continuum wavelengths [layer·n + k]. */
  readonly lnAbsorption: Float64Array;
  readonly lnScattering: Float64Array;
  /** Change of ln(continuum flux) on the thin wavelengths. */
  readonly lnContinuumFlux: Float64Array;
}

/** dex, either side. */
export const ABUNDANCE_STEP = 0.05;
const TRACE = 5e-8;
/** The continuum's response is smooth but for edges (Mg I at 3757 Å): every second wavelength will do. */
const THINNING = 2;

/** The continuum on fewer wavelengths, with its field: the base of all responses of one star. */
export interface ThinContinuum {
  readonly tables: ContinuumTables;
  readonly field: ContinuumField;
}

export function thinContinuum(tables: PhysicsTables, star: Star): ThinContinuum {
  const full = tables.continuum;
  const n = full.wavelength.length;
  const keep = (values: Float64Array): Float64Array => {
    const rows = values.length / n;
    const per = Math.floor((n - 1) / THINNING) + 1;
    return Float64Array.from({ length: rows * per }, (_, i) => values[Math.floor(i / per) * n + (i % per) * THINNING] ?? NaN);
  };
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
  if ((SOLAR_PER_H[z] ?? 0) < TRACE) {
    const zero = new Float64Array(layers);
    return success({
      z,
      lnPopulation: null,
      lnElectrons: zero,
      lnDensity: zero,
      lnNeutralHydrogen: zero,
      lnAbsorption: new Float64Array(layers * n),
      lnScattering: new Float64Array(layers * n),
      lnContinuumFlux: new Float64Array(n),
    });
  }
  const sides: { pop: Populations; species: Float64Array; absorption: Float64Array; scattering: Float64Array }[] = [];
  for (const sign of [1, -1]) {
    const changed = perH.slice();
    changed[z] = (changed[z] ?? 0) * 10 ** (sign * ABUNDANCE_STEP);
    const solved = solveEquationOfState(tables.eos, star.atmosphere, changed, star.populations);
    if (!solved.ok) return solved;
    const opacity = continuumOpacity(thin.tables, tables.eos, solved.value);
    sides.push({
      pop: solved.value,
      species: speciesPopulations(tables.lines.species, solved.value),
      absorption: opacity.absorption,
      scattering: opacity.scattering,
    });
  }
  const [plus, minus] = sides;
  if (!plus || !minus) throw new Error('two sides expected');
  const slope = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((x, i) => (x > 0 ? Math.log(x / (b[i] ?? 1)) / (2 * ABUNDANCE_STEP) : 0));
  const lnAbsorption = slope(plus.absorption, minus.absorption);
  const lnScattering = slope(plus.scattering, minus.scattering);
  const lnDensity = slope(plus.pop.density, minus.pop.density);
  const { field } = thin;
  const lnContinuumFlux = field.flux.map((flux, k) => {
    let sum = 0;
    for (let layer = 0; layer < layers; layer++) {
      const at = layer * n + k;
      const absorbed = (field.dAbsorption[at] ?? 0) * (field.absorption[at] ?? 0);
      const scattered = (field.dScattering[at] ?? 0) * (field.scattering[at] ?? 0);
      sum +=
        absorbed * ((lnAbsorption[at] ?? 0) - (lnDensity[layer] ?? 0)) + scattered * ((lnScattering[at] ?? 0) - (lnDensity[layer] ?? 0));
    }
    return sum / flux;
  });
  return success({
    z,
    lnPopulation: slope(plus.species, minus.species),
    lnElectrons: slope(plus.pop.electrons, minus.pop.electrons),
    lnDensity,
    lnNeutralHydrogen: slope(plus.pop.atoms.subarray(3 * layers, 4 * layers), minus.pop.atoms.subarray(3 * layers, 4 * layers)),
    lnAbsorption,
    lnScattering,
    lnContinuumFlux,
  });
}
