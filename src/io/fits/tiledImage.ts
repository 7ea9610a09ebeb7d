import { failed, success, type Failure, type Result } from '../../domain/result.ts';
import { ditherOfTile } from './dither.ts';
import type { FitsHeader } from './header.ts';
import { axes, blankToNaN, decodeNumbers, scale, type FitsImage } from './image.ts';
import type { Hdu } from './openFits.ts';
import { readColumn, tableColumns } from './table.ts';
import { bytesOf, decodeTile, type TileCodec } from './tileCodec.ts';

/** The most pixels a tiled image may have: its header alone decides what is allocated. */
const MAX_PIXELS = 2 ** 24;

/** How quantised floats become floats (standard 10.2): value = (integer − dither + ½)·scale + zero. */
type Quantisation = 'NO_DITHER' | 'SUBTRACTIVE_DITHER_1' | 'SUBTRACTIVE_DITHER_2';
/** SUBTRACTIVE_DITHER_2 keeps exact zeros as this integer in what cfitsio writes; the text of the standard prints …647, which is its null. */
const EXACT_ZERO = -2_147_483_646;
/** What stands for an undefined pixel where no ZBLANK is given. */
const DEFAULT_NULL = -2_147_483_647;

/**
 * The image of a tile-compressed HDU (standard 10): GZIP_1, GZIP_2, RICE_1 and NOCOMPRESS tiles, integer, lossless float and quantised.
 * Failures: FITS_NO_IMAGE, FITS_UNSUPPORTED (PLIO_1, HCOMPRESS_1 and others, by name), FITS_BAD_HEADER, FITS_BAD_TILE.
 */
export function readTiledImage(hdu: Hdu): Result<FitsImage> {
  if (hdu.kind !== 'tiled-image') return failed('FITS_NO_IMAGE', `HDU ${hdu.index} "${hdu.name}" is not a compressed image.`);
  const { header } = hdu;
  const codec = tileCodec(header);
  if (!codec.ok) return codec;
  const quantisation = header.text('ZQUANTIZ') ?? 'NO_DITHER';
  if (
    quantisation !== 'NO_DITHER' &&
    quantisation !== 'SUBTRACTIVE_DITHER_1' &&
    quantisation !== 'SUBTRACTIVE_DITHER_2' &&
    quantisation !== 'NONE'
  ) {
    return failed('FITS_UNSUPPORTED', `Quantisation ${quantisation} is not supported.`, 'Unpack the file with funpack first.');
  }
  const shape = axes(header, 'ZNAXIS');
  const count = shape.reduce((a, b) => a * b, 1);
  if (shape.length === 0 || !Number.isInteger(count) || count < 0 || count > MAX_PIXELS) {
    return failed('FITS_BAD_HEADER', `The compressed image of HDU ${hdu.index} has the shape ${shape.join(' × ')}.`);
  }
  const columns = tileColumns(hdu);
  if (!columns.ok) return columns;
  const data = new Float64Array(count);
  const tiles = tileGrid(header, shape);
  for (const [index, tile] of tiles.entries()) {
    const pixels = readTile(header, columns.value, codec.value, quantisation === 'NONE' ? 'NO_DITHER' : quantisation, index, tile.pixels);
    if (pixels === null) {
      return failed(
        'FITS_BAD_TILE',
        `Tile ${index + 1} of ${tiles.length} of HDU ${hdu.index} (${codec.value.name}) is damaged.`,
        'Download or copy the file again.',
      );
    }
    tile.place(pixels, data);
  }
  scale(data, header.number('BSCALE') ?? 1, header.number('BZERO') ?? 0);
  return success({ shape, data });
}

function tileCodec(header: FitsHeader): Result<TileCodec> {
  const name = (header.text('ZCMPTYPE') ?? '').replace('RICE_ONE', 'RICE_1');
  if (name !== 'GZIP_1' && name !== 'GZIP_2' && name !== 'RICE_1' && name !== 'NOCOMPRESS') {
    return failed('FITS_UNSUPPORTED', `${name || 'Unnamed'} tiles are not supported.`, 'Unpack the file with funpack first.');
  }
  let blockSize = 32;
  let bytesPerPixel = 4;
  for (let i = 1; header.has(`ZNAME${i}`); i++) {
    if (header.text(`ZNAME${i}`) === 'BLOCKSIZE') blockSize = header.number(`ZVAL${i}`) ?? blockSize;
    if (header.text(`ZNAME${i}`) === 'BYTEPIX') bytesPerPixel = header.number(`ZVAL${i}`) ?? bytesPerPixel;
  }
  return success({ name, blockSize, bytesPerPixel, bitpix: header.number('ZBITPIX') ?? 0 });
}

interface TileColumns {
  /** Bytes of each tile in each column, in the order they are to be tried. */
  readonly compressed: readonly Uint8Array[];
  readonly gzipped: readonly Uint8Array[];
  readonly raw: readonly Uint8Array[];
  readonly scale: Float64Array | null;
  readonly zero: Float64Array | null;
  readonly blank: Float64Array | null;
}

function tileColumns(hdu: Hdu): Result<TileColumns> {
  const forms = tableColumns(hdu);
  if (!forms.ok) return forms;
  const failures: Failure[] = [];
  const values = (name: string) => {
    if (!forms.value.some((form) => form.name === name)) return null;
    const column = readColumn(hdu, name);
    if (column.ok) return column.value.values;
    failures.push(column.failure);
    return null;
  };
  const numbers = (name: string): Float64Array | null => {
    const column = values(name);
    return column?.kind === 'numbers' ? column.values : null;
  };
  const cells = (name: string): Uint8Array[] => {
    const column = values(name);
    return column?.kind === 'arrays' ? column.values.map(bytesOf) : [];
  };
  const columns = {
    compressed: cells('COMPRESSED_DATA'),
    gzipped: cells('GZIP_COMPRESSED_DATA'),
    raw: cells('UNCOMPRESSED_DATA'),
    scale: numbers('ZSCALE'),
    zero: numbers('ZZERO'),
    blank: numbers('ZBLANK'),
  };
  const [failure] = failures;
  return failure ? { ok: false, failure } : success(columns);
}

/** The pixels of one tile; null where it is damaged. Tiles that could not be quantised lie gzipped or raw in a column of their own. */
function readTile(
  header: FitsHeader,
  columns: TileColumns,
  codec: TileCodec,
  method: Quantisation,
  index: number,
  count: number,
): Float64Array | null {
  const nonEmpty = (cells: readonly Uint8Array[]): Uint8Array | null => {
    const cell = cells[index];
    return cell && cell.length > 0 ? cell : null;
  };
  const gzipped = nonEmpty(columns.gzipped);
  const raw = nonEmpty(columns.raw);
  const compressed = nonEmpty(columns.compressed);
  const isFloat = codec.bitpix < 0;
  if (compressed === null) {
    if (gzipped !== null) return decodeTile(gzipped, { ...codec, name: 'GZIP_1' }, codec.bitpix, count);
    const bytes = (Math.abs(codec.bitpix) / 8) * count;
    return raw?.length === bytes ? decodeNumbers(raw, codec.bitpix, count) : null;
  }
  const tileScale = columns.scale?.[index] ?? header.number('ZSCALE');
  const quantised = isFloat && tileScale !== undefined && tileScale !== 0;
  const pixels = decodeTile(compressed, codec, quantised ? 32 : codec.bitpix, count);
  if (pixels === null) return null;
  const blank = columns.blank?.[index] ?? header.number('ZBLANK') ?? (isFloat ? DEFAULT_NULL : header.number('BLANK'));
  if (!quantised) {
    if (!isFloat) blankToNaN(pixels, blank);
    return pixels;
  }
  const zero = columns.zero?.[index] ?? header.number('ZZERO') ?? 0;
  const dither = method === 'NO_DITHER' ? null : ditherOfTile(index, header.number('ZDITHER0') ?? 1, count);
  for (let i = 0; i < count; i++) {
    const integer = pixels[i] ?? 0;
    if (integer === blank) pixels[i] = NaN;
    else if (method === 'SUBTRACTIVE_DITHER_2' && integer === EXACT_ZERO) pixels[i] = 0;
    else pixels[i] = (dither === null ? integer : integer - (dither[i] ?? 0) + 0.5) * tileScale + zero;
  }
  return codec.bitpix === -32 ? pixels.map(Math.fround) : pixels;
}

interface Tile {
  readonly pixels: number;
  place(pixels: Float64Array, image: Float64Array): void;
}

/** The tiles in the order of their rows: the fastest axis first. `shape` is slowest first; by default a tile is one row. */
function tileGrid(header: FitsHeader, shape: readonly number[]): Tile[] {
  const lengths = [...shape].reverse();
  const sizes = lengths.map((length, k) => Math.max(1, Math.min(length, header.number(`ZTILE${k + 1}`) ?? (k === 0 ? length : 1))));
  const along = lengths.map((length, k) => Math.ceil(length / (sizes[k] ?? 1)));
  return Array.from({ length: along.reduce((a, b) => a * b, 1) }, (_, index) => {
    let rest = index;
    const first = along.map((n, k) => {
      const start = (rest % n) * (sizes[k] ?? 1);
      rest = Math.floor(rest / n);
      return start;
    });
    const extent = first.map((start, k) => Math.min(sizes[k] ?? 1, (lengths[k] ?? 0) - start));
    return {
      pixels: extent.reduce((a, b) => a * b, 1),
      place(pixels, image) {
        for (let i = 0; i < pixels.length; i++) {
          let inTile = i;
          let at = 0;
          let step = 1;
          for (let k = 0; k < lengths.length; k++) {
            const n = extent[k] ?? 1;
            at += ((first[k] ?? 0) + (inTile % n)) * step;
            inTile = Math.floor(inTile / n);
            step *= lengths[k] ?? 1;
          }
          image[at] = pixels[i] ?? NaN;
        }
      },
    };
  });
}
