import type { BackendName, BackendReport, Emulator } from '../domain/emulator.ts';
import type { Result } from '../domain/result.ts';
import { startWasm, startWebgpu } from './backends.ts';
import type { WasmPaths } from './backends.ts';
import type { ModelBundle } from './bundle.ts';
import { createReferenceEmulator } from './reference.ts';
import { checkAtStart, startupTruth } from './startupCheck.ts';
import type { StartupTruth } from './startupCheck.ts';
import { createTfEmulator } from './tfEmulator.ts';

export interface EmulatorOptions {
  /** `auto`: WebGPU where there is a real GPU, else wasm, else the reference. A named backend falls back likewise, and says so. */
  readonly backend: 'auto' | BackendName;
  /** Where tfjs finds its .wasm files: `wasmUrls` (wasmUrls.ts) under Vite; in Node the dist folder of tfjs-backend-wasm, with a slash. */
  readonly wasmPaths?: WasmPaths;
  /** Accept a WebGPU adapter that is software (tests). Naming `webgpu` alone does not. */
  readonly allowSoftwareWebgpu?: boolean;
}

/** A backend that may be taken. */
export interface Candidate {
  readonly name: BackendName;
  /** Readies it; a line for people that says what it is, or why it cannot run. */
  start(): Promise<Result<string>>;
  create(bundle: ModelBundle, backend: BackendReport): Emulator;
}

/** An emulator on the best backend that runs *and* agrees with the bundle's truth (`chooseBackend`). */
export async function createEmulator(bundle: ModelBundle, options: EmulatorOptions): Promise<Emulator> {
  const webgpu: Candidate = { name: 'webgpu', start: () => startWebgpu(options.allowSoftwareWebgpu === true), create: createTfEmulator };
  const wasm: Candidate = { name: 'wasm', start: () => startWasm(options.wasmPaths), create: createTfEmulator };
  if (options.backend === 'reference') return chooseBackend(bundle, []);
  return chooseBackend(bundle, options.backend === 'wasm' ? [wasm] : [webgpu, wasm]);
}

/**
 * The first candidate that runs and whose flux agrees with the bundle's truth to 1e-4; `backend.reason` says which, how well it agrees,
 * and why the others were not taken; `backend.refused` is there if one was found to be wrong. After them comes the reference, which
 * always runs, so this never fails.
 */
export async function chooseBackend(bundle: ModelBundle, candidates: readonly Candidate[]): Promise<Emulator> {
  const unavailable: string[] = [];
  const wrong: string[] = [];
  let truth: StartupTruth | null | undefined;
  for (const candidate of candidates) {
    const { name } = candidate;
    const started = await candidate.start();
    if (!started.ok) {
      unavailable.push(started.failure.message);
      continue;
    }
    truth ??= await startupTruth(bundle);
    const emulator = candidate.create(bundle, { name, reason: started.value });
    const check = truth === null ? null : await checkAtStart(emulator, truth);
    if (check === null || check.ok)
      return { ...emulator, backend: report(name, `${started.value}; ${check?.value ?? 'unchecked'}`, unavailable, wrong) };
    emulator.dispose();
    wrong.push(`${name} was refused: ${check.failure.message}`);
  }
  const asked = candidates.length === 0 ? ', as asked for: slow' : ', slow';
  const reference = createReferenceEmulator(bundle);
  // Against a truth of its own making it would say nothing.
  const check = truth?.source === 'stored' ? await checkAtStart(reference, truth) : null;
  const words = check === null ? '' : check.ok ? `; ${check.value}` : `; but ${check.failure.message}: the model may be damaged`;
  return { ...reference, backend: report('reference', `plain TypeScript in double precision${asked}${words}`, unavailable, wrong) };
}

function report(name: BackendName, what: string, unavailable: readonly string[], wrong: readonly string[]): BackendReport {
  const others = [...wrong, ...unavailable];
  const reason = others.length > 0 ? `${what} (${others.join('; ')})` : what;
  return wrong.length > 0 ? { name, reason, refused: wrong.join('; ') } : { name, reason };
}
