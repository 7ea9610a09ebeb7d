/** `public/calibrations/<id>.json`: raw labels of one model bundle → calibrated labels, with what each rests on. */
import { z } from 'zod';
import { HULL_SIZE } from './hull.ts';
import { CALIBRATED_NAMES, type CalibratedName } from './names.ts';
import { KINDS } from './kinds.ts';
import { TERM_NAMES } from './terms.ts';

const interval = z.tuple([z.number(), z.number()]);
/** Box of calibrated T_eff, log g, [Fe/H]: K, dex, dex. */
const rangeSchema = z.object({ teff: interval, logg: interval, feh: interval });
export type ValidityRange = z.infer<typeof rangeSchema>;

/** raw = truth + Σ coefficient · term(T_eff, log g, [Fe/H]), the terms at the calibrated labels. */
const trendSchema = z.object({
  terms: z.array(z.object({ name: z.enum(TERM_NAMES), coefficient: z.number(), sigma: z.number().nonnegative() })),
  /** Of the coefficients, row-major. */
  covariance: z.array(z.number()),
});
export type Trend = z.infer<typeof trendSchema>;

const byKindSchema = z.record(z.enum(KINDS), z.number().nonnegative());

/** What stars say that took no part: calibrated − reference. */
const heldOutSchema = z.object({
  stars: z.int().nonnegative(),
  bias: z.number(),
  /** Robust σ; the reference's own errors are in it. */
  scatter: z.number().nonnegative(),
  /** Median σ of the fit, and of the references. */
  fitSigma: z.number(),
  referenceSigma: z.number(),
  within1: z.number(),
  within2: z.number(),
  /** The same stars raw. */
  raw: z.object({ bias: z.number(), scatter: z.number() }),
});
export type HeldOutSummary = z.infer<typeof heldOutSchema>;

const labelSchema = trendSchema.extend({
  /** `references`: stars with labels from elsewhere. `solar-zero-point`: the Sun alone, near the Sun alone. */
  kind: z.enum(['references', 'solar-zero-point']),
  stars: z.int().positive(),
  spectra: z.int().positive(),
  sources: z.array(z.object({ name: z.string(), stars: z.int().nonnegative(), zeroPoint: z.number().nullable() })),
  shared: z.array(z.object({ name: z.string(), members: z.int().positive(), scatter: z.number().nonnegative() })),
  range: rangeSchema,
  /** How far references reach in each direction (`hull.ts`); null where `range` is all there is. */
  hull: z.array(z.number()).length(HULL_SIZE).nullable(),
  /** Intrinsic scatter of a calibrated value by kind of star: what its σ adds to the fit's. `scatterRatio`: of [X/Fe], for elements. */
  scatter: byKindSchema,
  /** What the fit's σ is multiplied by where stars scatter by less: at most 1. */
  fitScale: z.number().positive().max(1).default(1),
  scatterRatio: byKindSchema.nullable(),
  heldOut: heldOutSchema.nullable(),
  /** What a fit beyond the blue adds to a raw label, by spectra that were fitted over both ranges; null where none were. */
  reach: trendSchema.extend({ scatter: z.number().nonnegative(), spectra: z.int().positive() }).nullable(),
  /** Loss of held-out stars by form and strength of the ridge. */
  tried: z.array(z.object({ terms: z.int().positive(), ridge: z.number(), loss: z.number() })),
});
export type LabelCalibration = z.infer<typeof labelSchema>;

export const CALIBRATION_FORMAT = 'maury-calibration-2';

export const calibrationSchema = z.object({
  format: z.literal(CALIBRATION_FORMAT),
  id: z.string().min(1),
  title: z.string(),
  /** The one bundle whose raw labels it corrects. */
  model: z.object({ id: z.string(), weights: z.string() }),
  derived: z.object({ command: z.string(), date: z.string(), method: z.string() }),
  /** The source on whose scale labels are put. */
  scale: z.string(),
  sources: z.array(z.object({ name: z.string(), use: z.string(), stars: z.int().positive(), citation: z.string() })),
  labels: z.partialRecord(z.enum(CALIBRATED_NAMES as [CalibratedName, ...CalibratedName[]]), labelSchema),
});
export type Calibration = z.infer<typeof calibrationSchema>;
