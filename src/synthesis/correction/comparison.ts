/**
 * One observed star beside the synthesis with the present corrections: the model on the comparison's pixels, the residual, its weight, and the columns
 * of the linear problem (lines, the star's own nuisances, continuum).
 */
import { ELEMENTS } from '../../domain/labels.ts';
import { failed, success, type Result } from '../../domain/result.ts';
import { FWHM_PER_SIGMA } from '../../domain/units.ts';
import { bandedMatrix, factorBanded, solveBanded } from '../../math/banded.ts';
import { cubicBasis, evaluateSpline, type SplineBasis } from '../../math/bspline.ts';
import { robustSigma } from '../../math/statistics.ts';
import { interpolateAtmosphere } from '../structure/atmosphere.ts';
import { atomicNumber } from '../tables/elements.ts';
import { composition } from '../structure/eos.ts';
import type { LnGrid } from '../opacity/lineContext.ts';
import type { LineList } from '../tables/lineList.ts';
import { computeSpectrum } from '../spectrum.ts';
import { prepareStar, type Star } from '../star.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import { lineDerivatives, type LineWindow } from './lineDerivatives.ts';
import { broadeningSteps, convolve, onGrid, type ObservedStar } from './observedStar.ts';

/** Elements whose abundance a star may have of its own: those of the labels, and iron. */
export const OWN_ELEMENTS: readonly number[] = [26, ...ELEMENTS.map(atomicNumber)];
/** The star's own parameters, in this order, before its abundances. */
export const OWN = ['teff', 'vmic', 'velocity', 'broadening'] as const;

/** Where a star stands: changes from what is known of it. */
export interface StarState {
  /** K, km/s, km/s; `broadening` is the FWHM itself in km/s. */
  teff: number;
  vmic: number;
  velocity: number;
  broadening: number;
  /** dex by place in OWN_ELEMENTS. */
  abundances: Float64Array;
}

export const initialState = (observed: ObservedStar): StarState => ({
  teff: 0,
  vmic: 0,
  velocity: 0,
  broadening: observed.broadening,
  abundances: new Float64Array(OWN_ELEMENTS.length),
});

/** The linear problem of one star. Arrays run over comparison pixels. */
export interface Comparison {
  readonly observed: ObservedStar;
  readonly grid: LnGrid;
  readonly model: Float64Array;
  readonly continuum: Float64Array;
  /** Data − continuum·model, in units of the continuum. */
  readonly residual: Float64Array;
  /** Inverse variance of the residual; 0 where a pixel is not used. */
  readonly weight: Float64Array;
  readonly strength: readonly (LineWindow | null)[];
  readonly damping: ReadonlyMap<number, LineWindow>;
  /** By OWN, then null for the abundances, which are sums of lines. */
  readonly own: readonly Float64Array[];
  readonly basis: SplineBasis;
}

/** Model error per pixel of the comparison: of the continuum's level, and growing with the depth of the lines (non-LTE, three dimensions, profiles). */
const FLOOR = 0.006;
const PER_DEPTH = 0.03;
const HUBER = 2.5;

const STEP_TEFF = 10;
const STEP_VMIC = 0.05;

const speciesElements = (code: string): readonly number[] => {
  const whole = code.split('.')[0] ?? '';
  if (whole.length <= 2) return [Number(whole)];
  return [Number(whole.slice(0, -2)), Number(whole.slice(-2))].filter((z) => z > 1);
};
/** Places in OWN_ELEMENTS whose abundance moves lines of a species. */
export const elementsOf = (code: string): readonly number[] =>
  speciesElements(code).flatMap((z) => {
    const at = OWN_ELEMENTS.indexOf(z);
    return at < 0 ? [] : [at];
  });

/** Prepares the star of an observation with the given lines. Failures of the atmosphere and the equation of state. */
export function prepareObserved(
  tables: PhysicsTables,
  lines: LineList,
  observed: ObservedStar,
  state: StarState,
  grid: LnGrid,
): Result<Star> {
  const { star } = observed;
  const atmosphere = interpolateAtmosphere(tables.atmospheres, star.teff + state.teff, star.logg, Math.max(star.feh, -2.5), star.alphaM);
  if (!atmosphere.ok) return atmosphere;
  const perH = composition(star.feh, new Map([...star.xh].map(([z, xh]) => [z, xh - star.feh])));
  OWN_ELEMENTS.forEach((z, k) => (perH[z] = (perH[z] ?? 0) * 10 ** (state.abundances[k] ?? 0)));
  return prepareStar({ ...tables, lines }, atmosphere.value, perH, Math.max(0.2, star.vmic + state.vmic), grid);
}

/** The grid of the computation that covers an observation, `stepKms` apart, with room for the broadening. */
export function gridOf(observed: ObservedStar, stepKms: number): LnGrid {
  const lnStep = stepKms / 299_792.458;
  const lnStart = Math.log(Math.max(observed.from - 3, 3692));
  return { lnStart, lnStep, count: Math.floor((Math.log(Math.min(observed.to + 3, 9110)) - lnStart) / lnStep) };
}

/** The observation moved by a velocity (km/s): the star recedes, so its rest wavelengths are shorter. */
const moved = (observed: ObservedStar, velocity: number): ObservedStar => ({
  ...observed,
  wavelength: observed.wavelength.map((w) => w / (1 + velocity / 299_792.458)),
});

/**
 * Builds the linear problem of a star at a state. `owner`, `count`, `damped` as for `lineDerivatives`. How the star follows T_eff and v_mic costs two more
 * syntheses and hardly changes as lines are corrected: it is taken from `earlier` when that is given. Failures: of the atmosphere and the equation of state;
 * `SINGULAR_FIT`.
 */
export function compare(
  tables: PhysicsTables,
  lines: LineList,
  observed: ObservedStar,
  state: StarState,
  stepKms: number,
  owner: Int32Array,
  count: number,
  damped: ReadonlySet<number>,
  earlier?: Comparison,
): Result<Comparison> {
  const grid = gridOf(observed, stepKms);
  const { stride } = observed;
  const prepared = prepareObserved(tables, lines, observed, state, grid);
  if (!prepared.ok) return prepared;
  const spectrum = lineDerivatives(tables, prepared.value, grid, owner, count, damped);
  const sigma = broadeningSteps(observed, grid, state.broadening);
  const model = convolve(spectrum.flux, 0, sigma, stride, true).values;
  const data = onGrid(moved(observed, state.velocity), grid);
  const pixels = model.length;
  const lambda = Float64Array.from({ length: pixels }, (_, p) => Math.exp(grid.lnStart + p * stride * grid.lnStep));
  const inside = lambda.map((w, p) => (w >= observed.from && w <= observed.to && Number.isFinite(data[p]) && (data[p] ?? 0) > 0 ? 1 : 0));
  const basis = cubicBasis(lambda, observed.from, observed.to, observed.knots);

  // neighbouring pixels share their error: a resolution element counts for one
  const shared = sigma.map((s) => Math.max(1, (s * FWHM_PER_SIGMA) / stride));
  const relative = model.map((m, p) => Math.sqrt((observed.noise ** 2 + FLOOR ** 2 + (PER_DEPTH * (1 - m)) ** 2) * (shared[p] ?? 1)));
  let robust = Float64Array.from(inside);
  let continuum: Float64Array = model.map(() => 1);
  for (let round = 0; round < 6; round++) {
    const level = continuum;
    const fitted = fitContinuum(
      basis,
      model,
      data,
      robust.map((r, p) => r / ((relative[p] ?? 1) * (level[p] ?? 1)) ** 2),
    );
    if (!fitted)
      return failed(
        'SINGULAR_FIT',
        `The continuum of ${observed.id} is not determined by its pixels.`,
        'Take out spectra with long gaps, or widen its knots.',
      );
    continuum = fitted;
    robust = inside.map((use, p) => {
      const r = Math.abs(((data[p] ?? 0) / (continuum[p] ?? 1) - (model[p] ?? 0)) / (relative[p] ?? 1));
      return use === 0 || !Number.isFinite(r) ? 0 : r > HUBER ? HUBER / r : 1;
    });
  }
  const residual = model.map((m, p) => (inside[p] === 0 ? 0 : (data[p] ?? 0) / (continuum[p] ?? 1) - m));
  const bad = badStretches(residual, inside);
  const weight = relative.map((s, p) => ((bad[p] ?? 0) === 1 ? 0 : (robust[p] ?? 0)) / (s * s));

  const change = (other: StarState, step: number): Result<Float64Array> => {
    const star = prepareObserved(tables, lines, observed, other, grid);
    if (!star.ok) return star;
    const { flux, continuum: level } = computeSpectrum({ ...tables, lines }, star.value, grid);
    const values = convolve(
      flux.map((f, i) => f / (level[i] ?? 1)),
      0,
      sigma,
      stride,
      true,
    ).values;
    return success(values.map((v, p) => (v - (model[p] ?? 0)) / step));
  };
  const own: Float64Array[] = [];
  for (const [held, other, step] of [
    [observed.star.sigmaTeff === 0, { ...state, teff: state.teff + STEP_TEFF }, STEP_TEFF],
    [observed.star.sigmaVmic === 0, { ...state, vmic: state.vmic + STEP_VMIC }, STEP_VMIC],
  ] as const) {
    const before = earlier?.own[own.length];
    if (held) own.push(new Float64Array(pixels));
    else if (before) own.push(before);
    else {
      const column = change(other, step);
      if (!column.ok) return column;
      own.push(column.value);
    }
  }
  // a larger velocity of the star moves the data to the blue: the data at a pixel are then those from the red
  own.push(model.map((_, p) => -((model[p + 1] ?? 1) - (model[p - 1] ?? 1)) / (2 * stride * grid.lnStep * 299_792.458)));
  const wider = convolve(spectrum.flux, 0, broadeningSteps(observed, grid, state.broadening + 0.3), stride, true).values;
  own.push(wider.map((v, p) => (v - (model[p] ?? 0)) / 0.3));

  const broadened = (window: LineWindow): LineWindow => {
    const { first, values } = convolve(window.values, window.first, sigma, stride);
    return { first, values: Float32Array.from(values) };
  };
  return success({
    observed,
    grid,
    model,
    continuum,
    residual,
    weight,
    strength: spectrum.strength.map((window) => (window === null ? null : broadened(window))),
    damping: new Map([...spectrum.damping].map(([g, window]) => [g, broadened(window)])),
    own,
    basis,
  });
}

/** Weighted least squares of data = spline·model. Null when a coefficient is not determined at all. */
function fitContinuum(basis: SplineBasis, model: Float64Array, data: Float64Array, weight: Float64Array): Float64Array | null {
  const n = basis.count;
  const matrix = bandedMatrix(n, 3);
  const { band: a } = matrix;
  const b = new Float64Array(n);
  const add = (row: number, column: number, value: number): void => {
    const at = row * 4 + (row - column);
    a[at] = (a[at] ?? 0) + value;
  };
  for (let p = 0; p < model.length; p++) {
    const w = weight[p] ?? 0;
    if (w === 0) continue;
    const k = basis.first[p] ?? 0;
    for (let i = 0; i < 4; i++) {
      const u = w * (basis.values[4 * p + i] ?? 0) * (model[p] ?? 0);
      b[k + i] = (b[k + i] ?? 0) + u * (data[p] ?? 0);
      for (let j = 0; j <= i; j++) add(k + i, k + j, u * (basis.values[4 * p + j] ?? 0) * (model[p] ?? 0));
    }
  }
  // a weak tie between neighbours carries the continuum over gaps
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, a[i * 4] ?? 0);
  if (!(scale > 0)) return null;
  const tie = 1e-5 * scale;
  for (let i = 0; i + 1 < n; i++) {
    add(i, i, tie);
    add(i + 1, i + 1, tie);
    add(i + 1, i, -tie);
  }
  if (!factorBanded(matrix)) return null;
  solveBanded(matrix, b);
  return evaluateSpline(basis, b);
}

/** Marks stretches where data and model have nothing to do with each other: tellurics, holes, a bad join. */
function badStretches(residual: Float64Array, inside: Float64Array): Float64Array {
  const bad = new Float64Array(residual.length);
  const block = 200;
  const scatter: number[] = [];
  for (let p = 0; p < residual.length; p += block)
    scatter.push(robustSigma([...residual.subarray(p, p + block)].filter((_, k) => inside[p + k] === 1)));
  scatter.forEach((s, k) => {
    const around = scatter
      .slice(Math.max(0, k - 10), k + 11)
      .filter((v) => Number.isFinite(v) && v > 0)
      .sort((a, b) => a - b);
    const typical = around[around.length >> 1] ?? s;
    if (s > 4 * typical || s > 0.25) for (let p = k * block; p < Math.min((k + 1) * block, residual.length); p++) bad[p] = 1;
  });
  return bad;
}
