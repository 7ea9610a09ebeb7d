import type { BackendName, Emulator } from '../domain/emulator.ts';
import type { Result } from '../domain/result.ts';
import { startWasm, startWebgpu } from './backends.ts';
import type { WasmPaths } from './backends.ts';
import type { ModelBundle } from './bundle.ts';
import { createReferenceEmulator } from './reference.ts';
import { createTfEmulator } from './tfEmulator.ts';

export interface EmulatorOptions {
  /** `auto`: WebGPU where there is a real GPU, else wasm, else the reference. A named backend falls back likewise, and says so. */
  readonly backend: 'auto' | BackendName;
  /** Where tfjs finds its .wasm files: `wasmUrls` (wasmUrls.ts) under Vite; in Node the dist folder of tfjs-backend-wasm, with a slash. */
  readonly wasmPaths?: WasmPaths;
  /** Accept a WebGPU adapter that is software (tests). Naming `webgpu` alone does not. */
  readonly allowSoftwareWebgpu?: boolean;
}

/**
 * An emulator on the best backend that runs *and* gives the bundle's stored truth; `backend.reason` says which, and why the others
 * were not taken. The reference always runs, so this never fails.
 */
export async function createEmulator(bundle: ModelBundle, options: EmulatorOptions): Promise<Emulator> {
  const refused: string[] = [];
  const order: readonly BackendName[] =
    options.backend === 'auto' || options.backend === 'webgpu' ? ['webgpu', 'wasm'] : options.backend === 'wasm' ? ['wasm'] : [];
  for (const name of order) {
    const started: Result<string> =
      name === 'webgpu' ? await startWebgpu(options.allowSoftwareWebgpu === true) : await startWasm(options.wasmPaths);
    if (!started.ok) {
      refused.push(started.failure.message);
      continue;
    }
    const reason = refused.length > 0 ? `${started.value} (${refused.join('; ')})` : started.value;
    const emulator = createTfEmulator(bundle, { name, reason });
    const wrong = await disagreement(emulator, bundle);
    if (wrong === null) return emulator;
    emulator.dispose();
    refused.push(`${name} was refused: ${wrong}`);
  }
  if (options.backend === 'reference') return createReferenceEmulator(bundle);
  return createReferenceEmulator(bundle, `plain TypeScript in double precision, slow (${refused.join('; ')})`);
}

/** How the emulator differs from the truth stored in the manifest; null where it agrees within the manifest's tolerance. */
export async function disagreement(emulator: Emulator, bundle: ModelBundle): Promise<string | null> {
  const { labels, pixels, flux, tolerance } = bundle.manifest.check;
  try {
    const [spectrum] = await emulator.predict([Float64Array.from(labels)]);
    let worst = 0;
    pixels.forEach((pixel, i) => {
      const difference = Math.abs((spectrum?.[pixel] ?? NaN) - (flux[i] ?? NaN));
      worst = difference <= worst ? worst : difference; // NaN counts as worst
    });
    if (worst <= tolerance) return null;
    return `its flux differs by ${worst.toPrecision(2)} from the stored truth (tolerance ${String(tolerance)})`;
  } catch (error) {
    return `it failed on the stored truth (${error instanceof Error ? error.message : String(error)})`;
  }
}
