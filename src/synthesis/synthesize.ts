/** The door of this folder: labels in, normalised spectrum (and its derivative by every label) out. */
import { ELEMENTS, type Element, type LabelName, type StellarLabels } from '../domain/labels.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { interpolateAtmosphere, type Atmosphere } from './structure/atmosphere.ts';
import { atomicNumber } from './tables/elements.ts';
import { composition } from './structure/eos.ts';
import { computationGrid, computeSpectrum, type SyntheticSpectrum } from './spectrum.ts';
import { computeWithDerivatives, type ChangedStructure } from './derivatives/derivatives.ts';
import { convolver, DEFAULT_STEP_KMS, NATIVE_GRID, NATIVE_RESOLVING_POWER, nativeGridWithin } from './native.ts';
import { prepareStar } from './star.ts';
import type { LnGrid } from './opacity/lineContext.ts';
import type { PhysicsTables } from './tables/tables.ts';

/** A spectrum of given labels at the native resolution. Arrays run over `grid`. */
export interface LabelledSpectrum {
  readonly labels: StellarLabels;
  readonly grid: LnGrid;
  readonly resolvingPower: number;
  /** Normalised flux. */
  readonly flux: Float64Array;
  /** Surface flux and continuum, erg cm⁻² s⁻¹ Å⁻¹. */
  readonly absoluteFlux: Float64Array;
  readonly continuum: Float64Array;
  /** ∂(normalised flux)/∂label per K, km/s, dex; empty unless asked for. */
  readonly derivatives: ReadonlyMap<LabelName, Float64Array>;
}

export interface SynthesisOptions {
  readonly derivatives: boolean;
  /** Sampling of the computation, km/s. */
  readonly stepKms?: number;
  /** Wavelengths wanted, Å vacuum: the part of the native grid that is computed; absent, all of it. */
  readonly range?: readonly [number, number];
  /** A structure to use for every star instead of the grid's; T_eff, log g and [Fe/H] then have no derivative, and [α/M] moves nothing. */
  readonly atmosphere?: Atmosphere;
}

/** Elements whose mean [X/Fe] is the atmosphere's [α/M]. */
export const ALPHA: readonly Element[] = ['O', 'Mg', 'Si', 'Ca', 'Ti'];
/** Labels that move the structure, with the step over which it and the equation of state are differenced; `am` is [α/M] of the structure alone. */
const STRUCTURE_STEPS = { teff: 1, logg: 0.002, feh: 0.002, am: 0.005 } as const;
type Moving = keyof typeof STRUCTURE_STEPS;
const MOVING: readonly Moving[] = ['teff', 'logg', 'feh', 'am'];

const alphaOf = (labels: StellarLabels): number => ALPHA.reduce((sum, x) => sum + (labels.xfe[x] ?? 0), 0) / ALPHA.length;
const perHOf = (labels: StellarLabels): Float64Array =>
  composition(labels.feh, new Map(ELEMENTS.map((x) => [atomicNumber(x), labels.xfe[x] ?? 0])));

const normalised = (s: SyntheticSpectrum): Float64Array => s.flux.map((f, i) => f / s.continuum[i]);

/**
 * Synthesises spectra of given labels from one set of tables, with or without ∂/∂label, all of them exact linear responses at the labels themselves:
 * [X/Fe] at fixed structure, plus a fifth of the structure's response to [α/M] for O, Mg, Si, Ca, Ti; T_eff, log g and [Fe/H] through structure and
 * composition. Failures: of `interpolateAtmosphere` and the equation of state; `VMIC_INVALID`.
 */
export function createSynthesizer(tables: PhysicsTables, options: SynthesisOptions): (labels: StellarLabels) => Result<LabelledSpectrum> {
  const output = options.range === undefined ? NATIVE_GRID : nativeGridWithin(options.range);
  const grid = computationGrid(options.stepKms ?? DEFAULT_STEP_KMS, options.range === undefined ? undefined : output);
  const convolve = convolver(grid, output, NATIVE_RESOLVING_POWER);
  const toNative: ToNative = { grid: output, convolve };

  const structure = (labels: StellarLabels, am: number): Result<Atmosphere> =>
    options.atmosphere ? success(options.atmosphere) : interpolateAtmosphere(tables.atmospheres, labels.teff, labels.logg, labels.feh, am);
  /** The star one step up in a label, or down where the grid ends. */
  const neighbour = (labels: StellarLabels, name: Moving): Result<ChangedStructure> => {
    const am = alphaOf(labels);
    const at = (step: number): Result<ChangedStructure> => {
      const moved = name === 'am' ? labels : { ...labels, [name]: labels[name] + step };
      const atmosphere = structure(moved, name === 'am' ? am + step : am);
      return atmosphere.ok ? success({ atmosphere: atmosphere.value, perH: perHOf(moved), step }) : atmosphere;
    };
    const up = at(STRUCTURE_STEPS[name]);
    return up.ok ? up : at(-STRUCTURE_STEPS[name]);
  };

  return (labels) => {
    if (!(labels.vmic >= 0 && labels.vmic <= 20))
      return failed('VMIC_INVALID', `vmic = ${String(labels.vmic)} km/s.`, 'Give v_mic between 0 and 20 km/s.');
    const atmosphere = structure(labels, alphaOf(labels));
    if (!atmosphere.ok) return atmosphere;
    const perH = perHOf(labels);
    const star = prepareStar(tables, atmosphere.value, perH, labels.vmic, grid);
    if (!star.ok) return star;
    if (!options.derivatives) return success(native(labels, computeSpectrum(tables, star.value, grid), toNative, new Map()));

    const moving = options.atmosphere ? [] : MOVING;
    const changed: ChangedStructure[] = [];
    for (const name of moving) {
      const next = neighbour(labels, name);
      if (!next.ok) return next;
      changed.push(next.value);
    }
    const all = computeWithDerivatives(tables, star.value, perH, labels.vmic, grid, ELEMENTS.map(atomicNumber), changed);
    if (!all.ok) return all;
    const { elements, structure: byStructure, vmic } = all.value;
    const derivatives = new Map<LabelName, Float64Array>([['vmic', convolve(vmic)]]);
    let alpha: Float64Array | null = null;
    moving.forEach((name, d) => {
      const derivative = convolve(byStructure[d]);
      if (name === 'am') alpha = derivative;
      else derivatives.set(name, derivative);
    });
    ELEMENTS.forEach((x, i) => {
      const own = convolve(elements[i]);
      derivatives.set(x, alpha !== null && ALPHA.includes(x) ? own.map((d, k) => d + (alpha?.[k] ?? 0) / ALPHA.length) : own);
    });
    return success(native(labels, all.value, toNative, derivatives));
  };
}

/** From the grid of the computation to the native one. */
interface ToNative {
  readonly grid: LnGrid;
  readonly convolve: (values: ArrayLike<number>) => Float64Array;
}

function native(
  labels: StellarLabels,
  s: SyntheticSpectrum,
  { grid, convolve }: ToNative,
  derivatives: ReadonlyMap<LabelName, Float64Array>,
): LabelledSpectrum {
  return {
    labels,
    grid,
    resolvingPower: NATIVE_RESOLVING_POWER,
    flux: convolve(normalised(s)),
    absoluteFlux: convolve(s.flux),
    continuum: convolve(s.continuum),
    derivatives,
  };
}
