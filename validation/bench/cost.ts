/** CPU time of work, beside that of a fixed computation, so that machines, and busy hours of one, can be compared. */
import { median } from '../../src/math/statistics.ts';

/** CPU milliseconds of this process, all its threads, while `work` runs. */
export function cpuMilliseconds(work: () => void): number {
  const start = process.cpuUsage();
  work();
  return since(start);
}

/** Median CPU milliseconds of `repeat` runs after one that warms up. */
export async function medianMilliseconds(repeat: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < repeat; i++) {
    const start = process.cpuUsage();
    await work();
    times.push(since(start));
  }
  return median(times);
}

function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e3;
}

const SIZE = { length: 16_384, passes: 16_384 };
export const REFERENCE_NAME = '2^28 multiply-adds of float64';

/** The computation that all others are compared with: 2²⁸ multiply-adds of float64, x ← a·x + b over two arrays of 128 KB each. */
export function referenceComputation(): number {
  const x = new Float64Array(SIZE.length).fill(1);
  const b = Float64Array.from(x, (_, i) => 1e-3 * i);
  for (let pass = 0; pass < SIZE.passes; pass++) {
    const a = 0.5 + 1e-6 * pass;
    for (let i = 0; i < x.length; i++) x[i] = a * (x[i] ?? 0) + (b[i] ?? 0);
  }
  return x[0] ?? NaN;
}
