import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { FailedReport, StarReport } from '../../src/compute/starReport.ts';
import type { FitOptions } from '../../src/domain/fit.ts';
import type { Failure, Result } from '../../src/domain/result.ts';
import type { ModelCheck } from '../../src/fit/modelCheck.ts';
import type { Fitter } from './openFitter.ts';

export type FileReport = StarReport | FailedReport;

export const failedReport = (file: string, failure: Failure): FailedReport => ({ file, ok: false, failure });

/** Fits every spectrum of a file: one report each, or one that says why the file could not be read. Never throws. */
export async function fitFile(service: Fitter, file: string, options: FitOptions): Promise<FileReport[]> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(file));
  } catch (error) {
    return [
      failedReport(file, {
        code: 'FILE_UNREADABLE',
        message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
        hint: 'Check the path and its permissions.',
      }),
    ];
  }
  try {
    const read = service.read(basename(file), bytes);
    if (!read.ok) return [failedReport(file, read.failure)];
    const reports: FileReport[] = [];
    for (const spectrum of read.value) {
      const fit = await service.fit(spectrum, options);
      if (!fit.ok) {
        reports.push({ ...failedReport(file, fit.failure), id: spectrum.id });
        continue;
      }
      const report = service.report(file, spectrum, fit.value, service.calibrate(fit.value), [...read.warnings, ...fit.warnings]);
      const check = await service.verify?.(fit.value);
      reports.push(check === undefined ? report : verified(report, check));
    }
    return reports;
  } catch (error) {
    // Our own bug: it must not take the other files with it.
    return [
      failedReport(file, {
        code: 'INTERNAL',
        message: `${file}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        hint: 'This is a bug of the program: please report it with the file.',
      }),
    ];
  }
}

/** The report with the model's error, or with a warning that says why there is none. */
function verified(report: StarReport, check: Result<ModelCheck>): StarReport {
  if (!check.ok)
    return { ...report, warnings: [...report.warnings, `The model's error is not known: ${check.failure.code}: ${check.failure.message}`] };
  const { by, rms, labels } = check.value;
  const rounded = (value: number): number => Number(value.toPrecision(4));
  const errors = labels.map(({ name, error, inSigma }) => [name, { error: rounded(error), inSigma: rounded(inSigma) }] as const);
  return { ...report, verification: { by, rms: rounded(rms), labels: Object.fromEntries(errors) } };
}

/** Just enough of a report to know one that came back from another process. */
export const reportSchema = z.custom<FileReport>((value) => z.object({ file: z.string(), ok: z.boolean() }).safeParse(value).success);
