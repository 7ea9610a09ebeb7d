import type { Dual } from './dual.ts';

/** A tensor of the bundle, by name, in double precision. */
export type Weights = (name: string) => Float64Array;

/**
 * The float64 twin of a network, written from its formulae in architecture.ts; one file per kind. Coefficients y (patch after patch)
 * at scaled labels x, with tangents along the first `directions` labels.
 */
export type Twin = (weights: Weights, x: Float64Array, directions: number) => Dual;
