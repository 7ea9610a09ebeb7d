/** Our results of a person's stars, from JSON or CSV, as a calibration sees them. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import Papa from 'papaparse';
import { z } from 'zod';
import { ELEMENTS } from '../../src/domain/labels.ts';
import type { ModelIdentity } from '../../src/domain/problem.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { isMeasuredBy, LONG_FROM, type RawLabels, type RawValue } from '../../src/calibration/rawLabels.ts';
import type { CalibratedName } from '../../src/calibration/names.ts';
import { reportSchema } from '../batch/fitFile.ts';
import { rawLabelsOfRecord } from './recordLabels.ts';
import { starName } from './starName.ts';

export interface OwnResult {
  readonly id: string;
  /** All names under which a table may call it, as `starName` writes them. */
  readonly names: readonly string[];
  readonly raw: RawLabels;
}

const HINT = 'Give what "maury fit FILE… --json" printed, or JSON or CSV as the page exports it.';

function namesOf(file: string, ...others: readonly (string | null | undefined)[]): string[] {
  const base = basename(file);
  return [base, base.replace(/(\.fits?|\.csv|\.txt)(\.gz)?$/i, ''), ...others].flatMap((name) =>
    name == null || name === '' ? [] : [starName(name)],
  );
}

/** Failures `RESULTS_UNREADABLE`, `RESULTS_OTHER_MODEL`, `RESULTS_OTHER_WEIGHTS`. */
export async function ownResults(path: string, model: ModelIdentity): Promise<Result<OwnResult[]>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return failed('RESULTS_UNREADABLE', `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`, HINT);
  }
  const json = /^\s*\[/.test(text);
  const read = json ? fromJson(path, text) : fromCsv(path, text);
  if (!read.ok) return read;
  for (const { id, made } of read.value) {
    if (made.id !== model.id)
      return failed(
        'RESULTS_OTHER_MODEL',
        `${path}: ${id} was fitted with the model ${made.id}, not ${model.id}.`,
        `Add --model ${made.id}, or fit the stars again.`,
      );
    if (made.weights !== null && made.weights !== model.weights)
      return failed(
        'RESULTS_OTHER_WEIGHTS',
        `${path}: ${id} was fitted with other weights of ${model.id} (${made.weights.slice(0, 12)}…; the bundle here has ${model.weights.slice(0, 12)}…).`,
        'A calibration belongs to the weights: fit the stars again with this bundle.',
      );
  }
  return success(read.value.map(({ id, names, raw }) => ({ id, names, raw })));
}

type Made = OwnResult & { readonly made: { readonly id: string; readonly weights: string | null } };

function fromJson(path: string, text: string): Result<Made[]> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failed('RESULTS_UNREADABLE', `${path} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, HINT);
  }
  const parsed = z.array(reportSchema).safeParse(value);
  if (!parsed.success) return failed('RESULTS_UNREADABLE', `${path} is not an array of our results.`, HINT);
  return success(
    parsed.data.flatMap((record) => {
      if (!record.ok || record.simulated) return [];
      const { file, id, object, model, provenance } = record;
      const longest = provenance.options?.range[1];
      return [
        {
          id: file,
          names: namesOf(file, id, object),
          raw: rawLabelsOfRecord(record, longest),
          made: { id: model, weights: provenance.model.weights },
        },
      ];
    }),
  );
}

type Row = Readonly<Record<string, string>>;
const number = (text: string | undefined): number => (text === undefined || text.trim() === '' ? NaN : Number(text));

function rawOfRow(row: Row): RawLabels {
  const values: Partial<Record<CalibratedName, RawValue>> = {};
  const ratioSigmas: Partial<Record<CalibratedName, number>> = {};
  const take = (name: CalibratedName, column: string, unit: string): void => {
    const [value, sigma] = [number(row[`${column}_${unit}`]), number(row[`${column}_sigma_${unit}`])];
    const flag = row[`${column}_flag`] ?? '';
    const measured = row['converged'] !== 'false' && isMeasuredBy([flag]);
    if (Number.isFinite(value + sigma)) values[name] = { value, sigma, measured };
  };
  take('teff', 'teff', 'K');
  take('logg', 'logg', 'dex');
  take('feh', 'feh', 'dex');
  for (const element of ELEMENTS) {
    take(element, `${element}_H`, 'dex');
    const ratio = number(row[`${element}_Fe_sigma_dex`]);
    if (Number.isFinite(ratio)) ratioSigmas[element] = ratio;
  }
  const range = /"range":\[[\d.]+,([\d.]+)\]/.exec(row['options'] ?? '')?.[1];
  return { values, ratioSigmas, long: !(Number(range) < LONG_FROM) };
}

function fromCsv(path: string, text: string): Result<Made[]> {
  const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true, comments: '#' }).data;
  const missing = ['file', 'model', 'teff_K', 'teff_sigma_K'].filter((column) => !(column in (rows[0] ?? {})));
  if (missing.length > 0)
    return failed('RESULTS_UNREADABLE', `${path} has no column ${missing.join(', ')}: it is not a table of our results.`, HINT);
  return success(
    rows.flatMap((row): Made[] => {
      if (row['ok'] === 'false' || row['simulated'] === 'true') return [];
      const file = row['file'] ?? '';
      const weights = row['model_sha256'] ?? '';
      return [
        {
          id: file,
          names: namesOf(file, row['id'], row['object']),
          raw: rawOfRow(row),
          made: { id: row['model'] ?? '', weights: weights === '' ? null : weights },
        },
      ];
    }),
  );
}
