/** What is kept of one injected star and its fit: a line of JSON. */
import { z } from 'zod';

/** The files, beside those of a fit, that decide a record: pictures and tables may change without it. */
export const RECOVERY_CODE = [
  ...['abInitio', 'cramerRao', 'drawPrior', 'inject', 'recover', 'record'].map((name) => `validation/inference/${name}.ts`),
  'validation/optimisers/optimisers.ts',
];

const labelSchema = z.object({
  name: z.string(),
  /** K, dex, km/s: true, fitted, the fit's σ, and the Cramér–Rao σ with the fit's priors. */
  truth: z.number(),
  value: z.number(),
  sigma: z.number(),
  cramerRao: z.number(),
  /** The same three with the draws' distribution for the prior (drawPrior.ts). */
  drawValue: z.number(),
  drawSigma: z.number(),
  drawCramerRao: z.number(),
  priorFraction: z.number(),
  flags: z.array(z.string()),
});

const common = { star: z.number(), snr: z.number() };

export const recordSchema = z.discriminatedUnion('ok', [
  z.object({
    ...common,
    ok: z.literal(true),
    converged: z.boolean(),
    chi2Reduced: z.number(),
    seconds: z.number(),
    rv: z.object({ truth: z.number(), value: z.number(), sigma: z.number() }),
    labels: z.array(labelSchema),
  }),
  z.object({ ...common, ok: z.literal(false), code: z.string(), message: z.string() }),
]);

export type InferenceRecord = z.infer<typeof recordSchema>;
export type FittedStar = Extract<InferenceRecord, { ok: true }>;
export type RecordedLabel = z.infer<typeof labelSchema>;

/** What a process of the validation is set up with. */
export const setupSchema = z.object({
  folder: z.string(),
  seed: z.number(),
  model: z.exactOptional(z.string()),
});
export type InferenceSetup = z.infer<typeof setupSchema>;

export const taskSchema = z.object({
  place: z.object({ index: z.number(), path: z.string(), row: z.number() }),
  snr: z.number(),
});
export type InferenceTask = z.infer<typeof taskSchema>;
