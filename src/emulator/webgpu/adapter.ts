/** Whether there is a WebGPU adapter worth using; without tfjs, which is loaded only where there is. */
import { failed, success } from '../../domain/result.ts';
import type { Result } from '../../domain/result.ts';

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

/**
 * What the adapter is, in a line for people. One that is software is refused unless allowed: it is some hundred times slower than WebAssembly.
 * Failure: WEBGPU_UNAVAILABLE.
 */
export async function findAdapter(allowSoftware: boolean): Promise<Result<string>> {
  const gpu = (globalThis.navigator as Navigator | undefined)?.gpu as GpuLike | undefined;
  if (gpu === undefined) return failed('WEBGPU_UNAVAILABLE', 'there is no WebGPU here');
  try {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) return failed('WEBGPU_UNAVAILABLE', 'WebGPU offers no adapter');
    const name = adapterName(adapter);
    const software = isSoftware(adapter);
    if (software && !allowSoftware) return failed('WEBGPU_UNAVAILABLE', `the only WebGPU adapter is software (${name})`);
    return success(software ? `WebGPU on a software adapter (${name}), as requested: slow` : `WebGPU on ${name}`);
  } catch (error) {
    return failed('WEBGPU_UNAVAILABLE', `WebGPU did not start: ${error instanceof Error ? error.message : String(error)}`);
  }
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
