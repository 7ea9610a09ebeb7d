/** A file of results read back, to fit its stars again as they were fitted: to the same digits, where program, weights and file are the same. */
import { z } from 'zod';
import type { FitOptions } from '../domain/fit.ts';
import { failed, success, type Result } from '../domain/result.ts';
import type { ReadOptions } from '../domain/spectrum.ts';
import { optionsSchema, readingSchema } from './optionsSchema.ts';
import type { StarRecord } from './record.ts';

const recordSchema = z.looseObject({
  file: z.string(),
  ok: z.literal(true),
  labels: z.record(z.string(), z.looseObject({ value: z.number().nullable(), sigma: z.number().nullable() })),
  provenance: z.looseObject({
    model: z.looseObject({ id: z.string(), weights: z.string().nullable() }),
    backend: z.string(),
    options: z.nullable(optionsSchema),
    source: z.looseObject({
      name: z.string(),
      sha256: z.string().nullable(),
      index: z.int().nonnegative(),
      reading: z.exactOptional(readingSchema),
    }),
  }),
});

/** A star to fit again, with the options it was fitted with. */
export interface Replay {
  readonly record: StarRecord;
  readonly options: FitOptions;
  /** What the person had said of the file. */
  readonly reading: ReadOptions;
}

/** The objects of a JSON array, or of JSON lines. */
function objectsOf(text: string): readonly unknown[] | null {
  const parse = (one: string): unknown => JSON.parse(one) as unknown;
  try {
    const whole = parse(text);
    return Array.isArray(whole) ? (whole as readonly unknown[]) : [whole];
  } catch {
    try {
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parse);
    } catch {
      return null;
    }
  }
}

/**
 * The fitted stars of a results file; those without a fit are skipped. Failures `REPLAY_NOT_JSON`, `REPLAY_NOT_RESULTS` (quoting what is
 * wrong, an unknown option included), `REPLAY_NO_OPTIONS` (results of a version that did not write down how they were made).
 */
export function readReplay(text: string): Result<readonly Replay[]> {
  const objects = objectsOf(text);
  if (objects === null || objects.length === 0)
    return failed(
      'REPLAY_NOT_JSON',
      'It is no JSON array and no JSON lines.',
      'Give a file that `maury fit --json` or Export as JSON wrote.',
    );
  const replays: Replay[] = [];
  const skipped: string[] = [];
  for (const [i, one] of objects.entries()) {
    if (typeof one === 'object' && one !== null && 'ok' in one && one.ok === false) {
      skipped.push('file' in one ? String(one.file) : String(i));
      continue;
    }
    const parsed = recordSchema.safeParse(one);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return failed(
        'REPLAY_NOT_RESULTS',
        `Star ${String(i + 1)} cannot be fitted again: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`,
        'The file may be of another version of this program: run that one, or fit the spectra anew.',
      );
    }
    const { options, source } = parsed.data.provenance;
    if (options === null)
      return failed(
        'REPLAY_NO_OPTIONS',
        `${parsed.data.file} was fitted by a version that did not write down its options.`,
        'Fit the spectrum anew.',
      );
    replays.push({ record: one as StarRecord, options, reading: source.reading ?? {} });
  }
  return success(
    replays,
    skipped.length === 0 ? [] : [`${String(skipped.length)} of ${String(objects.length)} were not fitted: ${skipped.join(', ')}`],
  );
}

/** What of a star came out otherwise than before, each as `name: before, now`; none where every digit is the same. */
export function replayDifferences(before: StarRecord, now: StarRecord): readonly string[] {
  const facts = (star: StarRecord): ReadonlyMap<string, unknown> =>
    new Map<string, unknown>([
      ['model', `${star.model} ${star.provenance.model.weights ?? ''}`],
      ['calibration', star.calibration],
      ['rv', star.rv.value],
      ['chi2Reduced', star.chi2Reduced],
      ['pixelsUsed', star.pixelsUsed],
      ...Object.entries(star.labels).flatMap(([name, { value, sigma, calibrated, flag }]) => [
        [name, value] as const,
        [`${name} sigma`, sigma] as const,
        [`${name} calibrated`, calibrated] as const,
        [`${name} flag`, flag] as const,
      ]),
    ]);
  const [old, fresh] = [facts(before), facts(now)];
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .filter((name) => old.get(name) !== fresh.get(name))
    .map((name) => `${name}: ${String(old.get(name))}, now ${String(fresh.get(name))}`);
}
