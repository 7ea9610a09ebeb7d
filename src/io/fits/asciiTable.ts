import { failed, success, type Result } from '../../domain/result.ts';
import type { ColumnValues } from './cells.ts';
import { latin1 } from './header.ts';
import type { Hdu } from './openFits.ts';
import type { TableColumn } from './table.ts';

/** Names of an ASCII table's columns, in order. */
export function asciiColumnNames(hdu: Hdu): string[] {
  const fields = hdu.header.number('TFIELDS') ?? 0;
  return Array.from({ length: fields >= 0 && fields <= 999 ? fields : 0 }, (_, i) => hdu.header.text(`TTYPE${i + 1}`) ?? '');
}

/** One column of an ASCII table (standard 7.2) by name, any case. Failures: FITS_NO_TABLE, FITS_NO_COLUMN, FITS_BAD_HEADER. */
export function readAsciiColumn(hdu: Hdu, name: string): Result<TableColumn> {
  if (hdu.kind !== 'ascii-table') return failed('FITS_NO_TABLE', `HDU ${hdu.index} "${hdu.name}" is not an ASCII table.`);
  const { header, data } = hdu;
  const names = asciiColumnNames(hdu);
  const index = names.findIndex((n) => n.toLowerCase() === name.toLowerCase()) + 1;
  if (index === 0) return failed('FITS_NO_COLUMN', `HDU ${hdu.index} "${hdu.name}" has no column "${name}"; it has: ${names.join(', ')}.`);
  const form = /^([AIFED])(\d+)(?:\.(\d+))?$/.exec(header.text(`TFORM${index}`) ?? '');
  const start = (header.number(`TBCOL${index}`) ?? 0) - 1;
  const rowBytes = header.number('NAXIS1') ?? 0;
  const width = Number(form?.[2] ?? 0);
  if (!form || start < 0 || start + width > rowBytes) {
    return failed(
      'FITS_BAD_HEADER',
      `ASCII table HDU ${hdu.index}: TFORM${index} is "${String(header.get(`TFORM${index}`))}" at TBCOL${index} = ${start + 1} of ${rowBytes}.`,
    );
  }
  const rows = header.number('NAXIS2') ?? 0;
  if (!(rows >= 0 && rows * rowBytes <= data.length) || rowBytes <= 0)
    return failed('FITS_BAD_HEADER', `ASCII table HDU ${hdu.index}: ${rows} rows of ${rowBytes} bytes are more than its ${data.length}.`);
  const fields = Array.from({ length: rows }, (_, row) => latin1(data.subarray(row * rowBytes + start, row * rowBytes + start + width)));
  const missing = header.text(`TNULL${index}`);
  const scale = header.number(`TSCAL${index}`) ?? 1;
  const zero = header.number(`TZERO${index}`) ?? 0;
  const values: ColumnValues =
    form[1] === 'A'
      ? { kind: 'strings', values: fields.map((field) => field.trimEnd()) }
      : {
          kind: 'numbers',
          values: Float64Array.from(fields, (field) =>
            missing !== undefined && field.trim() === missing ? NaN : fortranNumber(field, Number(form[3] ?? 0)) * scale + zero,
          ),
        };
  return success({ name: names[index - 1] ?? name, unit: header.text(`TUNIT${index}`) ?? null, rows, shape: [], values });
}

/** A Fortran-formatted number: D exponents, and an implied decimal point `decimals` from the right where none is written. Blank is 0. */
function fortranNumber(field: string, decimals: number): number {
  const text = field.trim().replace(/[Dd]/, 'E');
  if (text === '') return 0;
  const value = Number(text);
  if (decimals === 0 || text.includes('.')) return value;
  const [mantissa = '', exponent = '0'] = text.split(/[Ee]/);
  return Number(mantissa) * 10 ** (Number(exponent) - decimals);
}
