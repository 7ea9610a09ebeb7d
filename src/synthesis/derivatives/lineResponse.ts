/**
 * The second walk over the lines of a block: what the change of their opacity along every direction does to the flux.
 *
 * A line's opacity in a layer is χ = s·H(a, v): s its strength (n/U · gf · e^(−E/kT) · stimulated emission / Δ), a its damping over the Doppler width Δ, and
 * v = |λ − λ₀|/Δ. Along a direction (a label) that changes ln s by A, a by B and ln v by C = −∂lnΔ,
 *
 *     ∂χ = s·(H·A + H_a·B + v·H_v·C),         H_a = ∂H/∂a, H_v = ∂H/∂v,
 *
 * and with the gradient g = ∂F/∂χ of the backward pass the flux changes by ∂F = Σ_layers g·∂χ. With t = g·s·H, ta = g·s·H_a and tv = g·s·v·H_v every direction is
 * a sum of three products at each point, so five directions cost one profile. A, B and C come from the tangents (`lineTangents.ts`).
 *
 * Three regimes of H, as in the first walk (`../opacity/lineOpacity.ts`): near the centre H = H₀ + a·H₁ + a²·H₂ from the table, whose slopes give H_a and H_v; in
 * the wing H ∝ a·v⁻²·(1 + 3/2 v⁻² + 15/4 v⁻⁴), so that H_a = H/a; strong damping goes by the complex error function. For a weak line v·H_v integrates to
 * −∫H, and H_a to nothing: there A − C stands for both (see WEAK).
 *
 * An element moves a species through its own abundance and, with all others, through n_e and molecules: so t is also summed by species (`sum`), and what n_e
 * does, through the population (`perElectron`) and through Stark damping, by layer (`electrons`).
 */
import { faddeeva, VOIGT_SERIES_LIMIT, VOIGT_TABLE, VOIGT_TABLE_PER_UNIT } from '../../math/voigt.ts';
import { fillWindow, lineWindow, type LinePlace, type LineWindow } from '../opacity/lineWindow.ts';
import { dampingPerRate, fillProfiles, perturbersAt, type LayerProfiles, type LineContext, type LnGrid } from '../opacity/lineContext.ts';
import { DIRECTIONS, type LineTangents } from './lineTangents.ts';
import { FAR, FAR_STRIDE, farCount } from '../opacity/lineOpacity.ts';

const SQRT_PI = Math.sqrt(Math.PI);
const TABLE = VOIGT_TABLE;
// The loops below are written out for five directions.
if (DIRECTIONS !== 5) throw new Error(`the walk over lines is written out for 5 directions, not for ${String(DIRECTIONS)}`);
/** Where a line adds less than this to the continuous opacity of a layer, only its area counts, not its shape: ∂F/∂χ hardly changes across it. */
const WEAK = 0.02;

/**
 * Where the second walk over the lines of a block leaves its sums. With t = ∂F/∂χ·χ_line:
 * `directions` collects ∂F of the five directions by [point·DIRECTIONS + direction], `electrons` ∂F/∂ln n_e by [layer·count + point], and every species
 * its t: summed over layers times `factor` where one element moves it, by layer where several do.
 */
export interface ResponseSums {
  readonly directions: Float64Array;
  readonly electrons: Float64Array;
  /** ∂ln(n/U)/∂ln n_e by [species·layers + layer]. */
  readonly perElectron: Float64Array;
  readonly sinkOf: (species: number) => SpeciesSink;
  /** Opacity of the far lines of a species, by [layer·farCount + i]. */
  readonly farOf: (species: number) => Float64Array;
  /** Far lines' ∂χ of the directions by [(layer·farCount + i)·DIRECTIONS + direction], and ∂χ/∂ln n_e through Stark damping by [layer·farCount + i]. */
  readonly farDirections: Float64Array;
  readonly farStark: Float64Array;
}
export interface SpeciesSink {
  readonly sum: Float64Array;
  /** null: `sum` is by [layer·count + point]; else by point, and each layer enters with this factor. */
  readonly factor: Float64Array | null;
}

/** How the line at hand follows the five directions: of strength (A), of damping (B), of width (C). */
const A = new Float64Array(DIRECTIONS);
const B = new Float64Array(DIRECTIONS);
const C = new Float64Array(DIRECTIONS);

/** Place and window of the line and layer at hand, and how it enters the sums: one object, filled again. */
const place: LinePlace = { centre: 0, reach: 0, perStep: 1 };
const window = lineWindow();
const term = { a: 0, s: 0, row: 0, own: 0, base: 0, e: 0, starkA: 0 };

/** The lines to walk over: [from, to) of the list, on points `start … start + count` of the grid. */
export interface LineRun {
  readonly context: LineContext;
  readonly grid: LnGrid;
  readonly start: number;
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/**
 * The second walk over lines [from, to) of a block, once ∂F/∂χ (`gradient`, by [layer·count + point]) is known: with the line's profile s·H(a, v),
 * ∂χ = s·(H·∂ln s + H_a·∂a + v·H_v·∂ln v) along every direction, at the cost of one profile.
 */
export function addLineResponses(
  { context: c, grid, start, count, from, to }: LineRun,
  gradient: Float64Array,
  tangents: LineTangents,
  sums: ResponseSums,
  scratch: LayerProfiles,
): void {
  const { lines, layers, reach: reaches, firstLayer, endLayer } = c;
  const { strength, a: damping, width, contrast } = scratch;
  const { directions, electrons, perElectron } = sums;
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
      addFarResponse(c, line, count, tangents, sums, scratch);
      continue;
    }
    const species = lines.speciesIndex[line] * layers;
    const sink = sums.sinkOf(lines.speciesIndex[line]);
    const { sum, factor } = sink;
    for (let layer = first; layer < end; layer++) {
      if (!fillWindow(window, place, scratch, layer, count, 1)) continue;
      const { lo, hi, coreLo, coreHi, dv } = window;
      const a = damping[layer];
      const s = strength[layer];
      const o = layer * count;
      const own = factor === null ? 1 : factor[layer];
      const base = factor === null ? o : 0;
      const e = perElectron[species + layer];
      const starkA = fillTangents(c, line, layer, width[layer], a, tangents);
      if (a >= VOIGT_SERIES_LIMIT) {
        term.a = a;
        term.s = s;
        term.row = o;
        term.own = own;
        term.base = base;
        term.e = e;
        term.starkA = starkA;
        addDamped(window, gradient, sum, sums);
        continue;
      }
      const a0 = A[0];
      const a1 = A[1];
      const a2 = A[2];
      const a3 = A[3];
      const a4 = A[4];
      const b0 = B[0];
      const b1 = B[1];
      const b2 = B[2];
      const b3 = B[3];
      const b4 = B[4];
      const c0 = C[0];
      const c1 = C[1];
      const c2 = C[2];
      const c3 = C[3];
      const c4 = C[4];
      const weak = contrast[layer] < WEAK;
      const unit = dv * VOIGT_TABLE_PER_UNIT;
      if (weak) {
        const m0 = a0 - c0;
        const m1 = a1 - c1;
        const m2 = a2 - c2;
        const m3 = a3 - c3;
        const m4 = a4 - c4;
        for (let j = coreLo; j <= coreHi; j++) {
          const y = Math.abs(j - centre) * unit;
          const i = (y + 0.5) | 0;
          const f = y - i;
          const r = i << 3;
          const h = TABLE[r] + f * TABLE[r + 1] + a * (TABLE[r + 2] + f * TABLE[r + 3]);
          const t = s * gradient[o + j] * h;
          sum[base + j] += own * t;
          electrons[o + j] += e * t;
          const p = j * DIRECTIONS;
          directions[p] += t * m0;
          directions[p + 1] += t * m1;
          directions[p + 2] += t * m2;
          directions[p + 3] += t * m3;
          directions[p + 4] += t * m4;
        }
      } else
        for (let j = coreLo; j <= coreHi; j++) {
          const y = Math.abs(j - centre) * unit;
          const i = (y + 0.5) | 0;
          const f = y - i;
          const r = i << 3;
          const h2 = a * TABLE[r + 4];
          const slope = TABLE[r + 1];
          const slope1 = TABLE[r + 3];
          const h1 = TABLE[r + 2] + f * slope1;
          const g = s * gradient[o + j];
          const t = g * (TABLE[r] + f * slope + a * (h1 + h2));
          const ta = g * (h1 + 2 * h2);
          const tv = g * y * (slope + a * slope1);
          sum[base + j] += own * t;
          electrons[o + j] = electrons[o + j] + e * t + starkA * ta;
          const p = j * DIRECTIONS;
          directions[p] = directions[p] + t * a0 + ta * b0 + tv * c0;
          directions[p + 1] = directions[p + 1] + t * a1 + ta * b1 + tv * c1;
          directions[p + 2] = directions[p + 2] + t * a2 + ta * b2 + tv * c2;
          directions[p + 3] = directions[p + 3] + t * a3 + ta * b3 + tv * c3;
          directions[p + 4] = directions[p + 4] + t * a4 + ta * b4 + tv * c4;
        }
      if (coreLo === lo && coreHi === hi) continue;
      // In the wing H is proportional to a and to v⁻².
      const perV2 = 1 / (dv * dv);
      const wing = (s * a * perV2) / SQRT_PI;
      const throughElectrons = e + starkA / a;
      const w0 = a0 + b0 / a;
      const w1 = a1 + b1 / a;
      const w2 = a2 + b2 / a;
      const w3 = a3 + b3 / a;
      const w4 = a4 + b4 / a;
      for (let j = lo; j <= hi; j++) {
        if (j === coreLo && coreHi >= coreLo) {
          j = coreHi;
          continue;
        }
        const i2 = 1 / ((j - centre) * (j - centre));
        const q = i2 * perV2;
        const t = wing * i2 * (1 + q * (1.5 + 3.75 * q)) * gradient[o + j];
        const tv = -t * (2 + 3 * q);
        sum[base + j] += own * t;
        electrons[o + j] += throughElectrons * t;
        const p = j * DIRECTIONS;
        directions[p] = directions[p] + t * w0 + tv * c0;
        directions[p + 1] = directions[p + 1] + t * w1 + tv * c1;
        directions[p + 2] = directions[p + 2] + t * w2 + tv * c2;
        directions[p + 3] = directions[p + 3] + t * w3 + tv * c3;
        directions[p + 4] = directions[p + 4] + t * w4 + tv * c4;
      }
    }
  }
}

/** One layer of a line with strong damping (a ≥ VOIGT_SERIES_LIMIT), as `term` describes it. */
function addDamped({ lo, hi, centre, dv }: LineWindow, gradient: Float64Array, sum: Float64Array, sums: ResponseSums): void {
  const { a, s, row: o, own, base, e, starkA } = term;
  const { electrons, directions } = sums;
  for (let j = lo; j <= hi; j++) {
    damped(a, Math.abs(j - centre) * dv);
    const g = s * gradient[o + j];
    const t = g * triple[0];
    const ta = g * triple[1];
    const tv = g * triple[2];
    sum[base + j] += own * t;
    electrons[o + j] = electrons[o + j] + e * t + starkA * ta;
    for (let d = 0; d < DIRECTIONS; d++) {
      const p = j * DIRECTIONS + d;
      directions[p] = directions[p] + t * A[d] + ta * B[d] + tv * C[d];
    }
  }
}

/** Fills A, B, C for one line in one layer; returns ∂a/∂ln n_e. */
function fillTangents(c: LineContext, line: number, layer: number, width: number, a: number, tangents: LineTangents): number {
  const { lines } = c;
  const perRate = dampingPerRate(lines.wavelength[line]) / width;
  const exponent = lines.vdwExponent[line];
  const excitation = lines.excitation[line];
  const stark = lines.gammaStark[line] * c.stark[layer] * perRate;
  const vdw = lines.gammaVdw[line] * perturbersAt(c, exponent, layer) * perRate;
  const s = (lines.speciesIndex[line] * c.layers + layer) * 2 * DIRECTIONS;
  const k = layer * 4 * DIRECTIONS;
  const { species, layer: l } = tangents;
  for (let d = 0; d < DIRECTIONS; d++) {
    const w = species[s + DIRECTIONS + d];
    A[d] = species[s + d] + excitation * l[k + d];
    B[d] = -a * w + stark * l[k + DIRECTIONS + d] + vdw * (l[k + 2 * DIRECTIONS + d] + exponent * l[k + 3 * DIRECTIONS + d]);
    C[d] = -w;
  }
  return stark;
}

const triple = new Float64Array(3);
const pair = new Float64Array(2);

/** H, ∂H/∂a and v·∂H/∂v for a not small, into `triple`: w′ = −2zw + 2i/√π (Abramowitz & Stegun 1964, 7.1.20); a Lorentz wing beyond |v| + a = 15. */
function damped(a: number, v: number): void {
  const a2 = a * a;
  const v2 = v * v;
  if (v + a >= 15) {
    const b = 0.5 + a2;
    const d = b - v2;
    const n = d * d + 4 * a2 * v2;
    const h = (a * (b + v2)) / (SQRT_PI * n);
    triple[0] = h;
    triple[1] = h * (1 / a + (2 * a) / (b + v2) - (4 * a * (d + 2 * v2)) / n);
    triple[2] = h * ((2 * v2) / (b + v2) - (4 * v2 * (2 * a2 - d)) / n);
    return;
  }
  faddeeva(a, v, pair);
  const h = pair[0];
  const l = pair[1];
  triple[0] = h;
  triple[1] = 2 * (v * l + a * h) - 2 / SQRT_PI;
  triple[2] = 2 * v * (a * l - v * h);
}

/** The far line at `place`: its wing follows damping and strength alone. */
function addFarResponse(
  c: LineContext,
  line: number,
  count: number,
  tangents: LineTangents,
  sums: ResponseSums,
  profiles: LayerProfiles,
): void {
  const { strength, a: damping, width } = profiles;
  const coarse = farCount(count);
  const far = sums.farOf(c.lines.speciesIndex[line]);
  const { farDirections, farStark } = sums;
  const end = c.endLayer[line];
  for (let layer = c.firstLayer[line]; layer < end; layer++) {
    if (!fillWindow(window, place, profiles, layer, coarse, FAR_STRIDE)) continue;
    const { lo, hi, centre, dv } = window;
    const a = damping[layer];
    const scaled = (strength[layer] * a) / SQRT_PI;
    const b = 0.5 + a * a;
    const o = layer * coarse;
    const stark = fillTangents(c, line, layer, width[layer], a, tangents) / a;
    for (let i = lo; i <= hi; i++) {
      const v = (i - centre) * dv;
      const v2 = v * v;
      const d = b - v2;
      const h = (scaled * (b + v2)) / (d * d + 4 * a * a * v2);
      far[o + i] += h;
      farStark[o + i] += h * stark;
      const p = (o + i) * DIRECTIONS;
      for (let x = 0; x < DIRECTIONS; x++) farDirections[p + x] += h * (A[x] + B[x] / a - 2 * C[x]);
    }
  }
}
