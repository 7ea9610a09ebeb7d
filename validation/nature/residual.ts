/** What a fit leaves of a star, on one grid of rest wavelengths for all stars, and how it is kept. */
import { z } from 'zod';
import type { Solution } from '../../src/domain/fit.ts';
import type { StarType } from '../../src/domain/nature.ts';

/** Rest wavelengths of the residuals: two pixels of LAMOST each, from 3880 to 9100 Å. */
export const RESIDUAL_GRID = { lnStart: Math.log(3880), lnStep: 2e-4 * Math.LN10, count: 1851 } as const;

/** Arrays over `RESIDUAL_GRID`; NaN where the star has no good pixel. */
export interface StarResidual {
  readonly name: string;
  readonly source: string;
  readonly type: StarType;
  /** λ/FWHM of the spectrum at 5500 Å. */
  readonly resolvingPower: number;
  /** (data − continuum × model)/continuum. */
  readonly residual: Float64Array;
  /** Variance of the noise in it. */
  readonly noise: Float64Array;
  /** 1 − normalised model. */
  readonly depth: Float64Array;
}

/** Means over the pixels of each point of the grid. */
export function residualOf(name: string, source: string, fit: Solution): StarResidual {
  const [data] = fit.problem.data;
  const { lnStart, lnStep, count } = RESIDUAL_GRID;
  const [sum, variance, depth, pixels] = [0, 1, 2, 3].map(() => new Float64Array(count));
  fit.restWavelength.forEach((wavelength, p) => {
    const i = Math.round((Math.log(wavelength) - lnStart) / lnStep);
    const continuum = (fit.continuum[p] ?? NaN) / data.scale;
    if (i < 0 || i >= count || data.reason[p] !== 0 || !(continuum > 0)) return;
    const model = (fit.modelFlux[p] ?? NaN) / (fit.continuum[p] ?? NaN);
    add(sum, i, (data.flux[p] ?? NaN) / continuum - model);
    add(variance, i, 1 / ((data.ivar[p] ?? 0) * continuum * continuum));
    add(depth, i, 1 - model);
    add(pixels, i, 1);
  });
  const label = (wanted: string): number => fit.labels.find((one) => one.name === wanted)?.value ?? NaN;
  const mean = (values: Float64Array | undefined, power: number): Float64Array =>
    Float64Array.from({ length: count }, (_, i) => (values?.[i] ?? NaN) / (pixels?.[i] ?? NaN) ** power);
  return {
    name,
    source,
    type: { teff: label('teff'), logg: label('logg'), feh: label('feh') },
    resolvingPower: fit.resolvingPower,
    residual: mean(sum, 1),
    noise: mean(variance, 2),
    depth: mean(depth, 1),
  };
}

function add(to: Float64Array | undefined, i: number, value: number): void {
  if (to !== undefined) to[i] = (to[i] ?? NaN) + value;
}

/** As it crosses processes and is kept: float32 in base64. */
export const keptResidual = z.object({
  name: z.string(),
  source: z.string(),
  type: z.object({ teff: z.number(), logg: z.number(), feh: z.number() }),
  resolvingPower: z.number(),
  residual: z.base64(),
  noise: z.base64(),
  depth: z.base64(),
});
export type KeptResidual = z.infer<typeof keptResidual>;

const packed = (values: Float64Array): string => Buffer.from(Float32Array.from(values).buffer).toString('base64');
function unpacked(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return Float64Array.from(new Float32Array(bytes.buffer));
}

export const keep = ({ residual, noise, depth, ...rest }: StarResidual): KeptResidual => ({
  ...rest,
  residual: packed(residual),
  noise: packed(noise),
  depth: packed(depth),
});
export const unkeep = ({ residual, noise, depth, ...rest }: KeptResidual): StarResidual => ({
  ...rest,
  residual: unpacked(residual),
  noise: unpacked(noise),
  depth: unpacked(depth),
});
