/**
 * A session as one file, `….maury.json.gz`: every spectrum with its fit, what it leaves out and what is known of it, the settings of fits, and the
 * calibrations that a person opened. The stars are records of `keptStar.ts`, so that all that outlives a reload travels, and old files open as old
 * records do.
 */
import { gunzipSync, gzipSync } from 'fflate';
import * as z from 'zod';
import { failed, success, type Result } from '../domain/result.ts';
import { softwareText } from '../domain/version.ts';
import type { Run } from '../results/record.ts';
import { parseTypedJson, typedJson } from '../results/typedJson.ts';
import { readKeptStar, type KeptStar } from './keptStar.ts';

const FORMAT = 'maury-session';
const VERSION = 1;
export const SESSION_SUFFIX = '.maury.json.gz';

/** What such a file holds. `calibrations` are the texts of files of calibrations, as they are opened. */
export interface SavedSession {
  readonly stars: readonly KeptStar[];
  readonly fit: unknown;
  readonly calibrations: readonly unknown[];
}

/** Whether a file says by its name that it is a session. */
export const isSessionFile = (name: string): boolean => /\.maury(\s?\(\d+\))?\.json(\.gz)?$/i.test(name);

/** The bytes of a session's file. */
export function writeSession(session: SavedSession, run: Run): Uint8Array<ArrayBuffer> {
  const { stars, fit, calibrations } = session;
  const text = typedJson({
    format: FORMAT,
    version: VERSION,
    software: softwareText(run.software),
    date: run.date,
    fit,
    calibrations,
    stars,
  });
  return gzipSync(new TextEncoder().encode(text), { mtime: run.date });
}

/** What every version says of itself. */
const headShape = z.object({ format: z.literal(FORMAT), version: z.number(), software: z.string() });
const shape = z.object({ fit: z.optional(z.unknown()), calibrations: z.array(z.unknown()), stars: z.array(z.unknown()) });

/** A file that is whole, but no session. */
function notOne({ issues: [issue] }: z.ZodError): Result<never> {
  return failed(
    'SESSION_DAMAGED',
    `This is no session of Maury: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}.`,
    `Choose a file that was saved with "Save session"; its name ends in ${SESSION_SUFFIX}.`,
  );
}

/**
 * What is in such a file; `unread` tells, by name, the stars that cannot be read, whose neighbours open nevertheless. Failures: `SESSION_DAMAGED` for a
 * file that is cut off or no session, `SESSION_NEWER` for one of a later version of the page.
 */
export function readSession(bytes: Uint8Array): Result<SavedSession & { readonly unread: readonly string[] }> {
  let value: unknown;
  try {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    value = parseTypedJson(new TextDecoder().decode(zipped ? gunzipSync(bytes) : bytes));
  } catch (error) {
    return failed(
      'SESSION_DAMAGED',
      `This session cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'The file is cut off or changed. Copy it again from where it was saved; what is open on the page stays as it is.',
    );
  }
  const head = headShape.safeParse(value);
  if (!head.success) return notOne(head.error);
  const { version, software } = head.data;
  if (version > VERSION)
    return failed(
      'SESSION_NEWER',
      `This session was saved by ${software}, whose files (version ${String(version)}) this page cannot read.`,
      'Open it with that version of the page, or a later one.',
    );
  const parsed = shape.safeParse(value);
  if (!parsed.success) return notOne(parsed.error);
  const { fit, calibrations, stars } = parsed.data;
  const read = stars.map((star, i) => ({ place: nameOf(star, i), read: readKeptStar(star, nameOf(star, i)) }));
  return success({
    fit,
    calibrations,
    stars: read.flatMap(({ read: one }) => (one.ok ? [one.star] : [])),
    unread: read.flatMap(({ place, read: one }) => (one.ok ? [] : [`${place} (${one.why})`])),
  });
}

function nameOf(star: unknown, i: number): string {
  return typeof star === 'object' && star !== null && 'key' in star && typeof star.key === 'string' ? star.key : `star ${String(i + 1)}`;
}
