import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { concat, emptyPrimary, tableHdu, type Card } from '../../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../../testing/result.ts';
import { ditherOfTile } from './dither.ts';
import { openFits, type Hdu } from './openFits.ts';
import { decodeRice } from './rice.ts';
import { readTiledImage } from './tiledImage.ts';

/** An encoder straight from the standard (10.4.1), with the split that makes each block shortest. */
function encodeRice(values: readonly number[], blockSize: number, bytes: 1 | 2 | 4): Uint8Array {
  const [splitBits, raw] = { 1: [3, 6] as const, 2: [4, 14] as const, 4: [5, 25] as const }[bytes];
  const wrap = (v: number): number => (bytes === 4 ? v | 0 : bytes === 2 ? (v << 16) >> 16 : (v << 24) >> 24);
  let bits = '';
  const put = (value: number, n: number): void => {
    bits += (value >>> 0)
      .toString(2)
      .padStart(32, '0')
      .slice(32 - n);
  };
  let last = values[0] ?? 0;
  put(last, 8 * bytes);
  for (let start = 0; start < values.length; start += blockSize) {
    const folded = values.slice(start, start + blockSize).map((value) => {
      const difference = wrap(value - last);
      last = value;
      return (difference < 0 ? ~(difference << 1) : difference << 1) >>> 0;
    });
    const lengths = Array.from({ length: raw }, (_, s) => folded.reduce((sum, f) => sum + Math.floor(f / 2 ** s) + 1 + s, 0));
    const best = lengths.indexOf(Math.min(...lengths));
    if (folded.every((f) => f === 0)) put(0, splitBits);
    else if ((lengths[best] ?? 0) >= folded.length * 8 * bytes) {
      put(raw + 1, splitBits);
      for (const f of folded) put(f, 8 * bytes);
    } else {
      put(best + 1, splitBits);
      for (const f of folded) {
        bits += '0'.repeat(Math.floor(f / 2 ** best)) + '1';
        if (best > 0) put(f, best);
      }
    }
  }
  return Uint8Array.from(bits.match(/.{1,8}/g) ?? [], (byte) => parseInt(byte.padEnd(8, '0'), 2));
}

describe('Rice coding', () => {
  const ranges = { 1: [0, 255], 2: [-32_768, 32_767], 4: [-(2 ** 31), 2 ** 31 - 1] } as const;
  it.each([1, 2, 4] as const)('decodes what an encoder wrote: %i bytes a pixel', (bytes) => {
    const [min, max] = ranges[bytes];
    const smooth = fc.array(fc.integer({ min: 100, max: 110 }), { minLength: 1, maxLength: 100 });
    const rough = fc.array(fc.integer({ min, max }), { minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(fc.oneof(smooth, rough), fc.constantFrom(16, 32), (values, block) => {
        expect([...(decodeRice(encodeRice(values, block, bytes), values.length, block, bytes) ?? [])]).toEqual(values);
      }),
    );
  });
  it('gives null where the bits run out', () => {
    const whole = encodeRice([1, 500, -300, 70_000], 32, 4);
    expect(decodeRice(whole.subarray(0, whole.length - 3), 4, 32, 4)).toBeNull();
  });
});

it('the dither sequence ends where the standard says: seed 1043618065 after 10 000 draws', () => {
  expect(ditherOfTile(0, 1, 10_000).at(-1)).toBe(Math.fround(1_043_618_065 / 2_147_483_647));
});

/** A compressed image whose tiles are given as bytes. */
function tiled(
  tiles: readonly Uint8Array[],
  cards: readonly Card[],
  extra: readonly (readonly [string, string])[] = [],
  rowTail = new Uint8Array(0),
): Hdu {
  const rows = tiles.map((tile, i) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint32(0, tile.length);
    view.setUint32(
      4,
      tiles.slice(0, i).reduce((n, t) => n + t.length, 0),
    );
    return concat([new Uint8Array(view.buffer), rowTail]);
  });
  const table = tableHdu([['COMPRESSED_DATA', '1PB'], ...extra], tiles.length, concat(rows), [['ZIMAGE', true], ...cards], concat(tiles));
  const hdu = valueOf(openFits(concat([emptyPrimary(), table]))).hdus[1];
  if (!hdu) throw new Error('no table');
  return hdu;
}
const int16 = (values: readonly number[]): Uint8Array => {
  const view = new DataView(new ArrayBuffer(2 * values.length));
  values.forEach((value, i) => {
    view.setInt16(2 * i, value);
  });
  return new Uint8Array(view.buffer);
};
const int32 = (values: readonly number[]): Uint8Array =>
  new Uint8Array(values.flatMap((v) => [v >> 24, v >> 16, v >> 8, v].map((b) => b & 255)));
const SHAPE_3x2: Card[] = [
  ['ZBITPIX', 16],
  ['ZNAXIS', 2],
  ['ZNAXIS1', 3],
  ['ZNAXIS2', 2],
];

describe('compressed images: what the shared fixtures do not have', () => {
  it('tiles that divide both axes, the last ones smaller', () => {
    const cards: Card[] = [['ZCMPTYPE', 'GZIP_1'], ...SHAPE_3x2, ['ZTILE1', 2], ['ZTILE2', 2]];
    const hdu = tiled([gzipSync(int16([1, 2, 4, 5])), gzipSync(int16([3, 6]))], cards);
    expect(valueOf(readTiledImage(hdu))).toEqual({ shape: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6) });
  });
  it('blank integers, BSCALE and BZERO', () => {
    const cards: Card[] = [
      ['ZCMPTYPE', 'NOCOMPRESS'],
      ...SHAPE_3x2,
      ['ZTILE1', 3],
      ['ZTILE2', 2],
      ['ZBLANK', 9],
      ['BSCALE', 2],
      ['BZERO', 1],
    ];
    expect(valueOf(readTiledImage(tiled([int16([0, 1, 2, 9, 4, 5])], cards))).data).toEqual(Float64Array.of(1, 3, 5, NaN, 9, 11));
  });
  it('SUBTRACTIVE_DITHER_2 keeps exact zeros', () => {
    const cards: Card[] = [
      ['ZCMPTYPE', 'GZIP_1'],
      ['ZBITPIX', -64],
      ['ZNAXIS', 1],
      ['ZNAXIS1', 3],
      ['ZQUANTIZ', 'SUBTRACTIVE_DITHER_2'],
      ['ZDITHER0', 5],
    ];
    const tail = new DataView(new ArrayBuffer(16));
    tail.setFloat64(0, 0.25);
    tail.setFloat64(8, 100);
    const hdu = tiled(
      [gzipSync(int32([7, -2_147_483_646, -2_147_483_647]))],
      cards,
      [
        ['ZSCALE', 'D'],
        ['ZZERO', 'D'],
      ],
      new Uint8Array(tail.buffer),
    );
    const dither = ditherOfTile(0, 5, 3)[0] ?? NaN;
    expect(valueOf(readTiledImage(hdu)).data).toEqual(Float64Array.of((7 - dither + 0.5) * 0.25 + 100, 0, NaN));
  });
  it.each(['PLIO_1', 'HCOMPRESS_1'])('%s is refused by name', (name) => {
    const failure = failureOf(readTiledImage(tiled([int16([1])], [['ZCMPTYPE', name], ...SHAPE_3x2])));
    expect(failure.code).toBe('FITS_UNSUPPORTED');
    expect(failure.message).toContain(name);
  });
  it('a damaged tile is named', () => {
    const cards: Card[] = [['ZCMPTYPE', 'GZIP_1'], ...SHAPE_3x2, ['ZTILE1', 3], ['ZTILE2', 1]];
    const failure = failureOf(readTiledImage(tiled([gzipSync(int16([1, 2, 3])), new Uint8Array(30)], cards)));
    expect(failure.message).toContain('Tile 2 of 2');
  });
});
