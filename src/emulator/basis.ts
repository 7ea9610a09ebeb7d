import { tensorOf } from './bundle.ts';
import type { ModelBundle } from './bundle.ts';

/** The fixed last step of the model, scale folded into the basis: coefficients of every patch → pixels. */
export interface Basis {
  readonly patches: number;
  readonly components: number;
  readonly patchSize: number;
  /** [patches, patchSize] */
  readonly mean: Float32Array;
  /** scale ∘ basis, [patches, components, patchSize] */
  readonly rows: Float32Array;
}

export function scaledBasis(bundle: ModelBundle): Basis {
  const { patches, components, patchSize } = bundle.manifest.architecture;
  const scale = tensorOf(bundle, 'scale');
  const rows = Float32Array.from(tensorOf(bundle, 'basis'), (value, i) => value * (scale[Math.floor(i / patchSize)] ?? 0));
  return { patches, components, patchSize, mean: tensorOf(bundle, 'mean'), rows };
}

/** Pixels of one spectrum: mean[p] + Σ_k y[p,k]·rows[p,k,:], from y [patches, components]. */
export function expand(basis: Basis, y: Float32Array): Float32Array {
  const { patches, components, patchSize, mean, rows } = basis;
  const out = mean.slice();
  const at = (i: number): number => rows[i] as number;
  for (let p = 0; p < patches; p++) {
    const pixel = p * patchSize;
    let k = 0;
    let row = p * components * patchSize;
    // Four components at a time: the inner loop then reads and writes `out` a quarter as often.
    for (; k + 4 <= components; k += 4, row += 4 * patchSize) {
      const from = p * components + k;
      const [a, b, c, d] = [y[from] as number, y[from + 1] as number, y[from + 2] as number, y[from + 3] as number];
      for (let i = 0; i < patchSize; i++) {
        const j = row + i;
        const sum = a * at(j) + b * at(j + patchSize) + c * at(j + 2 * patchSize) + d * at(j + 3 * patchSize);
        out[pixel + i] = (out[pixel + i] as number) + sum;
      }
    }
    for (; k < components; k++, row += patchSize) {
      const a = y[p * components + k] as number;
      for (let i = 0; i < patchSize; i++) out[pixel + i] = (out[pixel + i] as number) + a * at(row + i);
    }
  }
  return out;
}
