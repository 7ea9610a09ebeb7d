/**
 * The synthesis as an emulator: labels → native spectrum by radiative transfer in place of a network, so that whatever fits with a network fits
 * with the physics itself. Seconds a spectrum: results are kept by their labels, and who fits with it asks for few derivatives.
 */
import type { EmulatedGradient, EmulatedJacobian, Emulator, EmulatorInfo, FluxSeed, ManifestLabel } from '../domain/emulator.ts';
import { gradientFromJacobian } from '../domain/emulator.ts';
import { isElement, LABELS, labelUnit, type Element, type LabelName, type StellarLabels } from '../domain/labels.ts';
import { failed, type Failure, type Result } from '../domain/result.ts';
import { gridWavelengths, NATIVE_GRID, NATIVE_RESOLVING_POWER, nativeGridWithin } from './native.ts';
import type { AtmosphereGrid } from './tables/atmosphereGrid.ts';
import { createSynthesizer, type LabelledSpectrum } from './synthesize.ts';
import type { PhysicsTables } from './tables/tables.ts';

export interface SynthesisEmulatorOptions {
  readonly id: string;
  readonly title: string;
  /** Wavelengths wanted, Å vacuum; absent, all of the native grid. */
  readonly range?: readonly [number, number];
  /** Sampling of the computation, km/s. */
  readonly stepKms?: number;
}

/** v_mic (km/s) and [X/Fe] (dex) have no limit in the physics: these are where no star is. */
const VMIC_RANGE = [0.3, 4] as const;
const XFE_RANGE = [-1, 1] as const;

/** Spectra kept: the trials of one step. */
const KEPT_SPECTRA = 8;
const KEPT_JACOBIANS = 3;

/** The range of a label: the atmosphere grid's, where it has one. */
function rangeOf({ teff, logg, mh }: AtmosphereGrid, name: LabelName): readonly [number, number] {
  if (name === 'vmic') return VMIC_RANGE;
  if (isElement(name)) return XFE_RANGE;
  const nodes = { teff, logg, feh: mh }[name];
  return [nodes[0], nodes[nodes.length - 1]];
}

function manifestLabel(grid: AtmosphereGrid, name: LabelName): ManifestLabel {
  const [min, max] = rangeOf(grid, name);
  return { name, unit: labelUnit(name), min, max, centre: (min + max) / 2, halfRange: (max - min) / 2 };
}

export class SynthesisEmulator implements Emulator {
  readonly info: EmulatorInfo;
  readonly backend = { name: 'reference', reason: 'the synthesis itself, in float64' } as const;
  readonly wavelength: Float64Array;
  /** A spectrum takes seconds: one at a time. */
  readonly batch = 1;
  /** Spectra computed without and with derivatives. */
  spectra = 0;
  jacobians = 0;
  private readonly alone: (labels: StellarLabels) => Result<LabelledSpectrum>;
  private readonly withDerivatives: (labels: StellarLabels) => Result<LabelledSpectrum>;
  private readonly keptSpectra = new Map<string, Float32Array>();
  private readonly keptJacobians = new Map<string, EmulatedJacobian>();
  private failure: Failure | null = null;

  constructor(tables: PhysicsTables, { id, title, range, stepKms }: SynthesisEmulatorOptions) {
    const grid = range === undefined ? NATIVE_GRID : nativeGridWithin(range);
    const labels = LABELS.map((name) => manifestLabel(tables.atmospheres, name));
    this.info = { id, title, labels, grid, resolvingPower: NATIVE_RESOLVING_POWER, heldOutMae: 0 };
    this.wavelength = gridWavelengths(grid);
    const shared = { ...(range === undefined ? {} : { range }), ...(stepKms === undefined ? {} : { stepKms }) };
    this.alone = createSynthesizer(tables, { ...shared, derivatives: false });
    this.withDerivatives = createSynthesizer(tables, { ...shared, derivatives: true });
  }

  /** NaN where the physics gives no spectrum (`lastFailure` says why). T_eff, log g and [Fe/H] beyond the atmosphere grid are taken at its edge. */
  predict(labels: readonly Float64Array[]): Promise<Float32Array[]> {
    return Promise.resolve(labels.map((vector) => this.flux(vector)));
  }

  jacobian(labels: Float64Array): Promise<EmulatedJacobian> {
    const key = labels.join(' ');
    const known = this.keptJacobians.get(key);
    if (known !== undefined) return Promise.resolve(known);
    this.jacobians++;
    const spectrum = this.synthesise(this.withDerivatives, labels);
    const empty = (): Float32Array => new Float32Array(this.info.grid.count).fill(NaN);
    const jacobian: EmulatedJacobian =
      spectrum === null
        ? { flux: empty(), derivatives: LABELS.map(empty) }
        : {
            flux: Float32Array.from(spectrum.flux),
            derivatives: LABELS.map((name) => Float32Array.from(spectrum.derivatives.get(name) ?? empty())),
          };
    keep(this.keptJacobians, key, jacobian, KEPT_JACOBIANS);
    return Promise.resolve(jacobian);
  }

  async gradient(labels: Float64Array, seed: FluxSeed): Promise<EmulatedGradient> {
    return gradientFromJacobian(await this.jacobian(labels), seed);
  }

  lastFailure(): Failure | null {
    return this.failure;
  }

  dispose(): void {
    this.keptSpectra.clear();
    this.keptJacobians.clear();
  }

  private flux(labels: Float64Array): Float32Array {
    const key = labels.join(' ');
    const known = this.keptSpectra.get(key) ?? this.keptJacobians.get(key)?.flux;
    if (known !== undefined) return known;
    this.spectra++;
    const spectrum = this.synthesise(this.alone, labels);
    const flux = spectrum === null ? new Float32Array(this.info.grid.count).fill(NaN) : Float32Array.from(spectrum.flux);
    keep(this.keptSpectra, key, flux, KEPT_SPECTRA);
    return flux;
  }

  /** The spectrum of a label vector; null, with the failure remembered, where there is none. */
  private synthesise(by: (labels: StellarLabels) => Result<LabelledSpectrum>, labels: Float64Array): LabelledSpectrum | null {
    const spectrum = by(this.inGrid(labels));
    const result =
      spectrum.ok && !spectrum.value.flux.every(Number.isFinite)
        ? failed('SPECTRUM_NOT_FINITE', 'The synthesis gave a flux that is not a number.', 'Are the physics tables complete?')
        : spectrum;
    this.failure = result.ok ? null : result.failure;
    return result.ok ? result.value : null;
  }

  private inGrid(vector: Float64Array): StellarLabels {
    const parameters = { teff: NaN, logg: NaN, vmic: NaN, feh: NaN };
    const xfe: Partial<Record<Element, number>> = {};
    this.info.labels.forEach(({ name, min, max }, i) => {
      const value = vector[i];
      if (isElement(name)) xfe[name] = value;
      else parameters[name] = Math.min(max, Math.max(min, value));
    });
    return { ...parameters, xfe };
  }
}

/** Keeps the latest few of a map's entries. */
function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.set(key, value);
  for (const old of map.keys()) {
    if (map.size <= most) return;
    map.delete(old);
  }
}
