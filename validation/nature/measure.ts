/**
 * From what fits leave of many stars to the model's error (`domain/nature.ts`), in this order: the law of depth by wavelength; the shapes that
 * residuals share, by weighted alternating least squares (the principal components of data with gaps and errors: Tsalmantza & Hogg 2012, ApJ 753, 122); by type of
 * star the amplitudes of the shapes and the factor of each pixel, over what is left; how far neighbours share it.
 */
import { typeDistance, typeShare, type Nature, type NatureNode, type StarType } from '../../src/domain/nature.ts';
import { SPEED_OF_LIGHT_KMS } from '../../src/domain/units.ts';
import { median } from '../../src/math/statistics.ts';
import { excessVariance, type Deviation } from './excess.ts';
import { lawOf, lawAt } from './law.ts';
import { RESIDUAL_GRID, type StarResidual } from './residual.ts';
import { correlationOf } from './sharing.ts';
import { amplitudesIn, sharedShapes } from './shapes.ts';

export interface MeasureOptions {
  /** Principal residual spectra. */
  readonly shapes: number;
  /** Whether each pixel has a factor of its own on the law. */
  readonly pixels: boolean;
  /** Whether the law grows with the depth of the model's lines. */
  readonly lines: boolean;
}
export const ALL: MeasureOptions = { shapes: 4, pixels: true, lines: true };

/** Types about which the error is told, where enough stars lie. */
const NODES: readonly StarType[] = [4300, 4800, 5300, 5800, 6300, 6800].flatMap((teff) =>
  [1.6, 2.8, 4.4].flatMap((logg) => [-2, -1.1, -0.5, 0].map((feh) => ({ teff, logg, feh }))),
);
/** Fewer stars than this tell nothing of a type. */
const FEWEST = 6;
/** Stars that the mean over neighbouring wavelengths counts for beside a pixel's own. */
const SMOOTHED_AS = 4;
/** Points of the grid on either side in that mean. */
const SMOOTHING = 12;
/** Fewer stars than this at one wavelength: all types are taken together there. */
const FEWEST_HERE = 4;
/** The factor on the law is kept within these. */
const FACTOR = [0.2, 8] as const;

/** Whether a residual says what the model misses, and not that the star is of another kind. */
export const isTypical = ({ type }: StarResidual): boolean => Object.values(type).every(Number.isFinite);

export function measure(
  stars: readonly StarResidual[],
  options: MeasureOptions,
  about: Pick<Nature, 'model' | 'date' | 'command'>,
): Nature {
  const law = lawOf(stars, options.lines);
  const variances = stars.map((star) => star.depth.map((depth, i) => lawAt(law, i, depth) ** 2));
  const { shapes, amplitudes, errors } = sharedShapes(stars, variances, options.shapes);
  const left = leftOver(stars, variances, options.shapes);
  const everywhere = options.pixels ? pixelFactors(stars, left, variances, () => 1, null) : null;
  const counted = NODES.map((node) => {
    const shares = stars.map(({ type }) => typeShare(typeDistance(node, type)));
    const sum = shares.reduce((a, b) => a + b, 0);
    return { node, shares, sum, number: sum ** 2 / shares.reduce((a, b) => a + b * b, 0) };
  });
  // A share of stars that lie around, not at one edge: their sum counts as well as how evenly they share.
  const chosen = counted.filter(({ sum, number }) => Math.min(sum, number) >= FEWEST);
  const used = chosen.length > 0 ? chosen : counted.sort((a, b) => b.sum - a.sum).slice(0, 1);
  const nodes = used.map(({ node, shares, number }): NatureNode => ({
    ...node,
    stars: number,
    amplitudes: shapes.map((_, k) => spread(amplitudes, errors, shares, k)),
    factor:
      everywhere === null
        ? new Float32Array(RESIDUAL_GRID.count).fill(1)
        : pixelFactors(stars, left, variances, (s) => shares[s] ?? 0, everywhere),
  }));
  const sigmas = stars.map(({ type }, s) => {
    const nearest = [...nodes].sort((a, b) => typeDistance(a, type) - typeDistance(b, type))[0];
    return variances[s]?.map((v, i) => Math.sqrt(v) * (nearest?.factor[i] ?? NaN)) ?? new Float64Array();
  });
  const count: Record<string, number> = {};
  for (const { source } of stars) count[source] = (count[source] ?? 0) + 1;
  return {
    ...about,
    stars: count,
    resolvingPower: Math.round(median(stars.map((star) => star.resolvingPower))),
    correlation: correlationOf(stars, left, sigmas) * RESIDUAL_GRID.lnStep * SPEED_OF_LIGHT_KMS,
    grid: RESIDUAL_GRID,
    law,
    nodes,
    shapes: shapes.map((shape) => Float32Array.from(shape)),
  };
}

/** Parts of the stars whose residuals are looked at with shapes that were found on the others. */
const FOLDS = 4;

/** What shapes leave of stars that took no part in finding them: of stars that did, they would take some of what is each pixel's own. */
function leftOver(stars: readonly StarResidual[], variances: readonly Float64Array[], wanted: number): Float64Array[] {
  const left = stars.map(({ residual }) => residual);
  if (wanted === 0) return left;
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = [...stars.keys()].filter((s) => s % FOLDS !== fold);
    const { shapes } = sharedShapes(
      others.flatMap((s) => stars[s] ?? []),
      others.flatMap((s) => variances[s] ?? []),
      wanted,
    );
    const own = [...stars.keys()].filter((s) => s % FOLDS === fold);
    const { amplitudes } = amplitudesIn(
      own.flatMap((s) => stars[s] ?? []),
      own.flatMap((s) => variances[s] ?? []),
      shapes,
    );
    own.forEach((s, k) => {
      left[s] = (left[s] ?? new Float64Array()).map((value, i) =>
        shapes.reduce((sum, shape, j) => sum - (amplitudes[k]?.[j] ?? 0) * (shape[i] ?? NaN), value),
      );
    });
  }
  return left;
}

/** σ of one amplitude about 0 at a type: its mean square, less what its own error adds. */
function spread(amplitudes: readonly Float64Array[], errors: readonly Float64Array[], shares: readonly number[], k: number): number {
  let [sum, total] = [0, 0];
  const typical = Math.max(1e-12, median(amplitudes.map((a) => (a[k] ?? NaN) ** 2)) / 0.4549);
  amplitudes.forEach((own, s) => {
    const share = shares[s] ?? 0;
    // One star that is not like the others must not decide.
    const square = Math.min((own[k] ?? NaN) ** 2, 9 * typical);
    sum += share * (square - (errors[s]?.[k] ?? 0) ** 2);
    total += share;
  });
  return Math.sqrt(Math.max(0, sum / total));
}

/**
 * Factor on the law's σ at each point of the grid: the robust scatter of residuals over the noise, by stars of one type (`shareOf`). Where few stars
 * reach, that of `otherwise`; where there is none, 1.
 */
function pixelFactors(
  stars: readonly StarResidual[],
  left: readonly Float64Array[],
  variances: readonly Float64Array[],
  shareOf: (star: number) => number,
  otherwise: Float32Array | null,
): Float32Array {
  const { count } = RESIDUAL_GRID;
  const excess = new Float64Array(count).fill(NaN);
  const number = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const here = stars.flatMap(({ noise }, s): Deviation[] => {
      const [r, v, law, share] = [left[s]?.[i] ?? NaN, noise[i] ?? NaN, variances[s]?.[i] ?? NaN, shareOf(s)];
      return share > 0.01 && Number.isFinite(r) && v >= 0 && law > 0 ? [{ square: r * r, noise: v, unit: law, share }] : [];
    });
    // Stars whose noise hides the error say little.
    const counts = here.map(({ noise, unit, share }) => share / (1 + noise / unit) ** 2);
    const sum = counts.reduce((total, c) => total + c, 0);
    const enough = Math.min(
      sum,
      sum ** 2 /
        Math.max(
          1e-30,
          counts.reduce((total, c) => total + c * c, 0),
        ),
    );
    number[i] = enough;
    if (enough >= FEWEST_HERE) excess[i] = excessVariance(here);
  }
  return Float32Array.from({ length: count }, (_, i) => {
    const around = [...excess.slice(Math.max(0, i - SMOOTHING), i + SMOOTHING + 1)].filter(Number.isFinite);
    const own = excess[i] ?? NaN;
    if (around.length === 0 || !Number.isFinite(own)) return otherwise?.[i] ?? 1;
    const n = number[i] ?? 0;
    const smooth = around.reduce((a, b) => a + b, 0) / around.length;
    const variance = (n * own + SMOOTHED_AS * Math.max(0, smooth)) / (n + SMOOTHED_AS);
    return Math.min(FACTOR[1], Math.max(FACTOR[0], Math.sqrt(Math.max(0, variance))));
  });
}
