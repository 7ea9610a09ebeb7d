/**
 * A spectrum with the derivative of its normalised flux with respect to the strength (and the van der Waals width) of every line.
 *
 * After the backward pass of the transfer, G = ∂F/∂χ is known at every layer and wavelength. A line adds χ = s·H(a, v), and s goes as gf, so
 * ∂F/∂log gf = ln 10 · Σ_layers G·s·H, and ∂F/∂log γ_vdW = ln 10 · Σ_layers G·s·(∂H/∂a)·a_vdW, with a_vdW the part of a that van der Waals broadening gives:
 * one more walk over the lines, no further formal solution.
 */
import { blockHydrogen, blockPlanck, blockWavelengths, BLOCK, continuumFluxAt, fromContinuum, hydrogenState } from '../transfer/block.ts';
import { hydrogenProfiles } from '../opacity/hydrogen.ts';
import { dampingPerRate, fillProfiles, layerProfiles, perturbersAt, type LnGrid } from '../opacity/lineContext.ts';
import { indexLines, linesOfBlock } from '../opacity/lineIndex.ts';
import { addFar, addLines, farCount } from '../opacity/lineOpacity.ts';
import { addScatteringGradient, scatteringWork, solveMeanIntensity } from '../transfer/scattering.ts';
import { emergentFlux, fluxGradient, opticalDepthWeights, transferWork } from '../transfer/transfer.ts';
import { faddeeva, VOIGT_SERIES_LIMIT, VOIGT_TABLE, VOIGT_TABLE_END, VOIGT_TABLE_PER_UNIT } from '../../math/voigt.ts';
import type { PhysicsTables } from '../tables/tables.ts';
import type { Star } from '../star.ts';

const SQRT_PI = Math.sqrt(Math.PI);

/** ∂(F/F_c)/∂log of a property of one physical line, on points first … first + values.length of the grid. */
export interface LineWindow {
  readonly first: number;
  readonly values: Float32Array;
}

export interface LineSpectrum {
  /** F/F_c on the grid. */
  readonly flux: Float64Array;
  /** Per dex of gf, by physical line; null where the line does nothing. */
  readonly strength: readonly (LineWindow | null)[];
  /** Per dex of the van der Waals width, for the lines of `damped`. */
  readonly damping: ReadonlyMap<number, LineWindow>;
  /** Per dex of the opacity of all lines together, hydrogen's among them, and of hydrogen's alone; on the grid. */
  readonly all: Float64Array;
  readonly hydrogen: Float64Array;
}

/** A line whose opacity stays below this fraction of the continuum's in all layers is left out. */
const FAINTEST = 0.003;
/** No window reaches further than this from its line, Å. */
const WIDEST = 30;

class Accumulator {
  first = 0;
  values = new Float64Array(0);
  open(first: number, end: number): void {
    this.first = first;
    this.values = new Float64Array(end - first);
  }
}

/**
 * The normalised flux of a prepared star and its derivatives with respect to lines. `owner` assigns each line of the list to a physical line (−1: to
 * none), of which there are `count`; `damped` chooses those whose van der Waals width is differentiated, too.
 */
export function lineDerivatives(
  tables: PhysicsTables,
  star: Star,
  grid: LnGrid,
  owner: Int32Array,
  count: number,
  damped: ReadonlySet<number>,
): LineSpectrum {
  const flux = new Float64Array(grid.count);
  const { populations, field, atmosphere, lines: context } = star;
  const { layers } = populations;
  const { lines } = context;
  const weights = opticalDepthWeights(atmosphere.rhox, populations.density);
  const index = indexLines(context, grid);
  const profiles = hydrogenProfiles(tables.hydrogen, hydrogenState(populations));
  const array = (): Float64Array => new Float64Array(layers * BLOCK);
  const [absorption, scattering, meanIntensity, b, hydrogen] = [array(), array(), array(), array(), array()];
  const [gradient, gradientScattering, perSource] = [array(), array(), array()];
  const continuous = array();
  const [all, ofHydrogen] = [new Float64Array(grid.count), new Float64Array(grid.count)];
  const work = transferWork(layers, BLOCK);
  const scratch = layerProfiles(layers);
  const far = new Float64Array(layers * farCount(BLOCK));
  const scatterers = scatteringWork(layers, BLOCK);
  const strong = strengths(star, grid);
  const open = new Map<number, { strength: Accumulator; damping: Accumulator | null }>();
  const windows = extents(star, grid, owner, count, strong);

  const result: (LineWindow | null)[] = new Array<LineWindow | null>(count).fill(null);
  const damping = new Map<number, LineWindow>();
  const close = (before: number): void => {
    for (const [g, sums] of open) {
      if ((windows.end[g] ?? 0) > before) continue;
      open.delete(g);
      result[g] = trimmed(sums.strength);
      if (sums.damping) damping.set(g, trimmed(sums.damping) ?? { first: sums.damping.first, values: new Float32Array(0) });
    }
  };

  for (let start = 0; start < grid.count; start += BLOCK) {
    const n = Math.min(BLOCK, grid.count - start);
    const lambda = blockWavelengths(grid, start, n);
    fromContinuum(field, field.absorption, lambda, layers, absorption);
    fromContinuum(field, field.scattering, lambda, layers, scattering);
    blockPlanck(lambda, populations.temperature, b);
    continuous.set(absorption);
    const hasHydrogen = blockHydrogen(star, lambda, profiles, hydrogen);
    if (hasHydrogen) for (let i = 0; i < layers * n; i++) absorption[i] = (absorption[i] ?? 0) + (hydrogen[i] ?? 0);
    far.fill(0);
    const runs = linesOfBlock(index, start, n);
    for (const [from, to] of runs) addLines(context, grid, start, n, from, to, absorption, far, scratch);
    addFar(far, layers, n, absorption);
    const block = { count: n, layers, absorption, scattering, planck: b, meanIntensity };
    solveMeanIntensity(block, weights, scatterers);
    const blockFlux = flux.subarray(start, start + n);
    const top = [atmosphere.rhox[0] ?? 0, populations.density[0] ?? 1] as const;
    emergentFlux(block, weights, ...top, work, blockFlux);
    fluxGradient(block, weights, ...top, work, gradient, gradientScattering, perSource);
    addScatteringGradient(block, weights, work, scatterers, gradient, gradientScattering, perSource);
    const perDex = lambda.map((w) => Math.LN10 / continuumFluxAt(field, field.flux, w));
    for (let i = 0; i < n; i++) blockFlux[i] = ((blockFlux[i] ?? 0) * (perDex[i] ?? 0)) / Math.LN10;
    for (let at = 0; at < layers * n; at++) {
      const i = at % n;
      const slope = (gradient[at] ?? 0) * (perDex[i] ?? 0);
      all[start + i] = (all[start + i] ?? 0) + slope * ((absorption[at] ?? 0) - (continuous[at] ?? 0));
      if (hasHydrogen) ofHydrogen[start + i] = (ofHydrogen[start + i] ?? 0) + slope * (hydrogen[at] ?? 0);
    }

    for (const [from, to] of runs) {
      for (let line = from; line < to; line++) {
        const g = owner[line] ?? -1;
        if (g < 0 || (strong[line] ?? 0) === 0) continue;
        const lo = Math.max(windows.first[g] ?? 0, start);
        const hi = Math.min(windows.end[g] ?? 0, start + n);
        if (hi <= lo) continue;
        let sums = open.get(g);
        if (!sums) {
          sums = { strength: new Accumulator(), damping: damped.has(g) ? new Accumulator() : null };
          sums.strength.open(windows.first[g] ?? 0, windows.end[g] ?? 0);
          sums.damping?.open(windows.first[g] ?? 0, windows.end[g] ?? 0);
          open.set(g, sums);
        }
        addLine(line, lo, hi, sums.strength, sums.damping);
      }
    }
    close(start + n);

    function addLine(line: number, lo: number, hi: number, sum: Accumulator, vdw: Accumulator | null): void {
      const centre = (index.position[line] ?? 0) - start;
      const first = context.firstLayer[line] ?? 0;
      const end = context.endLayer[line] ?? 0;
      fillProfiles(context, line, first, end, 1, scratch);
      const exponent = lines.vdwExponent[line] ?? 0.3;
      const perRate = dampingPerRate(lines.wavelength[line] ?? 0);
      for (let layer = first; layer < end; layer++) {
        const half = (scratch.half[layer] ?? 0) / grid.lnStep;
        if (half === 0) continue;
        const from = Math.max(Math.ceil(centre - half), lo - start);
        const to = Math.min(Math.floor(centre + half), hi - 1 - start);
        const a = scratch.a[layer] ?? 0;
        const w = scratch.width[layer] ?? 1;
        const s = scratch.strength[layer] ?? 0;
        const dv = grid.lnStep / w;
        const aVdw = vdw === null ? 0 : ((lines.gammaVdw[line] ?? 0) * perturbersAt(context, exponent, layer) * perRate) / w;
        for (let i = from; i <= to; i++) {
          profile(a, Math.abs(i - centre) * dv);
          const weight = s * (gradient[layer * n + i] ?? 0) * (perDex[i] ?? 0);
          const at = start + i - sum.first;
          sum.values[at] = (sum.values[at] ?? 0) + weight * (H[0] ?? 0);
          if (vdw !== null) vdw.values[at] = (vdw.values[at] ?? 0) + weight * aVdw * (H[1] ?? 0);
        }
      }
    }
  }
  close(Infinity);
  return { flux, strength: result, damping, all, hydrogen: ofHydrogen };
}

/** H and ∂H/∂a. */
const H = new Float64Array(2);
const pair = new Float64Array(2);
const TABLE = VOIGT_TABLE;
function profile(a: number, v: number): void {
  if (a < VOIGT_SERIES_LIMIT) {
    if (v >= VOIGT_TABLE_END) {
      const q = 1 / (v * v);
      const h = (q * (1 + q * (1.5 + 3.75 * q))) / SQRT_PI;
      H[0] = a * h;
      H[1] = h;
      return;
    }
    const x = v * VOIGT_TABLE_PER_UNIT;
    const i = (x + 0.5) | 0;
    const f = x - i;
    const r = i << 3;
    const h1 = (TABLE[r + 2] ?? 0) + f * (TABLE[r + 3] ?? 0);
    const h2 = a * (TABLE[r + 4] ?? 0);
    H[0] = (TABLE[r] ?? 0) + f * (TABLE[r + 1] ?? 0) + a * (h1 + h2);
    H[1] = h1 + 2 * h2;
    return;
  }
  if (v + a >= 15) {
    // Humlíček's (1982) region I and its derivative
    const v2 = v * v;
    const b = 0.5 + a * a;
    const d = b - v2;
    const n = d * d + 4 * a * a * v2;
    const h = (a * (b + v2)) / (SQRT_PI * n);
    H[0] = h;
    H[1] = h * (1 / a + (2 * a) / (b + v2) - (4 * a * (d + 2 * v2)) / n);
    return;
  }
  faddeeva(a, v, pair);
  // w′ = −2zw + 2i/√π (Abramowitz & Stegun 1964, 7.1.20)
  H[0] = pair[0] ?? 0;
  H[1] = 2 * (v * (pair[1] ?? 0) + a * (pair[0] ?? 0)) - 2 / SQRT_PI;
}

/** Half-window of every line in steps of the grid where it is strong enough to be corrected, 0 elsewhere. */
function strengths(star: Star, grid: LnGrid): Float32Array {
  const { lines: context } = star;
  const scratch = layerProfiles(context.layers);
  const widest = (wavelength: number): number => WIDEST / wavelength / grid.lnStep;
  return Float32Array.from({ length: context.lines.count }, (_, line) => {
    const reach = context.reach[line] ?? 0;
    if (reach === 0) return 0;
    const end = context.endLayer[line] ?? 0;
    const first = context.firstLayer[line] ?? 0;
    fillProfiles(context, line, first, end, 1, scratch);
    let contrast = 0;
    // the deepest layers are not seen: a line counts where it is above the continuum's photosphere
    for (let layer = first; layer < Math.min(end, PHOTOSPHERE_END); layer++)
      if ((scratch.half[layer] ?? 0) > 0) contrast = Math.max(contrast, scratch.contrast[layer] ?? 0);
    return contrast < FAINTEST ? 0 : Math.min(reach, widest(context.lines.wavelength[line] ?? 1));
  });
}
/** log τ_Ross = −6.875 + 0.125·layer: this layer is at τ = 1. */
const PHOTOSPHERE_END = 56;

/** First and last point of every physical line's window: the union of its components' windows. */
function extents(
  star: Star,
  grid: LnGrid,
  owner: Int32Array,
  count: number,
  reach: Float32Array,
): { readonly first: Int32Array; readonly end: Int32Array } {
  const first = new Int32Array(count).fill(grid.count);
  const end = new Int32Array(count);
  const { lines } = star.lines;
  for (let line = 0; line < lines.count; line++) {
    const g = owner[line] ?? -1;
    const r = reach[line] ?? 0;
    if (g < 0 || r === 0) continue;
    const centre = (Math.log(lines.wavelength[line] ?? 1) - grid.lnStart) / grid.lnStep;
    first[g] = Math.max(0, Math.min(first[g] ?? 0, Math.ceil(centre - r)));
    end[g] = Math.min(grid.count, Math.max(end[g] ?? 0, Math.floor(centre + r) + 1));
  }
  return { first, end };
}

/** The part of a sum that matters, or null. */
function trimmed({ first, values }: Accumulator): LineWindow | null {
  let peak = 0;
  for (const v of values) peak = Math.max(peak, Math.abs(v));
  if (peak === 0) return null;
  const least = Math.max(1e-5, 1e-4 * peak);
  let lo = 0;
  let hi = values.length;
  while (lo < hi && Math.abs(values[lo] ?? 0) < least) lo++;
  while (hi > lo && Math.abs(values[hi - 1] ?? 0) < least) hi--;
  return hi === lo ? null : { first: first + lo, values: Float32Array.from(values.subarray(lo, hi)) };
}
