/**
 * Simulation-based calibration asks for truths drawn from the prior of the fit, but the ab initio stars are drawn from a box and from the
 * sequences of stars, with [α/Fe] in common. In the Gaussian approximation that a Laplace posterior is, the prior can be exchanged exactly: the
 * precision and the information that the fit's own prior has put in are taken out, and those of a normal distribution with the mean and the
 * covariance of the draws are put in. What data have said is left as the fit has it. All in scaled labels z = (value − centre)/halfRange.
 */
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import { labelVector } from '../../src/domain/labels.ts';
import type { PriorModel, PriorRow } from '../../src/fit/priors.ts';
import { invertSymmetric } from '../../src/math/symmetric.ts';
import { drawLabels } from '../../src/synthesis/draw.ts';

/** A normal distribution over scaled labels. */
export interface Gaussian {
  readonly mean: Float64Array;
  readonly precision: Float64Array;
}

/** Draws from which the moments are taken; stars of another seed than any set. */
const DRAWS = 20_000;
const SEED = 977;

/** Mean and precision of what `drawLabels` draws, in a model's scaled labels. */
export function drawDistribution(info: EmulatorInfo): Gaussian {
  const names = info.labels.map(({ name }) => name);
  const n = names.length;
  const sum = new Float64Array(n);
  const square = new Float64Array(n * n);
  for (let k = 0; k < DRAWS; k++) {
    const z = labelVector(drawLabels(SEED, k), names).map(
      (value, i) => (value - (info.labels[i]?.centre ?? 0)) / (info.labels[i]?.halfRange ?? 1),
    );
    for (let i = 0; i < n; i++) {
      sum[i] = (sum[i] ?? 0) + (z[i] ?? 0);
      for (let j = 0; j <= i; j++) square[i * n + j] = (square[i * n + j] ?? 0) + (z[i] ?? 0) * (z[j] ?? 0);
    }
  }
  const mean = sum.map((value) => value / DRAWS);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++)
      covariance[i * n + j] = covariance[j * n + i] = (square[i * n + j] ?? 0) / DRAWS - (mean[i] ?? 0) * (mean[j] ?? 0);
  const precision = invertSymmetric(covariance, n);
  if (precision === null) throw new Error('the draws are confined to a plane');
  return { mean, precision };
}

export interface PriorExchange {
  readonly info: EmulatorInfo;
  readonly prior: PriorModel;
  readonly draws: Gaussian;
}

/** The fit's prior at a point: its precision, and Σ a·r over its rows, by which the data pull the other way at the optimum. */
function fitPrior({ info, prior }: PriorExchange, z: Float64Array): { precision: Float64Array; pull: Float64Array } {
  const n = info.labels.length;
  const precision = new Float64Array(n * n);
  const pull = new Float64Array(n);
  const add = (row: PriorRow, counted: boolean): void => {
    for (const [i, a] of row.gradient) {
      pull[i] = (pull[i] ?? 0) + a * row.residual;
      if (counted) for (const [j, b] of row.gradient) precision[i * n + j] = (precision[i * n + j] ?? 0) + a * b;
    }
  };
  for (const row of prior.rows(z)) add(row, true);
  // The wall shifts the optimum but is no part of the covariance.
  for (const row of prior.wallRows(z)) add(row, false);
  prior.flatPrecision().forEach((flat, i) => (precision[i * n + i] = (precision[i * n + i] ?? 0) + flat));
  return { precision, pull };
}

/**
 * The posterior of a fit at `z` with the label covariance `covariance` (both scaled), with the draws' distribution for its prior; null where the
 * result is not positive definite.
 */
export function withDrawPrior(
  exchange: PriorExchange,
  z: Float64Array,
  covariance: Float64Array,
): { mean: Float64Array; covariance: Float64Array } | null {
  const n = z.length;
  const precision = invertSymmetric(covariance, n);
  if (precision === null) return null;
  const prior = fitPrior(exchange, z);
  const { draws } = exchange;
  const information = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = prior.pull[i] ?? 0;
    for (let j = 0; j < n; j++) {
      const data = (precision[i * n + j] ?? 0) - (prior.precision[i * n + j] ?? 0);
      sum += data * (z[j] ?? 0) + (draws.precision[i * n + j] ?? 0) * (draws.mean[j] ?? 0);
    }
    information[i] = sum;
  }
  const exchanged = invertSymmetric(
    precision.map((value, k) => value - (prior.precision[k] ?? 0) + (draws.precision[k] ?? 0)),
    n,
  );
  if (exchanged === null) return null;
  const mean = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (exchanged[i * n + j] ?? 0) * (information[j] ?? 0);
    return sum;
  });
  return { mean, covariance: exchanged };
}
