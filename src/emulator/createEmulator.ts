/** The emulator of a bundle, on the best backend that runs here and is right. */
import type { BackendName, BackendReport, Emulator } from '../domain/emulator.ts';
import { failed, success } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { ModelBundle } from './bundle/bundle.ts';
import { networkEmulator } from './networkEmulator.ts';
import { checkAtStart, startupTruth } from './startupCheck.ts';
import type { StartupTruth } from './startupCheck.ts';
import { createReferenceEmulator } from './twin/reference.ts';
import { compiledKernels } from './wasm/module.ts';
import { createWasmNetwork } from './wasm/network.ts';
import { findAdapter } from './webgpu/adapter.ts';

export interface EmulatorOptions {
  /** `auto`: WebGPU where there is a real GPU, else wasm, else the reference. A named backend falls back likewise, and says so. */
  readonly backend: 'auto' | BackendName;
  /** Accept a WebGPU adapter that is software (tests). Naming `webgpu` alone does not. */
  readonly allowSoftwareWebgpu?: boolean;
}

/** A backend that may be taken. */
export interface Candidate {
  readonly name: BackendName;
  /** Readies it; a line for people that says what it is, or why it cannot run. */
  start(): Promise<Result<string>>;
  create(bundle: ModelBundle, backend: BackendReport): Emulator | Promise<Emulator>;
}

/** tfjs is loaded only where there is an adapter to run it on. */
const webgpu = (allowSoftware: boolean): Candidate => ({
  name: 'webgpu',
  async start() {
    const adapter = await findAdapter(allowSoftware);
    return adapter.ok ? (await import('./webgpu/start.ts')).startWebgpu(adapter.value) : adapter;
  },
  async create(bundle, backend) {
    const { createWebgpuNetwork } = await import('./webgpu/network.ts');
    return networkEmulator(bundle, createWebgpuNetwork(bundle), backend);
  },
});

const wasm: Candidate = {
  name: 'wasm',
  start: () => Promise.resolve(startWasm()),
  create(bundle, backend) {
    const kernels = compiledKernels();
    if (kernels === null) throw new Error('there are no kernels for this engine');
    return networkEmulator(bundle, createWasmNetwork(bundle, kernels), backend);
  },
};

function startWasm(): Result<string> {
  try {
    const kernels = compiledKernels();
    if (kernels === null) return failed('WASM_UNAVAILABLE', 'this browser has no SIMD in its WebAssembly');
    return success(
      `WebAssembly on one CPU core, ${kernels.relaxed ? 'with fused multiply-add' : 'without fused multiply-add (relaxed SIMD)'}`,
    );
  } catch (error) {
    return failed('WASM_UNAVAILABLE', `WebAssembly did not start: ${message(error)}`);
  }
}

/** An emulator on the best backend that runs *and* agrees with the bundle's truth (`chooseBackend`). */
export async function createEmulator(bundle: ModelBundle, options: EmulatorOptions): Promise<Emulator> {
  if (options.backend === 'reference') return chooseBackend(bundle, []);
  return chooseBackend(bundle, options.backend === 'wasm' ? [wasm] : [webgpu(options.allowSoftwareWebgpu === true), wasm]);
}

/**
 * The first candidate that runs and passes the check at start (startupCheck.ts); `backend.reason` says which, how well it agrees, and why the
 * others were not taken; `backend.refused` is there if one was found to be wrong. After them comes the reference, which always runs, so this
 * never fails.
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
    const created = await create(candidate, bundle, started.value);
    if (!created.ok) {
      wrong.push(`${name} was refused: ${created.failure.message}`);
      continue;
    }
    const emulator = created.value;
    const check = truth === null ? null : await checkAtStart(emulator, truth);
    if (check === null || check.ok)
      return { ...emulator, backend: report(name, `${started.value}; ${check?.value ?? 'unchecked'}`, unavailable, wrong) };
    emulator.dispose();
    wrong.push(`${name} was refused: ${check.failure.message}`);
  }
  const requested = candidates.length === 0 ? ', as requested: slow' : ', slow';
  const reference = createReferenceEmulator(bundle);
  // Against a truth of its own making it would say nothing.
  const check = truth?.source === 'stored' ? await checkAtStart(reference, truth) : null;
  const words = check === null ? '' : check.ok ? `; ${check.value}` : `; but ${check.failure.message}: the model may be damaged`;
  return { ...reference, backend: report('reference', `plain TypeScript in double precision${requested}${words}`, unavailable, wrong) };
}

async function create(candidate: Candidate, bundle: ModelBundle, reason: string): Promise<Result<Emulator>> {
  try {
    return success(await candidate.create(bundle, { name: candidate.name, reason }));
  } catch (error) {
    return failed('BACKEND_DISAGREES', `it could not take up the model (${message(error)})`);
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function report(name: BackendName, what: string, unavailable: readonly string[], wrong: readonly string[]): BackendReport {
  const others = [...wrong, ...unavailable];
  const reason = others.length > 0 ? `${what} (${others.join('; ')})` : what;
  return wrong.length > 0 ? { name, reason, refused: wrong.join('; ') } : { name, reason };
}
