import { failed, success, type Failure, type Result } from '../../domain/result.ts';
import { decodeCells, decodeStrings, ELEMENT_BYTES, type CellScaling, type ColumnValues } from './cells.ts';
import type { FitsHeader } from './header.ts';
import type { Hdu } from './openFits.ts';

/** The most elements of a variable-length column. */
const MAX_ELEMENTS = 2 ** 24;

/** What a binary table's header says of one column. */
export interface ColumnForm {
  readonly index: number;
  readonly name: string;
  readonly unit: string | null;
  /** L X B I J K A E D C M P Q */
  readonly type: string;
  /** Elements (bits for X, characters for A) per row. */
  readonly repeat: number;
  /** What follows the type in TFORM: the element type and greatest length for P and Q, a substring width for A. */
  readonly extra: string;
  /** Bytes from the start of the row. */
  readonly offset: number;
}

export interface TableColumn {
  readonly name: string;
  readonly unit: string | null;
  readonly rows: number;
  /** Shape of one cell, slowest axis first (TDIM reversed); empty for a scalar. */
  readonly shape: readonly number[];
  /** All rows after one another. */
  readonly values: ColumnValues;
}

/** The columns of a binary table. Failures: FITS_NO_TABLE, FITS_BAD_HEADER. */
export function tableColumns(hdu: Hdu): Result<readonly ColumnForm[]> {
  const { header } = hdu;
  if (hdu.kind !== 'table' && hdu.kind !== 'tiled-image')
    return failed('FITS_NO_TABLE', `HDU ${hdu.index} "${hdu.name}" is not a binary table.`);
  const columns: ColumnForm[] = [];
  let offset = 0;
  const fields = header.number('TFIELDS') ?? 0;
  if (!(fields >= 0 && fields <= 999)) return bad(hdu, `TFIELDS is ${String(fields)}`);
  for (let index = 1; index <= fields; index++) {
    const form = header.text(`TFORM${index}`) ?? '';
    const match = /^(\d*)([LXBIJKAEDCMPQ])(.*)$/.exec(form);
    if (!match) return bad(hdu, `TFORM${index} is "${form}"`);
    const type = match[2] ?? '';
    const repeat = match[1] === '' ? 1 : Number(match[1]);
    const extra = (match[3] ?? '').trim();
    columns.push({
      index,
      name: header.text(`TTYPE${index}`) ?? '',
      unit: header.text(`TUNIT${index}`) ?? null,
      type,
      repeat,
      extra,
      offset,
    });
    offset += type === 'X' ? Math.ceil(repeat / 8) : repeat * (ELEMENT_BYTES[type] ?? 1);
  }
  const rowBytes = header.number('NAXIS1') ?? 0;
  return offset > rowBytes ? bad(hdu, `its columns take ${offset} bytes a row, NAXIS1 gives ${rowBytes}`) : success(columns);
}

/** One column by name (any case). Failures: FITS_NO_TABLE, FITS_NO_COLUMN, FITS_BAD_HEADER. */
export function readColumn(hdu: Hdu, name: string): Result<TableColumn> {
  const columns = tableColumns(hdu);
  if (!columns.ok) return columns;
  const column = columns.value.find((c) => c.name.toLowerCase() === name.toLowerCase());
  if (!column) {
    const names = columns.value.map((c) => c.name).join(', ');
    return failed('FITS_NO_COLUMN', `HDU ${hdu.index} "${hdu.name}" has no column "${name}"; it has: ${names}.`);
  }
  const { header } = hdu;
  const rows = header.number('NAXIS2') ?? 0;
  const rowBytes = header.number('NAXIS1') ?? 0;
  if (!(rows >= 0 && rowBytes >= 0 && rows * rowBytes <= hdu.data.length) || (rowBytes === 0 && rows > 0)) {
    return bad(hdu, `${rows} rows of ${rowBytes} bytes are more than its ${hdu.data.length} bytes`);
  }
  const view = new DataView(hdu.data.buffer, hdu.data.byteOffset, hdu.data.byteLength);
  const layout = { start: column.offset, stride: rowBytes, repeat: column.repeat, rows };
  const dimensions = tdim(header, column);
  const result = { name: column.name, unit: column.unit, rows };
  if (column.type === 'A') {
    const width = dimensions?.at(-1) ?? (/^\d+$/.test(column.extra) ? Number(column.extra) : column.repeat);
    const perRow = width === 0 ? 1 : Math.ceil(column.repeat / width);
    const values = decodeStrings(view, layout, width);
    return success({ ...result, shape: dimensions?.slice(0, -1) ?? (perRow > 1 ? [perRow] : []), values: { kind: 'strings', values } });
  }
  if (column.type === 'P' || column.type === 'Q') {
    const cells = variableCells(hdu, column, view, rows, rowBytes);
    return cells.ok ? success({ ...result, shape: [], values: { kind: 'arrays', values: cells.value } }) : cells;
  }
  const values = decodeCells(column.type, view, layout, scaling(header, column.index));
  return success({ ...result, shape: dimensions ?? (column.repeat === 1 ? [] : [column.repeat]), values });
}

/** Cells of a variable-length column: descriptors (length, offset) in the row point into the heap (standard 7.3.5). */
function variableCells(hdu: Hdu, column: ColumnForm, view: DataView, rows: number, rowBytes: number): Result<ColumnValues[]> {
  const element = column.extra.charAt(0);
  const heap = hdu.header.number('THEAP') ?? rows * rowBytes;
  const size = element === 'X' ? 1 / 8 : ELEMENT_BYTES[element];
  if (size === undefined || element === 'P' || element === 'Q') return bad(hdu, `TFORM${column.index} names no element type`);
  const cells: ColumnValues[] = [];
  let elements = 0;
  for (let row = 0; row < rows && column.repeat > 0; row++) {
    const at = row * rowBytes + column.offset;
    const wide = column.type === 'Q';
    const length = wide ? Number(view.getBigInt64(at)) : view.getUint32(at);
    const start = heap + (wide ? Number(view.getBigInt64(at + 8)) : view.getUint32(at + 4));
    const bytes = Math.ceil(length * size);
    // Many descriptors may point to one place: what they add up to is bounded by nothing in the file.
    elements += length;
    if (elements > MAX_ELEMENTS)
      return bad(hdu, `the cells of column "${column.name}" add up to more than ${String(MAX_ELEMENTS)} elements`);
    if (length < 0 || start < heap || start + bytes > hdu.data.length) {
      return bad(
        hdu,
        `row ${row + 1} of column "${column.name}" points to bytes ${start}–${start + bytes} of a data unit of ${hdu.data.length}`,
      );
    }
    const layout = { start, stride: bytes, repeat: length, rows: length === 0 ? 0 : 1 };
    cells.push(
      element === 'A'
        ? { kind: 'strings', values: decodeStrings(view, layout, length) }
        : decodeCells(element, view, layout, scaling(hdu.header, column.index)),
    );
  }
  return success(cells);
}

function scaling(header: FitsHeader, index: number): CellScaling {
  return { scale: header.number(`TSCAL${index}`) ?? 1, zero: header.number(`TZERO${index}`) ?? 0, null: header.number(`TNULL${index}`) };
}

/** TDIM reversed, where it matches the repeat count. */
function tdim(header: FitsHeader, column: ColumnForm): number[] | null {
  const match = /^\(([\d\s,]+)\)$/.exec(header.text(`TDIM${column.index}`) ?? '');
  if (!match) return null;
  const shape = (match[1] ?? '').split(',').map(Number).reverse();
  return shape.reduce((a, b) => a * b, 1) === column.repeat ? shape : null;
}

function bad(hdu: Hdu, what: string): { readonly ok: false; readonly failure: Failure } {
  return failed(
    'FITS_BAD_HEADER',
    `Table HDU ${hdu.index} "${hdu.name}": ${what}.`,
    'The table breaks the FITS standard; check the file with fitsverify.',
  );
}
