import type { BackendName } from '../domain/emulator.ts';

/** A worker with its model and tensors, GB. */
const WORKER_GB = 0.25;
const MOST = 8;

/**
 * How many fits may run at once: one per core on wasm, whose time is arithmetic (its threads cannot be used), as far as half the memory
 * holds them; one on a GPU, which all workers would share. `memory` in GB, where the browser tells.
 */
export function poolSize(backend: BackendName, cores: number, memory: number | null): number {
  if (backend === 'webgpu') return 1;
  const byMemory = memory === null ? MOST : Math.floor((0.5 * memory) / WORKER_GB);
  return Math.max(1, Math.min(MOST, cores, byMemory));
}

/** `poolSize` on this machine. */
export function poolSizeHere(backend: BackendName): number {
  const memory: unknown = 'deviceMemory' in navigator ? navigator.deviceMemory : null;
  return poolSize(backend, navigator.hardwareConcurrency, typeof memory === 'number' ? memory : null);
}
