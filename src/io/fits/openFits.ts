import { failed, success, type Result } from '../../domain/result.ts';
import { checksumWarnings } from './checksum.ts';
import { FITS_BLOCK, latin1, readHeader, type FitsHeader } from './header.ts';

export type HduKind = 'image' | 'table' | 'ascii-table' | 'tiled-image' | 'unsupported';

/** One header and its data unit, not yet decoded: `readImage`, `readColumn`, `readAsciiColumn` and `readTiledImage` do that. */
export interface Hdu {
  readonly index: number;
  /** EXTNAME; empty where none is given. */
  readonly name: string;
  readonly kind: HduKind;
  readonly header: FitsHeader;
  /** The data unit as it lies in the file, padding left out. */
  readonly data: Uint8Array;
}

export interface FitsFile {
  readonly hdus: readonly Hdu[];
}

/** FITS has no ends of lines in its first card; a header written as text has. */
export const looksLikeFits = (bytes: Uint8Array): boolean => /^SIMPLE {2}=[^\n\r]*$/.test(latin1(bytes.subarray(0, 80)));

/**
 * The HDUs of a FITS file (standard 4.0), decoded only when asked for. Every data unit must be complete; missing padding is forgiven.
 * Failures: FITS_NOT, FITS_DAMAGED_AS_TEXT, FITS_TRUNCATED, FITS_BAD_HEADER.
 */
export function openFits(bytes: Uint8Array): Result<FitsFile> {
  if (!looksLikeFits(bytes)) return failed('FITS_NOT', `The file does not begin with "SIMPLE  =" but with "${printable(bytes)}".`);
  const replaced = damagedAsText(bytes);
  if (replaced > 0) {
    return failed(
      'FITS_DAMAGED_AS_TEXT',
      `The FITS file was damaged when it was saved as text: ${replaced} of its bytes were replaced by the "unknown character" sign (UTF-8 EF BF BD).`,
      'The numbers cannot be recovered. Download the file again as binary.',
    );
  }
  const hdus: Hdu[] = [];
  const warnings: string[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    if (hdus.length > 0 && latin1(bytes.subarray(offset, offset + 8)) !== 'XTENSION') {
      if (bytes.subarray(offset).some((byte) => byte !== 0 && byte !== 32)) {
        warnings.push(`${bytes.length - offset} bytes after the last HDU are not FITS and were ignored.`);
      }
      break;
    }
    const read = readHeader(bytes, offset);
    if (!read.ok) return read;
    const { header, dataOffset } = read.value;
    const index = hdus.length;
    const size = dataSize(header, index);
    if (!size.ok) return size;
    const end = dataOffset + size.value;
    if (end > bytes.length) {
      return failed(
        'FITS_TRUNCATED',
        `The FITS file is truncated: the header of HDU ${index} asks for ${end} bytes in all, the file has ${bytes.length}.`,
        'The file is incomplete; download or copy it again.',
      );
    }
    const data = bytes.subarray(dataOffset, end);
    hdus.push({ index, name: header.text('EXTNAME') ?? '', kind: kindOf(header, index), header, data });
    warnings.push(...checksumWarnings(bytes, index, header, offset, dataOffset, dataOffset + padded(size.value)));
    offset = dataOffset + padded(size.value);
  }
  return success({ hdus }, warnings);
}

const padded = (size: number): number => Math.ceil(size / FITS_BLOCK) * FITS_BLOCK;

/** Bytes of the data unit, padding left out: equations (1) and (2) of the standard. */
function dataSize(header: FitsHeader, index: number): Result<number> {
  const bad = (what: string): Result<number> =>
    failed('FITS_BAD_HEADER', `HDU ${index}: ${what}.`, 'The header breaks the FITS standard; check the file with fitsverify.');
  const bitpix = header.number('BITPIX');
  if (bitpix === undefined || ![8, 16, 32, 64, -32, -64].includes(bitpix)) return bad(`BITPIX is ${String(header.get('BITPIX'))}`);
  const naxis = header.number('NAXIS');
  if (naxis === undefined || !Number.isInteger(naxis) || naxis < 0 || naxis > 999) return bad(`NAXIS is ${String(header.get('NAXIS'))}`);
  const groups = header.isTrue('GROUPS') && header.number('NAXIS1') === 0;
  let count = naxis === 0 ? 0 : 1;
  for (let axis = groups ? 2 : 1; axis <= naxis; axis++) {
    const length = header.number(`NAXIS${axis}`);
    if (length === undefined || !Number.isInteger(length) || length < 0)
      return bad(`NAXIS${axis} is ${String(header.get(`NAXIS${axis}`))}`);
    count *= length;
  }
  const extra = naxis === 0 ? 0 : (header.number('PCOUNT') ?? 0);
  const gcount = header.number('GCOUNT') ?? 1;
  const size = (Math.abs(bitpix) / 8) * gcount * (extra + count);
  if (!Number.isSafeInteger(size) || size < 0 || extra < 0 || gcount < 0) {
    return bad(`its data would take ${size} bytes (PCOUNT ${extra}, GCOUNT ${gcount})`);
  }
  // A table without bytes in a row may claim any number of rows.
  if (count === 0 && naxis > 1 && (header.number('NAXIS2') ?? 0) > 1e6)
    return bad(`NAXIS2 is ${String(header.get('NAXIS2'))} without data`);
  return success(size);
}

function kindOf(header: FitsHeader, index: number): HduKind {
  if (index === 0) return header.isTrue('GROUPS') ? 'unsupported' : 'image';
  switch (header.text('XTENSION')) {
    case 'IMAGE':
    case 'IUEIMAGE':
      return 'image';
    case 'TABLE':
      return 'ascii-table';
    case 'BINTABLE':
    case 'A3DTABLE':
      if (header.isTrue('ZTABLE')) return 'unsupported';
      return header.isTrue('ZIMAGE') ? 'tiled-image' : 'table';
    default:
      return 'unsupported';
  }
}

/** How often EF BF BD stands in a file that is valid UTF-8 throughout, as no file with binary numbers is; 0 for a sound file. */
function damagedAsText(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0xef); at >= 0 && at < bytes.length; at = bytes.indexOf(0xef, at + 1)) {
    if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) count++;
  }
  if (count < 3) return 0;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return count;
  } catch {
    return 0;
  }
}

/** The first bytes of a file as a message can quote them. */
export function printable(bytes: Uint8Array, count = 16): string {
  return latin1(bytes.subarray(0, count)).replace(/[^\x20-\x7e]/g, '·');
}
