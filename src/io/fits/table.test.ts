import { describe, expect, it } from 'vitest';
import { concat, emptyPrimary, tableHdu, type Card } from '../../testing/fitsBuilder.ts';
import { failureOf, valueOf } from '../../testing/result.ts';
import { openFits, type Hdu } from './openFits.ts';
import { readColumn } from './table.ts';

function table(form: string, rows: number, data: ArrayBuffer, cards: readonly Card[] = [], heap?: ArrayBuffer): Hdu {
  const bytes = concat([emptyPrimary(), tableHdu([['X', form]], rows, new Uint8Array(data), cards, heap && new Uint8Array(heap))]);
  const found = valueOf(openFits(bytes)).hdus[1];
  if (!found) throw new Error('no table');
  return found;
}
const buffer = (length: number, write: (view: DataView) => void): ArrayBuffer => {
  const view = new DataView(new ArrayBuffer(length));
  write(view);
  return view.buffer;
};
const values = (hdu: Hdu) => valueOf(readColumn(hdu, 'x')).values;

describe('binary tables: what the shared fixtures do not have', () => {
  it('C and M are complex, and TSCAL scales both parts while TZERO moves the real one', () => {
    const data = buffer(16, (v) => {
      [1, 2, 3, 4].forEach((x, i) => {
        v.setFloat32(4 * i, x);
      });
    });
    const scaled = values(
      table('C', 2, data, [
        ['TSCAL1', 2],
        ['TZERO1', 10],
      ]),
    );
    expect(scaled).toEqual({ kind: 'complex', real: Float64Array.of(12, 16), imaginary: Float64Array.of(4, 8) });
    const double = buffer(16, (v) => {
      v.setFloat64(0, 0.1);
      v.setFloat64(8, -0.2);
    });
    expect(values(table('M', 1, double))).toEqual({ kind: 'complex', real: Float64Array.of(0.1), imaginary: Float64Array.of(-0.2) });
  });

  it('TNULL is NaN before scaling', () => {
    const data = buffer(6, (v) => {
      [5, -99, 7].forEach((x, i) => {
        v.setInt16(2 * i, x);
      });
    });
    expect(
      values(
        table('I', 3, data, [
          ['TNULL1', -99],
          ['TSCAL1', 0.5],
        ]),
      ),
    ).toEqual({ kind: 'numbers', values: Float64Array.of(2.5, NaN, 3.5) });
  });

  it('K is exact as numbers where it can be, and unsigned with TZERO 2^63', () => {
    const small = buffer(8, (v) => {
      v.setBigInt64(0, -(2n ** 40n));
    });
    expect(values(table('K', 1, small))).toEqual({ kind: 'numbers', values: Float64Array.of(-(2 ** 40)) });
    const unsigned = buffer(8, (v) => {
      v.setBigInt64(0, 2n ** 63n - 1n);
    });
    const zero = 'TZERO1  =  9223372036854775808';
    expect(values(table('K', 1, unsigned, [zero]))).toEqual({ kind: 'integers64', values: [2n ** 64n - 1n] });
  });

  it('Q descriptors are 64-bit', () => {
    const data = buffer(16, (v) => {
      v.setBigInt64(0, 2n);
      v.setBigInt64(8, 4n);
    });
    const heap = buffer(12, (v) => {
      v.setFloat32(4, 1.5);
      v.setFloat32(8, 2.5);
    });
    expect(values(table('QE', 1, data, [], heap))).toEqual({
      kind: 'arrays',
      values: [{ kind: 'numbers', values: Float64Array.of(1.5, 2.5) }],
    });
  });

  it('a descriptor that points out of the heap is a failure', () => {
    const data = buffer(8, (v) => {
      v.setUint32(0, 100);
    });
    expect(failureOf(readColumn(table('PE', 1, data), 'X')).message).toContain('points to bytes 8–408');
  });

  it('strings end at NUL or blanks, and rAw holds several', () => {
    const data = new TextEncoder().encode('abc\0x de f  ').buffer;
    expect(values(table('12A6', 1, data))).toEqual({ kind: 'strings', values: ['abc', 'de f'] });
  });

  it('a column that is not there is named with those that are', () => {
    expect(failureOf(readColumn(table('I', 1, new ArrayBuffer(2)), 'flux')).message).toContain('no column "flux"; it has: X');
  });
  it('columns wider than the row are a bad header', () => {
    expect(failureOf(readColumn(table('4D', 1, new ArrayBuffer(8)), 'X')).message).toContain('take 32 bytes a row');
  });
  it('an unknown form is quoted', () => {
    expect(failureOf(readColumn(table('3Z', 1, new ArrayBuffer(8)), 'X')).message).toContain('TFORM1 is "3Z"');
  });
});
