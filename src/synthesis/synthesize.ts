import { ELEMENTS, type Element, type LabelName, type StellarLabels } from '../domain/labels.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { interpolateAtmosphere, type Atmosphere } from './atmosphere.ts';
import { atomicNumber } from './elements.ts';
import { composition } from './eos.ts';
import { computationGrid, computeSpectrum, type SyntheticSpectrum } from './spectrum.ts';
import { computeWithElements } from './derivatives.ts';
import { convolver, DEFAULT_STEP_KMS, NATIVE_GRID, NATIVE_RESOLVING_POWER } from './native.ts';
import { prepareStar } from './star.ts';
import type { LnGrid } from './lineOpacity.ts';
import type { PhysicsTables } from './tables.ts';

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
  /** A structure to use for every star instead of the grid's; T_eff, log g and [Fe/H] then have no derivative, and [α/M] moves nothing. */
  readonly atmosphere?: Atmosphere;
}

/** Elements whose mean [X/Fe] is the atmosphere's [α/M]. */
export const ALPHA: readonly Element[] = ['O', 'Mg', 'Si', 'Ca', 'Ti'];
/** One-sided steps of the labels that move the atmosphere or v_mic; all stay inside one cell of the grid but for chance. `am` is [α/M] of the structure alone. */
export const STRUCTURE_STEPS = { teff: 10, logg: 0.02, vmic: 0.03, feh: 0.02, am: 0.05 } as const;

const alphaOf = (labels: StellarLabels): number => ALPHA.reduce((sum, x) => sum + (labels.xfe[x] ?? 0), 0) / ALPHA.length;
const perHOf = (labels: StellarLabels): Float64Array =>
  composition(labels.feh, new Map(ELEMENTS.map((x) => [atomicNumber(x), labels.xfe[x] ?? 0])));

const normalised = (s: SyntheticSpectrum): Float64Array => s.flux.map((f, i) => f / (s.continuum[i] ?? 1));

/**
 * Synthesises spectra of given labels from one set of tables, with or without ∂/∂label.
 * [X/Fe]: one backward pass at fixed structure, plus a fifth of the structure's response to [α/M] for O, Mg, Si, Ca, Ti. T_eff, log g, v_mic and [Fe/H]:
 * differences of complete syntheses (STRUCTURE_STEPS). Failures: of `interpolateAtmosphere` and the equation of state; `VMIC_INVALID`.
 */
export function createSynthesizer(tables: PhysicsTables, options: SynthesisOptions): (labels: StellarLabels) => Result<LabelledSpectrum> {
  const grid = computationGrid(options.stepKms ?? DEFAULT_STEP_KMS);
  const toNative = convolver(grid, NATIVE_GRID, NATIVE_RESOLVING_POWER);

  const structure = (labels: StellarLabels, am = alphaOf(labels)): Result<Atmosphere> =>
    options.atmosphere ? success(options.atmosphere) : interpolateAtmosphere(tables.atmospheres, labels.teff, labels.logg, labels.feh, am);
  const spectrum = (labels: StellarLabels, am?: number): Result<Float64Array> => {
    const atmosphere = structure(labels, am);
    if (!atmosphere.ok) return atmosphere;
    const star = prepareStar(tables, atmosphere.value, perHOf(labels), labels.vmic, grid);
    return star.ok ? success(normalised(computeSpectrum(tables, star.value, grid))) : star;
  };

  return (labels) => {
    if (!(labels.vmic >= 0 && labels.vmic <= 20))
      return failed('VMIC_INVALID', `vmic = ${String(labels.vmic)} km/s.`, 'Give v_mic between 0 and 20 km/s.');
    const atmosphere = structure(labels);
    if (!atmosphere.ok) return atmosphere;
    const perH = perHOf(labels);
    const star = prepareStar(tables, atmosphere.value, perH, labels.vmic, grid);
    if (!star.ok) return star;
    if (!options.derivatives) return success(native(labels, computeSpectrum(tables, star.value, grid), toNative, new Map()));

    const elements = computeWithElements(tables, star.value, perH, grid, ELEMENTS.map(atomicNumber));
    if (!elements.ok) return elements;
    const base = normalised(elements.value);
    const difference = (changed: (sign: 1 | -1) => Result<Float64Array>, step: number): Result<Float64Array> => {
      for (const sign of [1, -1] as const) {
        const other = changed(sign);
        if (other.ok) return success(toNative(other.value.map((x, i) => (x - (base[i] ?? 0)) / (sign * step))));
        if (sign === -1) return other;
      }
      throw new Error('unreachable');
    };
    const derivatives = new Map<LabelName, Float64Array>();
    for (const name of options.atmosphere ? (['vmic'] as const) : (['teff', 'logg', 'vmic', 'feh'] as const)) {
      const step = STRUCTURE_STEPS[name];
      const d = difference((sign) => spectrum({ ...labels, [name]: labels[name] + sign * step }), step);
      if (!d.ok) return d;
      derivatives.set(name, d.value);
    }
    const am = alphaOf(labels);
    const alpha = options.atmosphere
      ? success(new Float64Array(NATIVE_GRID.count))
      : difference((sign) => spectrum(labels, am + sign * STRUCTURE_STEPS.am), STRUCTURE_STEPS.am);
    if (!alpha.ok) return alpha;
    ELEMENTS.forEach((x, i) => {
      const own = toNative(elements.value.derivatives[i] ?? new Float32Array(0));
      derivatives.set(x, ALPHA.includes(x) ? own.map((d, k) => d + (alpha.value[k] ?? 0) / ALPHA.length) : own);
    });
    return success(native(labels, elements.value, toNative, derivatives));
  };
}

function native(
  labels: StellarLabels,
  s: SyntheticSpectrum,
  toNative: (values: ArrayLike<number>) => Float64Array,
  derivatives: ReadonlyMap<LabelName, Float64Array>,
): LabelledSpectrum {
  return {
    labels,
    grid: NATIVE_GRID,
    resolvingPower: NATIVE_RESOLVING_POWER,
    flux: toNative(normalised(s)),
    absoluteFlux: toNative(s.flux),
    continuum: toNative(s.continuum),
    derivatives,
  };
}
