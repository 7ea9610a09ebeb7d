import * as z from 'zod';
import type { Spectrum } from '../domain/spectrum.ts';
import { surveyNamed, withPipelineVelocity } from '../io/surveys/records.ts';
import type { FinishedFit } from './fitRun.ts';
import { readFitSettings } from './settings.ts';
import type { FitSettings } from './settings.ts';

/** Raised when a record of an earlier version could no longer be read. */
const VERSION = 1;

/** One spectrum as it is kept between visits. */
export interface KeptStar {
  readonly version: typeof VERSION;
  /** Rank among the others. */
  readonly rank: number;
  readonly spectrum: Spectrum;
  readonly warnings: readonly string[];
  /** Its result, or the one from before the fit that was under way. */
  readonly finished: FinishedFit | null;
  /** A fit that was asked for and not finished: with what settings, on which model, and how far it had come. */
  readonly asked: { readonly settings: FitSettings; readonly model: string | null; readonly checkpoint?: unknown } | null;
}

const pixels = z.instanceof(Float64Array);
const spectrumShape = z.object({
  id: z.string(),
  survey: z.object({ name: z.string(), mediumKnown: z.boolean() }),
  wavelength: pixels,
  flux: pixels,
  ivar: pixels,
  meta: z.object({}),
  lsf: z.object({ kind: z.string() }),
});
const resultShape = z.object({
  labels: z.array(z.object({ name: z.string(), value: z.number(), flags: z.array(z.string()) })).min(1),
  covariance: pixels,
  modelFlux: pixels,
  continuum: pixels,
  residuals: pixels,
  restWavelength: pixels,
  used: z.instanceof(Uint8Array),
  rv: z.object({ value: z.number() }),
});
const isSpectrum = (value: unknown): boolean => spectrumShape.safeParse(value).success;
const isFinished = (value: unknown): boolean =>
  z
    .object({ kind: z.literal('done'), result: resultShape, calibrated: z.object({ parameters: z.object({}), abundances: z.object({}) }) })
    .safeParse(value).success;

/** Our own records: their shape is looked at, so that one of another version or a damaged one is dropped and not drawn. */
const keptShape = z.object({
  version: z.literal(VERSION),
  rank: z.number(),
  spectrum: z.custom<Spectrum>(isSpectrum),
  warnings: z.array(z.string()),
  finished: z.nullable(z.custom<FinishedFit>(isFinished)),
  asked: z.nullable(z.object({ settings: z.unknown(), model: z.nullable(z.string()), checkpoint: z.unknown().optional() })),
});

/** A spectrum that was kept when its survey was a name alone: the record of that survey is what the reader would give it today. */
function withSurvey(spectrum: unknown): unknown {
  if (typeof spectrum !== 'object' || spectrum === null || !('survey' in spectrum) || typeof spectrum.survey !== 'string') return spectrum;
  const meta: unknown = 'meta' in spectrum ? spectrum.meta : null;
  const velocity: unknown = typeof meta === 'object' && meta !== null && 'rv_pipeline_kms' in meta ? meta.rv_pipeline_kms : undefined;
  return { ...spectrum, survey: withPipelineVelocity(surveyNamed(spectrum.survey), velocity) };
}

/** Null where the record is not what this version keeps. */
export function readKeptStar(record: unknown): KeptStar | null {
  const parsed = keptShape.safeParse(
    typeof record === 'object' && record !== null && 'spectrum' in record ? { ...record, spectrum: withSurvey(record.spectrum) } : record,
  );
  if (!parsed.success) return null;
  const { asked, ...rest } = parsed.data;
  return { ...rest, asked: asked === null ? null : { ...asked, settings: readFitSettings(asked.settings) } };
}

/** A star as it is written. */
export const keptStar = (star: Omit<KeptStar, 'version'>): KeptStar => ({ version: VERSION, ...star });
