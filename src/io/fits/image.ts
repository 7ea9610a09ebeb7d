import { failed, success, type Result } from '../../domain/result.ts';
import type { FitsHeader } from './header.ts';
import type { Hdu } from './openFits.ts';

/** An image with BSCALE, BZERO and BLANK applied: blank and undefined pixels are NaN. */
export interface FitsImage {
  /** Lengths of the axes, slowest first: NAXISn … NAXIS1. */
  readonly shape: readonly number[];
  /** [shape], row-major */
  readonly data: Float64Array;
}

/** The image of a plain image HDU. Failures: FITS_NO_IMAGE, FITS_UNSUPPORTED. */
export function readImage(hdu: Hdu): Result<FitsImage> {
  if (hdu.kind !== 'image') return failed('FITS_NO_IMAGE', `HDU ${hdu.index} "${hdu.name}" is not an image.`);
  const { header, data } = hdu;
  const shape = axes(header, 'NAXIS');
  const count = shape.length === 0 ? 0 : shape.reduce((a, b) => a * b, 1);
  const bitpix = header.number('BITPIX') ?? 8;
  if ((count * Math.abs(bitpix)) / 8 > data.length) {
    return failed(
      'FITS_BAD_HEADER',
      `The image of HDU ${hdu.index} has ${count} pixels but only ${data.length} bytes.`,
      'Download or copy the file again.',
    );
  }
  const values = decodeNumbers(data, bitpix, count);
  // The standard allows BLANK for integers only; where it is written for floats too, it means what it says.
  blankToNaN(values, header.number('BLANK'));
  scale(values, header.number('BSCALE') ?? 1, header.number('BZERO') ?? 0);
  return success({ shape, data: values });
}

/**
 * One element of the slowest axis of an image (a row, a plane), without decoding the others where the image is not compressed.
 * Failures: those of `readImage`, FITS_NO_SUCH_ROW.
 */
export function readSlab(hdu: Hdu, index: number, whole: (hdu: Hdu) => Result<FitsImage>): Result<Float64Array> {
  if (hdu.kind === 'image') {
    const { header, data } = hdu;
    const shape = axes(header, 'NAXIS');
    const size = shape.slice(1).reduce((a, b) => a * b, 1);
    const bitpix = header.number('BITPIX') ?? 8;
    const bytes = (size * Math.abs(bitpix)) / 8;
    const part = data.subarray(index * bytes, (index + 1) * bytes);
    if (part.length < bytes || bytes === 0) return failed('FITS_NO_SUCH_ROW', `HDU ${hdu.index} "${hdu.name}" has no row ${index + 1}.`);
    const values = decodeNumbers(part, bitpix, size);
    blankToNaN(values, header.number('BLANK'));
    scale(values, header.number('BSCALE') ?? 1, header.number('BZERO') ?? 0);
    return success(values);
  }
  const image = whole(hdu);
  if (!image.ok) return image;
  const size = image.value.shape.slice(1).reduce((a, b) => a * b, 1);
  const part = image.value.data.subarray(index * size, (index + 1) * size);
  return part.length < size ? failed('FITS_NO_SUCH_ROW', `HDU ${hdu.index} "${hdu.name}" has no row ${index + 1}.`) : success(part);
}

/** Lengths of the axes `NAXIS` or `ZNAXIS`, slowest first. */
export function axes(header: FitsHeader, keyword: 'NAXIS' | 'ZNAXIS'): number[] {
  const n = header.number(keyword) ?? 0;
  return Array.from({ length: n }, (_, i) => header.number(`${keyword}${n - i}`) ?? 0);
}

/** `count` big-endian numbers of type `bitpix`. 64-bit integers beyond 2^53 are rounded. */
export function decodeNumbers(bytes: Uint8Array, bitpix: number, count: number): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float64Array(count);
  switch (bitpix) {
    case 8:
      for (let i = 0; i < count; i++) out[i] = view.getUint8(i);
      break;
    case 16:
      for (let i = 0; i < count; i++) out[i] = view.getInt16(2 * i);
      break;
    case 32:
      for (let i = 0; i < count; i++) out[i] = view.getInt32(4 * i);
      break;
    case 64:
      for (let i = 0; i < count; i++) out[i] = Number(view.getBigInt64(8 * i));
      break;
    case -32:
      for (let i = 0; i < count; i++) out[i] = view.getFloat32(4 * i);
      break;
    case -64:
      for (let i = 0; i < count; i++) out[i] = view.getFloat64(8 * i);
      break;
    default:
      throw new RangeError(`BITPIX ${bitpix}`);
  }
  return out;
}

export function blankToNaN(values: Float64Array, blank: number | undefined): void {
  if (blank === undefined) return;
  for (let i = 0; i < values.length; i++) if (values[i] === blank) values[i] = NaN;
}

export function scale(values: Float64Array, factor: number, zero: number): void {
  if (factor === 1 && zero === 0) return;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) * factor + zero;
}
