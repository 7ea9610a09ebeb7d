/** Fits of reference spectra, each kept by what decides it, so that a calibration is derived again in seconds. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FitService } from '../../src/compute/service.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { failedRecord, type ResultRecord } from '../../src/results/record.ts';
import { fingerprint } from '../batch/fingerprint.ts';
import { reportSchema } from '../batch/fitFile.ts';
import { runPool } from '../batch/pool.ts';
import { cachePath } from '../files/sharedFolder.ts';
import { contentOf, type ReferenceSpectrum } from './referenceSpectra.ts';

/** The code that decides a raw label of a reference: the fit with its noise model, and what makes the survey's view. */
const CODE = [
  ...['src/domain', 'src/math', 'src/spectra', 'src/io', 'src/emulator', 'src/fit'],
  'cli/calibration/referenceSpectra.ts',
  'cli/files/sun.ts',
];

export interface FittedReference {
  readonly reference: ReferenceSpectrum;
  readonly record: ResultRecord;
}

async function kept(path: string): Promise<ResultRecord | undefined> {
  try {
    const parsed = reportSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Fits what was not fitted before with the same bytes, weights, error of the model, options and code; undefined records were not reached when it was interrupted. Kept in
 * `calibration/` of the cache under the hash of all that.
 */
export async function fitReferences(
  references: readonly ReferenceSpectrum[],
  { identity: model, key }: Pick<FitService, 'identity' | 'key'>,
  processes: number,
): Promise<{ readonly fitted: readonly FittedReference[]; readonly interrupted: boolean }> {
  const common = await fingerprint(CODE, model.id, key, JSON.stringify(DEFAULT_FIT_OPTIONS));
  const folder = cachePath('calibration', common);
  await mkdir(folder, { recursive: true });
  const paths = await Promise.all(
    references.map(async (reference) => {
      const hash = createHash('sha256').update(await contentOf(reference));
      return join(
        folder,
        `${hash
          .update(JSON.stringify([reference.library, reference.range]))
          .digest('hex')
          .slice(0, 24)}.json`,
      );
    }),
  );
  const records: (ResultRecord | undefined)[] = await Promise.all(paths.map(kept));
  const missing = references.flatMap((_, i) => (records[i] === undefined ? [i] : []));
  process.stderr.write(
    `${String(missing.length)} of ${String(references.length)} reference spectra to fit (the others are kept in ${folder})\n`,
  );
  let done = 0;
  let interrupted = false;
  const began = performance.now();
  const writes: Promise<void>[] = [];
  const pool = runPool<ReferenceSpectrum, ResultRecord>({
    entry: new URL('./referenceWorker.ts', import.meta.url),
    setup: { model: model.id },
    processes: Math.max(1, Math.min(processes, missing.length)),
    tasks: missing.flatMap((i) => references[i] ?? []),
    answer: z.object({ index: z.number(), result: reportSchema }),
    died: ({ id, path }, why) =>
      failedRecord({
        file: id,
        failure: { code: 'PROCESS_DIED', message: `The process that fitted ${path} ended (${why}).`, hint: 'Try fewer --workers.' },
      }),
    onResult: (index, record) => {
      const place = missing[index] ?? -1;
      records[place] = record;
      const path = paths[place];
      if (path !== undefined && (record.ok || record.failure.code !== 'PROCESS_DIED')) writes.push(writeFile(path, JSON.stringify(record)));
      done++;
      const left = ((performance.now() - began) / done) * (missing.length - done);
      if (done % 20 === 0 || !record.ok) {
        const failure = record.ok ? '' : ` ${record.file}: ${record.failure.code}: ${record.failure.message}`;
        process.stderr.write(`[${String(done)}/${String(missing.length)}]${failure} ${(left / 60_000).toFixed(1)} min to go\n`);
      }
    },
  });
  const stop = (): void => {
    interrupted = true;
    pool.stop();
    process.stderr.write('Interrupted; the same command goes on from here.\n');
  };
  process.once('SIGINT', stop);
  await pool.done;
  process.removeListener('SIGINT', stop);
  await Promise.all(writes);
  return {
    fitted: references.flatMap((reference, i) => {
      const record = records[i];
      return record === undefined ? [] : [{ reference, record }];
    }),
    interrupted,
  };
}
