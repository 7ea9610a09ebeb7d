import type { Emulator } from '../domain/emulator.ts';
import { failed, success } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { multiplications } from './architecture.ts';
import type { ModelBundle } from './bundle.ts';
import { createReferenceEmulator } from './reference.ts';

/** The largest error of normalised flux that a backend may make. */
export const FLUX_TOLERANCE = 1e-4;
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

/** Compares the emulator with the truth: in words how well it agrees, or the failure BACKEND_DISAGREES. */
export async function checkAtStart(emulator: Emulator, truth: StartupTruth): Promise<Result<string>> {
  const source = SOURCES[truth.source];
  try {
    const [spectrum] = await emulator.predict([truth.labels]);
    let worst = 0;
    truth.pixels.forEach((pixel, i) => {
      const difference = Math.abs((spectrum?.[pixel] ?? NaN) - (truth.flux[i] ?? NaN));
      worst = difference <= worst ? worst : difference; // NaN counts as worst
    });
    if (worst <= truth.tolerance) return success(`flux within ${worst.toExponential(0)} of ${source}`);
    const found = `its flux differs by ${worst.toPrecision(2)} from ${source} (tolerance ${String(truth.tolerance)})`;
    return failed('BACKEND_DISAGREES', found);
  } catch (error) {
    return failed('BACKEND_DISAGREES', `it failed on ${source} (${error instanceof Error ? error.message : String(error)})`);
  }
}
