/** What a fit starts from: the options a person sees, and the tuning behind them. */
import type { FitOptions } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { ELEMENTS } from '../domain/labels.ts';
import type { Nature } from '../domain/nature.ts';
import type { NuisanceLayout } from '../domain/problem.ts';
import { DEFAULT_METHOD } from './methods.ts';
import type { MaskRegion } from '../spectra/masks.ts';
import { OBSERVED_FRAME_MASKS, modelErrorFloor } from '../spectra/masks.ts';

/** σ (dex) of the Gaussian prior on an [X/Fe] that the options leave unsaid. Carbon and nitrogen change along the giant branch. */
export function defaultPriorSigma(name: LabelName): number {
  return name === 'C' || name === 'N' ? 0.4 : 0.3;
}

export const DEFAULT_FIT_OPTIONS: FitOptions = {
  method: DEFAULT_METHOD,
  seed: 1,
  maxEvaluations: 3000,
  priorSigma: Object.fromEntries(ELEMENTS.map((element) => [element, defaultPriorSigma(element)])),
  range: [3950, 8900],
  knotSpacing: 120,
  maskedRegions: [],
};

/** Settings that experts change in code, not on the page. */
export interface FitTuning extends NuisanceLayout {
  /** Error of the model as a fraction of the continuum, by rest wavelength in Å; `tuningFor` adds the emulator's own. */
  readonly errorFloor: (wavelength: number) => number;
  /** The emulator's own part of it. */
  readonly networkError: (wavelength: number) => number;
  /** The model's error as it was measured on stars, in place of `errorFloor` once the star's type is known; null where nobody has. */
  readonly nature: Nature | null;
  /** Factor by which the noise of the survey's pixels exceeds what it states, by observed wavelength in Å. */
  readonly noiseFactor: (wavelength: number) => number;
  /** Regions left out in the observer's frame. */
  readonly observedMasks: readonly MaskRegion[];
  /** σ (km/s) of the prior on v_mic about the empirical relation. */
  readonly vmicSigma: number;
  /** σ of the soft wall at the edge of the training range, in half-ranges; fits stop at three σ beyond the edge. */
  readonly wallSigma: number;
  /** Residuals beyond this many σ of their neighbourhood, in narrow runs, are taken for cosmic rays at the first pass. */
  readonly clipThreshold: number;
  /** Pixels per window in which errors are widened where residuals exceed them; 0 switches it off. */
  readonly adaptiveWindow: number;
  /** Beyond this many (widened) σ a residual's weight falls as 1/|r| (Huber 1964), set after the first pass; Infinity switches it off. */
  readonly huber: number;
  /** Posterior over prior σ above which a label is called prior-dominated. */
  readonly priorDominated: number;
}

export const DEFAULT_TUNING: FitTuning = {
  errorFloor: modelErrorFloor,
  networkError: () => 0,
  nature: null,
  noiseFactor: () => 1,
  observedMasks: OBSERVED_FRAME_MASKS,
  vmicSigma: 0.3,
  wallSigma: 0.02,
  warpNodes: [4200, 5800, 8500],
  warpSigma: 5,
  broadeningNodes: [4200, 5800, 8500],
  broadeningSigma: 0.3,
  clipThreshold: 6,
  adaptiveWindow: 150,
  huber: 3.5,
  priorDominated: 0.8,
};
