/**
 * Is this result to be believed as a whole? A fit always gives numbers; these checks say where the spectrum is not that of a star the model
 * knows, or carries too little, or was read the wrong way.
 */
import type { FitAlert, FittedLabel } from '../domain/fit.ts';
import { isElement } from '../domain/labels.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { median } from '../math/statistics.ts';
import type { RegionEdge } from './fisher.ts';

export interface FittedSpectrum {
  readonly spectrum: Spectrum;
  readonly labels: readonly FittedLabel[];
  /** Conditions of the model's region that the fit ended at. */
  readonly edges: readonly RegionEdge[];
  /** km/s, in the spectrum's frame. */
  readonly rv: { readonly value: number; readonly sigma: number };
  /** Observed vacuum wavelengths, Å. The arrays below run over the same pixels, in one flux unit. */
  readonly wavelength: Float64Array;
  readonly flux: Float64Array;
  readonly model: Float64Array;
  readonly continuum: Float64Array;
  /** 1/(noise² + model floor²), as stated by the survey or guessed, before anything was widened or scaled; 0 where unused. */
  readonly weight: Float64Array;
  /** Inverse variance of the noise alone. */
  readonly ivar: Float64Array;
}

/** Reduced χ² over what the pixel noise explains, beyond which a misfit is more than bad luck or a pessimistic error floor. */
const MISFIT = 2;
/** Share of the lines' own χ² that the model leaves unexplained, beyond which it is not a description of the spectrum. */
const UNEXPLAINED = 0.08;
/** Elements at an edge of the box that together say that the star lies outside it. */
const ELEMENTS_AT_EDGE = 5;
/** K, dex, dex: a star this warm, at the wall of metal-poor or of low-gravity stars, is a hotter one in their dress. */
const WARM = 6200;
const POOR_WALL = -1.5;
const GIANT_WALL = 2;
/** Å of used pixels below which few lines carry everything. */
const SHORT_RANGE = 400;
const LOW_SNR = 3;
const IMPOSSIBLE_SNR = 3000;
/** Scatter between neighbours over the stated σ, below which the stated errors cannot be σ of this noise. */
const QUIET = 0.3;
/** Shift of air wavelengths taken for vacuum between 4000 and 9000 Å, km/s: c (n − 1). */
const AIR_SHIFT = 83;

/** Those that spoil every label first. */
export const worstFirst = (alerts: readonly FitAlert[]): FitAlert[] =>
  [...alerts].sort((a, b) => Number(b.spoilsLabels) - Number(a.spoilsLabels));

/** Doubts about a fit, beside whether it is a star that the model knows (`known/`); those that spoil every label first. */
export function judge(fit: FittedSpectrum): FitAlert[] {
  const alerts = [poorFit(fit), edgeOfModel(fit), wrongMedium(fit), lowSignal(fit), shortRange(fit), doubtfulErrors(fit)];
  return worstFirst(alerts.filter((alert) => alert !== null));
}

function poorFit({ flux, model, continuum, weight }: FittedSpectrum): FitAlert | null {
  const residual = flux.map((value, p) => ((weight[p] ?? 0) > 0 ? (value - (model[p] ?? NaN)) * Math.sqrt(weight[p] ?? 0) : NaN));
  let misfit = 0;
  let structure = 0;
  let used = 0;
  residual.forEach((r, p) => {
    if (!Number.isFinite(r)) return;
    used++;
    misfit += r * r;
    structure += (weight[p] ?? 0) * ((flux[p] ?? 0) - (continuum[p] ?? 0)) ** 2;
  });
  if (used === 0) return null;
  // What neighbours differ by is noise; what they share is the model's.
  const noise = Math.max(1, neighbourScatter(residual) ** 2);
  const excess = misfit / used - noise;
  const unexplained = excess / Math.max(1e-9, structure / used - noise, excess);
  if (!(misfit / used > MISFIT * noise && unexplained > UNEXPLAINED)) return null;
  return {
    code: 'POOR_FIT',
    message: `The model leaves ${(100 * unexplained).toFixed(0)} % of the spectrum's structure unexplained (χ² is ${(misfit / used / noise).toFixed(1)} times what noise and model error allow).`,
    hint: 'It may not be a single star of type F, G or K: look at the residuals before any number.',
    spoilsLabels: true,
  };
}

function edgeOfModel({ labels, edges }: FittedSpectrum): FitAlert | null {
  // A condition flags both labels that it joins, and is one edge: that of the label it bounds.
  const joined = new Set(edges.filter(({ otherAtEdge }) => !otherAtEdge).map((edge) => edge.labels[1]));
  const atEdge = labels.filter(({ flags }) => flags.includes('at-bound') || flags.includes('out-of-range')).map(({ name }) => name);
  const alone = atEdge.filter((name) => !joined.has(name));
  const main = alone.filter((name) => ['teff', 'logg', 'feh'].includes(name));
  const elements = alone.filter(isElement);
  const value = (name: string): number => labels.find((label) => label.name === name)?.value ?? NaN;
  // Of a star too hot for the model the lines of metals are weak and those of hydrogen broad or narrow: a warm star, at a wall that no warm star reaches.
  const warm =
    value('teff') > WARM &&
    ((main.includes('feh') && value('feh') < POOR_WALL) || (main.includes('logg') && (value('logg') < GIANT_WALL || joined.has('teff'))));
  if (!(warm || main.includes('teff') || main.length >= 2 || elements.length >= ELEMENTS_AT_EDGE)) return null;
  return {
    code: 'EDGE_OF_MODEL',
    message: `The fit runs into the edge of what the model was trained on: ${atEdge.join(', ')}.`,
    hint: 'The star is hotter, cooler or of another kind than the model knows; the other labels make up for it and are wrong too.',
    spoilsLabels: true,
  };
}

function wrongMedium({ spectrum, rv }: FittedSpectrum): FitAlert | null {
  const other = spectrum.medium === 'vacuum' ? 'air' : 'vacuum';
  // Air wavelengths are the shorter ones: read as vacuum they look approaching.
  const expected = spectrum.medium === 'vacuum' ? -AIR_SHIFT : AIR_SHIFT;
  const tolerance = 12 + 2 * rv.sigma;
  const pipeline = spectrum.survey.pipelineVelocity;
  const near = (value: number, target: number) => Math.abs(value - target) < tolerance;
  const found =
    spectrum.frame === 'rest'
      ? near(Math.abs(rv.value), AIR_SHIFT)
      : pipeline !== undefined
        ? near(rv.value - pipeline, expected)
        : !spectrum.survey.mediumKnown && near(rv.value, expected);
  if (!found) return null;
  const why =
    spectrum.frame === 'rest'
      ? ' of a spectrum at rest'
      : pipeline !== undefined
        ? ` against the file's own ${pipeline.toFixed(0)} km/s`
        : '';
  return {
    code: 'WRONG_MEDIUM',
    message: `The velocity of ${rv.value.toFixed(0)} km/s${why} is what ${other} wavelengths taken for ${spectrum.medium} would show (${AIR_SHIFT} km/s).`,
    hint: `Unless the star moves so, say in the file that its wavelengths are in ${other} and open it again. The other labels hardly change.`,
    spoilsLabels: false,
  };
}

function lowSignal({ spectrum: { snr } }: FittedSpectrum): FitAlert | null {
  if (!(snr < LOW_SNR)) return null;
  return {
    code: 'LOW_SIGNAL',
    message: `S/N is ${snr.toFixed(1)} per pixel: velocity and T_eff are rough, and most of the rest is the prior.`,
    hint: 'Read the errors, not the values; a longer exposure or a co-add of visits would help.',
    spoilsLabels: false,
  };
}

function shortRange({ wavelength, weight }: FittedSpectrum): FitAlert | null {
  let length = 0;
  for (let p = 1; p < wavelength.length; p++) if ((weight[p] ?? 0) > 0) length += (wavelength[p] ?? 0) - (wavelength[p - 1] ?? 0);
  if (length >= SHORT_RANGE) return null;
  return {
    code: 'SHORT_RANGE',
    message: `Only ${length.toFixed(0)} Å of spectrum enter the fit: a few lines carry every label.`,
    hint: 'Most elements return their prior. Use the whole spectrum if there is more of it.',
    spoilsLabels: false,
  };
}

function doubtfulErrors({ spectrum, flux, model, ivar, weight }: FittedSpectrum): FitAlert | null {
  if (!spectrum.ivarIsMeasured) return null;
  const scatter = neighbourScatter(
    flux.map((value, p) => ((weight[p] ?? 0) > 0 ? (value - (model[p] ?? NaN)) * Math.sqrt(ivar[p] ?? 0) : NaN)),
  );
  const [tooLarge, tooSmall] = [scatter < QUIET, spectrum.snr > IMPOSSIBLE_SNR];
  if (!tooLarge && !tooSmall) return null;
  return {
    code: 'ERRORS_DOUBTFUL',
    message: tooLarge
      ? `Neighbouring pixels scatter by ${scatter.toPrecision(2)} of their stated errors: the errors are too large.`
      : `A stated S/N of ${spectrum.snr.toPrecision(2)} per pixel is not credible: the errors are too small.`,
    hint: 'Is the column named as what it holds (σ, variance or inverse variance), in the unit of the flux? The σ of the labels follow from it.',
    spoilsLabels: false,
  };
}

/** Robust σ of the difference between neighbours that are both used, over √2; NaN where there are none. */
function neighbourScatter(residual: Float64Array): number {
  return (1.4826 / Math.SQRT2) * median(residual.map((value, p) => Math.abs(value - (residual[p - 1] ?? NaN))));
}
