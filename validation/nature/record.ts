/** What is kept of one development star and its fit with one noise model: a line of JSON. */
import { z } from 'zod';
import { keptResidual } from './residual.ts';

/** The files, beside those of a fit, that decide a record. */
export const NATURE_CODE = ['record', 'residual', 'worker'].map((name) => `validation/nature/${name}.ts`);

/** JSON has no NaN. */
const number = z.number().nullable();

const fitted = z.object({
  ok: z.literal(true),
  converged: z.boolean(),
  /** Whether a doubt about the star as a whole spoils its labels. */
  spoilt: z.boolean(),
  chi2Reduced: number,
  seconds: z.number(),
  rv: z.object({ value: number, sigma: number }),
  labels: z.record(
    z.string(),
    z.object({ value: number, sigma: number, exposure: number, flag: z.string(), doubt: z.string().optional() }),
  ),
  /** [X/H] by element, iron too. */
  abundances: z.record(z.string(), z.object({ value: number, sigma: number, flag: z.string() })),
  /** As `Solution` has them: where another fit of the star may begin. */
  nuisances: z.array(z.number()),
  residual: keptResidual.optional(),
});
const common = { name: z.string(), source: z.string(), variant: z.string() };

export const natureRecord = z.discriminatedUnion('ok', [
  z.object({ ...common, ...fitted.shape }),
  z.object({ ...common, ok: z.literal(false), code: z.string(), message: z.string() }),
]);
export type NatureRecord = z.infer<typeof natureRecord>;
export type NatureFit = Extract<NatureRecord, { ok: true }>;

/** A process: the model, and the text of each variant's file by name (null: the floor). Residuals are kept of fits with the floor. */
export const setupSchema = z.object({
  model: z.exactOptional(z.string()),
  variants: z.record(z.string(), z.string().nullable()),
});
export const taskSchema = z.object({
  path: z.string(),
  name: z.string(),
  source: z.string(),
  variant: z.string(),
  /** A fit of the same star to begin from: its labels, nuisances and velocity. Absent: from templates, as every fit. */
  start: z.exactOptional(z.object({ labels: z.record(z.string(), z.number()), nuisances: z.array(z.number()), rv: z.number() })),
});
export type NatureTask = z.infer<typeof taskSchema>;
