import { z } from 'zod';
import { ELEMENTS } from '../domain/labels.ts';

/** The labels a correction may depend on, and the labels that reference stars correct. */
export const CORRECTED = ['teff', 'logg', 'feh'] as const;
export type CorrectedLabel = (typeof CORRECTED)[number];

const interval = z.tuple([z.number(), z.number()]);

/** Box of raw labels in which a correction was derived: K, dex, dex. */
const rangeSchema = z.object({ teff: interval, logg: interval, feh: interval });
export type ValidityRange = z.infer<typeof rangeSchema>;

/** calibrated = raw − (offset + Σ coefficient · (x − pivot)/scale), where x is the raw value of `label`. */
const trendSchema = z.object({
  offset: z.number(),
  terms: z.array(z.object({ label: z.enum(CORRECTED), pivot: z.number(), scale: z.number().positive(), coefficient: z.number() })),
});
export type Trend = z.infer<typeof trendSchema>;

const correctionSchema = trendSchema.extend({
  /** Robust σ of calibrated − reference, each star left out of its own correction; the reference's own errors are inside it. */
  scatterTotal: z.number().nonnegative(),
  /** That scatter beyond the fit's own σ (in quadrature): what a calibrated σ adds. */
  scatter: z.number().nonnegative(),
  stars: z.int().positive(),
  range: rangeSchema,
  /** Mean bisquare loss of held-out stars for each form tried, in units of the robust σ; the simplest form within two standard errors of the best is taken. */
  crossValidation: z.array(z.object({ form: z.string(), loss: z.number() })),
});
export type Correction = z.infer<typeof correctionSchema>;

const zeroPointSchema = z.object({
  /** Subtracted from [X/Fe]: calibrated [X/H] = [X/Fe] − zeroPoint + calibrated [Fe/H]. */
  zeroPoint: z.number(),
  /** σ of the zero point from the fit of the star that sets it. */
  sigma: z.number().nonnegative(),
});
export type ZeroPoint = z.infer<typeof zeroPointSchema>;

/** `public/calibrations/<id>.json`: raw labels of one model bundle → calibrated labels, with where it comes from. */
export const calibrationSchema = z.object({
  format: z.literal('maury-calibration-1'),
  id: z.string().min(1),
  title: z.string(),
  /** The one bundle whose raw labels it corrects. */
  model: z.object({ id: z.string(), weights: z.string() }),
  derived: z.object({ command: z.string(), date: z.string(), method: z.string() }),
  sources: z.array(z.object({ name: z.string(), use: z.string(), stars: z.int().positive(), citation: z.string() })),
  labels: z.partialRecord(z.enum(CORRECTED), correctionSchema),
  abundances: z.object({
    /** Raw labels between which a zero point from one star is used. */
    range: rangeSchema,
    zeroPoints: z.partialRecord(z.enum(ELEMENTS), zeroPointSchema),
    /** Calibrated [Fe/H] of the zero-point star: how far the reference stars and the Sun disagree, dex. Null without a correction of [Fe/H]. */
    sunFeh: z.number().nullable(),
    note: z.string(),
  }),
});
export type Calibration = z.infer<typeof calibrationSchema>;
