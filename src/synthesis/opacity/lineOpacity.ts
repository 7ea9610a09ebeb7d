/**
 * Opacity of the lines: the first walk over a block. Every line adds s·H(a, v) to every layer where it matters, with v the distance from its centre in Doppler
 * widths: near the centre from a table of the Voigt function, beyond it as a Lorentz wing with two corrections, and for strong damping by Humlíček (1982).
 */
import { faddeeva, VOIGT_SERIES_LIMIT, VOIGT_TABLE, VOIGT_TABLE_PER_UNIT } from '../../math/voigt.ts';
import { fillWindow, lineWindow, type LinePlace, type LineWindow } from './lineWindow.ts';
import { fillProfiles, type LayerProfiles, type LineContext, type LnGrid } from './lineContext.ts';

const SQRT_PI = Math.sqrt(Math.PI);
const TABLE = VOIGT_TABLE;
/** Of the line and layer at hand. */
const place: LinePlace = { centre: 0, reach: 0, perStep: 1 };
const window = lineWindow();

/** A line whose centre is this many steps outside a block is summed on every FAR_STRIDE-th point only: linear between them its wing is right to 1e-3. */
export const FAR = 256;
export const FAR_STRIDE = 8;
/** Number of coarse points for a block of `count` points. */
export const farCount = (count: number): number => Math.ceil((count - 1) / FAR_STRIDE) + 1;

/** Adds the far lines' coarse opacity [layer·farCount + i] to the block's. */
export function addFar(far: Float64Array, layers: number, count: number, target: Float64Array): void {
  const coarse = farCount(count);
  for (let layer = 0; layer < layers; layer++) {
    for (let i = 0; i < count; i++) {
      const at = layer * coarse + ((i / FAR_STRIDE) | 0);
      const f = (i % FAR_STRIDE) / FAR_STRIDE;
      const p = far[at];
      target[layer * count + i] = target[layer * count + i] + p + (f === 0 ? 0 : f * (far[at + 1] - p));
    }
  }
}

/**
 * Adds lines [from, to) to the opacity of a block by [layer·count + i], on points `start … start + count` of the grid; the far ones to `far` (see
 * `addFar`). `scratch` has the star's layers.
 */
export function addLines(
  c: LineContext,
  grid: LnGrid,
  start: number,
  count: number,
  from: number,
  to: number,
  target: Float64Array,
  far: Float64Array,
  scratch: LayerProfiles,
): void {
  const { lines, reach: reaches, firstLayer, endLayer } = c;
  const { strength, a: damping } = scratch;
  place.perStep = 1 / grid.lnStep;
  for (let line = from; line < to; line++) {
    const reach = reaches[line];
    if (reach === 0) continue;
    const centre = (Math.log(lines.wavelength[line]) - grid.lnStart) * place.perStep - start;
    if (centre + reach < 0 || centre - reach >= count) continue;
    const end = endLayer[line];
    const first = firstLayer[line];
    fillProfiles(c, line, first, end, 1, scratch);
    place.centre = centre;
    place.reach = reach;
    if (centre < -FAR || centre > count + FAR) {
      addFarLine(far, count, first, end, scratch);
      continue;
    }
    for (let layer = first; layer < end; layer++) {
      if (!fillWindow(window, place, scratch, layer, count, 1)) continue;
      const a = damping[layer];
      const s = strength[layer];
      const o = layer * count;
      if (a >= VOIGT_SERIES_LIMIT) {
        addDamped(target, o, window, a, s);
        continue;
      }
      const { lo, hi, coreLo, coreHi, dv } = window;
      const unit = dv * VOIGT_TABLE_PER_UNIT;
      for (let j = coreLo; j <= coreHi; j++) {
        const x = Math.abs(j - centre) * unit;
        const i = (x + 0.5) | 0;
        const f = x - i;
        const r = i << 3;
        const h = TABLE[r] + f * TABLE[r + 1] + a * (TABLE[r + 2] + f * TABLE[r + 3] + a * TABLE[r + 4]);
        target[o + j] += s * h;
      }
      const perV2 = 1 / (dv * dv);
      const wing = (s * a * perV2) / SQRT_PI;
      for (let j = lo; j < coreLo; j++) {
        const i2 = 1 / ((j - centre) * (j - centre));
        const q = i2 * perV2;
        target[o + j] += wing * i2 * (1 + q * (1.5 + 3.75 * q));
      }
      for (let j = Math.max(coreHi + 1, lo); j <= hi; j++) {
        const i2 = 1 / ((j - centre) * (j - centre));
        const q = i2 * perV2;
        target[o + j] += wing * i2 * (1 + q * (1.5 + 3.75 * q));
      }
    }
  }
}

const pair = new Float64Array(2);

/** target[o + j] += s·H(a, |j − centre|·dv) over the window, a not small. Beyond |v| + a = 15: Humlíček's (1982) region I. */
function addDamped(target: Float64Array, o: number, { lo, hi, centre, dv }: LineWindow, a: number, s: number): void {
  const scaled = (s * a) / SQRT_PI;
  const b = 0.5 + a * a;
  for (let j = lo; j <= hi; j++) {
    const v = Math.abs(j - centre) * dv;
    if (v + a >= 15) {
      const v2 = v * v;
      const d = b - v2;
      target[o + j] += (scaled * (b + v2)) / (d * d + 4 * a * a * v2);
    } else {
      faddeeva(a, v, pair);
      target[o + j] += s * pair[0];
    }
  }
}

/** The far line at `place` in layers [first, end), by Humlíček's (1982) region I: a Lorentz wing with its first correction. */
function addFarLine(far: Float64Array, count: number, first: number, end: number, profiles: LayerProfiles): void {
  const { strength, a: damping } = profiles;
  const coarse = farCount(count);
  for (let layer = first; layer < end; layer++) {
    if (!fillWindow(window, place, profiles, layer, coarse, FAR_STRIDE)) continue;
    const { lo, hi, centre, dv } = window;
    const a = damping[layer];
    const scaled = (strength[layer] * a) / SQRT_PI;
    const b = 0.5 + a * a;
    const o = layer * coarse;
    for (let j = lo; j <= hi; j++) {
      const v = (j - centre) * dv;
      const v2 = v * v;
      const d = b - v2;
      far[o + j] += (scaled * (b + v2)) / (d * d + 4 * a * a * v2);
    }
  }
}
