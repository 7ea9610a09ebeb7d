import { gunzipSync } from 'fflate';
import type { ColumnValues } from './cells.ts';
import { decodeNumbers } from './image.ts';
import { decodeRice } from './rice.ts';

export interface TileCodec {
  readonly name: 'GZIP_1' | 'GZIP_2' | 'RICE_1' | 'NOCOMPRESS';
  /** RICE_1: pixels per block and bytes per pixel. */
  readonly blockSize: number;
  readonly bytesPerPixel: number;
  /** ZBITPIX: the type of the uncompressed image. */
  readonly bitpix: number;
}

/** `count` numbers of a tile whose numbers were stored as `bitpix` (or, for integers, wider); null where it is damaged. */
export function decodeTile(bytes: Uint8Array, codec: TileCodec, bitpix: number, count: number): Float64Array | null {
  if (codec.name === 'RICE_1') {
    const integers = decodeRice(bytes, count, codec.blockSize, codec.bytesPerPixel);
    return integers && Float64Array.from(integers);
  }
  const plain = codec.name === 'NOCOMPRESS' ? bytes : gunzipTile(bytes, count);
  if (plain === null || count === 0) return count === 0 ? new Float64Array(0) : null;
  const width = plain.length / count;
  const stored = bitpix < 0 ? bitpix : 8 * width;
  if (![8, 16, 32, 64, -32, -64].includes(stored) || Math.abs(stored) !== 8 * width) return null;
  return decodeNumbers(codec.name === 'GZIP_2' ? unshuffle(plain, width) : plain, stored, count);
}

/** A gzipped tile. Its last four bytes state its length: believed only where they fit `count` numbers. */
function gunzipTile(bytes: Uint8Array, count: number): Uint8Array | null {
  if (bytes.length < 18) return null;
  const stated = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(bytes.length - 4, true);
  if (![1, 2, 4, 8].includes(stated / count)) return null;
  try {
    return gunzipSync(bytes);
  } catch {
    return null;
  }
}

/** GZIP_2 stores all first bytes, then all second bytes… (standard 10.4.2). */
function unshuffle(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  const out = new Uint8Array(bytes.length);
  for (let k = 0; k < width; k++) for (let i = 0; i < count; i++) out[i * width + k] = bytes[k * count + i] ?? 0;
  return out;
}

/** A variable-length cell of type B (or, from some writers, I) as bytes. */
export function bytesOf(values: ColumnValues): Uint8Array {
  return values.kind === 'numbers' ? Uint8Array.from(values.values) : new Uint8Array(0);
}
