import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { readAsciiColumn } from '../fits/asciiTable.ts';
import { readImage, type FitsImage } from '../fits/image.ts';
import { readTiledImage } from '../fits/tiledImage.ts';
import { readColumn } from '../fits/table.ts';
import type { ReadRequest } from '../readOptions.ts';

/** One kind of FITS file: how it is told, and what is in it. `load` may trust that `identify` said yes. */
export interface SurveyReader {
  readonly name: string;
  identify(file: FitsFile): boolean;
  /** `id` is the file's name; spectra of a file with several get `id#1`, `id#2` … */
  load(id: string, file: FitsFile, request: ReadRequest): Result<readonly Spectrum[]>;
}

/** Numbers of a table column, all rows after one another. Failures: those of `readColumn`, FITS_NOT_NUMBERS. */
export function columnNumbers(hdu: Hdu, name: string): Result<Float64Array> {
  const column = hdu.kind === 'ascii-table' ? readAsciiColumn(hdu, name) : readColumn(hdu, name);
  if (!column.ok) return column;
  const { values } = column.value;
  if (values.kind === 'numbers') return success(values.values);
  if (values.kind === 'booleans') return success(Float64Array.from(values.values, (value) => (value === null ? NaN : value ? 1 : 0)));
  if (values.kind === 'integers64') return success(Float64Array.from(values.values, Number));
  if (values.kind === 'arrays') {
    // Variable-length cells: one spectrum a row, if all rows are equally long.
    const cells = values.values.flatMap((cell) => (cell.kind === 'numbers' ? [cell.values] : []));
    const length = cells[0]?.length ?? 0;
    if (cells.length === values.values.length && length > 0 && cells.every((cell) => cell.length === length)) {
      const all = new Float64Array(length * cells.length);
      cells.forEach((cell, row) => {
        all.set(cell, row * length);
      });
      return success(all);
    }
    return failed(
      'FITS_UNSUPPORTED',
      `Column "${name}" of HDU ${hdu.index} "${hdu.name}" has cells of different lengths or types.`,
      'Save each spectrum as a table of its own, one pixel a row.',
    );
  }
  return failed(
    'FITS_NOT_NUMBERS',
    `Column "${name}" of HDU ${hdu.index} "${hdu.name}" holds ${values.kind}, not numbers.`,
    'Save the column as numbers (TFORM D or E), or the spectrum as text with the columns wavelength (Å) and flux.',
  );
}

/** The image of a plain or a compressed HDU. */
export const anyImage = (hdu: Hdu): Result<FitsImage> => (hdu.kind === 'tiled-image' ? readTiledImage(hdu) : readImage(hdu));

/** The first HDU that holds an image with pixels. */
export function firstImageHdu(file: FitsFile): Hdu | undefined {
  return file.hdus.find((hdu) => (hdu.kind === 'image' && hdu.data.length > 0) || hdu.kind === 'tiled-image');
}

/** One spectrum as the list every reader returns. */
export function single(result: Result<Spectrum>): Result<readonly Spectrum[]> {
  return result.ok ? success([result.value], result.warnings) : result;
}
