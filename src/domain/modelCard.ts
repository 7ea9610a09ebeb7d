import type { ManifestLabel } from './emulator.ts';
import type { LabelName } from './labels.ts';

/** Errors of normalised flux on held-out stars, over all their pixels. */
export interface FluxErrors {
  /** Mean absolute error. */
  readonly mae: number;
  /** 99th percentile of the absolute error. */
  readonly percentile99: number;
  /** In every 100 Å; `from` and `to` in Å, vacuum. */
  readonly per100: readonly { readonly from: number; readonly to: number; readonly mae: number; readonly percentile99: number }[];
}

/** Errors of one label's derivative on held-out stars; absent where the evaluation did not measure it. */
export interface DerivativeErrors {
  /** Rms error over rms of the derivative, median over stars if the evaluation tells that, else pooled over all. */
  readonly relativeError: number;
  readonly cosine: number;
  /** Whether the label carries information in enough stars for its derivative to be judged. */
  readonly informative?: boolean;
  /** Largest derivative where the ab initio one is zero, in units of its peak. */
  readonly leakage?: number;
}

/** A cell of the held-out stars' T_eff (K), log g and [Fe/H]. */
export interface ErrorCell {
  readonly teff: readonly [number, number];
  readonly logg: readonly [number, number];
  readonly feh: readonly [number, number];
  readonly spectra: number;
  /** Null where no star lies. */
  readonly mae: number | null;
}

/** What a model says of itself to the person who uses it. */
export interface ModelCard {
  readonly id: string;
  readonly title: string;
  /** Of the weights, YYYY-MM-DD. */
  readonly date: string;
  /** The kind of network and its size, in words. */
  readonly network: string;
  /** Of the weights. */
  readonly bytes: number;
  /** With their training ranges. */
  readonly labels: readonly ManifestLabel[];
  readonly resolvingPower: number;
  /** Sources, with their references, and the code that computed the spectra. */
  readonly trainedOn: {
    readonly atmospheres: string;
    readonly lines: string;
    readonly code: string;
    readonly spectra: number;
    readonly withDerivatives: number;
  };
  readonly citation: readonly string[];
  /** What it cannot do. */
  readonly limits: readonly string[];
  /** Null where the model was never evaluated. */
  readonly heldOut: HeldOutErrors | null;
}

export interface HeldOutErrors {
  readonly date: string;
  readonly spectra: number;
  /** At the native resolving power. */
  readonly native: FluxErrors;
  /** After convolution to R = 1800. */
  readonly r1800?: FluxErrors;
  readonly derivatives: Readonly<Partial<Record<LabelName, DerivativeErrors>>>;
  readonly map?: readonly ErrorCell[];
}
