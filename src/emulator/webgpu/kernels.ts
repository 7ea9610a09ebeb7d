/**
 * Three operations of the transformer as kernels of our own on WebGPU, where time is the number of dispatches: with tfjs's own
 * operations a layer takes many more of them than with these: ten, counted by a test. Rows of all samples of a batch are worked on together.
 */
import * as tf from '@tensorflow/tfjs-core';

const NORM = 'MauryNorm';
const ATTENTION = 'MauryAttention';
const SILU = 'MauryActivation';
const GROUP = 64;

/** u = h/√(mean h² + ε), row by row, [rows, width]; call inside a tidy, as the others here. */
export const gpuNorm = (h: tf.Tensor2D, epsilon: number): tf.Tensor2D => tf.engine().runKernel<tf.Tensor2D>(NORM, { h }, { epsilon });

/**
 * Multi-head self-attention between the patches of each sample: qkv [n·patches, 3·width], heads side by side within q (with 1/√dₕ
 * inside), k and v → [n·patches, width].
 */
export const gpuAttention = (qkv: tf.Tensor2D, patches: number, heads: number): tf.Tensor2D =>
  tf.engine().runKernel<tf.Tensor2D>(ATTENTION, { qkv }, { patches, heads });

/** a·sigmoid(a) */
export const gpuSilu = (a: tf.Tensor2D): tf.Tensor2D => tf.engine().runKernel<tf.Tensor2D>(SILU, { a });

/** What tfjs's WebGPU backend takes as a program (its WebGPUProgram), as far as is needed here. */
interface Program {
  readonly variableNames: string[];
  readonly outputShape: number[];
  readonly dispatchLayout: { readonly x: number[] };
  dispatch: [number, number, number];
  readonly workgroupSize: [number, number, number];
  readonly uniforms?: string;
  shaderKey: string;
  getUserCode(): string;
}
interface ProgramRunner {
  runWebGPUProgram(
    program: Program,
    inputs: tf.TensorInfo[],
    dtype: 'float32',
    uniforms?: { readonly type: 'float32'; readonly data: number[] }[],
  ): tf.TensorInfo;
}

const isRunner = (backend: object): backend is ProgramRunner => 'runWebGPUProgram' in backend;

/** WebGPU's limit of workgroups along one dimension, in its least form (maxComputeWorkgroupsPerDimension). */
const MAX_GROUPS = 65535;

/**
 * At least `groups` workgroups as a grid [x, y, 1] within the limit, as near to them as can be: tfjs counts the threads of such a grid row by
 * row, and the kernels leave out what is too many. A dispatch beyond the limit would be invalid and leave its output as it was, without a word.
 */
export function dispatchGrid(groups: number): [number, number, number] {
  const rows = Math.max(1, Math.ceil(groups / MAX_GROUPS));
  return [Math.ceil(groups / rows), rows, 1];
}

/** A program of `groups` workgroups; its code is that of `fn main(index : i32)`, index counting the threads of all groups. */
const program = (name: string, input: string, outputShape: number[], groups: number, code: string, uniforms?: string): Program => ({
  variableNames: [input],
  outputShape,
  dispatchLayout: { x: outputShape.map((_, axis) => axis) },
  dispatch: dispatchGrid(groups),
  workgroupSize: [GROUP, 1, 1],
  ...(uniforms === undefined ? {} : { uniforms }),
  shaderKey: name,
  getUserCode: () => code,
});

/** Combines `sums` of all threads of a group into sums[0]. */
const reduce = (combine: string): string => `
    workgroupBarrier();
    for (var span = ${String(GROUP / 2)}; span > 0; span = span / 2) {
      if (tid < span) { sums[tid] = ${combine}; }
      workgroupBarrier();
    }`;

/** A group per row. */
const normCode = `
  var<workgroup> sums : array<f32, ${String(GROUP)}>;
  fn main(index : i32) {
    let row = index / ${String(GROUP)};
    let tid = i32(localId.x);
    let width = uniforms.outShape[1];
    var own = 0.0;
    for (var c = tid; c < width; c += ${String(GROUP)}) {
      let value = h[row * width + c];
      own += value * value;
    }
    sums[tid] = own;${reduce('sums[tid] + sums[tid + span]')}
    let r = inverseSqrt(sums[0] / f32(width) + uniforms.epsilon);
    if (row < uniforms.outShape[0]) {
      for (var c = tid; c < width; c += ${String(GROUP)}) { result[row * width + c] = h[row * width + c] * r; }
    }
  }`;

/** A group per query and head: the scores of all keys, their softmax, and the values they weigh. */
const attentionCode = (patches: number, heads: number, width: number): string => `
  const patches = ${String(patches)};
  const heads = ${String(heads)};
  const width = ${String(width)};
  const size = ${String(width / heads)};
  var<workgroup> scores : array<f32, ${String(patches)}>;
  var<workgroup> sums : array<f32, ${String(GROUP)}>;
  fn main(index : i32) {
    let group = index / ${String(GROUP)};
    let tid = i32(localId.x);
    let head = group % heads;
    let row = group / heads;
    let start = (row / patches) * patches;
    let q = row * 3 * width + head * size;
    var top = -3.4e38;
    for (var j = tid; j < patches; j += ${String(GROUP)}) {
      let k = (start + j) * 3 * width + width + head * size;
      var score = 0.0;
      for (var c = 0; c < size; c += 1) { score += qkv[q + c] * qkv[k + c]; }
      scores[j] = score;
      top = max(top, score);
    }
    sums[tid] = top;${reduce('max(sums[tid], sums[tid + span])')}
    let highest = sums[0];
    workgroupBarrier();
    var own = 0.0;
    for (var j = tid; j < patches; j += ${String(GROUP)}) {
      let weight = exp(scores[j] - highest);
      scores[j] = weight;
      own += weight;
    }
    sums[tid] = own;${reduce('sums[tid] + sums[tid + span]')}
    if (row < uniforms.outShape[0]) {
      for (var c = tid; c < size; c += ${String(GROUP)}) {
        var mixed = 0.0;
        for (var j = 0; j < patches; j += 1) { mixed += scores[j] * qkv[(start + j) * 3 * width + 2 * width + head * size + c]; }
        result[row * width + head * size + c] = mixed / sums[0];
      }
    }
  }`;

/** A thread per element. */
const siluCode = `
  fn main(index : i32) {
    if (index < uniforms.outShape[0] * uniforms.outShape[1]) {
      let value = a[index];
      result[index] = value / (1.0 + exp(-value));
    }
  }`;

type Compute = (x: tf.TensorInfo, attribute: (name: string) => number, run: ProgramRunner) => tf.TensorInfo;

const norm: Compute = (h, attribute, run) => {
  const made = program(NORM, 'h', h.shape, h.shape[0], normCode, 'epsilon : f32,');
  return run.runWebGPUProgram(made, [h], 'float32', [{ type: 'float32', data: [attribute('epsilon')] }]);
};

const attention: Compute = (qkv, attribute, run) => {
  const [rows = 0, columns = 0] = qkv.shape;
  const [patches, heads, width] = [attribute('patches'), attribute('heads'), columns / 3];
  const name = [ATTENTION, patches, heads, width].join('_');
  return run.runWebGPUProgram(program(name, 'qkv', [rows, width], rows * heads, attentionCode(patches, heads, width)), [qkv], 'float32');
};

const silu: Compute = (a, _, run) =>
  run.runWebGPUProgram(program(SILU, 'a', a.shape, Math.ceil(tf.util.sizeFromShape(a.shape) / GROUP), siluCode), [a], 'float32');

const KERNELS: readonly (readonly [string, string, Compute])[] = [
  [NORM, 'h', norm],
  [ATTENTION, 'qkv', attention],
  [SILU, 'a', silu],
];

let registered = false;

/** Makes the kernels known to tfjs; more than once does no harm. */
export function registerWebgpuKernels(): void {
  if (registered) return;
  registered = true;
  for (const [kernelName, input, compute] of KERNELS) {
    tf.registerKernel({
      kernelName,
      backendName: 'webgpu',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const x = inputs[input];
        if (x === undefined || !isRunner(backend)) throw new Error(`${kernelName} runs on WebGPU alone`);
        return compute(x, (name) => Number(attrs?.[name]), backend);
      },
    });
  }
}
