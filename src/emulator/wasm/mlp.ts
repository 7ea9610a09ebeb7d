/** The perceptron on the kernels: spectra of a batch, the gradient by reverse mode, the derivatives along all labels by forward mode. */
import type { FluxSeed } from '../../domain/emulator.ts';
import type { MlpArchitecture } from '../bundle/architecture.ts';
import { tensorOf } from '../bundle/bundle.ts';
import type { ModelBundle } from '../bundle/bundle.ts';
import { transposedMatrix } from '../bundle/matrix.ts';
import type { Matrix } from '../bundle/matrix.ts';
import type { Network, ScaledGradient, ScaledJacobian } from '../network.ts';
import { KernelMemory, rowsOf } from './memory.ts';
import { padded, paddedRuns } from './padding.ts';
import type { Block, Factor } from './memory.ts';
import type { KernelModule } from './module.ts';
import { PatchBasis } from './patchBasis.ts';

/** Spectra, or derivatives, that go through the network at once: its weights are read from memory once for all of them. */
const BATCH = 20;

interface Layer {
  readonly matrix: Matrix;
  readonly factor: Factor;
  readonly bias: Block;
  /** Values after the activation and slopes of it, [BATCH, padded width]; those of the first spectrum stay for its derivatives. */
  readonly value: Block;
  readonly slope: Block;
}

export class WasmMlp implements Network {
  readonly batch = BATCH;
  private readonly memory: KernelMemory;
  private readonly hidden: readonly Layer[];
  private readonly head: { readonly matrix: Matrix; readonly factor: Factor; readonly bias: Block };
  private readonly basis: PatchBasis;
  private readonly labels: number;
  private readonly wide: number;
  private readonly inputs: Block;
  private readonly tangent: readonly [Block, Block];
  private readonly coefficients: Block;
  /** Made when a gradient is first asked for: transposed weights of hidden layers and head. */
  private reverse: readonly Factor[] | null = null;

  constructor(
    bundle: ModelBundle,
    private readonly architecture: MlpArchitecture,
    kernels: KernelModule,
  ) {
    const { labels, width, layers, patches, components } = architecture;
    const memory = new KernelMemory(kernels);
    this.memory = memory;
    this.labels = labels;
    this.wide = padded(width);
    this.basis = new PatchBasis(memory, bundle, BATCH);
    this.hidden = Array.from({ length: layers }, (_, l) => {
      const matrix = { rows: l === 0 ? labels : width, columns: width, values: tensorOf(bundle, `hidden${String(l)}.w`) };
      return {
        matrix,
        factor: memory.pack(matrix),
        bias: memory.put(tensorOf(bundle, `hidden${String(l)}.b`), this.wide),
        value: memory.allocate(BATCH * this.wide),
        slope: memory.allocate(BATCH * this.wide),
      };
    });
    const spread = (values: Float32Array, rows: number): Matrix => paddedRuns({ rows, columns: patches * components, values }, components);
    const matrix = spread(tensorOf(bundle, 'head.w'), width);
    this.head = { matrix, factor: memory.pack(matrix), bias: memory.put(spread(tensorOf(bundle, 'head.b'), 1).values) };
    this.inputs = memory.allocate(BATCH * labels);
    const room = Math.max(BATCH * this.wide, padded(labels));
    this.tangent = [memory.allocate(room), memory.allocate(room)];
    this.coefficients = memory.allocate(BATCH * patches * this.basis.stride);
  }

  forward(x: readonly Float64Array[]): Promise<Float32Array[]> {
    return Promise.resolve(this.run(x));
  }

  gradient(x: Float64Array, seed: FluxSeed): Promise<ScaledGradient> {
    const [flux] = this.run([x]) as [Float32Array];
    const slope = seed(flux);
    const { memory, coefficients } = this;
    this.reverse ??= [...this.hidden, this.head].map(({ matrix }) => memory.pack(transposedMatrix(matrix)));
    this.basis.pullback(slope, coefficients);
    let from = coefficients;
    for (let l = this.reverse.length - 1; l >= 0; l--) {
      const to = this.tangent[l % 2];
      memory.product(rowsOf(from, 0), this.reverse[l], rowsOf(to, 0), 1);
      const below = this.hidden[l - 1];
      if (below !== undefined) memory.kernels.multiply(to.address, below.slope.address, this.wide);
      from = to;
    }
    return Promise.resolve({ flux, slopes: Float64Array.from(memory.view(from).subarray(0, this.labels)) });
  }

  jacobian(x: Float64Array): Promise<ScaledJacobian> {
    const [flux] = this.run([x]) as [Float32Array];
    const { memory, wide } = this;
    const derivatives: Float32Array[] = [];
    for (let first = 0; first < this.labels; first += BATCH) {
      const rows = Math.min(BATCH, this.labels - first);
      let from = this.tangent[0];
      this.hidden.forEach((layer, l) => {
        const to = this.tangent[l % 2];
        // The tangents of the labels are rows of the identity: the first layer's are rows of its weights.
        if (l === 0) this.copyRows(layer.matrix, first, rows, to);
        else memory.product(rowsOf(from, wide), layer.factor, rowsOf(to, wide), rows);
        for (let row = 0; row < rows; row++) memory.kernels.multiply(to.address + 4 * row * wide, layer.slope.address, wide);
        from = to;
      });
      this.leave(from, rows);
      derivatives.push(...this.basis.read(this.coefficients, rows, 'derivatives'));
    }
    return Promise.resolve({ flux, derivatives });
  }

  dispose(): void {
    // The memory goes with the object.
  }

  private run(x: readonly Float64Array[]): Float32Array[] {
    const { memory, wide, labels } = this;
    const activation = this.architecture.activation === 'silu' ? memory.kernels.silu : memory.kernels.leakyRelu;
    const rows = x.length;
    const inputs = memory.view(this.inputs);
    x.forEach((vector, i) => {
      inputs.set(vector, i * labels);
    });
    let from = rowsOf(this.inputs, labels);
    for (const { factor, bias, value, slope } of this.hidden) {
      memory.product(from, factor, rowsOf(value, wide), rows, 'set', bias);
      activation(value.address, value.address, slope.address, rows * wide);
      from = rowsOf(value, wide);
    }
    this.leave(this.hidden.at(-1)?.value ?? this.inputs, rows, this.head.bias);
    return this.basis.read(this.coefficients, rows, 'spectra');
  }

  /** The last hidden layer to coefficients. */
  private leave(hidden: Block, rows: number, bias?: Block): void {
    const { memory, head, basis, architecture, wide } = this;
    memory.product(rowsOf(hidden, wide), head.factor, rowsOf(this.coefficients, architecture.patches * basis.stride), rows, 'set', bias);
  }

  private copyRows({ columns, values }: Matrix, first: number, rows: number, to: Block): void {
    const all = this.memory.view(to);
    for (let row = 0; row < rows; row++) all.set(values.subarray((first + row) * columns, (first + row + 1) * columns), row * this.wide);
  }
}
