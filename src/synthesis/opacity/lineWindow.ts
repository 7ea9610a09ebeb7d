/**
 * The window of one line in one layer: which points of a block it reaches, and on which of them its profile comes from the Voigt table. Two walks over the
 * lines share it, the one that adds their opacity (`lineOpacity.ts`) and the one that takes their response (`../derivatives/lineResponse.ts`), so that both
 * see the same points.
 */
import { VOIGT_TABLE_END } from '../../math/voigt.ts';
import type { LayerProfiles } from './lineContext.ts';

/** One object is filled again for every line and layer: nothing is allocated in the walks. Points are counted in strides from the block's first. */
export interface LineWindow {
  /** First and last point within the line's reach, both included. */
  lo: number;
  hi: number;
  /** First and last point of the table's part of the profile; none where `coreLo` > `coreHi`. The rest is a Lorentz wing with corrections. */
  coreLo: number;
  coreHi: number;
  /** The line's centre, in points. */
  centre: number;
  /** Doppler widths per point. */
  dv: number;
}

export const lineWindow = (): LineWindow => ({ lo: 0, hi: -1, coreLo: 0, coreHi: -1, centre: 0, dv: 0 });

/** One line as a block sees it, in steps of the grid of ln λ. */
export interface LinePlace {
  /** The line's centre in steps from the block's first point. */
  centre: number;
  /** Half-width in steps to which it is followed in any layer. */
  reach: number;
  /** Steps per unit of ln λ. */
  perStep: number;
}

/**
 * Fills `window` for one layer of a line, on `points` points that lie `stride` steps apart. False where the line is too weak in that layer or reaches none of
 * them; the window is then meaningless.
 */
export function fillWindow(
  window: LineWindow,
  { centre, reach, perStep }: LinePlace,
  { half, width }: LayerProfiles,
  layer: number,
  points: number,
  stride: number,
): boolean {
  const halfWidth = Math.min(half[layer] * perStep, reach);
  const lo = Math.max(Math.ceil((centre - halfWidth) / stride), 0);
  const hi = Math.min(Math.floor((centre + halfWidth) / stride), points - 1);
  if (halfWidth === 0 || hi < lo) return false;
  const dv = stride / (width[layer] * perStep);
  const middle = centre / stride;
  const core = VOIGT_TABLE_END / dv;
  window.lo = lo;
  window.hi = hi;
  window.coreLo = Math.min(Math.max(lo, Math.ceil(middle - core)), hi + 1);
  window.coreHi = Math.min(hi, Math.floor(middle + core));
  window.centre = middle;
  window.dv = dv;
  return true;
}
