import type { EmulatorInfo } from '../../src/domain/emulator.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { readCsvTable } from './csvTable.ts';

export interface NativeCsv {
  readonly grid: EmulatorInfo['grid'];
  readonly flux: Float64Array;
}

/** Relative departure from a grid equal in ln λ that rounding in the file may cause. */
const TOLERANCE = 1e-8;

/** Spectrum `flux_<index>` of a CSV that `synthesize` or `emulate` wrote on its native grid. Failures `FILE_UNREADABLE`, `CSV_NOT_NATIVE`. */
export async function readNativeCsv(path: string, index: number): Promise<Result<NativeCsv>> {
  const rows = await readCsvTable(path);
  if (!rows.ok) return rows;
  const column = `flux_${String(index)}`;
  const wavelength = rows.value.map((row) => Number(row['wavelength'] ?? NaN));
  const flux = Float64Array.from(rows.value, (row) => Number(row[column] ?? NaN));
  const hint = 'Write it with: maury synthesize --labels labels.json --out file.csv (without --r).';
  if (wavelength.length < 2 || !flux.every(Number.isFinite))
    return failed('CSV_NOT_NATIVE', `${path} has no numbers in "wavelength" and "${column}".`, hint);
  const count = wavelength.length;
  const lnStart = Math.log(wavelength[0] ?? NaN);
  const lnStep = (Math.log(wavelength[count - 1] ?? NaN) - lnStart) / (count - 1);
  const off = wavelength.findIndex((value, i) => !(Math.abs(value / Math.exp(lnStart + i * lnStep) - 1) < TOLERANCE));
  if (off >= 0)
    return failed(
      'CSV_NOT_NATIVE',
      `The wavelengths of ${path} are not equally spaced in ln λ: row ${String(off + 1)} is ${String(wavelength[off])} Å.`,
      hint,
    );
  return success({ grid: { lnStart, lnStep, count }, flux });
}
