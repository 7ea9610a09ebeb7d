/** The stretch of the spectrum that the model misses most: where to look, and what to leave out before anything else is believed. */
import type { FitAlert } from '../../domain/fit.ts';
import { D_LINES } from '../../spectra/sodium.ts';
import { EMISSION_LINES } from './cores.ts';
import type { Look } from './look.ts';

/** Residual (σ) of the pixels that a stretch is made of; all of one sign. */
const PIXEL = 3;
/** Pixels below which it is a spike of the detector, which the fit clips by itself. */
const SHORTEST = 3;
/** Sum of the residuals over the root of their number that is told, and their mean as a share of the continuum. */
const TOLD = 18;
const SHARE = 0.1;

/** Lines at which flux may stand above the model, or below it where gas lies between: name and Å. */
const NAMED_LINES: typeof EMISSION_LINES = [
  ...EMISSION_LINES,
  ...D_LINES.map((wavelength) => ['Na I D', wavelength] as const),
  ['Li I', 6709.7],
  ['Ca II K', 3934.78],
];

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
  /** Flux over model: Σ residual / √pixels, and its mean as a share of the continuum; negative where light is missing. */
  readonly inSigma: number;
  readonly share: number;
}

/** Runs of neighbouring pixels that miss the model by more than `PIXEL` σ in the same direction. Å, vacuum, the star's frame. */
export function missedStretches({ rest, weight, flux, model, continuum }: Look): Stretch[] {
  const found: Stretch[] = [];
  let [first, sum, share, sign] = [-1, 0, 0, 0];
  const close = (end: number): void => {
    const pixels = end - first;
    if (first >= 0 && pixels >= SHORTEST)
      found.push({
        from: rest[Math.max(0, first - 1)] ?? NaN,
        to: rest[Math.min(rest.length - 1, end)] ?? NaN,
        pixels,
        inSigma: sum / Math.sqrt(pixels),
        share: share / pixels,
      });
    [first, sum, share, sign] = [-1, 0, 0, 0];
  };
  for (let p = 0; p < rest.length; p++) {
    const level = continuum[p] ?? NaN;
    const off = (flux[p] ?? NaN) / level - (model[p] ?? NaN);
    const residual = off * level * Math.sqrt(weight[p] ?? 0);
    const far = Math.abs(residual) > PIXEL;
    if (first >= 0 && !(far && Math.sign(residual) === sign)) close(p);
    if (!far) continue;
    if (first < 0) [first, sign] = [p, Math.sign(residual)];
    sum += residual;
    share += off;
  }
  close(rest.length);
  return found;
}

/** What stands in a stretch, by the lines that are known to shine or to hide there. */
function guess({ from, to, inSigma }: Stretch): string {
  const lines = NAMED_LINES.filter(([, wavelength]) => wavelength >= from && wavelength <= to).map(([name]) => name);
  if (inSigma > 0) return lines.length > 0 ? `${lines.join(', ')}: emission?` : 'emission, a cosmic ray, or the sky?';
  return lines.length > 0 ? `${lines.join(', ')}: deeper than the model has it` : 'a line or band that the model lacks, or the sky?';
}

/** Tells the worst of them, where it is more than nearly all ordinary stars have and no other alert (`told`) lies there. */
export function worstStretch(look: Look, told: readonly FitAlert[]): FitAlert | null {
  const taken = told.flatMap(({ where = [] }) => where);
  const open = missedStretches(look).filter(
    ({ from, to, inSigma, share }) =>
      Math.abs(inSigma) > TOLD && Math.abs(share) > SHARE && !taken.some(([low, high]) => low <= to && high >= from),
  );
  const worst = open.reduce<Stretch | null>((a, b) => (a === null || Math.abs(b.inSigma) > Math.abs(a.inSigma) ? b : a), null);
  if (worst === null) return null;
  const { from, to, inSigma, share } = worst;
  const sign = inSigma > 0 ? '+' : '−';
  return {
    code: 'WORST_STRETCH',
    message: `${from.toFixed(0)}–${to.toFixed(0)} Å stand ${sign}${Math.abs(inSigma).toFixed(0)} σ from the model (${sign}${(100 * Math.abs(share)).toFixed(0)} % of the continuum): ${guess(worst)}`,
    hint: 'Leave the stretch out and fit again: what changes rested on it.',
    spoilsLabels: false,
    where: [[from, to]],
  };
}
