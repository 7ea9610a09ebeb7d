/** Densities of known moments and quantiles for samplers. */
import { randomStream } from '../math/random.ts';
import { invertSymmetric } from '../math/symmetric.ts';
import type { Target } from '../fit/mcmc/target.ts';

type Density = Target & Required<Pick<Target, 'logDensityAndGradient'>>;

function density(dimension: number, at: (x: Float64Array) => { value: number; gradient: Float64Array }): Density {
  return {
    dimension,
    logDensity: (points) => Promise.resolve(Float64Array.from(points, (x) => at(x).value)),
    logDensityAndGradient: (points) => Promise.resolve(points.map(at)),
  };
}

/** Mean 0; σ from 0.5 to 2; correlations of a random factor model. `covariance` is row-major. */
export function correlatedGaussian(n: number, seed = 1): { target: Density; sigma: Float64Array; covariance: Float64Array } {
  const random = randomStream(seed, 33);
  const factors = Array.from({ length: n }, () => Array.from({ length: 3 }, () => random.normal()));
  const raw = (i: number, j: number) => (factors[i] ?? []).reduce((sum, a, k) => sum + a * (factors[j]?.[k] ?? 0), i === j ? 0.5 : 0);
  const sigma = Float64Array.from({ length: n }, (_, i) => 0.5 * 4 ** (i / Math.max(1, n - 1)));
  const covariance = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return ((sigma[i] ?? 0) * (sigma[j] ?? 0) * raw(i, j)) / Math.sqrt(raw(i, i) * raw(j, j));
  });
  const precision = invertSymmetric(covariance, n);
  if (precision === null) throw new Error('the covariance of a factor model is positive definite');
  const target = density(n, (x) => {
    const gradient = new Float64Array(n);
    for (let i = 0, k = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++, k++) sum += (precision[k] ?? 0) * (x[j] ?? 0);
      gradient[i] = -sum;
    }
    return { value: 0.5 * x.reduce((sum, v, i) => sum + v * (gradient[i] ?? 0), 0), gradient };
  });
  return { target, sigma, covariance };
}

/** ln of a bent, skewed density on x₀ > −1: a normal in x₁ − x₀²/2 of σ 0.7, times x₀'s own gamma-like (1 + x₀) e^(−1.5 x₀). */
const skewedLog = (x: number, y: number): number =>
  x <= -1 ? -Infinity : Math.log(1 + x) - 1.5 * x - 0.5 * ((y - 0.5 * x * x) / 0.7) ** 2;

export const skewed: Density = density(2, (point) => {
  const [x, y] = [point[0] ?? NaN, point[1] ?? NaN];
  const pull = (y - 0.5 * x * x) / 0.49;
  return { value: skewedLog(x, y), gradient: Float64Array.of(1 / (1 + x) - 1.5 + pull * x, -pull) };
});

/** Its marginal quantiles, by summing the density over a fine grid. */
export function skewedQuantiles(shares: readonly number[]): readonly (readonly { p: number; at: number }[])[] {
  const [nx, ny] = [1500, 1500];
  const x = Float64Array.from({ length: nx }, (_, i) => -1 + (11 * (i + 0.5)) / nx);
  const y = Float64Array.from({ length: ny }, (_, j) => -4 + (60 * (j + 0.5)) / ny);
  const [px, py] = [new Float64Array(nx), new Float64Array(ny)];
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      const p = Math.exp(skewedLog(x[i] ?? 0, y[j] ?? 0));
      px[i] = (px[i] ?? 0) + p;
      py[j] = (py[j] ?? 0) + p;
    }
  }
  return [quantilesOf(x, px, shares), quantilesOf(y, py, shares)];
}

function quantilesOf(centres: Float64Array, masses: Float64Array, shares: readonly number[]) {
  const total = masses.reduce((sum, m) => sum + m, 0);
  const step = (centres[1] ?? 0) - (centres[0] ?? 0);
  return shares.map((p) => {
    let below = 0;
    for (let i = 0; i < masses.length; i++) {
      const mass = (masses[i] ?? 0) / total;
      if (below + mass >= p) return { p, at: (centres[i] ?? 0) + step * ((p - below) / mass - 0.5) };
      below += mass;
    }
    return { p, at: NaN };
  });
}

/** Gradient by central differences. */
export async function gradientOf(target: Target, x: Float64Array, step = 1e-5): Promise<Float64Array> {
  const shifted = (i: number, by: number) => x.map((value, k) => (k === i ? value + by : value));
  const points = Array.from(x, (_, i) => [shifted(i, step), shifted(i, -step)]).flat();
  const values = await target.logDensity(points);
  return x.map((_, i) => ((values[2 * i] ?? NaN) - (values[2 * i + 1] ?? NaN)) / (2 * step));
}
