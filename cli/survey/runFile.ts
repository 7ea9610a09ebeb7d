/** What a folder of results was made with: `run.json`. Results of other software, model, calibration or options never share a folder or a catalogue. */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { writeFailure } from './lineStore.ts';

const FORMAT = 'maury-survey-1';
/** Parts of a run that have to be equal. */
const IDENTITY = ['software', 'model', 'calibration', 'backend', 'options'] as const;

export const runSchema = z.object({
  format: z.literal(FORMAT),
  software: z.string(),
  model: z.object({ id: z.string(), sha256: z.string() }),
  calibration: z.object({ id: z.string(), sha256: z.string().nullable() }),
  backend: z.string(),
  options: z.record(z.string(), z.unknown()),
  shard: z.object({ index: z.number().int(), count: z.number().int() }),
  source: z.string(),
});
export type Run = z.infer<typeof runSchema>;

export const runRecord = (run: Omit<Run, 'format'>): Run => ({ format: FORMAT, ...run });

const runPath = (folder: string): string => join(folder, 'run.json');
export const linesPath = (folder: string): string => join(folder, 'results.ndjson');

/** Where two runs differ, in words; empty where their results may stand in one catalogue. */
export function differences(one: Run, other: Run): string[] {
  const say = (value: unknown): string => JSON.stringify(value);
  return IDENTITY.flatMap((part) => {
    if (part !== 'options') return say(one[part]) === say(other[part]) ? [] : [`${part}: ${say(one[part])} and ${say(other[part])}`];
    const names = [...new Set([...Object.keys(one.options), ...Object.keys(other.options)])];
    return names
      .filter((name) => say(one.options[name]) !== say(other.options[name]))
      .map((name) => `${name}: ${say(one.options[name] ?? null)} and ${say(other.options[name] ?? null)}`);
  });
}

/** The run of a folder; null where there is none. Failure `RUN_DAMAGED`. */
export function readRun(folder: string): Result<Run | null> {
  const path = runPath(folder);
  if (!existsSync(path)) return success(null);
  try {
    const parsed = runSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return success(parsed.data);
  } catch {
    // Said below.
  }
  return failed('RUN_DAMAGED', `${path} does not say what its results were made with.`, 'Restore it, or begin in another folder.');
}

/** Puts a run down in its folder, or finds that the folder holds the same one. Failure `OTHER_OPTIONS` says what differs. */
export function claimRun(folder: string, run: Run): Result<null> {
  const there = readRun(folder);
  if (!there.ok) return there;
  if (there.value !== null) {
    const shard = there.value.shard;
    const changed = differences(there.value, run);
    if (shard.index !== run.shard.index || shard.count !== run.shard.count)
      changed.unshift(`shard: ${String(shard.index)}/${String(shard.count)} and ${String(run.shard.index)}/${String(run.shard.count)}`);
    return changed.length === 0
      ? success(null)
      : failed(
          'OTHER_OPTIONS',
          `${folder} holds results of another run (there, and asked for now): ${changed.join('; ')}.`,
          'Give another --out, or the same options.',
        );
  }
  if (existsSync(linesPath(folder)))
    return failed('RUN_DAMAGED', `${folder} has results, but no run.json.`, 'Restore it, or give another --out.');
  try {
    const path = runPath(folder);
    const descriptor = openSync(`${path}.part`, 'w');
    writeSync(descriptor, `${JSON.stringify(run, null, 1)}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(`${path}.part`, path);
    return success(null);
  } catch (error) {
    return { ok: false, failure: writeFailure(runPath(folder), error) };
  }
}
