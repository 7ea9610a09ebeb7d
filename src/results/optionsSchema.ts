/** The options of a fit and of a reader as a file states them. Strict: an option that this version does not know would change the digits unseen. */
import { z } from 'zod';
import type { FitOptions, GivenLabels, MaskedRegion } from '../domain/fitOptions.ts';
import { LABELS, type LabelName } from '../domain/labels.ts';
import type { ReadOptions } from '../domain/spectrum.ts';

export const labelSchema = z.enum(LABELS as [LabelName, ...LabelName[]]);
export const samplerSchema = z.enum(['turns', 'hamiltonian', 'ensemble']);
export const methodSchema = z.enum(['cmaes', 'lm', 'mcmc']);

const priorChoice = z.union([z.strictObject({ mean: z.number(), sigma: z.number().positive() }), z.strictObject({ fixed: z.number() })]);

/** Labels that are known before the fit. */
export const givenSchema = z.partialRecord(labelSchema, priorChoice) satisfies z.ZodType<GivenLabels>;

/** A stretch that is left out. */
export const regionSchema = z.strictObject({
  from: z.number(),
  to: z.number(),
  why: z.string(),
  frame: z.exactOptional(z.enum(['rest', 'observed'])),
}) satisfies z.ZodType<MaskedRegion>;

export const optionsSchema = z.strictObject({
  method: methodSchema,
  seed: z.int().nonnegative(),
  maxEvaluations: z.int().positive(),
  sampler: z.exactOptional(samplerSchema),
  maxSampled: z.exactOptional(z.int().positive()),
  priorSigma: z.partialRecord(labelSchema, z.number().positive()),
  priors: z.exactOptional(givenSchema),
  range: z.tuple([z.number(), z.number()]),
  knotSpacing: z.number().positive(),
  maskedRegions: z.array(regionSchema),
  maskDiffuseBands: z.exactOptional(z.boolean()),
}) satisfies z.ZodType<FitOptions>;

export const readingSchema = z.strictObject({
  medium: z.exactOptional(z.enum(['air', 'vacuum'])),
  frame: z.exactOptional(z.enum(['observed', 'barycentric', 'rest'])),
  resolvingPower: z.exactOptional(z.number().positive()),
  errorColumn: z.exactOptional(z.string()),
  fluxUnit: z.exactOptional(z.string()),
  target: z.exactOptional(z.string()),
  degradeTo: z.exactOptional(z.number().positive()),
}) satisfies z.ZodType<ReadOptions>;
