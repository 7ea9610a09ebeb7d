import { latin1 } from './header.ts';

/** Values of one column, or of one variable-length cell. */
export type ColumnValues =
  | { readonly kind: 'numbers'; readonly values: Float64Array }
  /** 64-bit integers, where not all of them are exact as numbers. */
  | { readonly kind: 'integers64'; readonly values: readonly bigint[] }
  | { readonly kind: 'booleans'; readonly values: readonly (boolean | null)[] }
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'complex'; readonly real: Float64Array; readonly imaginary: Float64Array }
  | { readonly kind: 'arrays'; readonly values: readonly ColumnValues[] };

/** Where the elements of a column lie: `count` of them, `repeat` to a row, rows `stride` bytes apart from `start` on. */
export interface CellLayout {
  readonly start: number;
  readonly stride: number;
  readonly repeat: number;
  readonly rows: number;
}

/** TSCALn, TZEROn and TNULLn. */
export interface CellScaling {
  readonly scale: number;
  readonly zero: number;
  readonly null: number | undefined;
}

/** Bytes of one element of each type of the standard's table 18; X counts bits and is not here. */
export const ELEMENT_BYTES: Readonly<Record<string, number>> = { L: 1, B: 1, I: 2, J: 4, K: 8, A: 1, E: 4, D: 8, C: 8, M: 16, P: 8, Q: 16 };

/** The elements of one column in row order. `type` is one of L X B I J K E D C M (A has its own reader). */
export function decodeCells(type: string, view: DataView, layout: CellLayout, scaling: CellScaling): ColumnValues {
  const size = ELEMENT_BYTES[type] ?? 1;
  const { start, stride, repeat, rows } = layout;
  const count = repeat * rows;
  const at = (i: number): number => start + Math.floor(i / repeat) * stride + (i % repeat) * size;
  switch (type) {
    case 'L':
      return { kind: 'booleans', values: Array.from({ length: count }, (_, i) => logical(view.getUint8(at(i)))) };
    case 'X':
      return { kind: 'booleans', values: bits(view, layout) };
    case 'K':
      return decodeLong(view, at, count, scaling);
    case 'C':
    case 'M': {
      const half = size / 2;
      const read = half === 4 ? (offset: number) => view.getFloat32(offset) : (offset: number) => view.getFloat64(offset);
      const real = Float64Array.from({ length: count }, (_, i) => read(at(i)) * scaling.scale + scaling.zero);
      const imaginary = Float64Array.from({ length: count }, (_, i) => read(at(i) + half) * scaling.scale);
      return { kind: 'complex', real, imaginary };
    }
    default: {
      const read = numberReader(type, view);
      const integer = type === 'B' || type === 'I' || type === 'J';
      const values = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        const raw = read(at(i));
        values[i] = integer && raw === scaling.null ? NaN : raw * scaling.scale + scaling.zero;
      }
      return { kind: 'numbers', values };
    }
  }
}

function numberReader(type: string, view: DataView): (offset: number) => number {
  switch (type) {
    case 'B':
      return (offset) => view.getUint8(offset);
    case 'I':
      return (offset) => view.getInt16(offset);
    case 'J':
      return (offset) => view.getInt32(offset);
    case 'E':
      return (offset) => view.getFloat32(offset);
    case 'D':
      return (offset) => view.getFloat64(offset);
    default:
      throw new RangeError(`column type ${type}`);
  }
}

function decodeLong(view: DataView, at: (i: number) => number, count: number, scaling: CellScaling): ColumnValues {
  const raw = Array.from({ length: count }, (_, i) => view.getBigInt64(at(i)));
  if (scaling.scale === 1 && Number.isInteger(scaling.zero)) {
    const zero = BigInt(scaling.zero);
    const exact = raw.map((value) => value + zero);
    const limit = BigInt(Number.MAX_SAFE_INTEGER);
    const hasNull = scaling.null !== undefined && raw.includes(BigInt(scaling.null));
    if (!hasNull && exact.some((value) => value > limit || value < -limit)) return { kind: 'integers64', values: exact };
  }
  const values = Float64Array.from(raw, (value) => {
    const number = Number(value);
    return number === scaling.null ? NaN : number * scaling.scale + scaling.zero;
  });
  return { kind: 'numbers', values };
}

/** T, F, or null for an undefined logical. */
const logical = (byte: number): boolean | null => (byte === 84 ? true : byte === 70 ? false : null);

function bits(view: DataView, { start, stride, repeat, rows }: CellLayout): boolean[] {
  const out: boolean[] = [];
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < repeat; k++) out.push((view.getUint8(start + row * stride + (k >> 3)) & (0x80 >> (k & 7))) !== 0);
  }
  return out;
}

/** Strings of `width` characters; they end at the first NUL, trailing blanks do not count. */
export function decodeStrings(view: DataView, { start, stride, repeat, rows }: CellLayout, width: number): string[] {
  const out: string[] = [];
  if (width === 0) return Array.from({ length: rows }, () => '');
  for (let row = 0; row < rows; row++) {
    for (let from = 0; from < repeat; from += width) {
      const length = Math.min(width, repeat - from);
      const text = latin1(new Uint8Array(view.buffer, view.byteOffset + start + row * stride + from, length));
      out.push((text.split('\0', 1)[0] ?? '').trimEnd());
    }
  }
  return out;
}
