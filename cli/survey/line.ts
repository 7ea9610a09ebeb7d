/** One line of a survey's results: which spectrum of which file, and the record of its fit or of its failure. */
import { z } from 'zod';

const number = z.number().nullable();
/** What a catalogue needs of a label or abundance. */
const valueSchema = z.object({
  value: number.optional(),
  xh: number.optional(),
  sigma: number,
  calibrated: number,
  sigmaCalibrated: number,
  flag: z.string(),
  flags: z.array(z.string()).optional(),
  priorFraction: number.optional(),
  exposureSigma: number.optional(),
});
export type LineValue = z.infer<typeof valueSchema>;

const fittedSchema = z.object({
  file: z.string(),
  ok: z.literal(true),
  id: z.string(),
  object: z.string().nullable().optional(),
  survey: z.string(),
  simulated: z.boolean(),
  snr: number,
  resolvingPower: number,
  rv: z.object({ value: number, sigma: number }),
  chi2Reduced: number,
  pixelsUsed: z.number(),
  trainingDistance: number.optional(),
  converged: z.boolean(),
  method: z.string(),
  seconds: z.number(),
  evaluations: z.number(),
  labels: z.record(z.string(), valueSchema),
  abundances: z.record(z.string(), valueSchema),
  warnings: z.array(z.string()),
  alerts: z.array(z.object({ code: z.string(), message: z.string() })),
  meta: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** Of a star that was fitted from several visits. */
  visits: z.array(z.object({ file: z.string() })).optional(),
});
const failureSchema = z.object({ code: z.string(), message: z.string(), hint: z.exactOptional(z.string()) });
const failedSchema = z.object({ file: z.string(), ok: z.literal(false), id: z.string().optional(), failure: failureSchema });

export const lineSchema = z.object({
  /** Path below the source. */
  file: z.string(),
  /** Which spectrum of the file, from 0; −1 for an entry of a list that stands there twice. */
  index: z.number().int(),
  /** Spectra in the file. */
  of: z.number().int(),
  /** SHA-256 of the file's bytes; null where they could not be read. */
  sha256: z.string().nullable(),
  /** The survey's own velocity, km/s, where the file states it. */
  pipelineVelocity: z.number().nullable(),
  /** Lines that stand above the model, strongest first. */
  emission: z.array(z.object({ line: z.string(), sigma: z.number(), share: z.number() })).default([]),
  record: z.discriminatedUnion('ok', [fittedSchema, failedSchema]),
});
export type SurveyLine = z.infer<typeof lineSchema>;
export type FittedLine = z.infer<typeof fittedSchema>;

/** Null for what is not a line of results. */
export function parseLine(text: string): SurveyLine | null {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The few fields by which a run knows what it has done. */
const headSchema = z.object({
  file: z.string(),
  index: z.number().int(),
  of: z.number().int(),
  sha256: z.string().nullable(),
  record: z.object({ ok: z.boolean(), failure: z.object({ code: z.string() }).optional() }),
});
export type LineHead = z.infer<typeof headSchema>;

export function parseHead(text: string): LineHead | null {
  try {
    const parsed = headSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Faults of the machine or of a moment: such a spectrum is tried again by the next run. */
const PASSING = ['FILE_MISSING', 'FILE_UNREADABLE', 'PROCESS_DIED'];
export const isPassing = (code: string | undefined): boolean => code !== undefined && PASSING.includes(code);
export const DUPLICATE = 'DUPLICATE_ENTRY';
