import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { Failure, Result } from '../../src/domain/result.ts';
import type { ModelCheck } from '../../src/fit/modelCheck.ts';
import { failedRecord, starRecord, type FailedRecord, type ResultRecord, type StarRecord } from '../../src/results/record.ts';
import { software } from '../../src/domain/version.ts';
import type { Fitter } from './openFitter.ts';
import type { FitSetup } from './fitSetup.ts';

export const failedReport = (file: string, failure: Failure): FailedRecord => failedRecord({ file, failure });

/** Fits every spectrum of a file, or the one that the set-up names: one report each, or one that says why there is none. Never throws. */
export async function fitFile(
  service: Fitter,
  file: string,
  { options, reading = {}, spectrum: only }: Pick<FitSetup, 'options' | 'reading' | 'spectrum'>,
): Promise<ResultRecord[]> {
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
    const read = await service.read(basename(file), bytes, reading);
    if (!read.ok) return [failedReport(file, read.failure)];
    const wanted = only === undefined ? read.value : read.value.slice(only - 1, only);
    if (only !== undefined && wanted.length === 0)
      return [
        failedReport(file, {
          code: 'SPECTRUM_MISSING',
          message: `There is no spectrum ${String(only)}: ${String(read.value.length)} can be read of the file.`,
          hint: 'Leave --spectrum out to fit all of them.',
        }),
      ];
    const reports: ResultRecord[] = [];
    for (const spectrum of wanted) {
      const fit = await service.fit(spectrum, options);
      if (!fit.ok) {
        reports.push(failedRecord({ file, spectrum, failure: fit.failure }));
        continue;
      }
      const warnings = [...read.warnings, ...fit.warnings];
      const star = { file, spectrum, result: fit.value, calibrated: service.calibrate(fit.value), warnings };
      const record = starRecord(star, { software: software(), date: new Date().toISOString() });
      const check = await service.verify?.(fit.value);
      reports.push(check === undefined ? record : verified(record, check));
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
function verified(report: StarRecord, check: Result<ModelCheck>): StarRecord {
  if (!check.ok)
    return { ...report, warnings: [...report.warnings, `The model's error is not known: ${check.failure.code}: ${check.failure.message}`] };
  const { by, rms, labels } = check.value;
  const rounded = (value: number): number => Number(value.toPrecision(4));
  const errors = labels.map(({ name, error, inSigma }) => [name, { error: rounded(error), inSigma: rounded(inSigma) }] as const);
  return { ...report, verification: { by, rms: rounded(rms), labels: Object.fromEntries(errors) } };
}

/** Just enough of a report to know one that came back from another process. */
export const reportSchema = z.custom<ResultRecord>((value) => z.object({ file: z.string(), ok: z.boolean() }).safeParse(value).success);
