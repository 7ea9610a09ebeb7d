/**
 * A spectrum convolved to a lower resolving power and binned, with errors that stay honest.
 *
 * Convolution correlates neighbouring pixels, while a fit by χ² takes pixels as independent. So the spectrum is binned to `PER_FWHM` pixels per
 * FWHM, and a bin's variance is that of an independent bin with the noise power of its surroundings, Σ w Δ var / d (Δ, d: widths of old and
 * new pixels): over any stretch the variance of the summed flux is conserved. It is larger than the variance of the convolved value itself by the
 * sum of the correlations (about 3.8 for a Gaussian), which a diagonal χ² would otherwise ignore.
 */
import { FWHM_PER_SIGMA } from '../domain/units.ts';
import { normalCdf } from '../math/distributions.ts';

/** Pixels per FWHM of the result. */
export const PER_FWHM = 2.5;
/** Least fraction of a bin's kernel that must fall on good pixels. */
const LEAST_GOOD = 0.8;
/** Reach of the kernel in σ. */
const REACH = 4.5;

export interface Pixels {
  /** ln of the pixel centres, increasing. */
  readonly ln: Float64Array;
  readonly flux: Float64Array;
  /** 1/variance; 0 where the pixel carries no information. */
  readonly ivar: Float64Array;
}

/** Pixel edges in ln λ: half-way to the neighbours, no further to one side than to the other, so that a gap belongs to nobody. */
export function pixelEdges(ln: Float64Array): { readonly from: Float64Array; readonly to: Float64Array } {
  const half = ln.map((value, i) => {
    const left = i > 0 ? value - (ln[i - 1] ?? value) : Infinity;
    const right = i + 1 < ln.length ? (ln[i + 1] ?? value) - value : Infinity;
    return 0.5 * Math.min(left, right);
  });
  const from = ln.map((value, i) => value - half[i]);
  // Neighbours share their edge to the last bit.
  const to = ln.map((value, i) => {
    const end = value + half[i];
    const next = from[i + 1];
    return Math.abs(next - end) < 1e-6 * half[i] ? next : end;
  });
  return { from, to };
}

/** Integral of the normal distribution function: z Φ(z) + φ(z). */
const integratedCdf = (z: number): number => z * normalCdf(z) + Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** Distribution function at u of a Gaussian of `sigma` convolved with a box of `width`. */
function smoothBox(u: number, sigma: number, width: number): number {
  if (sigma < 1e-3 * width) return Math.min(1, Math.max(0, u / width + 0.5));
  return (sigma / width) * (integratedCdf((u + width / 2) / sigma) - integratedCdf((u - width / 2) / sigma));
}

/** `smoothBox` as a table, computed anew where the kernel has changed: a spectrum of 300 000 pixels asks for millions of values. */
class SmoothBox {
  static readonly SIZE = 1000;
  readonly #values = new Float64Array(SmoothBox.SIZE + 2);
  #kernel = NaN;
  #reach = NaN;

  prepare(kernel: number, step: number): void {
    // A thousandth of its width changes no flux by more than a millionth of the continuum.
    if (Math.abs(kernel - this.#kernel) <= 1e-3 * kernel) return;
    this.#kernel = kernel;
    this.#reach = (REACH + 0.5) * kernel + step / 2;
    for (let k = 0; k <= SmoothBox.SIZE + 1; k++) {
      this.#values[k] = smoothBox(((2 * k) / SmoothBox.SIZE - 1) * this.#reach, kernel, step);
    }
  }
  at(u: number): number {
    const x = 0.5 * SmoothBox.SIZE * (u / this.#reach + 1);
    if (x <= 0) return 0;
    if (x >= SmoothBox.SIZE) return 1;
    const k = x | 0;
    const low = this.#values[k];
    return low + (x - k) * (this.#values[k + 1] - low);
  }
}

/**
 * Bins of width FWHM/2.5 at resolving power `to`, from the first to the last pixel; bins without any pixel (a gap) are left out, bins with too
 * few good ones have ivar 0. `fromAt` gives λ/FWHM of the data at ln λ; where they are blunter than `to` they are binned only.
 * `resolvingPower` of the result is what remains: instrument, kernel and bin together.
 */
export function convolvePixels(
  pixels: Pixels,
  fromAt: (ln: number) => number,
  to: number,
): Pixels & { readonly resolvingPower: Float64Array } {
  const { ln, flux, ivar } = pixels;
  const n = ln.length;
  const edges = pixelEdges(ln);
  const whole = bridged(ln, flux, ivar);
  const target = 1 / (FWHM_PER_SIGMA * to);
  const step = 1 / (PER_FWHM * to);
  const start = edges.from[0] + step / 2;
  const count = Math.max(0, Math.floor((edges.to[n - 1] - start) / step + 0.5));
  const out = { ln: new Float64Array(count), flux: new Float64Array(count), ivar: new Float64Array(count), power: new Float64Array(count) };
  const table = new SmoothBox();
  let kept = 0;
  let first = 0;
  for (let j = 0; j < count; j++) {
    const centre = start + j * step;
    const own = 1 / (FWHM_PER_SIGMA * fromAt(centre));
    const kernel = Math.sqrt(Math.max(0, target * target - own * own - (step * step) / 12));
    const reach = REACH * kernel + step / 2;
    while (first < n && edges.to[first] < centre - reach) first++;
    let sum = 0;
    let good = 0;
    let all = 0;
    let noise = 0;
    let goodFlux = 0;
    table.prepare(kernel, step);
    let lastEdge = NaN;
    let below = 0;
    for (let i = first; i < n && edges.from[i] <= centre + reach; i++) {
      const a = edges.from[i];
      const b = edges.to[i];
      if (a !== lastEdge) below = table.at(a - centre);
      const above = table.at(b - centre);
      const weight = above - below;
      lastEdge = b;
      below = above;
      all += weight;
      sum += weight * whole[i];
      const information = ivar[i];
      if (information > 0) {
        good += weight;
        goodFlux += weight * flux[i];
        noise += (weight * (b - a)) / information;
      }
    }
    if (all < 0.5) continue;
    const usable = good >= LEAST_GOOD;
    out.ln[kept] = centre;
    out.flux[kept] = usable ? sum / all : good > 0 ? goodFlux / good : 0;
    out.ivar[kept] = usable && noise > 0 ? (good * good * step) / noise : 0;
    out.power[kept] = 1 / (FWHM_PER_SIGMA * Math.sqrt(own * own + kernel * kernel + (step * step) / 12));
    kept++;
  }
  return {
    ln: out.ln.slice(0, kept),
    flux: out.flux.slice(0, kept),
    ivar: out.ivar.slice(0, kept),
    resolvingPower: out.power.slice(0, kept),
  };
}

/** The flux with bad pixels bridged by a straight line between their good neighbours, so that a lost pixel does not shift a line. */
function bridged(ln: Float64Array, flux: Float64Array, ivar: Float64Array): Float64Array {
  const whole = flux.slice();
  let last = -1;
  for (let i = 0; i < flux.length; i++) {
    if (!(ivar[i] > 0)) continue;
    for (let k = last + 1; k < i; k++) {
      const t = last < 0 ? 1 : (ln[k] - ln[last]) / (ln[i] - ln[last]);
      whole[k] = (1 - t) * flux[Math.max(0, last)] + t * flux[i];
    }
    last = i;
  }
  if (last >= 0) whole.fill(flux[last], last + 1);
  return whole;
}
