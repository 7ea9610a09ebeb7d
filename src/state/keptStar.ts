/** One spectrum as it is kept between visits: its record, how a record is checked, and how one of an earlier version is brought up to this. */
import * as z from 'zod';
import type { GivenLabels, MaskedRegion } from '../domain/fitOptions.ts';
import { NO_NOTE, NOTE_VERDICTS, type StarNote } from '../domain/note.ts';
import { SOLUTION_FORMAT } from '../domain/problem.ts';
import type { Spectrum } from '../domain/spectrum.ts';
import { SIMULATED } from '../domain/survey.ts';
import { surveyNamed, withPipelineVelocity } from '../io/surveys/records.ts';
import { givenSchema, regionSchema } from '../results/optionsSchema.ts';
import type { FinishedFit } from './fitRun.ts';
import { migrateFitSettings, readFitSettings } from './settings.ts';
import type { FitSettings } from './settings.ts';

/** Raised with every change of `KeptStar`, together with a step in `MIGRATIONS`. */
const VERSION = 7;

export interface KeptStar {
  readonly version: typeof VERSION;
  /** The tab that keeps it (`Tabs`). */
  readonly owner: string;
  /** Its name on the page. */
  readonly key: string;
  /** The demo star. */
  readonly demo: boolean;
  /** Rank among the others. */
  readonly rank: number;
  readonly spectrum: Spectrum;
  readonly warnings: readonly string[];
  /** What its fits leave out. */
  readonly stretches: readonly MaskedRegion[];
  /** Labels that a person knows. */
  readonly given: GivenLabels;
  /** What a person thinks of it. */
  readonly note: StarNote;
  /** Its result, or the one from before the fit that was under way. */
  readonly finished: FinishedFit | null;
  /** Other fits of it that are kept, the newest first. */
  readonly earlier: readonly FinishedFit[];
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
  format: z.exactOptional(z.literal(SOLUTION_FORMAT)),
  problem: z.exactOptional(
    z.object({
      labels: z.array(z.object({ name: z.string() })).min(1),
      data: z.array(z.object({ weight: pixels, reason: z.instanceof(Uint8Array) })).min(1),
    }),
  ),
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

const noteShape = z.object({ verdict: z.nullable(z.enum(NOTE_VERDICTS)), comment: z.string() });
const finishedShape = z.custom<FinishedFit>(isFinished, 'is no result that this version can show');

/** Our own records: their shape is looked at, so that a damaged one is not drawn. */
const keptShape = z.object({
  version: z.literal(VERSION),
  owner: z.string(),
  key: z.string(),
  demo: z.boolean(),
  rank: z.number(),
  spectrum: z.custom<Spectrum>(isSpectrum, 'is no spectrum'),
  warnings: z.array(z.string()),
  stretches: z.array(regionSchema),
  given: givenSchema,
  note: noteShape,
  finished: z.nullable(finishedShape),
  earlier: z.array(finishedShape),
  asked: z.nullable(z.object({ settings: z.unknown(), model: z.nullable(z.string()), checkpoint: z.unknown().optional() })),
});

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

/** A spectrum that was kept when its survey was a name alone: the record of that survey is what the reader would give it today. */
function withSurvey(spectrum: Fields): Fields {
  const { survey, meta } = spectrum;
  if (typeof survey !== 'string') return spectrum;
  return { ...spectrum, survey: withPipelineVelocity(surveyNamed(survey), fieldsOf(meta)['rv_pipeline_kms']) };
}

/** From each earlier version to the next; `place` is the key that the record is stored under. */
const MIGRATIONS: Readonly<Record<number, (record: Fields, place: string) => Fields>> = {
  // Version 1 stored a star under its name on the page, knew of one tab, told the demo star by its survey, and some surveys by name alone.
  1: (record, place) => {
    const spectrum = withSurvey(fieldsOf(record['spectrum']));
    const asked = isFields(record['asked']) ? { ...record['asked'], settings: migrateFitSettings(record['asked']['settings']) } : null;
    const demo = spectrum['simulated'] === true && fieldsOf(spectrum['survey'])['name'] === SIMULATED.name;
    return { ...record, version: 2, owner: '', key: place, demo, spectrum, asked };
  },
  // Version 2 kept results without the problem they solve: they are shown as they are (`ShownResult`).
  2: (record) => ({ ...record, version: 3 }),
  // Version 3 had no stretches that a person leaves out.
  3: (record) => ({ ...record, version: 4, stretches: [] }),
  // Version 4 had no labels that a person gives.
  4: (record) => ({ ...record, version: 5, given: {} }),
  // Version 5 had no notes.
  5: (record) => ({ ...record, version: 6, note: NO_NOTE }),
  // Version 6 had one fit of a star.
  6: (record) => ({ ...record, version: 7, earlier: [] }),
};

/** A record that was read, or why it cannot be. */
export type ReadStar = { readonly ok: true; readonly star: KeptStar } | { readonly ok: false; readonly why: string };

/** Reads the record stored under `place`, of this version or an earlier one. */
export function readKeptStar(record: unknown, place: string): ReadStar {
  let current = fieldsOf(record);
  for (let version = current['version']; version !== VERSION; version = current['version']) {
    const migrate = typeof version === 'number' ? MIGRATIONS[version] : undefined;
    if (migrate === undefined)
      return {
        ok: false,
        why:
          typeof version === 'number' && version > VERSION
            ? `written by a later version of this page (${String(version)})`
            : 'not a record of this page',
      };
    current = migrate(current, place);
  }
  const parsed = keptShape.safeParse(current);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { ok: false, why: `damaged: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` };
  }
  const { asked, ...rest } = parsed.data;
  return { ok: true, star: { ...rest, asked: asked === null ? null : { ...asked, settings: readFitSettings(asked.settings) } } };
}

/** A star as it is written. */
export const keptStar = (star: Omit<KeptStar, 'version'>): KeptStar => ({ version: VERSION, ...star });
