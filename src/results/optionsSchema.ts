/** The options of a fit as a file states them. Strict: an option that this version does not know would change the digits unseen. */
import { z } from 'zod';
import type { FitOptions } from '../domain/fitOptions.ts';
import { LABELS, type LabelName } from '../domain/labels.ts';

export const labelSchema = z.enum(LABELS as [LabelName, ...LabelName[]]);
export const samplerSchema = z.enum(['turns', 'hamiltonian', 'ensemble']);
export const methodSchema = z.enum(['cmaes', 'lm', 'mcmc']);

const priorChoice = z.union([z.strictObject({ mean: z.number(), sigma: z.number().positive() }), z.strictObject({ fixed: z.number() })]);

export const optionsSchema = z.strictObject({
  method: methodSchema,
  seed: z.int().nonnegative(),
  maxEvaluations: z.int().positive(),
  sampler: z.exactOptional(samplerSchema),
  maxSampled: z.exactOptional(z.int().positive()),
  priorSigma: z.partialRecord(labelSchema, z.number().positive()),
  priors: z.exactOptional(z.partialRecord(labelSchema, priorChoice)),
  range: z.tuple([z.number(), z.number()]),
  knotSpacing: z.number().positive(),
  maskedRegions: z.array(
    z.strictObject({ from: z.number(), to: z.number(), why: z.string(), frame: z.exactOptional(z.enum(['rest', 'observed'])) }),
  ),
  maskDiffuseBands: z.exactOptional(z.boolean()),
}) satisfies z.ZodType<FitOptions>;
