import { describe, expect, it } from 'vitest';
import { bandedMatrix, factorBanded, solveBanded } from './banded.ts';
import { cubicBasis, evaluateSpline } from './bspline.ts';
import { randomStream } from './random.ts';
import { interpolateLinear, median, robustSigma } from './statistics.ts';
import { choleskyFactor, eigenSymmetric, invertSymmetric, solveSymmetric } from './symmetric.ts';

const at = (values: ArrayLike<number> | null, i: number): number => values?.[i] ?? NaN;

describe('banded Cholesky', () => {
  it('solves A·x = b for a random diagonally dominant band', () => {
    const random = randomStream(3);
    const n = 40;
    const width = 3;
    const a = bandedMatrix(n, width);
    const dense = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= Math.min(width, i); k++) {
        const value = k === 0 ? 8 + random.uniform() : random.normal();
        a.band[i * (width + 1) + k] = value;
        dense[i * n + i - k] = value;
        dense[(i - k) * n + i] = value;
      }
    }
    const truth = Float64Array.from({ length: n }, () => random.normal());
    const b = Float64Array.from(truth, (_, i) => truth.reduce((sum, value, j) => sum + value * at(dense, i * n + j), 0));
    expect(factorBanded(a)).toBe(true);
    solveBanded(a, b);
    for (let i = 0; i < n; i++) expect(b[i]).toBeCloseTo(at(truth, i), 10);
  });

  it('refuses an indefinite matrix', () => {
    const a = bandedMatrix(2, 1);
    a.band.set([1, 0, 1, 2]);
    expect(factorBanded(a)).toBe(false);
  });
});

describe('cubic B-splines', () => {
  it('are a partition of unity and reproduce a straight line', () => {
    const x = Float64Array.from({ length: 101 }, (_, i) => 4000 + 20 * i);
    const basis = cubicBasis(x, 4000, 6000, 170);
    const step = 2000 / (basis.count - 3);
    const line = evaluateSpline(
      basis,
      Float64Array.from({ length: basis.count }, (_, k) => 4000 + (k - 1) * step),
    );
    for (let i = 0; i < x.length; i++) {
      expect(basis.values.slice(4 * i, 4 * i + 4).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(line[i]).toBeCloseTo(at(x, i), 8);
    }
  });
});

describe('symmetric matrices', () => {
  const n = 3;
  const a = Float64Array.from([4e6, 1200, 0.2, 1200, 1, 1e-4, 0.2, 1e-4, 1e-6]);
  it('inverse, solution, factor and eigenvectors agree with A', () => {
    const inverse = invertSymmetric(a, n);
    const factor = choleskyFactor(a, n);
    const { values, vectors } = eigenSymmetric(a, n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let product = 0;
        let square = 0;
        let spectral = 0;
        for (let k = 0; k < n; k++) {
          product += at(a, i * n + k) * at(inverse, k * n + j);
          square += at(factor, i * n + k) * at(factor, j * n + k);
          spectral += at(values, k) * at(vectors, i * n + k) * at(vectors, j * n + k);
        }
        const scale = Math.sqrt(at(a, i * n + i) * at(a, j * n + j));
        expect(product * Math.sqrt(at(a, j * n + j) / at(a, i * n + i))).toBeCloseTo(i === j ? 1 : 0, 8);
        expect(square / scale).toBeCloseTo(at(a, i * n + j) / scale, 8);
        expect(spectral / scale).toBeCloseTo(at(a, i * n + j) / scale, 3);
      }
    }
    const x = solveSymmetric(a, Float64Array.from([1, 0, 0]));
    expect(at(x, 0) / at(inverse, 0)).toBeCloseTo(1, 6);
  });
  it('an indefinite matrix gives null', () => {
    expect(invertSymmetric(Float64Array.from([1, 2, 2, 1]), 2)).toBeNull();
    expect(choleskyFactor(Float64Array.from([1, 2, 2, 1]), 2)).toBeNull();
  });
});

describe('random streams', () => {
  it('repeat with the seed, split without overlap, and are normal', () => {
    const draw = (seed: number) => {
      const stream = randomStream(seed);
      return Array.from({ length: 5 }, () => stream.normal());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const stream = randomStream(1);
    const child = stream.split();
    const n = 20_000;
    const values = Float64Array.from({ length: n }, () => stream.normal());
    const others = Float64Array.from({ length: n }, () => child.normal());
    const mean = (f: (i: number) => number) => values.reduce((sum, _, i) => sum + f(i), 0) / n;
    expect(Math.abs(mean((i) => at(values, i)))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(mean((i) => at(values, i) ** 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(mean((i) => at(values, i) ** 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    expect(Math.abs(mean((i) => at(values, i) * at(others, i)))).toBeLessThan(4 / Math.sqrt(n));
  });
});

describe('streams of neighbouring seeds', () => {
  const SEEDS = 400;
  /** Draw number k of the streams of seeds 0, 1, 2, … less its expectation. */
  const column = (k: number, stream: (i: number) => ReturnType<typeof randomStream>): Float64Array =>
    Float64Array.from({ length: SEEDS }, (_, i) => {
      const r = stream(i);
      for (let skip = 0; skip < k; skip++) r.uniform();
      return r.uniform() - 0.5;
    });
  const correlation = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * at(b, i), 0) / (a.length / 12);

  it.each([
    ['seeds', (i: number) => randomStream(i)],
    ['substreams', (i: number) => randomStream(1, i)],
  ])('%s: uniform, and unrelated from the first draw on', (_, stream) => {
    const columns = Array.from({ length: 12 }, (__, k) => column(k, stream));
    columns.forEach((values, k) => {
      // 4.5 σ of a mean, a variance and a correlation of so many independent numbers: some 200 of them are looked at.
      expect(Math.abs(values.reduce((sum, x) => sum + x, 0)) / SEEDS).toBeLessThan(4.5 * Math.sqrt(1 / 12 / SEEDS));
      expect(Math.abs(correlation(values, values) - 1)).toBeLessThan(4.5 * Math.sqrt(0.8 / SEEDS));
      expect(Math.abs(correlation(values.subarray(1), values.subarray(0, -1)))).toBeLessThan(4.5 / Math.sqrt(SEEDS));
      for (const other of columns.slice(0, k)) expect(Math.abs(correlation(values, other))).toBeLessThan(4.5 / Math.sqrt(SEEDS));
    });
  });

  it('1, 2 and 3 have uncorrelated first draws', () => {
    const draws = [1, 2, 3].map((seed) => {
      const r = randomStream(seed);
      return Float64Array.from({ length: 64 }, () => r.uniform() - 0.5);
    });
    const [one, two, three] = draws;
    for (const [a, b] of [
      [one, two],
      [one, three],
      [two, three],
    ] as const)
      expect(Math.abs(correlation(a, b))).toBeLessThan(4 / Math.sqrt(64));
  });

  it('a seed and its substreams differ, also beyond 32 bits', () => {
    const first = [randomStream(1), randomStream(1, 1), randomStream(2), randomStream(1 + 2 ** 32), randomStream(1, 2 ** 32)].map((r) =>
      r.uniform(),
    );
    expect(new Set(first).size).toBe(first.length);
    expect(randomStream(5).uniform()).toBe(randomStream(5, 0).uniform());
  });
});

describe('robust statistics', () => {
  it('median and σ ignore an outlier', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, NaN, 2, 3])).toBe(2.5);
    expect(robustSigma([-1, 0, 1, -1, 0, 1, 1e9])).toBeCloseTo(1.4826, 6);
  });
  it('interpolates between points and holds the ends', () => {
    expect(interpolateLinear([0, 1, 3], [0, 2, 4], 2)).toBe(3);
    expect(interpolateLinear([0, 1, 3], [0, 2, 4], -5)).toBe(0);
    expect(interpolateLinear([0, 1, 3], [0, 2, 4], 9)).toBe(4);
  });
});
