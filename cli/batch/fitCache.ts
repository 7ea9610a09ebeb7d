/** Fits that are kept between runs, one file per star, so that a long validation resumes and a calibration reuses it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { runBatch, type Batch } from './batch.ts';
import { FIT_CODE, fingerprint, SAMPLING_CODE } from './fingerprint.ts';
import { reportSchema } from './fitFile.ts';
import type { ResultRecord } from '../../src/results/record.ts';
import type { FitSetup } from './fitSetup.ts';
import { resultLine } from '../../src/results/text.ts';
import { cachePath } from '../files/sharedFolder.ts';

async function remembered(path: string): Promise<readonly ResultRecord[] | undefined> {
  try {
    const parsed = z.array(reportSchema).safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Fits files, taking from the cache what was fitted before with the same code, weights and options. Progress goes to stderr. */
export async function cachedBatch(
  files: readonly string[],
  setup: FitSetup,
  weights: string,
  processes: number,
): Promise<Batch & { readonly reused: number }> {
  const code = [
    ...FIT_CODE,
    ...(setup.options.method === 'mcmc' ? [SAMPLING_CODE] : []),
    ...(setup.synthesis === undefined ? [] : ['src/synthesis']),
  ];
  const folder = cachePath('fits', await fingerprint(code, weights, JSON.stringify(setup)));
  await mkdir(folder, { recursive: true });
  const cacheFile = (file: string): string => join(folder, `${basename(file)}.json`);
  const reports = await Promise.all(files.map((file) => remembered(cacheFile(file))));
  const missing = files.filter((_, i) => reports[i] === undefined);
  const reused = files.length - missing.length;
  process.stderr.write(`${String(missing.length)} of ${String(files.length)} stars to fit (${String(reused)} kept in ${folder})\n`);
  const writes: Promise<void>[] = [];
  const batch = await runBatch(missing, setup, Math.min(processes, Math.max(1, missing.length)), (done, count) => {
    const file = done[0]?.file;
    if (file !== undefined && !done.some((report) => !report.ok && report.failure.code === 'PROCESS_DIED'))
      writes.push(writeFile(cacheFile(file), JSON.stringify(done)));
    for (const report of done) process.stderr.write(`[${String(count)}/${String(missing.length)}] ${resultLine(report)}\n`);
  });
  await Promise.all(writes);
  const fresh = new Map(missing.map((file, i) => [file, batch.reports[i]]));
  return { ...batch, reports: files.map((file, i) => reports[i] ?? fresh.get(file)), reused };
}
