/**
 * What a backend must show before it is used: the flux of the truth that comes with the model, alone and in a full batch, and derivatives that
 * are the slope of that flux, by forward and by reverse mode. Drivers and engines do get one of them wrong and the others right.
 */
import type { Emulator } from '../domain/emulator.ts';
import { failed, success } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { multiplications } from './bundle/architecture.ts';
import type { ModelBundle } from './bundle/bundle.ts';
import { createReferenceEmulator } from './twin/reference.ts';

/** The largest error of normalised flux that a backend may make. */
export const FLUX_TOLERANCE = 1e-4;
/** The largest error of a derivative along one direction, and of a gradient, relative to its length as a vector. */
export const SLOPE_TOLERANCE = 2e-2;
/** Half the step of the difference that derivatives are compared with, in units of a label's half-range. */
const STEP = 0.001;
/** Places that are tried, the truth first: at a kink of leaky ReLU a difference is no derivative, but few places are at one. */
const ATTEMPTS = 4;
/** Multiplications that the float64 twin does in about half a second. */
const CHEAP = 5e7;
const PIXELS = 64;

/** Flux in float64 at some pixels, for one label vector. */
export interface StartupTruth {
  /** Written into the manifest by training/export.py, or computed here by the float64 twin from the weights that were loaded. */
  readonly source: 'stored' | 'computed';
  readonly labels: Float64Array;
  readonly pixels: readonly number[];
  readonly flux: readonly number[];
  readonly tolerance: number;
}

/** The truth stored with the bundle; where there is none, the twin's if that is quick to have, else null. */
export async function startupTruth(bundle: ModelBundle): Promise<StartupTruth | null> {
  const { check, labels, architecture, grid } = bundle.manifest;
  if (check.pixels.length > 0) {
    const tolerance = Math.min(check.tolerance, FLUX_TOLERANCE);
    return { source: 'stored', labels: Float64Array.from(check.labels), pixels: check.pixels, flux: check.flux, tolerance };
  }
  if (multiplications(architecture) > CHEAP) return null;
  const at = Float64Array.from(labels, ({ centre, halfRange }, j) => centre + 0.5 * halfRange * Math.sin(0.5 + 1.7 * j));
  const [spectrum] = await createReferenceEmulator(bundle).predict([at]);
  const pixels = Array.from({ length: PIXELS }, (_, i) => Math.floor((i * (grid.count - 1)) / (PIXELS - 1)));
  return { source: 'computed', labels: at, pixels, flux: pixels.map((pixel) => spectrum?.[pixel] ?? NaN), tolerance: FLUX_TOLERANCE };
}

const SOURCES = { stored: 'the truth stored with the model', computed: 'the float64 truth computed at start' } as const;

/** Checks an emulator: in words how well it agrees, or the failure BACKEND_DISAGREES. Of the reference, which is the truth's twin, the flux alone. */
export async function checkAtStart(emulator: Emulator, truth: StartupTruth): Promise<Result<string>> {
  const source = SOURCES[truth.source];
  try {
    const [spectrum] = await emulator.predict([truth.labels]);
    const worst = fluxError(spectrum, truth);
    const found = `its flux differs by ${worst.toPrecision(2)} from ${source} (tolerance ${String(truth.tolerance)})`;
    if (!(worst <= truth.tolerance)) return failed('BACKEND_DISAGREES', found);
    const words = `flux within ${worst.toExponential(0)} of ${source}`;
    if (emulator.backend.name === 'reference') return success(words);
    const fault = (await batchFault(emulator, truth)) ?? (await slopeFault(emulator, truth));
    return fault === null ? success(`${words}, batches and derivatives agree with it`) : failed('BACKEND_DISAGREES', fault);
  } catch (error) {
    return failed('BACKEND_DISAGREES', `it failed on ${source} (${error instanceof Error ? error.message : String(error)})`);
  }
}

/** The largest difference; NaN counts as the largest. */
function largest(count: number, difference: (i: number) => number): number {
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const one = Math.abs(difference(i));
    worst = one <= worst ? worst : one;
  }
  return worst;
}

const fluxError = (spectrum: Float32Array | undefined, { pixels, flux }: StartupTruth): number =>
  largest(pixels.length, (i) => (spectrum?.[pixels[i]] ?? NaN) - flux[i]);

/** A direction along all labels, in their units, that moves each by up to STEP half-ranges. */
const direction = ({ info }: Emulator, phase: number): Float64Array =>
  Float64Array.from(info.labels, ({ halfRange }, j) => STEP * halfRange * Math.cos(phase + 2.1 * j));

/** A full batch, the truth at its odd places: in words what is wrong; null where nothing is. */
async function batchFault(emulator: Emulator, truth: StartupTruth): Promise<string | null> {
  const step = direction(emulator, 0.3);
  const other = truth.labels.map((value, j) => value + step[j]);
  const spectra = await emulator.predict(Array.from({ length: emulator.batch }, (_, i) => (i % 2 === 1 ? truth.labels : other)));
  const worst = largest(spectra.length >> 1, (i) => fluxError(spectra[2 * i + 1], truth));
  if (spectra.length === emulator.batch && worst <= truth.tolerance) return null;
  return `in a batch of ${String(emulator.batch)} its flux differs by ${worst.toPrecision(2)} from ${SOURCES[truth.source]}`;
}

const length = (values: Float64Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** Derivatives against central differences of the flux, and a gradient against these derivatives. */
async function slopeFault(emulator: Emulator, truth: StartupTruth): Promise<string | null> {
  let error = Infinity;
  let derivatives: readonly Float32Array[] = [];
  let labels = truth.labels;
  for (let attempt = 0; attempt < ATTEMPTS && !(error <= SLOPE_TOLERANCE); attempt++) {
    const step = direction(emulator, attempt);
    labels = truth.labels.map((value, j) => value + 40 * attempt * step[j]);
    const moved = [1, -1].map((sign) => labels.map((value, j) => value + sign * step[j]));
    const [up, down] = await emulator.predict(moved);
    const jacobian = await emulator.jacobian(labels);
    derivatives = jacobian.derivatives;
    const difference = Float64Array.from(jacobian.flux, (_, i) => ((up?.[i] ?? NaN) - (down?.[i] ?? NaN)) / 2);
    const along = difference.map((_, i) => jacobian.derivatives.reduce((sum, column, j) => sum + column[i] * step[j], 0));
    const found = length(along.map((value, i) => value - difference[i])) / length(difference);
    error = found >= error ? error : found;
  }
  if (!(error <= SLOPE_TOLERANCE)) return `its derivatives differ by ${(100 * error).toPrecision(2)} % from differences of its flux`;

  // ∂L/∂label of L = Σ weight·flux, per half-range.
  const weight = Float32Array.from(emulator.wavelength, (_, i) => Math.sin(0.1 + 0.7 * i));
  const { gradient } = await emulator.gradient(labels, () => weight);
  const expected = Float64Array.from(emulator.info.labels, ({ halfRange }, j) => halfRange * dot(derivatives[j], weight));
  const misses = Float64Array.from(emulator.info.labels, ({ halfRange }, j) => halfRange * gradient[j] - expected[j]);
  const miss = length(misses) / length(expected);
  return miss <= SLOPE_TOLERANCE ? null : `its gradient differs by ${(100 * miss).toPrecision(2)} % from its derivatives`;
}

const dot = (a: Float32Array | undefined, b: Float32Array): number => b.reduce((sum, value, i) => sum + value * (a?.[i] ?? NaN), 0);
