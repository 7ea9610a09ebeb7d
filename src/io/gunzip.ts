import { FlateErrorCode, Gunzip } from 'fflate';
import { failed, success, type Result } from '../domain/result.ts';

export const looksGzipped = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The most a file may unpack to. */
const MAX_BYTES = 2 ** 27;
/** Unpacked over packed size, from `BOMB_FROM` bytes on: spectra reach 20, zeros a thousand. */
const BOMB_RATIO = 150;
const BOMB_FROM = 2 ** 24;
/** Bytes handed over at a time: what they unpack to (at most a thousand times as much) is counted before the next. */
const SLICE = 2 ** 14;

/**
 * All members of a gzip file, joined (RFC 1952). Bytes after the last member are ignored with a warning, as gzip itself does; the browser's
 * DecompressionStream refuses both. Failures: GZIP_DAMAGED, GZIP_TOO_LARGE.
 */
export function gunzip(bytes: Uint8Array): Result<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const warnings: string[] = [];
  let total = 0;
  let members = 1;
  let handed = 0;
  const stream = new Gunzip((chunk) => {
    chunks.push(chunk);
    total += chunk.length;
    if (total > MAX_BYTES || (total > BOMB_FROM && total > BOMB_RATIO * handed)) throw new RangeError('too large');
  });
  stream.onmember = () => members++;
  try {
    for (let at = 0; at < bytes.length; at += SLICE) {
      handed = Math.min(bytes.length, at + SLICE);
      stream.push(bytes.subarray(at, handed), handed === bytes.length);
    }
  } catch (error) {
    if (error instanceof RangeError)
      return failed(
        'GZIP_TOO_LARGE',
        `The file (${bytes.length} bytes) unpacks to more than ${total > MAX_BYTES ? MAX_BYTES : BOMB_RATIO * handed} bytes.`,
        'A spectrum is never that large; check the file.',
      );
    if (!isTrailingGarbage(error) || total === 0) {
      const why = error instanceof Error ? error.message : String(error);
      return failed(
        'GZIP_DAMAGED',
        `The gzip file (${bytes.length} bytes) cannot be unpacked: ${why}.`,
        'The file is incomplete or damaged; download or copy it again.',
      );
    }
    warnings.push('Bytes after the end of the gzip data were ignored.');
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  if (members === 1 && warnings.length === 0 && !checksumAgrees(bytes, out)) {
    return failed(
      'GZIP_DAMAGED',
      `The gzip file (${bytes.length} bytes) unpacks, but its checksum does not agree.`,
      'The file is damaged; download or copy it again.',
    );
  }
  return success(out, warnings);
}

/** fflate says "invalid header" when what follows a complete member is not another one. */
function isTrailingGarbage(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === FlateErrorCode.InvalidHeader;
}

/** Whether CRC and length in the trailer are those of `plain`; up to three bytes after it pass unnoticed, as fflate lets them. */
function checksumAgrees(gzip: Uint8Array, plain: Uint8Array): boolean {
  const view = new DataView(gzip.buffer, gzip.byteOffset, gzip.byteLength);
  const crc = crc32(plain);
  return [8, 9, 10, 11].some((back) => {
    const at = gzip.length - back;
    return at >= 0 && view.getUint32(at + 4, true) === plain.length >>> 0 && view.getUint32(at, true) === crc;
  });
}

function crc32(bytes: Uint8Array): number {
  const table = Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = (c & 1) === 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (table[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
