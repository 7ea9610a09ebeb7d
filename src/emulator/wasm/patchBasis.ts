/** The end of every network: coefficients of each patch times its basis, which gives pixels. */
import { tensorOf } from '../bundle/bundle.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { transposedMatrix } from '../bundle/matrix.ts';
import type { Matrix } from '../bundle/matrix.ts';
import { rowsOf } from './memory.ts';
import { padded } from './padding.ts';
import type { Block, Factor, KernelMemory } from './memory.ts';

/**
 * flux[p] = mean[p] + y[p]·(scale[p]∘basis[p]). Coefficients lie as [rows, patches·stride], pixels as [rows, patches·pixelStride], both
 * padded patch by patch.
 */
export class PatchBasis {
  readonly patches: number;
  readonly stride: number;
  private readonly components: number;
  private readonly patchSize: number;
  private readonly pixelStride: number;
  private readonly matrices: readonly Matrix[];
  private readonly factors: readonly Factor[];
  private readonly mean: readonly Block[];
  private readonly pixels: Block;
  /** Made when a gradient is first asked for. */
  private reverse: { readonly factors: readonly Factor[]; readonly seed: Block } | null = null;

  /** `rows`: how many spectra, or derivatives, it is given at once. */
  constructor(
    private readonly memory: KernelMemory,
    bundle: ModelBundle,
    rows: number,
  ) {
    const { patches, patchSize, components } = bundle.manifest.architecture;
    this.patches = patches;
    this.patchSize = patchSize;
    this.components = components;
    this.stride = padded(components);
    this.pixelStride = padded(patchSize);
    const [basis, scale, mean] = [tensorOf(bundle, 'basis'), tensorOf(bundle, 'scale'), tensorOf(bundle, 'mean')];
    const size = components * patchSize;
    this.matrices = Array.from({ length: patches }, (_, p) => ({
      rows: components,
      columns: patchSize,
      values: basis.subarray(p * size, (p + 1) * size).map((value, i) => value * scale[p * components + Math.floor(i / patchSize)]),
    }));
    this.factors = this.matrices.map((matrix) => memory.pack(matrix));
    this.mean = this.matrices.map((_, p) => memory.put(mean.subarray(p * patchSize, (p + 1) * patchSize), this.pixelStride));
    this.pixels = memory.allocate(rows * patches * this.pixelStride);
  }

  /** Pixels of `rows` rows of coefficients: spectra have the mean in them, derivatives have not. */
  read(coefficients: Block, rows: number, what: 'spectra' | 'derivatives'): Float32Array[] {
    const { memory, patches, patchSize, pixelStride, stride } = this;
    const [from, to] = [rowsOf(coefficients, patches * stride), rowsOf(this.pixels, patches * pixelStride)];
    this.factors.forEach((factor, p) => {
      const bias = what === 'spectra' ? this.mean[p] : undefined;
      const patch = { address: from.address + 4 * p * stride, step: from.step };
      memory.product(patch, factor, { address: to.address + 4 * p * pixelStride, step: to.step }, rows, 'set', bias);
    });
    const all = memory.view(this.pixels);
    return Array.from({ length: rows }, (_, row) => {
      const out = new Float32Array(patches * patchSize);
      for (let p = 0; p < patches; p++) {
        const at = (row * patches + p) * pixelStride;
        out.set(all.subarray(at, at + patchSize), p * patchSize);
      }
      return out;
    });
  }

  /** dL/dcoefficients of one spectrum, into `to`, from dL/dflux. */
  pullback(slope: Float32Array, to: Block): void {
    const { memory, patches, patchSize, pixelStride, stride } = this;
    this.reverse ??= {
      factors: this.matrices.map((matrix) => memory.pack(transposedMatrix(matrix))),
      seed: memory.allocate(patches * pixelStride),
    };
    const { factors, seed } = this.reverse;
    const all = memory.view(seed);
    for (let p = 0; p < patches; p++) all.set(slope.subarray(p * patchSize, (p + 1) * patchSize), p * pixelStride);
    factors.forEach((factor, p) => {
      memory.product(rowsOf(seed, 0, p * pixelStride), factor, rowsOf(to, 0, p * stride), 1);
    });
  }
}
