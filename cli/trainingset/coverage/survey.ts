/** Numbers of what training sets cover. */
import type { TrainingSet } from './sets.ts';

const BINS = 20;
const QUANTILES = [0.05, 0.16, 0.5, 0.84, 0.95] as const;

export interface Spread {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly sd: number;
  /** At 5, 16, 50, 84 and 95 %. */
  readonly quantiles: readonly number[];
}
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Quantiles by linear interpolation between order statistics; null of nothing. */
export function spread(values: readonly number[]): Spread | null {
  const n = values.length;
  if (n === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const mean = sum(values) / n;
  const quantile = (q: number): number => {
    const at = q * (n - 1);
    const low = sorted[Math.floor(at)] ?? NaN;
    return low + (at % 1) * ((sorted[Math.ceil(at)] ?? NaN) - low);
  };
  return {
    min: sorted[0] ?? NaN,
    max: sorted[n - 1] ?? NaN,
    mean,
    sd: Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / n),
    quantiles: QUANTILES.map(quantile),
  };
}

export function histogram(values: readonly number[], from: number, to: number, bins = BINS): Histogram {
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    const bin = Math.min(Math.max(Math.floor(((value - from) / (to - from)) * bins), 0), bins - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from, to, counts };
}

/** Pearson's correlation of every two columns; NaN for a column without spread. */
export function correlations(columns: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const scaled = columns.map((values) => {
    const mean = sum(values) / values.length;
    const norm = Math.sqrt(sum(values.map((value) => (value - mean) ** 2)));
    return values.map((value) => (value - mean) / norm);
  });
  return scaled.map((a) => scaled.map((b) => a.reduce((total, x, i) => total + x * (b[i] ?? NaN), 0)));
}

export interface Coverage {
  readonly stars: number;
  readonly withDerivatives: number;
  /** Stars with the same labels as another: 0, or sets overlap and held-out stars were trained on. */
  readonly repeated: number;
  readonly sets: readonly {
    readonly folder: string;
    readonly version: string;
    readonly seed: number;
    readonly lineList: string | null;
    readonly stepKms: number;
    readonly derivatives: boolean;
    readonly stars: number;
    readonly leftOut: Readonly<Record<string, number>>;
    readonly cpuSecondsPerStar: Spread | null;
    readonly cpuHours: number;
    readonly peakMb: number | null;
  }[];
  readonly labels: Readonly<
    Record<string, { readonly range: readonly [number, number]; readonly spread: Spread | null; readonly histogram: Histogram }>
  >;
  /** Stars per cell: [T_eff from cool to hot][log g from low to high]. */
  readonly kiel: { readonly teff: readonly number[]; readonly logg: readonly number[]; readonly counts: readonly (readonly number[])[] };
  readonly correlation: { readonly labels: readonly string[]; readonly matrix: readonly (readonly number[])[] };
}

/** The columns of all stars, by label. */
export function columnsOf(sets: readonly TrainingSet[]): ReadonlyMap<string, readonly number[]> {
  const names = sets[0]?.about.labels ?? [];
  return new Map(names.map((name, i) => [name, sets.flatMap((set) => set.stars.map((star) => star[i] ?? NaN))]));
}

/** Edges `step` apart that cover a range. */
function edges([from, to]: readonly [number, number], step: number): number[] {
  const first = Math.floor(from / step);
  return Array.from({ length: Math.ceil(to / step) - first + 1 }, (_, i) => (first + i) * step);
}

export function survey(sets: readonly TrainingSet[]): Coverage {
  const columns = columnsOf(sets);
  const ranges = sets[0]?.about.ranges ?? {};
  const rangeOf = (name: string): readonly [number, number] => ranges[name] ?? [NaN, NaN];
  const stars = sets.flatMap((set) => set.stars);
  const [teff, logg] = [edges(rangeOf('teff'), 250), edges(rangeOf('logg'), 0.5)];
  const cell = (at: readonly number[], value: number): number => at.filter((edge) => edge <= value).length - 1;
  const counts = teff.slice(1).map(() => logg.slice(1).map(() => 0));
  columns.get('teff')?.forEach((t, i) => {
    const row = counts[Math.min(cell(teff, t), counts.length - 1)] ?? [];
    const j = Math.min(cell(logg, columns.get('logg')?.[i] ?? NaN), row.length - 1);
    row[j] = (row[j] ?? 0) + 1;
  });
  return {
    stars: stars.length,
    withDerivatives: sum(sets.map((set) => (set.about.derivativeUnit === null ? 0 : set.stars.length))),
    repeated: stars.length - new Set(stars.map((star) => star.join())).size,
    sets: sets.map((set) => ({
      folder: set.folder,
      version: set.about.version,
      seed: set.about.seed,
      lineList: set.about.lineList ?? null,
      stepKms: set.about.stepKms,
      derivatives: set.about.derivativeUnit !== null,
      stars: set.stars.length,
      leftOut: set.leftOut,
      cpuSecondsPerStar: spread(set.seconds),
      cpuHours: sum(set.seconds) / 3600,
      peakMb: set.peakMb,
    })),
    labels: Object.fromEntries(
      [...columns].map(([name, values]) => [
        name,
        { range: rangeOf(name), spread: spread(values), histogram: histogram(values, ...rangeOf(name)) },
      ]),
    ),
    kiel: { teff, logg, counts },
    correlation: { labels: [...columns.keys()], matrix: correlations([...columns.values()]) },
  };
}
