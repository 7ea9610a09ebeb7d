/** The stars whose lines the shipped table tells: one of each kind that a survey of FGK stars is full of. */
import type { TypicalStar } from '../../domain/lineTable.ts';
import { success, type Result } from '../../domain/result.ts';
import type { LnGrid } from '../opacity/lineContext.ts';
import { prepareStar, type Star } from '../star.ts';
import { interpolateAtmosphere } from '../structure/atmosphere.ts';
import { composition } from '../structure/eos.ts';
import { ALPHA } from '../synthesize.ts';
import { atomicNumber } from '../tables/elements.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import { lineContributions, type Contribution } from './contributions.ts';

export const TYPICAL_STARS: readonly TypicalStar[] = [
  { title: 'Sun-like dwarf', teff: 5772, logg: 4.44, vmic: 1, feh: 0, alpha: 0 },
  { title: 'F dwarf', teff: 6500, logg: 4.2, vmic: 1.6, feh: 0, alpha: 0 },
  { title: 'K dwarf', teff: 4700, logg: 4.6, vmic: 0.8, feh: 0, alpha: 0 },
  { title: 'K giant', teff: 4500, logg: 2, vmic: 1.5, feh: 0, alpha: 0 },
  { title: 'metal-poor giant', teff: 4800, logg: 1.8, vmic: 1.7, feh: -2, alpha: 0.4 },
];

/** A typical star prepared for synthesis. Failures: of the atmosphere and the equation of state. */
function prepareTypical(tables: PhysicsTables, { teff, logg, vmic, feh, alpha }: TypicalStar, grid: LnGrid): Result<Star> {
  const atmosphere = interpolateAtmosphere(tables.atmospheres, teff, logg, feh, alpha);
  if (!atmosphere.ok) return atmosphere;
  return prepareStar(tables, atmosphere.value, composition(feh, new Map(ALPHA.map((x) => [atomicNumber(x), alpha]))), vmic, grid);
}

/** What lines contribute in a typical star, on a grid; `owner` and `count` as for `lineContributions`. Failures: of the atmosphere and the equation of state. */
export function typicalContributions(
  tables: PhysicsTables,
  typical: TypicalStar,
  grid: LnGrid,
  owner: Int32Array,
  count: number,
): Result<Contribution[]> {
  const star = prepareTypical(tables, typical, grid);
  return star.ok ? success(lineContributions(tables, star.value, grid, owner, count)) : star;
}
