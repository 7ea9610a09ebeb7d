import { normalQuantile } from './normalQuantile.ts';

/**
 * Normal scores of all values together: average rank r of S turned into Φ⁻¹((r − 3/8)/(S + 1/4)), Blom's offsets, as Vehtari et al. (2021)
 * use them. Same shape as given; ties share a score.
 */
export function normalScores(series: readonly Float64Array[]): Float64Array[] {
  const total = series.reduce((sum, one) => sum + one.length, 0);
  const flat = new Float64Array(total);
  let at = 0;
  for (const one of series) {
    flat.set(one, at);
    at += one.length;
  }
  const order = Uint32Array.from(flat, (_, i) => i).sort((a, b) => flat[a] - flat[b]);
  const scores = new Float64Array(total);
  for (let from = 0; from < total;) {
    let to = from + 1;
    while (to < total && flat[order[to]] === flat[order[from]]) to++;
    const score = normalQuantile(((from + 1 + to) / 2 - 0.375) / (total + 0.25));
    for (let k = from; k < to; k++) scores[order[k]] = score;
    from = to;
  }
  at = 0;
  return series.map((one) => scores.slice(at, (at += one.length)));
}

/** Quantile of sorted values by linear interpolation (type 7 of Hyndman & Fan 1996, numpy's default); NaN where there are none. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const h = p * (sorted.length - 1);
  const low = Math.floor(h);
  const a = sorted[low];
  return a + (h - low) * (sorted[Math.min(low + 1, sorted.length - 1)] - a);
}
