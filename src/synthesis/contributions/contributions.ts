/**
 * What each line contributes to the absorption of a star.
 *
 * Where lines blend, the depth 1 − F/F_c at a wavelength is shared out in proportion to ∂F/∂ln χ_i = Σ_layers (∂F/∂χ)·χ_i, the flux's response to each
 * line's own opacity χ_i. Of weak lines that is what each absorbs alone; of a saturated line without neighbours it is all of the depth. The parts of all lines add
 * up to the depth. A part integrated over wavelength is the line's equivalent width here, and its share is taken of the depth at low resolution.
 *
 * Lines of molecules stand too close to be told apart: those of one molecule within one resolution element are one band.
 */
import { FWHM_PER_SIGMA } from '../../domain/units.ts';
import { lineDerivatives, type LineWindow } from '../correction/lineDerivatives.ts';
import { gridWavelengths } from '../native.ts';
import { SYMBOLS } from '../tables/elements.ts';
import type { LnGrid } from '../opacity/lineContext.ts';
import type { Star } from '../star.ts';
import type { LineList, LineSpecies } from '../tables/lineList.ts';
import type { PhysicsTables } from '../tables/tables.ts';

/** One line or band in one star. */
export interface Contribution {
  /** The same in every star. */
  readonly key: string;
  /** `Fe I`, `CH`. */
  readonly species: string;
  /** Å, vacuum. */
  readonly wavelength: number;
  /** mÅ */
  readonly width: number;
  /** Of the depth at low resolution, at the wavelength: 0 … 1. */
  readonly share: number;
}

/** Resolving power at which shares are taken. */
export const SHARE_RESOLVING_POWER = 1800;
/** Thinner lines are not reported, mÅ. */
const THINNEST = 1;
/** Standard deviations to which the low resolution is followed. */
const REACH = 4;
const STAGES = ['I', 'II', 'III'] as const;

const nameOf = ({ kind, name }: LineSpecies): string => (kind.type === 'molecule' ? name : `${SYMBOLS[kind.z]} ${STAGES[kind.stage]}`);

/**
 * The lines of a prepared star that absorb more than 1 mÅ on the grid. `owner` assigns each line of the list to a physical line (−1: to none), of which there
 * are `count`.
 */
export function lineContributions(tables: PhysicsTables, star: Star, grid: LnGrid, owner: Int32Array, count: number): Contribution[] {
  const { flux, strength, all, hydrogen } = lineDerivatives(tables, star, grid, owner, count, new Set());
  const { species, wavelength } = physicalPlaces(tables.lines, owner, count);
  const lambda = gridWavelengths(grid);
  const depth = flux.map((f) => 1 - f);
  // depth per response of the flux: what a line's response is multiplied by to give its part
  const perResponse = depth.map((d, i) => (d > 0 && all[i] < 0 ? d / all[i] : 0));
  const part = ({ first, values }: LineWindow): Part => ({
    first,
    values: Float64Array.from(values, (v, k) => Math.max(0, v * perResponse[first + k])),
  });
  const whole: Part = { first: 0, values: depth };
  const found: Contribution[] = [];
  const add = (key: string, name: string, at: number, width: number, own: Part): void => {
    if (width < THINNEST) return;
    const step = (Math.log(at) - grid.lnStart) / grid.lnStep;
    const sigma = 1 / (SHARE_RESOLVING_POWER * FWHM_PER_SIGMA * grid.lnStep);
    const total = seen(whole, step, sigma);
    found.push({ key, species: name, wavelength: at, width, share: total > 0 ? seen(own, step, sigma) / total : 0 });
  };

  const bands = new Map<string, Float64Array>();
  strength.forEach((window, g) => {
    if (window === null) return;
    const { kind } = tables.lines.species[species[g]];
    const name = nameOf(tables.lines.species[species[g]]);
    const own = part(window);
    if (kind.type === 'atom') add(`${name} ${String(g)}`, name, wavelength[g], widthOf(own, lambda, grid.lnStep), own);
    else {
      const sum = bands.get(name) ?? new Float64Array(grid.count);
      bands.set(name, sum);
      own.values.forEach((v, k) => (sum[own.first + k] += v));
    }
  });
  for (const [name, values] of bands)
    for (const [cell, from, to] of cells(grid)) {
      const own = { first: from, values: values.subarray(from, to) };
      add(`${name} ${String(cell)}`, name, centreOf(own, lambda), widthOf(own, lambda, grid.lnStep), { first: 0, values });
    }
  const ofHydrogen = part({ first: 0, values: Float32Array.from(hydrogen) }).values;
  for (const [{ wavelength: at, lower, upper }, from, to] of hydrogenStretches(tables, lambda)) {
    const own = { first: from, values: ofHydrogen.subarray(from, to) };
    if (at > lambda[0] && at < lambda[grid.count - 1])
      add(`H I ${String(lower)}-${String(upper)}`, 'H I', at, widthOf(own, lambda, grid.lnStep), { first: 0, values: ofHydrogen });
  }
  return found;
}

/** What one line takes of the depth, on points first … first + values.length of the grid. */
interface Part {
  readonly first: number;
  readonly values: Float64Array;
}

/** Equivalent width, mÅ. */
function widthOf({ first, values }: Part, lambda: Float64Array, lnStep: number): number {
  let sum = 0;
  for (let k = 0; k < values.length; k++) sum += values[k] * lambda[first + k];
  return 1000 * sum * lnStep;
}

function centreOf({ first, values }: Part, lambda: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    sum += values[k] * lambda[first + k];
    total += values[k];
  }
  return sum / total;
}

/** A part as a Gaussian of standard deviation `sigma` (steps) about `centre` shows it; without the Gaussian's normalisation. */
function seen({ first, values }: Part, centre: number, sigma: number): number {
  const from = Math.max(0, Math.ceil(centre - REACH * sigma) - first);
  const to = Math.min(values.length, Math.floor(centre + REACH * sigma) + 1 - first);
  let sum = 0;
  for (let k = from; k < to; k++) sum += values[k] * Math.exp(-0.5 * ((first + k - centre) / sigma) ** 2);
  return sum;
}

/** Species (place in the list's) of every physical line, and its vacuum wavelength: the mean of its components, weighted by gf. */
function physicalPlaces(
  lines: LineList,
  owner: Int32Array,
  count: number,
): { readonly species: Int32Array; readonly wavelength: Float64Array } {
  const species = new Int32Array(count);
  const [sum, weight] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < lines.count; i++) {
    const g = owner[i];
    if (g < 0) continue;
    species[g] = lines.speciesIndex[i];
    sum[g] += lines.gf[i] * lines.wavelength[i];
    weight[g] += lines.gf[i];
  }
  return { species, wavelength: sum.map((s, g) => s / weight[g]) };
}

/** Resolution elements, the same for every grid: number, and first and end point. */
function* cells({ lnStart, lnStep, count }: LnGrid): Generator<readonly [cell: number, from: number, to: number]> {
  const size = 1 / SHARE_RESOLVING_POWER;
  const last = Math.floor((lnStart + (count - 1) * lnStep) / size);
  const point = (cell: number): number => Math.min(count, Math.max(0, Math.ceil((cell * size - lnStart) / lnStep)));
  for (let cell = Math.floor(lnStart / size); cell <= last; cell++) yield [cell, point(cell), point(cell + 1)];
}

/** Hydrogen's lines with the points that are nearer to them than to another line of hydrogen. */
function hydrogenStretches(
  tables: PhysicsTables,
  lambda: Float64Array,
): (readonly [PhysicsTables['hydrogen']['lines'][number], number, number])[] {
  const lines = [...tables.hydrogen.lines].sort((a, b) => a.wavelength - b.wavelength);
  const place = (w: number): number => {
    const at = lambda.findIndex((x) => x >= w);
    return at < 0 ? lambda.length : at;
  };
  return lines.map((line, k) => {
    const [before, after] = [lines[k - 1] as typeof line | undefined, lines[k + 1] as typeof line | undefined];
    const from = before === undefined ? 0 : place((before.wavelength + line.wavelength) / 2);
    const to = after === undefined ? lambda.length : place((after.wavelength + line.wavelength) / 2);
    return [line, from, to] as const;
  });
}
