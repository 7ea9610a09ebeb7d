/**
 * Stars to look at: alone in label space, with an abundance that no neighbour has, with a poor χ², with emission lines, or with a velocity that
 * the survey does not find. Each with its reasons in words.
 */
import { ELEMENTS, labelTitle, type LabelName } from '../../../src/domain/labels.ts';
import { median } from '../../../src/math/statistics.ts';
import type { ReportStar } from './stars.ts';

export interface Outlier {
  readonly star: ReportStar;
  /** How far out, in units in which 1 is worth a look; the largest of the reasons. */
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Scales on which neighbours are alike: T_eff in K, log g and [Fe/H] in dex. */
const SCALES: readonly (readonly [LabelName, number])[] = [
  ['teff', 200],
  ['logg', 0.3],
  ['feh', 0.2],
];
const NEIGHBOURS = 10;
/** Distance to the third neighbour beyond which a star is alone: in scales, and over the median of the sample, so that a thin sample is no crowd of loners. */
const ALONE = 2.5;
const ALONE_RELATIVE = 3;
/** Deviation of an abundance from the neighbours', in σ, and in dex, that is worth a look. */
const DEVIANT = 4;
const DEVIANT_DEX = 0.2;
/** χ² over the median of stars of like S/N. */
const POOR = 2.5;
/** (v − v_pipeline) in σ beyond the median, and in km/s. */
const OFF_SIGMA = 5;
const OFF_KMS = 15;

type Point = readonly [number, number, number];

function pointOf(star: ReportStar): Point | null {
  const [a = NaN, b = NaN, c = NaN] = SCALES.map(([name, scale]) => (star.labels[name]?.value ?? NaN) / scale);
  return Number.isFinite(a + b + c) ? [a, b, c] : null;
}

/** The nearest stars to each, nearest first: by a sweep along T_eff, so that it costs little for some ten thousand stars. */
function neighbours(
  points: readonly (Point | null)[],
  k: number,
): readonly (readonly { readonly at: number; readonly distance: number }[])[] {
  const order = points.flatMap((point, i) => (point === null ? [] : [i])).sort((i, j) => (points[i]?.[0] ?? 0) - (points[j]?.[0] ?? 0));
  const found: { at: number; distance: number }[][] = points.map(() => []);
  order.forEach((self, place) => {
    const point = points[self];
    if (point == null) return;
    const near: { at: number; distance: number }[] = [];
    const look = (other: number): boolean => {
      const there = points[other];
      if (there == null) return true;
      const limit = near.length < k ? Infinity : (near[k - 1]?.distance ?? Infinity);
      if (Math.abs(there[0] - point[0]) > limit) return false;
      const distance = Math.hypot(there[0] - point[0], there[1] - point[1], there[2] - point[2]);
      if (distance < limit) {
        let at = near.length;
        while (at > 0 && (near[at - 1]?.distance ?? 0) > distance) at--;
        near.splice(at, 0, { at: other, distance });
        if (near.length > k) near.pop();
      }
      return true;
    };
    let [up, down] = [true, true];
    for (let step = 1; up || down; step++) {
      const above = order[place + step];
      const below = order[place - step];
      up = up && above !== undefined && look(above);
      down = down && below !== undefined && look(below);
    }
    found[self] = near;
  });
  return found;
}

const robustSigma = (values: readonly number[]): number => {
  const middle = median(values);
  return 1.4826 * median(values.map((value) => Math.abs(value - middle)));
};

/** Stars worth a look, farthest out first. */
export function findOutliers(stars: readonly ReportStar[]): Outlier[] {
  const points = stars.map((star) => (star.quality < 2 ? pointOf(star) : null));
  const near = neighbours(points, NEIGHBOURS);
  const thirds = near.flatMap((list) => list[2]?.distance ?? []);
  const alone = Math.max(ALONE, thirds.length === 0 ? Infinity : ALONE_RELATIVE * median(thirds));
  const differences = stars.flatMap(({ rvDifference }) => (rvDifference === null ? [] : [rvDifference]));
  const offset = differences.length === 0 ? 0 : median(differences);
  const bySnr = stars.filter(({ chi2 }) => Number.isFinite(chi2)).sort((a, b) => a.snr - b.snr);
  return stars
    .map((star, i) => {
      const found: { readonly score: number; readonly reason: string }[] = [];
      const third = near[i]?.[2]?.distance;
      if (third !== undefined && third > alone)
        found.push({
          score: third / alone,
          reason: `alone in T_eff, log g, [Fe/H]: the third neighbour is ${third.toFixed(1)} scales away`,
        });
      found.push(
        ...deviantAbundances(
          star,
          (near[i] ?? []).flatMap(({ at }) => stars[at] ?? []),
        ),
      );
      const usual = usualChi2(bySnr, star.snr);
      if (star.chi2 > POOR * usual)
        found.push({
          score: star.chi2 / usual / POOR,
          reason: `χ²/ν ${star.chi2.toFixed(2)}, where stars of this S/N have ${usual.toFixed(2)}`,
        });
      if (star.emission !== null) found.push({ score: 2, reason: `emission: ${star.emission}` });
      const off = star.rvDifference === null ? 0 : Math.abs(star.rvDifference - offset);
      if (off > OFF_KMS && off > OFF_SIGMA * star.rvSigma)
        found.push({
          score: off / Math.max(OFF_KMS, OFF_SIGMA * star.rvSigma),
          reason: `velocity ${(star.rvDifference ?? NaN).toFixed(0)} km/s from the pipeline's`,
        });
      for (const code of star.alerts) found.push({ score: star.quality === 2 ? 3 : 1, reason: code });
      found.sort((a, b) => b.score - a.score);
      return { star, score: found[0]?.score ?? 0, reasons: found.map(({ reason }) => reason) };
    })
    .filter(({ reasons }) => reasons.length > 0)
    .sort((a, b) => b.score - a.score);
}

/** Median χ² of the 31 stars nearest in S/N. */
function usualChi2(sorted: readonly ReportStar[], snr: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.snr ?? Infinity) < snr) low = middle + 1;
    else high = middle;
  }
  const from = Math.max(0, Math.min(low - 15, sorted.length - 31));
  return median(sorted.slice(from, from + 31).map(({ chi2 }) => chi2));
}

function deviantAbundances(star: ReportStar, others: readonly ReportStar[]): { score: number; reason: string }[] {
  return ELEMENTS.flatMap((element) => {
    const own = star.labels[element];
    if (own === undefined || own.doubtful) return [];
    const values = others.flatMap(({ labels }) => {
      const label = labels[element];
      return label === undefined || label.doubtful ? [] : [label.value];
    });
    if (values.length < NEIGHBOURS / 2) return [];
    const deviation = own.value - median(values);
    const sigma = Math.hypot(own.sigma, robustSigma(values));
    if (Math.abs(deviation) < DEVIANT * sigma || Math.abs(deviation) < DEVIANT_DEX) return [];
    return [
      {
        score: Math.abs(deviation) / sigma / DEVIANT,
        reason: `${labelTitle(element)} ${deviation > 0 ? '+' : '−'}${Math.abs(deviation).toFixed(2)} from its neighbours (${(Math.abs(deviation) / sigma).toFixed(1)} σ)`,
      },
    ];
  });
}
