import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { failedReport, reportSchema } from './fitFile.ts';
import type { ResultRecord } from '../../src/results/record.ts';
import type { FitSetup } from './fitSetup.ts';
import { runPool } from './pool.ts';

const answerSchema = z.object({ index: z.number(), result: z.array(reportSchema) });

/** Processes for a batch: one per core, at most one per file. */
export const processesFor = (files: number, asked: number | null): number => Math.max(1, Math.min(asked ?? availableParallelism(), files));

export interface Batch {
  /** Reports by file, in the order of `files`; undefined for those not done when it was stopped. */
  readonly reports: readonly (readonly ResultRecord[] | undefined)[];
  readonly wallSeconds: number;
  readonly interrupted: boolean;
}

/** Fits files in parallel processes. Ctrl-C stops it with what is done; `onFile` hears of every file as it is finished. */
export async function runBatch(
  files: readonly string[],
  setup: FitSetup,
  processes: number,
  onFile: (reports: readonly ResultRecord[], done: number) => void,
): Promise<Batch> {
  const reports: (readonly ResultRecord[] | undefined)[] = files.map(() => undefined);
  const start = performance.now();
  let done = 0;
  let interrupted = false;
  const pool = runPool<string, readonly ResultRecord[]>({
    entry: new URL('./fitWorker.ts', import.meta.url),
    setup: { ...setup },
    processes,
    tasks: files,
    answer: answerSchema,
    died: (file, why) => [
      failedReport(file, {
        code: 'PROCESS_DIED',
        message: `The process that fitted ${file} ended (${why}).`,
        hint: 'It may have run out of memory: try fewer --workers.',
      }),
    ],
    onResult: (index, result) => {
      reports[index] = result;
      done++;
      onFile(result, done);
    },
  });
  const stop = (): void => {
    interrupted = true;
    pool.stop();
  };
  process.once('SIGINT', stop);
  await pool.done;
  process.removeListener('SIGINT', stop);
  return { reports, wallSeconds: (performance.now() - start) / 1000, interrupted };
}
