/** Opacity, transfer and their derivatives on tables made by formula: identities that need no data. */
import { describe, expect, it, vi } from 'vitest';
import { valueOf } from '../testing/result.ts';
import { TOY_LINES, toyAtmosphere, toyTables } from '../testing/toyTables.ts';
import { computeWithDerivatives } from './derivatives/derivatives.ts';
import { continuumOpacity } from './opacity/continuum.ts';
import type { LnGrid } from './opacity/lineContext.ts';
import { computeSpectrum } from './spectrum.ts';
import { prepareStar } from './star.ts';
import { composition, solveEquationOfState } from './structure/eos.ts';
import type { Atmosphere } from './structure/atmosphere.ts';
import type { PhysicsTables } from './tables/tables.ts';

// A busy machine takes longer than the usual five seconds.
vi.setConfig({ testTimeout: 30_000 });

const window = (from: number, to: number, kms = 3): LnGrid => {
  const lnStep = kms / 299_792.458;
  return { lnStart: Math.log(from), lnStep, count: Math.floor(Math.log(to / from) / lnStep) };
};
const METAL_LINES = window(5160, 5197);
const H_BETA = window(4852, 4874);
const tables = toyTables();
const VMIC = 1.2;
const solar = composition(0, new Map());
const solarBut = (z: number, dex: number): Float64Array => composition(0, new Map([[z, dex]]));
/** Smaller differences than this, per dex or km/s, are below what steps of 0.01 can show. */
const FAINT = 2e-4;
const MODEL = { teff: 5500, logg: 4.2 };

/** Normalised flux over a window. */
function fluxOf(
  grid: LnGrid,
  change: { perH?: Float64Array; vmic?: number; atmosphere?: Atmosphere; from?: PhysicsTables } = {},
): Float64Array {
  const from = change.from ?? tables;
  const atmosphere = change.atmosphere ?? toyAtmosphere(MODEL.teff, MODEL.logg);
  const star = valueOf(prepareStar(from, atmosphere, change.perH ?? solar, change.vmic ?? VMIC, grid));
  const { flux, continuum } = computeSpectrum(from, star, grid);
  return flux.map((f, i) => f / (continuum[i] ?? NaN));
}
const largest = (values: Float64Array): number => values.reduce((worst, x) => Math.max(worst, Math.abs(x)), 0);
const minus = (a: Float64Array, b: Float64Array, scale = 1): Float64Array => a.map((x, i) => (x - (b[i] ?? NaN)) / scale);

describe('the spectrum', () => {
  it('is the continuum where there is no line, and below it in every line', () => {
    const bare = fluxOf(METAL_LINES, { from: toyTables([{ wave: 8000, species: '26.0', ep: 3, loggf: -5 }]) });
    // Wings of hydrogen reach this far.
    expect(largest(bare.map((f) => f - 1))).toBeLessThan(0.01);
    const flux = fluxOf(METAL_LINES);
    for (const { wave } of TOY_LINES.slice(1)) {
      // Air to vacuum adds 1.44 Å here.
      const at = Math.round((Math.log(wave + 1.44) - METAL_LINES.lnStart) / METAL_LINES.lnStep);
      expect(flux[at] ?? NaN, String(wave)).toBeLessThan((bare[at] ?? NaN) - 1e-4);
    }
  });

  it('of weak lines adds up: twice the gf takes away twice as much', () => {
    const weak = (loggf: number) => toyTables([{ wave: 5180, species: '26.0', ep: 4, loggf }]);
    const bare = fluxOf(METAL_LINES, { from: weak(-20) });
    const lost = (loggf: number): number => minus(bare, fluxOf(METAL_LINES, { from: weak(loggf) })).reduce((sum, x) => sum + x, 0);
    expect(lost(-4.5 + Math.log10(2)) / lost(-4.5)).toBeCloseTo(2, 1);
    expect(lost(-4.5)).toBeGreaterThan(0);
  });

  it('of a saturated line feels v_mic, of a weak one hardly', () => {
    const gain = (loggf: number): number => {
      const from = toyTables([{ wave: 5180, species: '26.0', ep: 3, loggf }]);
      const width = (vmic: number): number => fluxOf(METAL_LINES, { from, vmic }).reduce((sum, f) => sum + 1 - f, 0);
      const bare = fluxOf(METAL_LINES, { from: toyTables([{ wave: 5180, species: '26.0', ep: 3, loggf: -20 }]) }).reduce(
        (sum, f) => sum + 1 - f,
        0,
      );
      return (width(2.4) - bare) / (width(1.2) - bare);
    };
    expect(gain(-1)).toBeGreaterThan(1.15);
    expect(gain(-5)).toBeLessThan(1.08);
  });

  it('has a broad Hβ, deepest at its centre', () => {
    const flux = fluxOf(H_BETA, { from: toyTables([{ wave: 8000, species: '26.0', ep: 3, loggf: -5 }]) });
    const centre = Math.round((Math.log(4862.69) - H_BETA.lnStart) / H_BETA.lnStep);
    expect(Math.abs(flux.indexOf(Math.min(...flux)) - centre)).toBeLessThanOrEqual(2);
    expect(flux[centre] ?? NaN).toBeLessThan(0.9);
    expect(flux[0] ?? NaN).toBeGreaterThan(flux[centre] ?? NaN);
  });
});

describe('continuous opacity', () => {
  const populations = valueOf(solveEquationOfState(tables.eos, toyAtmosphere(MODEL.teff, MODEL.logg), solar));
  it('is positive and finite, and grows inwards with the pressure', () => {
    const { absorption, scattering, wavelength } = continuumOpacity(tables.continuum, tables.eos, populations);
    expect(absorption.every((x) => x > 0 && Number.isFinite(x))).toBe(true);
    expect(scattering.every((x) => x > 0 && Number.isFinite(x))).toBe(true);
    const at = (layer: number): number => absorption[layer * wavelength.length + 150] ?? NaN;
    for (let layer = 1; layer < populations.layers; layer++) expect(at(layer)).toBeGreaterThan(at(layer - 1));
  });
  it('of H⁻ is in proportion to its cross-section', () => {
    const doubled = { ...tables.continuum, hMinusBoundFree: tables.continuum.hMinusBoundFree.map((x) => 2 * x) };
    const none = { ...tables.continuum, hMinusBoundFree: tables.continuum.hMinusBoundFree.map(() => 0) };
    const [once, twice, never] = [tables.continuum, doubled, none].map((t) => continuumOpacity(t, tables.eos, populations).absorption);
    if (once === undefined || twice === undefined || never === undefined) throw new Error('three opacities were asked for');
    const ratio = minus(twice, never).map((x, i) => x / ((once[i] ?? NaN) - (never[i] ?? NaN)));
    expect(largest(ratio.map((x) => x - 2))).toBeLessThan(1e-9);
  });
});

describe.each([
  ['metal lines', METAL_LINES, tables],
  ['Hβ', H_BETA, toyTables(TOY_LINES.slice(0, 1))],
] as const)('derivatives in a window of %s', (_, grid, from) => {
  const elements = [6, 12, 20, 22, 26];
  const atmosphere = toyAtmosphere(MODEL.teff, MODEL.logg);
  const hotter = { atmosphere: toyAtmosphere(MODEL.teff + 1, MODEL.logg), perH: solar, step: 1 };
  const heavier = { atmosphere: toyAtmosphere(MODEL.teff, MODEL.logg + 0.002), perH: solar, step: 0.002 };
  const star = valueOf(prepareStar(from, atmosphere, solar, VMIC, grid));
  const all = valueOf(computeWithDerivatives(from, star, solar, VMIC, grid, elements, [hotter, heavier]));

  it('leave the spectrum as it is without them', () => {
    const flux = all.flux.map((f, i) => f / (all.continuum[i] ?? NaN));
    expect(largest(minus(flux, fluxOf(grid, { from })))).toBeLessThan(1e-12);
  });

  it.each([
    ['of v_mic', 0.01, all.vmic, (h: number) => fluxOf(grid, { from, vmic: VMIC + h })],
    ['of Fe', 0.01, all.elements[4], (h: number) => fluxOf(grid, { from, perH: solarBut(26, h) })],
    ['of Mg', 0.01, all.elements[1], (h: number) => fluxOf(grid, { from, perH: solarBut(12, h) })],
    ['of C', 0.01, all.elements[0], (h: number) => fluxOf(grid, { from, perH: solarBut(6, h) })],
    ['of T_eff', 3, all.structure[0], (h: number) => fluxOf(grid, { from, atmosphere: toyAtmosphere(MODEL.teff + h, MODEL.logg) })],
    ['of log g', 0.01, all.structure[1], (h: number) => fluxOf(grid, { from, atmosphere: toyAtmosphere(MODEL.teff, MODEL.logg + h) })],
  ] as const)('%s are differences of two syntheses, to a hundredth of their peak or 2e-4 per unit', (_name, h, ours, at) => {
    const difference = minus(at(h), at(-h), 2 * h);
    expect(largest(difference)).toBeGreaterThan(0);
    expect(largest(minus(difference, Float64Array.from(ours ?? [])))).toBeLessThan(Math.max(0.01 * largest(difference), FAINT));
  });
});
