import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

import { failed, success } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';

/** Where the three .wasm files are: a folder (with a trailing slash) or one address per file. */
export type WasmPaths = string | Readonly<Record<string, string>>;

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
let wasmPathsGiven = false;

/** Starts tfjs's wasm backend, single-threaded (its threads hang in production builds). Failure: WASM_UNAVAILABLE. */
export async function startWasm(paths: WasmPaths | undefined): Promise<Result<string>> {
  try {
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    // tfjs refuses new paths once the backend has been loaded.
    if (paths !== undefined && !wasmPathsGiven) setWasmPaths(paths);
    wasmPathsGiven = true;
    const restore = rememberListeners();
    const set = await tf.setBackend('wasm');
    restore();
    if (!set) return failed('WASM_UNAVAILABLE', 'tfjs could not start its WebAssembly backend.');
    const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
    return success(`WebAssembly on one CPU core${simd === true ? ', with SIMD' : ', without SIMD (slow)'}`);
  } catch (error) {
    return failed('WASM_UNAVAILABLE', `WebAssembly did not start: ${message(error)}.`);
  }
}

interface NodeLike {
  listeners(event: string): ((...values: unknown[]) => void)[];
  removeListener(event: string, listener: (...values: unknown[]) => void): unknown;
}

/**
 * In Node, the code around tfjs's wasm makes itself a listener of every uncaught exception and throws it again, as if it were its
 * own. Returns what removes the listeners that have been added since.
 */
function rememberListeners(): () => void {
  const node = (globalThis as { process?: Partial<NodeLike> }).process;
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => node?.listeners?.(event) ?? []);
  return () => {
    events.forEach((event, i) => {
      for (const listener of node?.listeners?.(event) ?? [])
        if (before[i]?.includes(listener) === false) node?.removeListener?.(event, listener);
    });
  };
}

/**
 * Starts tfjs's WebGPU backend. tfjs itself would fall to another backend in silence, or throw inside its factory, so the adapter is
 * asked for first; one that is software is refused unless allowed. Failure: WEBGPU_UNAVAILABLE.
 */
export async function startWebgpu(allowSoftware: boolean): Promise<Result<string>> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu as GpuLike | undefined;
  if (gpu === undefined) return failed('WEBGPU_UNAVAILABLE', 'there is no WebGPU here');
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) return failed('WEBGPU_UNAVAILABLE', 'WebGPU offers no adapter');
    const name = adapterName(adapter);
    const software = isSoftware(adapter);
    if (software && !allowSoftware) return failed('WEBGPU_UNAVAILABLE', `the only WebGPU adapter is software (${name})`);
    await import('@tensorflow/tfjs-backend-webgpu');
    if (!(await tf.setBackend('webgpu')) || tf.getBackend() !== 'webgpu')
      return failed('WEBGPU_UNAVAILABLE', `tfjs could not start WebGPU on ${name}`);
    return success(software ? `WebGPU on a software adapter (${name}), as asked for: slow` : `WebGPU on ${name}`);
  } catch (error) {
    return failed('WEBGPU_UNAVAILABLE', `WebGPU did not start: ${message(error)}`);
  }
}

/** The little of WebGPU's interface that is used here. */
interface GpuLike {
  requestAdapter(options: { powerPreference: 'high-performance' }): Promise<AdapterLike | null>;
}
interface AdapterLike {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
}

function adapterName({ info }: AdapterLike): string {
  const parts = [info?.vendor, info?.architecture, info?.description].filter((part) => part !== undefined && part !== '');
  return parts.length > 0 ? parts.join(' ') : 'an unnamed adapter';
}

/** Fallback adapters say so; SwiftShader and llvmpipe are software even where they do not. */
function isSoftware(adapter: AdapterLike): boolean {
  return (
    adapter.isFallbackAdapter === true ||
    adapter.info?.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|software/i.test(adapterName(adapter))
  );
}
