/** What the validations on real stars share: their options, and fits that are kept. */
import type { StarRecord } from '../../src/results/record.ts';
import type { Calibration } from '../../src/calibration/schema.ts';
import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import type { FitMethod, FitOptions } from '../../src/domain/fit.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { choiceOption, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { processesFor } from '../../cli/batch/batch.ts';
import { cachedBatch } from '../../cli/batch/fitCache.ts';
import { DEFAULT_METHOD, METHOD_IDS } from '../../src/fit/methods.ts';
import { openService } from '../../cli/batch/openService.ts';

/** The options that these commands have in common, for their help. */
export const REAL_STARS_HELP = `  --method lm|cmaes   optimiser (default ${DEFAULT_METHOD})
  --model ID          model bundle in public/models (default: the first of its index)
  --workers N         processes (default: one per core)
  --first N           only the first N stars; the documents are then left as they are

Fits are kept in .cache/ by code, weights and options, so that it resumes.
`;

interface Asked {
  readonly method: FitMethod;
  readonly model: string | undefined;
  /** 0: one per core. */
  readonly workers: number;
  readonly first: number;
  /** Whether all stars were asked for, so that the documents may be written. */
  readonly all: boolean;
}

/** The options, or the exit code of a command that ends here. */
export function askedFor(
  help: string,
  args: readonly string[],
): { readonly ok: true; readonly value: Asked } | { readonly ok: false; readonly code: number } {
  const parsed = openCommand(help, {
    args: [...args],
    options: { method: { type: 'string' }, model: { type: 'string' }, workers: { type: 'string' }, first: { type: 'string' } },
  });
  if (!parsed.ok) return parsed;
  const { values } = parsed.value;
  const method = choiceOption<FitMethod>('method', values.method, DEFAULT_METHOD, METHOD_IDS);
  if (!method.ok) return { ok: false, code: refuse(method.failure) };
  const workers = numberOption('workers', values.workers, 0, { min: 1, max: 256, integer: true });
  if (!workers.ok) return { ok: false, code: refuse(workers.failure) };
  const first = numberOption('first', values.first, Number.MAX_SAFE_INTEGER, { min: 1, integer: true });
  if (!first.ok) return { ok: false, code: refuse(first.failure) };
  const { model, first: asked } = values;
  return { ok: true, value: { method: method.value, model, workers: workers.value, first: first.value, all: asked === undefined } };
}

export interface FittedFiles {
  /** By file, in the order given: the report of its first spectrum; undefined where it failed or was not reached. */
  readonly reports: readonly (StarRecord | undefined)[];
  readonly failures: readonly string[];
  readonly model: string;
  readonly info: EmulatorInfo;
  readonly calibration: Calibration | null;
  readonly interrupted: boolean;
  /** Fits done now, and seconds by the clock. */
  readonly fresh: number;
  readonly wallSeconds: number;
}

/** Fits files of real stars, or takes the kept fits. Failures: those of opening the model. */
export async function fitFiles(files: readonly string[], { method, model, workers }: Asked): Promise<Result<FittedFiles>> {
  const open = model === undefined ? {} : { model };
  const service = await openService(open);
  if (!service.ok) return service;
  for (const warning of service.warnings) process.stderr.write(`${warning}\n`);
  const { identity, key, calibration, emulator } = service.value;
  const { info } = emulator;
  emulator.dispose();
  const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method };
  const processes = processesFor(files.length, workers === 0 ? null : workers);
  const batch = await cachedBatch(files, { open, options }, key, processes);
  const failures: string[] = [];
  const reports = files.map((file, i) => {
    const report = batch.reports[i]?.[0];
    if (report?.ok === true) return report;
    if (report !== undefined) failures.push(`${file}: ${report.failure.code}: ${report.failure.message}`);
    return undefined;
  });
  const { interrupted, wallSeconds, reused } = batch;
  return success({ reports, failures, model: identity.id, info, calibration, interrupted, fresh: files.length - reused, wallSeconds });
}

export { isMeasuredFlag as isMeasured } from '../../src/domain/fit.ts';
