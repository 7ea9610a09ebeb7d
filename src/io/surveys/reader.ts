import { failed, success, type Result } from '../../domain/result.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import type { FitsFile, Hdu } from '../fits/openFits.ts';
import { readAsciiColumn } from '../fits/asciiTable.ts';
import { readImage, type FitsImage } from '../fits/image.ts';
import { readTiledImage } from '../fits/tiledImage.ts';
import { readColumn } from '../fits/table.ts';
import type { ReadLimits } from '../limits.ts';

/** One kind of FITS file: how it is told, and what is in it. `load` may trust that `identify` said yes. */
export interface SurveyReader {
  readonly name: string;
  identify(file: FitsFile): boolean;
  /** `id` is the file's name; spectra of a file with several get `id#1`, `id#2` … */
  load(id: string, file: FitsFile, limits: ReadLimits): Result<readonly Spectrum[]>;
}

/** Numbers of a table column, all rows after one another. Failures: those of `readColumn`, FITS_NOT_NUMBERS. */
export function columnNumbers(hdu: Hdu, name: string): Result<Float64Array> {
  const column = hdu.kind === 'ascii-table' ? readAsciiColumn(hdu, name) : readColumn(hdu, name);
  if (!column.ok) return column;
  const { values } = column.value;
  if (values.kind === 'numbers') return success(values.values);
  return failed('FITS_NOT_NUMBERS', `Column "${name}" of HDU ${hdu.index} "${hdu.name}" holds ${values.kind}, not numbers.`);
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
