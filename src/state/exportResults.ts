import Papa from 'papaparse';
import { PARAMETERS } from '../domain/labels.ts';
import { worstFlag } from '../domain/fit.ts';
import type { Entry } from './entries.ts';
import type { FinishedFit } from './fitRun.ts';
import { parameterRows, abundanceRows } from './results.ts';
import type { ResultRow } from './results.ts';

/** An entry whose fit is finished. */
export interface FittedEntry extends Entry {
  readonly run: FinishedFit;
}

export const fittedEntries = (entries: readonly Entry[]): FittedEntry[] =>
  entries.filter((entry): entry is FittedEntry => entry.run.kind === 'done');

type Cell = string | number | boolean;

const cell = (value: number | null): Cell => (value === null || !Number.isFinite(value) ? '' : Number(value.toPrecision(7)));

function columns(prefix: string, row: ResultRow | undefined): [string, Cell][] {
  return [
    [prefix, cell(row?.value ?? null)],
    [`e_${prefix}`, cell(row?.sigma ?? null)],
    [`${prefix}_cal`, cell(row?.calibrated ?? null)],
    [`e_${prefix}_cal`, cell(row?.sigmaCalibrated ?? null)],
    [`flag_${prefix}`, row === undefined ? '' : worstFlag(row.flags)],
  ];
}

/** Parameters and [X/Fe] (under `X_Fe`) of one star, and [X/H] (under `X_H`) where the calibration step gave them. */
function record({ key, spectrum, run: { result, calibrated } }: FittedEntry): Record<string, Cell> {
  const parameters = parameterRows(result, calibrated, undefined);
  const scales = calibrated === null ? (['xfe'] as const) : (['xh', 'xfe'] as const);
  return Object.fromEntries<Cell>([
    ['id', key],
    ['survey', spectrum.survey],
    ['simulated', spectrum.simulated],
    ['snr', cell(result.snr)],
    ['rv', cell(result.rv.value)],
    ['e_rv', cell(result.rv.sigma)],
    ['chi2_reduced', cell(result.chi2Reduced)],
    ['converged', result.converged],
    ['method', result.method],
    ['seed', result.seed],
    ['model', result.model],
    ['calibration', calibrated?.calibration ?? 'none'],
    ...PARAMETERS.flatMap((name) =>
      columns(
        name,
        parameters.find((row) => row.name === name),
      ),
    ),
    ...scales.flatMap((scale) =>
      abundanceRows(result, calibrated, undefined, scale)
        .filter(({ name }) => name !== 'Fe')
        .flatMap((row) => columns(`${row.name}_${scale === 'xh' ? 'H' : 'Fe'}`, row)),
    ),
  ]);
}

/** One line per fitted spectrum: T_eff in K, v_mic and RV in km/s, the rest in dex; empty where there is no value. */
export function resultsCsv(entries: readonly FittedEntry[]): string {
  const records = entries.map(record);
  const fields = [...new Set(records.flatMap((one) => Object.keys(one)))];
  return `${Papa.unparse({ fields, data: records }, { newline: '\n' })}\n`;
}
