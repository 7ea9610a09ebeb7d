/**
 * The seam between the emulator and what computes it: a network takes and gives typed arrays, in scaled labels
 * x = (label − centre)/halfRange, and knows neither units nor users. `wasm/` and `webgpu/` each implement it for both kinds of network.
 */
import type { FluxSeed } from '../domain/emulator.ts';

/** Flux [count] at one label vector, and dL/dx [labels] of a scalar L of it. */
export interface ScaledGradient {
  readonly flux: Float32Array;
  readonly slopes: ArrayLike<number>;
}

/** Flux [count] at one label vector, and ∂flux/∂x: [count] for each label. Arrays are the caller's to keep and to change. */
export interface ScaledJacobian {
  readonly flux: Float32Array;
  readonly derivatives: readonly Float32Array[];
}

export interface Network {
  /** Label vectors that `forward` takes at most, and does best with. */
  readonly batch: number;
  /** Flux [count] at each of n ≤ batch vectors of scaled labels [labels]. */
  forward(x: readonly Float64Array[]): Promise<Float32Array[]>;
  /** By reverse mode. `seed` is called once, with the flux, which it must not change. Rejects where the seed throws. */
  gradient(x: Float64Array, seed: FluxSeed): Promise<ScaledGradient>;
  /** By forward mode. */
  jacobian(x: Float64Array): Promise<ScaledJacobian>;
  /** Frees what the network holds; nothing may be called after it. */
  dispose(): void;
}
