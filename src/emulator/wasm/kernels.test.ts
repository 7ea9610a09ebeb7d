import { describe, expect, it } from 'vitest';

import { createTinyBundle, createTinyMlp } from '../../testing/tinyBundle.ts';
import { networkEmulator } from '../networkEmulator.ts';
import { createReferenceEmulator } from '../twin/reference.ts';
import { factorOf, KernelMemory, rowsOf } from './memory.ts';
import type { Block } from './memory.ts';
import { compiledKernels, compileKernels } from './module.ts';
import type { KernelModule } from './module.ts';
import { createWasmNetwork } from './network.ts';

const fused = compileKernels(true);
if (fused === null)
  console.warn('this engine has no relaxed SIMD (Node 20 has it behind a flag): the fused kernels are tested in Chromium alone');
const plain = compileKernels(false);
if (plain === null) throw new Error('this engine has no WebAssembly SIMD');
const modules: (readonly [string, KernelModule])[] = [['plain', plain], ...(fused === null ? [] : ([['fused', fused]] as const))];

/** Numbers between −1 and 1 without a pattern that a shifted index would hit. */
const noise = (count: number, seed: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + 12.9898 * i * i + i));
const worst = (found: ArrayLike<number>, expected: (i: number) => number): number =>
  Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - expected(i))), 0);

it('compiles once, with the better module that the engine knows', () => {
  expect(compiledKernels()).toBe(compiledKernels());
  expect(compiledKernels()?.relaxed).toBe(fused !== null);
});

describe.each(modules)('the %s kernels', (_name, kernels) => {
  const memory = new KernelMemory(kernels);

  it.each([
    [1, 1, 1],
    [1, 97, 40],
    [3, 5, 8],
    [4, 16, 24],
    [7, 33, 11],
    [75, 32, 80],
  ])('multiply [%i, %i] by a packed matrix of %i columns, with bias, onto nothing and onto what is there', (rows, inner, columns) => {
    const [a, b, bias] = [noise(rows * inner, 1), noise(inner * columns, 2), noise(columns, 3)];
    const factor = memory.pack({ rows: inner, columns, values: b });
    const [from, offset, to] = [memory.put(a), memory.put(bias, factor.columns), memory.allocate(rows * factor.columns)];
    const truth = (i: number): number => {
      const [row, column] = [Math.floor(i / factor.columns), i % factor.columns];
      if (column >= columns) return 0;
      let sum = bias[column];
      for (let k = 0; k < inner; k++) sum += a[row * inner + k] * b[k * columns + column];
      return sum;
    };
    memory.product(rowsOf(from, inner), factor, rowsOf(to, factor.columns), rows, 'set', offset);
    expect(worst(memory.view(to), truth)).toBeLessThan(1e-5);
    memory.product(rowsOf(from, inner), factor, rowsOf(to, factor.columns), rows, 'add', offset);
    expect(worst(memory.view(to), (i) => 2 * truth(i))).toBeLessThan(2e-5);
  });

  it('multiply by columns of a matrix in plain rows, into columns of another', () => {
    const [a, wide] = [noise(6 * 9, 4), noise(9 * 24, 5)];
    const [from, right, to] = [memory.put(a), memory.put(wide), memory.allocate(6 * 16)];
    // Columns 8 to 15 of the right-hand side, into columns 8 to 15.
    memory.product(rowsOf(from, 9), factorOf(rowsOf(right, 24, 8), 9, 8), rowsOf(to, 16, 8), 6);
    const truth = (i: number): number => {
      const [row, column] = [Math.floor(i / 16), i % 16];
      return column < 8 ? 0 : Array.from({ length: 9 }, (_, k) => a[row * 9 + k] * wide[k * 24 + column]).reduce((x, y) => x + y);
    };
    expect(worst(memory.view(to), truth)).toBeLessThan(1e-5);
  });

  it('transpose', () => {
    const values = noise(5 * 7, 6);
    const [from, to] = [memory.put(values), memory.allocate(7 * 8)];
    memory.kernels.transpose(from.address, 4 * 7, to.address, 4 * 8, 5, 7);
    expect(worst(memory.view(to), (i) => (i % 8 < 5 ? values[(i % 8) * 7 + Math.floor(i / 8)] : 0))).toBe(0);
  });

  it('softmax: weights of scores of any size, which sum to 1, and nothing for padded ones', () => {
    const rows = [
      [0, 1, 2, 3, -1, -2, 0.5, -1e30],
      [-200, -201, -199, -250, -200, -200, -200, -1e30],
      [80, 85, 88, 10, -80, 0, 3, -1e30],
    ];
    const block = memory.put(rows.flat());
    memory.kernels.softmax(block.address, 3, 8);
    const found = memory.view(block);
    rows.forEach((scores, row) => {
      const top = Math.max(...scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score - top), 0);
      const own = found.subarray(8 * row, 8 * row + 8);
      expect(worst(own, (i) => Math.exp(scores[i] - top) / total)).toBeLessThan(3e-7);
      expect(own[7]).toBeLessThan(1e-37);
    });
  });

  it('silu and its slope, from −100 to 100, to 2e-7 of the larger of them and 1', () => {
    const a = Float32Array.from({ length: 2000 }, (_, i) => (i - 1000) / 10);
    const [from, value, slope] = [memory.put(a), memory.allocate(2000), memory.allocate(2000)];
    memory.kernels.silu(from.address, value.address, slope.address, 2000);
    const s = (x: number): number => 1 / (1 + Math.exp(-x));
    const error = (block: Block, truth: (x: number) => number): number =>
      memory.view(block).reduce((most, found, i) => {
        const expected = truth(a[i]);
        return Math.max(most, Math.abs(found - expected) / Math.max(1, Math.abs(expected)));
      }, 0);
    expect(error(value, (x) => x * s(x))).toBeLessThan(2e-7);
    // Against a sum of two terms that cancel up to 100-fold.
    expect(error(slope, (x) => s(x) * (1 + x * (1 - s(x))))).toBeLessThan(1e-5);
  });

  it.each([
    [
      'a transformer whose sizes are no multiples of 8',
      createTinyBundle(41, { patches: 9, patchSize: 30, components: 11, width: 20, layers: 2, heads: 4 }),
    ],
    ['a perceptron', createTinyMlp(42, { patches: 9, patchSize: 30, components: 11, width: 20, layers: 3 })],
  ])('give %s the flux, the derivatives and the gradient of its float64 twin', async (_network, bundle) => {
    const emulator = networkEmulator(bundle, createWasmNetwork(bundle, kernels), { name: 'wasm', reason: 'a test' });
    const twin = createReferenceEmulator(bundle);
    const star = (phase: number): Float64Array =>
      Float64Array.from(emulator.info.labels, ({ centre, halfRange }, j) => centre + 0.8 * halfRange * Math.sin(phase + 1.3 * j));
    const stars = Array.from({ length: 2 * emulator.batch + 1 }, (_, i) => star(i));
    const [found, truth] = [await emulator.predict(stars), await twin.predict(stars)];
    found.forEach((flux, i) => {
      expect(worst(flux, (k) => truth[i]?.[k] ?? NaN)).toBeLessThan(1e-5);
    });
    const [jacobian, exact] = [await emulator.jacobian(star(0.4)), await twin.jacobian(star(0.4))];
    exact.derivatives.forEach((column, j) => {
      const peak = column.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(worst(jacobian.derivatives[j] ?? [], (k) => column[k] ?? NaN) / peak).toBeLessThan(1e-4);
    });
    const seed = (flux: Float32Array): Float32Array => flux.map((value) => value - 0.9);
    const [gradient, expected] = [await emulator.gradient(star(0.4), seed), await twin.gradient(star(0.4), seed)];
    const perRange = (values: Float64Array): number[] =>
      Array.from(values, (value, j) => value * (emulator.info.labels[j]?.halfRange ?? NaN));
    const [a, b] = [perRange(gradient.gradient), perRange(expected.gradient)];
    expect(Math.hypot(...a.map((value, j) => value - (b[j] ?? NaN))) / Math.hypot(...b)).toBeLessThan(1e-4);
  });
});
