import { closeSync, openSync, writeSync } from 'node:fs';
import { failed, success, type Result } from '../../src/domain/result.ts';

/** One column beside `wavelength`, e.g. `flux_0` or `d_Mg_0`. */
export interface SpectrumColumn {
  readonly name: string;
  /** [wavelength.length] */
  readonly values: ArrayLike<number>;
}

const ROWS_PER_WRITE = 512;

/**
 * Writes spectra as CSV: a header row `wavelength,<names>`, then one row per pixel. Wavelengths in Å (vacuum) to 1e-5 Å, values to
 * 9 significant digits (a float32 survives). Written in pieces, since a set with derivatives is hundreds of MB. Failure: `FILE_UNWRITABLE`.
 */
export function writeSpectraCsv(path: string, wavelength: ArrayLike<number>, columns: readonly SpectrumColumn[]): Result<null> {
  const wrong = columns.find((column) => column.values.length !== wavelength.length);
  if (wrong !== undefined)
    throw new Error(`column ${wrong.name} has ${String(wrong.values.length)} values for ${String(wavelength.length)} wavelengths`);
  let file: number | null = null;
  try {
    file = openSync(path, 'w');
    writeSync(file, `${['wavelength', ...columns.map((column) => column.name)].join(',')}\n`);
    for (let start = 0; start < wavelength.length; start += ROWS_PER_WRITE) {
      let text = '';
      for (let i = start; i < Math.min(start + ROWS_PER_WRITE, wavelength.length); i++) {
        text += (wavelength[i] ?? NaN).toFixed(5);
        for (const column of columns) text += `,${String(Number((column.values[i] ?? NaN).toPrecision(9)))}`;
        text += '\n';
      }
      writeSync(file, text);
    }
    return success(null);
  } catch (error) {
    return failed(
      'FILE_UNWRITABLE',
      `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`,
      'Check the path given to --out and the free space.',
    );
  } finally {
    if (file !== null) closeSync(file);
  }
}
