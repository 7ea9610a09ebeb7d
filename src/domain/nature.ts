/**
 * How far a model misses nature, as it was measured on stars: what no line list mends. A value that a fit is given and a file of the bundle holds.
 *
 * At rest wavelength λ of a star of some type, whose model has the normalised flux F there, the error has the variance
 *
 *     factor(λ, type)² (constant(λ)² + (depth(λ) (1 − F))²)
 *
 * of the continuum's square per pixel of the resolving power it was measured at; over that come the shapes, Σ_k (amplitude_k(type) a_k s_k(λ))², which all pixels share.
 */

/** A type of star about which errors were measured: K, log10 cm s⁻², dex. */
export interface StarType {
  readonly teff: number;
  readonly logg: number;
  readonly feh: number;
}

export interface NatureNode extends StarType {
  /** How many stars it rests on, those further away counted for less. */
  readonly stars: number;
  /** σ of the amplitude of each shape at this type. */
  readonly amplitudes: readonly number[];
  /** Factor on the law's σ at each point of the grid. */
  readonly factor: Float32Array;
}

export interface Nature {
  readonly model: { readonly id: string; readonly weights: string };
  /** ISO 8601, day. */
  readonly date: string;
  readonly command: string;
  /** Stars by source. */
  readonly stars: Readonly<Record<string, number>>;
  /** λ/FWHM of the spectra it was measured on. */
  readonly resolvingPower: number;
  /** km/s over which an error of single pixels is one and the same. */
  readonly correlation: number;
  /** Rest wavelengths exp(lnStart + i lnStep), Å in vacuum, of `factor` and `shapes`. */
  readonly grid: { readonly lnStart: number; readonly lnStep: number; readonly count: number };
  /** At increasing wavelengths, linear between them and constant beyond. */
  readonly law: { readonly wavelength: readonly number[]; readonly constant: readonly number[]; readonly depth: readonly number[] };
  readonly nodes: readonly NatureNode[];
  /** Each with an rms of 1 over the grid; times its amplitude a fraction of the continuum. */
  readonly shapes: readonly Float32Array[];
}

/** Differences of T_eff (K), log g and [Fe/H] over which a type changes into another. */
const APART = { teff: 400, logg: 0.7, feh: 0.4 } as const;

/** How far two types lie apart. */
export function typeDistance(a: StarType, b: StarType): number {
  return Math.hypot((a.teff - b.teff) / APART.teff, (a.logg - b.logg) / APART.logg, (a.feh - b.feh) / APART.feh);
}

/** Share of a star at `distance` in what is said of a type. */
export const typeShare = (distance: number): number => Math.exp(-0.5 * distance * distance);
