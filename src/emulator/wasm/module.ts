/** The kernels, compiled for this engine once per process. */
import { kernelModule } from './kernels.ts';

export interface KernelModule {
  readonly module: WebAssembly.Module;
  /** Whether products are fused with their sums (relaxed SIMD). */
  readonly relaxed: boolean;
}

let known: KernelModule | null | undefined;

/** With relaxed SIMD where the engine has it, else without; null where it has no WebAssembly SIMD at all. Throws where a page forbids to compile. */
export function compiledKernels(): KernelModule | null {
  if (known === undefined) known = compileKernels(true) ?? compileKernels(false);
  return known;
}

/** One of the two modules; null where the engine does not know its instructions. */
export function compileKernels(relaxed: boolean): KernelModule | null {
  const bytes = kernelModule(relaxed);
  return WebAssembly.validate(bytes) ? { module: new WebAssembly.Module(bytes), relaxed } : null;
}
