/** Rows of BINARY and BINARY2 streams (VOTable 1.4, sections 5.3 and 5.4): big-endian cells one after another, base64. */
import { failed, success, type Result } from '../../domain/result.ts';
import type { VotField } from './field.ts';

/** Bytes of one element; bits are eight to a byte. */
const SIZES: ReadonlyMap<string, number> = new Map([
  ['boolean', 1],
  ['unsignedByte', 1],
  ['char', 1],
  ['short', 2],
  ['unicodeChar', 2],
  ['int', 4],
  ['float', 4],
  ['long', 8],
  ['double', 8],
  ['floatComplex', 8],
  ['doubleComplex', 16],
]);

const damaged = (what: string) =>
  failed('VOTABLE_DAMAGED', `The stream of the VOTable ${what}.`, 'The file is incomplete; download it again.');

/** [rows][fields] numbers; cells of text or complex numbers, and nulls, are NaN. Failure: VOTABLE_DAMAGED. */
export function binaryRows(
  kind: 'BINARY' | 'BINARY2',
  base64: string,
  fields: readonly VotField[],
): Result<readonly (readonly Float64Array[])[]> {
  const bytes = decodeBase64(base64);
  if (!bytes) return damaged('is not base64');
  const view = new DataView(bytes.buffer);
  const rows: Float64Array[][] = [];
  const flags = kind === 'BINARY2' ? Math.ceil(fields.length / 8) : 0;
  let at = 0;
  while (at < bytes.length) {
    const start = at;
    at += flags;
    const row: Float64Array[] = [];
    for (const [k, field] of fields.entries()) {
      let count = fixedCount(field.arraysize);
      if (count === null) {
        if (at + 4 > bytes.length) return damaged('ends within a row');
        count = view.getInt32(at);
        at += 4;
      }
      const size = field.datatype === 'bit' ? Math.ceil(count / 8) / Math.max(1, count) : (SIZES.get(field.datatype) ?? 0);
      const length = Math.round(size * count);
      if (count < 0 || size === 0 || at + length > bytes.length) return damaged(`ends within field "${field.name}" (${field.datatype})`);
      const isNull = flags > 0 && ((bytes[start + (k >> 3)] ?? 0) & (0x80 >> (k & 7))) !== 0;
      row.push(isNull ? new Float64Array(count).fill(NaN) : numbers(view, at, count, field));
      at += length;
    }
    rows.push(row);
    if (at === start) break;
  }
  return success(rows);
}

/** Elements of a cell; null where each cell gives its own number. */
function fixedCount(arraysize: string): number | null {
  if (arraysize === '') return 1;
  if (arraysize.includes('*')) return null;
  return arraysize.split('x').reduce((product, n) => product * Number(n), 1);
}

function numbers(view: DataView, at: number, count: number, { datatype, nullValue }: VotField): Float64Array {
  const read = reader(view, datatype);
  if (!read) return new Float64Array(count).fill(NaN);
  const size = SIZES.get(datatype) ?? 1;
  const missing = nullValue === null ? NaN : Number(nullValue);
  return Float64Array.from({ length: count }, (_, i) => {
    const value = read(at + i * size);
    return value === missing ? NaN : value;
  });
}

function reader(view: DataView, datatype: string): ((at: number) => number) | null {
  switch (datatype) {
    case 'boolean':
      return (at) => (/[tT1]/.test(String.fromCharCode(view.getUint8(at))) ? 1 : 0);
    case 'unsignedByte':
      return (at) => view.getUint8(at);
    case 'short':
      return (at) => view.getInt16(at);
    case 'int':
      return (at) => view.getInt32(at);
    case 'long':
      return (at) => Number(view.getBigInt64(at));
    case 'float':
      return (at) => view.getFloat32(at);
    case 'double':
      return (at) => view.getFloat64(at);
    default:
      return null;
  }
}

function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(text.replace(/\s+/g, ''));
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  } catch {
    return null;
  }
}
