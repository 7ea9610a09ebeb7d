/** One star prepared for synthesis: structure, populations, continuum and lines. */
import { success, type Result } from '../domain/result.ts';
import { continuumField, type ContinuumField } from './transfer/continuumField.ts';
import { continuumOpacity } from './opacity/continuum.ts';
import { withColumnMass } from './transfer/columnMass.ts';
import { solveEquationOfState } from './structure/eos.ts';
import { moleculeDensity, type Populations } from './structure/populations.ts';
import { lineContext, type LineContext, type LnGrid } from './opacity/lineContext.ts';
import type { Atmosphere } from './structure/atmosphere.ts';
import type { PhysicsTables } from './tables/tables.ts';

/** Everything about one star that does not depend on the block of wavelengths. */
export interface Star {
  readonly atmosphere: Atmosphere;
  readonly populations: Populations;
  readonly field: ContinuumField;
  readonly lines: LineContext;
}

/** Equation of state, continuum and lines of a structure with composition `perH` (n_X/n_H by atomic number) and `vmic` [km/s]. */
export function prepareStar(tables: PhysicsTables, atmosphere: Atmosphere, perH: Float64Array, vmic: number, grid: LnGrid): Result<Star> {
  const solved = solveEquationOfState(tables.eos, atmosphere, perH);
  if (!solved.ok) return solved;
  const populations = solved.value;
  const opacity = continuumOpacity(tables.continuum, tables.eos, populations);
  const structure = withColumnMass(atmosphere, opacity, populations);
  const field = continuumField(opacity, structure, populations);
  const lines = lineContext(tables.lines, populations, moleculeDensity(tables.eos, populations, 'H2'), vmic, grid, field);
  return success({ atmosphere: structure, populations, field, lines });
}
