/**
 * The folded transformer on the kernels: spectra of a batch, and, of one label vector with all that a layer leaves behind kept (the tape), the
 * gradient by reverse mode and the derivatives along all labels by forward mode.
 */
import type { FluxSeed } from '../../domain/emulator.ts';
import type { TransformerArchitecture } from '../bundle/architecture.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { LabelCode } from '../bundle/labelCode.ts';
import type { ScaledGradient, ScaledJacobian, Network } from '../network.ts';
import { TransformerLayer } from './layer.ts';
import type { LayerSizes } from './layerRoom.ts';
import { KernelMemory, rowsOf } from './memory.ts';
import { padded } from './padding.ts';
import type { Block } from './memory.ts';
import type { KernelModule } from './module.ts';
import { PatchBasis } from './patchBasis.ts';
import { TransformerReverse } from './transformerReverse.ts';
import { packTransformer } from './transformerWeights.ts';
import type { TransformerWeights } from './transformerWeights.ts';

/** Spectra, or derivatives, that go through the network at once: as many as share the weights well while what they leave stays in the cache. */
const BATCH = 8;

export class WasmTransformer implements Network {
  readonly batch = BATCH;
  private readonly memory: KernelMemory;
  private readonly sizes: LayerSizes;
  private readonly code: LabelCode;
  private readonly weights: TransformerWeights;
  private readonly layers: readonly TransformerLayer[];
  private readonly basis: PatchBasis;
  private readonly inputs: Block;
  private readonly stream: Block;
  private readonly normed: Block;
  private readonly coefficients: Block;
  private readonly last: { readonly u: Block; readonly r: Block };
  private reverse: TransformerReverse | null = null;

  constructor(
    bundle: ModelBundle,
    private readonly architecture: TransformerArchitecture,
    kernels: KernelModule,
  ) {
    const { patches, width, heads, mlpRatio, normEpsilon } = architecture;
    const memory = new KernelMemory(kernels);
    this.memory = memory;
    this.code = new LabelCode(bundle, architecture);
    this.weights = packTransformer(memory, bundle, architecture);
    this.basis = new PatchBasis(memory, bundle, BATCH);
    const stride = padded(width);
    this.sizes = {
      patches,
      width,
      stride,
      heads,
      headSize: padded(width / heads),
      keys: padded(patches),
      hidden: padded(mlpRatio * width),
      normEpsilon,
    };
    this.inputs = memory.allocate(BATCH * this.code.size);
    this.stream = memory.allocate(BATCH * patches * stride);
    this.normed = memory.allocate(BATCH * patches * stride);
    this.last = { u: memory.allocate(BATCH * patches * stride), r: memory.allocate(BATCH * patches) };
    this.coefficients = memory.allocate(BATCH * patches * this.basis.stride);
    this.layers = TransformerLayer.stack(memory, this.sizes, this.weights.layers, BATCH);
  }

  forward(x: readonly Float64Array[]): Promise<Float32Array[]> {
    this.run(x);
    return Promise.resolve(this.flux(x.length));
  }

  gradient(x: Float64Array, seed: FluxSeed): Promise<ScaledGradient> {
    this.run([x]);
    const [flux] = this.flux(1) as [Float32Array];
    const slope = seed(flux);
    // The seed may have taken its time; nothing else has run in this memory since, as all of this is synchronous.
    this.reverse ??= new TransformerReverse(this.memory, this.sizes, this.weights);
    this.basis.pullback(slope, this.coefficients);
    const byInputs = this.reverse.run(this.layers, this.last, this.coefficients);
    return Promise.resolve({ flux, slopes: this.code.pullback(x, byInputs) });
  }

  jacobian(x: Float64Array): Promise<ScaledJacobian> {
    this.run([x]);
    const [flux] = this.flux(1) as [Float32Array];
    const slopes = this.code.jacobian(x);
    const { size } = this.code;
    const derivatives: Float32Array[] = [];
    for (let from = 0; from < x.length; from += BATCH) {
      const rows = Math.min(BATCH, x.length - from);
      this.memory.view(this.inputs).set(slopes.subarray(from * size, (from + rows) * size));
      this.tangents(rows);
      derivatives.push(...this.basis.read(this.coefficients, rows, 'derivatives'));
    }
    return Promise.resolve({ flux, derivatives });
  }

  dispose(): void {
    // The memory goes with the object.
  }

  /** Inputs of the label vectors to coefficients; the layers keep what the first of them left behind. */
  private run(x: readonly Float64Array[]): void {
    const { memory, last, sizes } = this;
    const inputs = memory.view(this.inputs);
    x.forEach((vector, i) => {
      inputs.set(this.code.inputs(vector), i * this.code.size);
    });
    this.enter(x.length, this.weights.inputBias);
    for (const layer of this.layers) layer.forward(this.stream, x.length);
    const rows = x.length * sizes.patches;
    memory.kernels.norm(this.stream.address, last.u.address, last.r.address, rows, sizes.stride, sizes.width, sizes.normEpsilon);
    this.leave(last.u, x.length, this.weights.headBias);
  }

  /** The same for tangents at the last label vector that ran, from those of its inputs. */
  private tangents(rows: number): void {
    const { memory, last, sizes, normed } = this;
    this.enter(rows);
    for (const layer of this.layers) layer.tangents(this.stream, rows);
    const { patches, stride, width } = sizes;
    for (let row = 0; row < rows; row++) {
      const at = 4 * row * patches * stride;
      const { normSlope } = memory.kernels;
      normSlope(this.stream.address + at, last.u.address, last.r.address, normed.address + at, patches, stride, width, 0);
    }
    this.leave(normed, rows);
  }

  /** Inputs to the residual stream. */
  private enter(rows: number, bias?: Block): void {
    const { patches, stride } = this.sizes;
    this.memory.product(rowsOf(this.inputs, this.code.size), this.weights.input, rowsOf(this.stream, patches * stride), rows, 'set', bias);
  }

  /** Normed tokens and inputs to coefficients. */
  private leave(tokens: Block, rows: number, bias?: Block): void {
    const { patches, stride } = this.sizes;
    const wide = this.basis.stride;
    const to = rowsOf(this.coefficients, patches * wide);
    this.memory.product(rowsOf(this.inputs, this.code.size), this.weights.skip, to, rows, 'set', bias);
    this.weights.heads.forEach((head, p) => {
      const token = rowsOf(tokens, patches * stride, p * stride);
      this.memory.product(token, head, { address: to.address + 4 * p * wide, step: to.step }, rows, 'add');
    });
  }

  private flux(rows: number): Float32Array[] {
    return this.basis.read(this.coefficients, rows, 'spectra');
  }
}
