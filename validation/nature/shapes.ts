/** Principal residual spectra of stars with gaps and errors, about zero: what all pixels of a star share. */
import { eigenSymmetric, solveSymmetric } from '../../src/math/symmetric.ts';
import { RESIDUAL_GRID, type StarResidual } from './residual.ts';

interface Shared {
  /** Each with an rms of 1 over the grid; strongest first. */
  readonly shapes: readonly Float64Array[];
  /** By star and shape, and their errors. */
  readonly amplitudes: readonly Float64Array[];
  readonly errors: readonly Float64Array[];
}

const ROUNDS = 12;
/** Residuals beyond so many σ are cut off: one star must not make a shape. */
const CUT = 4;
/** Fewer stars than this at a wavelength make no shape there. */
const FEWEST = 5;

/** Residuals with the wild ones cut off, and their weights, by star and point of the grid; 0 where there is none. */
function weighed(stars: readonly StarResidual[], variances: readonly Float64Array[]) {
  const { count } = RESIDUAL_GRID;
  const weights = stars.map(({ noise, residual }, s) =>
    Float64Array.from({ length: count }, (_, i) => {
      const w = 1 / ((noise[i] ?? NaN) + (variances[s]?.[i] ?? NaN));
      return Number.isFinite(residual[i] ?? NaN) && Number.isFinite(w) ? w : 0;
    }),
  );
  const data = stars.map(({ residual }, s) =>
    Float64Array.from({ length: count }, (_, i) => {
      const w = weights[s]?.[i] ?? 0;
      if (w === 0) return 0;
      const limit = CUT / Math.sqrt(w);
      return Math.max(-limit, Math.min(limit, residual[i] ?? 0));
    }),
  );
  return { weights, data };
}

/** Amplitudes of given shapes in stars. */
export function amplitudesIn(stars: readonly StarResidual[], variances: readonly Float64Array[], shapes: readonly Float64Array[]) {
  const { weights, data } = weighed(stars, variances);
  return amplitudesOf(data, weights, shapes);
}

/** `variances`: of the model's error by star and point of the grid, to begin with. */
export function sharedShapes(stars: readonly StarResidual[], variances: readonly Float64Array[], wanted: number): Shared {
  const n = Math.min(wanted, Math.floor(stars.length / 4));
  const { weights, data } = weighed(stars, variances);
  const shapes: Float64Array[] = [];
  let left = data;
  // One after the other, each the strongest of what the others leave: no start has to be guessed for all together.
  for (let k = 0; k < n; k++) {
    const shape = strongest(left, weights, stars.length);
    if (shape === null) break;
    shapes.push(shape);
    const { amplitudes } = amplitudesOf(data, weights, shapes);
    left = data.map((own, s) =>
      own.map((value, i) => value - shapes.reduce((sum, one, j) => sum + (amplitudes[s]?.[j] ?? 0) * (one[i] ?? 0), 0)),
    );
  }
  return { shapes, ...amplitudesOf(data, weights, shapes) };
}

/** The one shape that explains most, by alternating least squares from the first eigenvector of a coarse covariance of stars. */
function strongest(data: readonly Float64Array[], weights: readonly Float64Array[], stars: number): Float64Array | null {
  let amplitudes = firstEigenvector(data, weights, stars);
  const { count } = RESIDUAL_GRID;
  let shape = new Float64Array(count);
  for (let round = 0; round < ROUNDS; round++) {
    shape = Float64Array.from({ length: count }, (_, i) => {
      let [up, down, here] = [0, 0, 0];
      data.forEach((own, s) => {
        const w = weights[s]?.[i] ?? 0;
        const a = amplitudes[s] ?? 0;
        if (w === 0) return;
        here++;
        up += w * a * (own[i] ?? 0);
        down += w * a * a;
      });
      return here >= FEWEST && down > 0 ? up / down : 0;
    });
    const rms = Math.sqrt(shape.reduce((sum, value) => sum + value * value, 0) / count);
    if (!(rms > 0)) return null;
    shape = shape.map((value) => value / rms);
    amplitudes = amplitudesOf(data, weights, [shape]).amplitudes.map((a) => a[0] ?? 0);
  }
  return shape;
}

function firstEigenvector(data: readonly Float64Array[], weights: readonly Float64Array[], n: number): number[] {
  const whitened = data.map((own, s) => own.map((value, i) => value * Math.sqrt(weights[s]?.[i] ?? 0)));
  const gram = new Float64Array(n * n);
  for (let s = 0; s < n; s++)
    for (let t = 0; t <= s; t++) {
      let sum = 0;
      const [a, b] = [whitened[s], whitened[t]];
      if (a !== undefined && b !== undefined) for (let i = 0; i < a.length; i += 2) sum += (a[i] as number) * (b[i] as number);
      gram[s * n + t] = gram[t * n + s] = sum;
    }
  const { vectors } = eigenSymmetric(gram, n);
  return Array.from({ length: n }, (_, s) => vectors[s * n + n - 1] ?? 0);
}

/** Of all shapes together, by weighted least squares star by star. */
function amplitudesOf(data: readonly Float64Array[], weights: readonly Float64Array[], shapes: readonly Float64Array[]) {
  const n = shapes.length;
  const amplitudes: Float64Array[] = [];
  const errors: Float64Array[] = [];
  data.forEach((own, s) => {
    const matrix = new Float64Array(n * n);
    const right = new Float64Array(n);
    const w = weights[s] ?? new Float64Array();
    for (let a = 0; a < n; a++) {
      for (let i = 0; i < own.length; i++) right[a] = (right[a] ?? 0) + (w[i] ?? 0) * (shapes[a]?.[i] ?? 0) * (own[i] ?? 0);
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let i = 0; i < own.length; i++) sum += (w[i] ?? 0) * (shapes[a]?.[i] ?? 0) * (shapes[b]?.[i] ?? 0);
        matrix[a * n + b] = matrix[b * n + a] = sum;
      }
    }
    const trace = Array.from({ length: n }, (_, a) => matrix[a * n + a] ?? 0).reduce((x, y) => x + y, 0);
    for (let a = 0; a < n; a++) matrix[a * n + a] = (matrix[a * n + a] ?? 0) + 1e-6 * trace + 1e-12;
    amplitudes.push(n === 0 ? new Float64Array() : (solveSymmetric(matrix, right) ?? new Float64Array(n)));
    errors.push(Float64Array.from({ length: n }, (_, a) => 1 / Math.sqrt(matrix[a * n + a] ?? NaN)));
  });
  return { amplitudes, errors };
}
