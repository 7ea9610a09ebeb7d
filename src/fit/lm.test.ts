/** Levenberg–Marquardt alone, on problems whose answers are known: no emulator, no spectrum. */
import { describe, expect, it } from 'vitest';
import { levenbergMarquardt, promisedGain, solveStep } from './lm.ts';
import type { Evaluation, Linearised, Objective } from './objective.ts';

type Residuals = (z: Float64Array) => readonly number[];

/** Σ r(z)², linearised by differences; with a wall of the given softness beyond |z| = 1 where one is asked for. */
class SumOfSquares {
  evaluations = 0;
  constructor(
    private readonly residuals: Residuals,
    private readonly wallSigma = Infinity,
  ) {}

  private at(z: Float64Array): number {
    const wall = z.reduce((sum, x) => sum + Math.max(0, Math.abs(x) - 1) ** 2, 0) / this.wallSigma ** 2;
    return this.residuals(z).reduce((sum, r) => sum + r * r, wall);
  }

  clamp = (z: Float64Array): Float64Array => z;

  evaluateMany = (points: readonly Float64Array[]): Promise<Evaluation[]> => {
    this.evaluations += points.length;
    return Promise.resolve(points.map((z) => ({ z, objective: this.at(z) }) as unknown as Evaluation));
  };

  linearise = (z: Float64Array): Promise<Linearised | null> => {
    const n = z.length;
    const r = this.residuals(z);
    if (!r.every(Number.isFinite)) return Promise.resolve(null);
    const columns = Array.from(z, (_, j) => {
      const moved = (h: number) => this.residuals(z.map((x, k) => (k === j ? x + h : x)));
      const [up, down] = [moved(1e-6), moved(-1e-6)];
      return r.map((_, p) => ((up[p] ?? NaN) - (down[p] ?? NaN)) / 2e-6);
    });
    const beyond = z.map((x) => Math.sign(x) * Math.max(0, Math.abs(x) - 1));
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, p) => sum + value * (b[p] ?? NaN), 0);
    const data = Float64Array.from({ length: n * n }, (_, k) => dot(columns[Math.floor(k / n)] ?? [], columns[k % n] ?? []));
    const wall = new Float64Array(n * n);
    beyond.forEach((b, i) => (wall[i * n + i] = b === 0 ? 0 : 1 / this.wallSigma ** 2));
    const descent = Float64Array.from(columns, (column, i) => -dot(column, r) - (beyond[i] ?? 0) / this.wallSigma ** 2);
    return Promise.resolve({
      z,
      objective: this.at(z),
      curvature: { data, prior: new Float64Array(n * n), wall },
      descent,
    } as unknown as Linearised);
  };
}

const minimise = (of: SumOfSquares, start: readonly number[], maxIterations = 60, tolerance = 1e-8) =>
  levenbergMarquardt(of as unknown as Objective, Float64Array.from(start), { maxIterations, tolerance });

/** Rosenbrock (1960): r = (10 (y − x²), 1 − x), a curved valley with its end at (1, 1). */
const rosenbrock: Residuals = ([x = NaN, y = NaN]) => [10 * (y - x * x), 1 - x];

describe('Levenberg–Marquardt', () => {
  it('solves a linear problem to its normal equations', async () => {
    // three lines through a plane: x + y = 3, x − y = 1, x = 2.5; the normal equations 3x = 6.5, 2y = 2 give x = 13/6, y = 1
    const linear: Residuals = ([x = NaN, y = NaN]) => [x + y - 3, x - y - 1, x - 2.5];
    const found = await minimise(new SumOfSquares(linear), [-4, 7]);
    expect(found?.converged).toBe(true);
    expect(found?.at.z[0]).toBeCloseTo(13 / 6, 4);
    expect(found?.at.z[1]).toBeCloseTo(1, 4);
  });

  it('promises for a full step what a linear problem then gains', async () => {
    const linear = new SumOfSquares(([x = NaN]) => [2 * x - 3, x + 1]);
    const at = await linear.linearise(Float64Array.of(5));
    if (at === null) throw new Error('not finite');
    const step = solveStep(at, 0);
    const [there] = await linear.evaluateMany([Float64Array.of(5 + (step?.[0] ?? NaN))]);
    expect(promisedGain(at)).toBeCloseTo(at.objective - (there?.objective ?? NaN), 6);
  });

  it('takes shorter steps under more damping, along the descent in the end', async () => {
    const at = await new SumOfSquares(rosenbrock).linearise(Float64Array.of(-1.2, 1));
    if (at === null) throw new Error('not finite');
    const length = (damping: number) => Math.hypot(...(solveStep(at, damping) ?? []));
    expect(length(1)).toBeLessThan(length(0.01));
    const step = solveStep(at, 1e6) ?? new Float64Array(2);
    expect((step[0] ?? 0) * (at.descent[0] ?? 0) + (step[1] ?? 0) * (at.descent[1] ?? 0)).toBeGreaterThan(0);
  });

  it('follows a curved valley to its end', async () => {
    const found = await minimise(new SumOfSquares(rosenbrock), [-1.2, 1]);
    expect(found?.converged).toBe(true);
    expect(Math.hypot((found?.at.z[0] ?? NaN) - 1, (found?.at.z[1] ?? NaN) - 1)).toBeLessThan(1e-4);
  });

  it('stops at its last iteration and says that it has not converged', async () => {
    const found = await minimise(new SumOfSquares(rosenbrock), [-1.2, 1], 2);
    expect(found).toMatchObject({ converged: false, iterations: 2 });
    expect(found?.at.objective).toBeLessThan(rosenbrock(Float64Array.of(-1.2, 1)).reduce((sum, r) => sum + r * r, 0));
  });

  it('ends between the wall and what the data ask for beyond it, by their precisions', async () => {
    // (x − 3)² + (x − 1)²/0.5² is least at x = (3 + 4)/5
    const found = await minimise(new SumOfSquares(([x = NaN]) => [x - 3], 0.5), [0]);
    expect(found?.at.z[0]).toBeCloseTo(7 / 5, 4);
    expect(found?.converged).toBe(true);
  });

  it('gives nothing where the start cannot be evaluated', async () => {
    expect(await minimise(new SumOfSquares(() => [NaN]), [0])).toBeNull();
  });

  it('does not move from an optimum, and spends no evaluation there', async () => {
    const problem = new SumOfSquares(rosenbrock);
    const found = await minimise(problem, [1, 1]);
    expect(found).toMatchObject({ converged: true, iterations: 0 });
    expect(problem.evaluations).toBe(0);
  });
});
