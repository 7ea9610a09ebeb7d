/** Pixels whose value is no flux: placeholders (−999, 1e20, −9.2e18) and single values far beyond what any line of a star does. */
import { median } from '../math/statistics.ts';

/** Values that programs write where they have none. */
const PLACEHOLDERS: ReadonlySet<number> = new Set([
  -99, -999, -9999, -99999, -99.9, -999.9, -99.99, -32768, -2147483648, -9.223372036854776e18,
]);
/** Times the median |flux|: more than any spectrum's range. */
const ABSURD = 1e8;
/** A narrow departure is wild beyond this many times the local level, and this many times the local scatter. */
const TIMES_LEVEL = 8;
const TIMES_SCATTER = 40;
/** Pixels that a cosmic ray or a damaged number touches, at most; an emission line at the models' resolution is wider. */
const MAX_RUN = 3;
const HALF_WINDOW = 25;

/** What is odd per pixel. `flux` is NaN where there is none. */
export function oddPixels(flux: Float64Array): { readonly placeholder: Uint8Array; readonly wild: Uint8Array } {
  const n = flux.length;
  const placeholder = new Uint8Array(n);
  const wild = new Uint8Array(n);
  const believable = flux.filter((f) => !PLACEHOLDERS.has(f) && Number.isFinite(f));
  const level = median(believable.map(Math.abs));
  const spread = 1.4826 * median(believable.map((f) => Math.abs(f - level)));
  for (let i = 0; i < n; i++) {
    const f = flux[i] as number;
    // −99 among fluxes of −100 ± 50 may be one of them.
    if (PLACEHOLDERS.has(f) && Math.abs(f - level) > 8 * spread) placeholder[i] = 1;
    if (level > 0 && Math.abs(f) > ABSURD * level) placeholder[i] = 1;
  }
  const rest = flux.map((f, i) => (placeholder[i] === 1 ? NaN : f));
  const hit = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const f = rest[i] as number;
    // The cheap question first: hardly a pixel passes it.
    if (!(Math.abs(f) > 0.5 * TIMES_LEVEL * level)) continue;
    const around = rest.subarray(Math.max(0, i - HALF_WINDOW), Math.min(n, i + HALF_WINDOW + 1));
    const middle = median(around);
    const scatter = 1.4826 * median(around.map((value) => Math.abs(value - middle)));
    if (Math.abs(f - middle) > TIMES_LEVEL * Math.max(Math.abs(middle), 0.1 * level) && Math.abs(f - middle) > TIMES_SCATTER * scatter)
      hit[i] = 1;
  }
  for (let i = 0; i < n; i++) {
    if (hit[i] !== 1) continue;
    let to = i;
    while (to + 1 < n && hit[to + 1] === 1) to++;
    if (to - i + 1 <= MAX_RUN) wild.fill(1, i, to + 1);
    i = to;
  }
  return { placeholder, wild };
}
