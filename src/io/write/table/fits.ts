/**
 * FITS binary table (FITS Standard 4.0, section 7.3), row by row, after an empty primary HDU. Numbers are float64, NaN for null; whole numbers
 * int32 with TNULL; texts are ASCII, as the standard demands: any other character becomes `?`. UCDs and descriptions are in TUCDn and TCOMMn.
 */
import { bytesOf, type Cell, type RowFormat, type TableColumn } from './column.ts';

const BLOCK = 2880;
const MISSING = -2147483648;

const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** One keyword as cards of 80 characters: a text that is too long for one goes on in CONTINUE cards (section 4.2.1.2). */
function cards(keyword: string, value: string | number | boolean): string[] {
  const head = `${keyword.padEnd(8)}= `;
  if (typeof value !== 'string') return [`${head}${(typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value)).padStart(20)}`];
  const quoted = ascii(value).replaceAll("'", "''");
  if (quoted.length <= 68) return [`${head}'${quoted.padEnd(8)}'`];
  const parts: string[] = [];
  for (let at = 0; at < quoted.length;) {
    let end = Math.min(at + 67, quoted.length);
    // A doubled quote stays in one card.
    if ((/'*$/.exec(quoted.slice(at, end))?.[0].length ?? 0) % 2 === 1 && end < quoted.length) end--;
    parts.push(quoted.slice(at, end));
    at = end;
  }
  return parts.map((part, i) => `${i === 0 ? head : 'CONTINUE  '}'${part}${i < parts.length - 1 ? '&' : ''}'`);
}

function header(list: readonly (readonly [string, string | number | boolean])[]): string {
  const text = [...list.flatMap(([keyword, value]) => cards(keyword, value)), 'END'].map((line) => line.padEnd(80)).join('');
  return text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK);
}

const widthOf = ({ kind }: TableColumn, text: number): number => ({ double: 8, integer: 4, boolean: 1, text: Math.max(1, text) })[kind];
const formOf = ({ kind }: TableColumn, text: number): string =>
  ({ double: 'D', integer: 'J', boolean: 'L', text: `${Math.max(1, text)}A` })[kind];

function put(view: DataView, at: number, { kind }: TableColumn, cell: Cell, width: number): void {
  switch (kind) {
    case 'double':
      view.setFloat64(at, typeof cell === 'number' ? cell : NaN);
      return;
    case 'integer':
      view.setInt32(at, typeof cell === 'number' ? cell : MISSING);
      return;
    case 'boolean':
      view.setUint8(at, cell === null ? 0 : (cell === true ? 'T' : 'F').charCodeAt(0));
      return;
    case 'text': {
      const text = ascii(cell === null ? '' : String(cell)).padEnd(width);
      for (let i = 0; i < width; i++) view.setUint8(at + i, text.charCodeAt(i));
    }
  }
}

/** Facts of the table become keywords: the first eight letters of their names. */
export const fitsRows: RowFormat = ({ name, columns, about, rows, widths }) => {
  const sizes = columns.map((column, i) => widthOf(column, widths[i] ?? 1));
  const rowBytes = sizes.reduce((sum, size) => sum + size, 0);
  return {
    begin: () => {
      const described = columns.flatMap((column, i): (readonly [string, string | number])[] => {
        const n = String(i + 1);
        return [
          [`TTYPE${n}`, column.name],
          [`TFORM${n}`, formOf(column, widths[i] ?? 1)],
          ...(column.unit === null ? [] : [[`TUNIT${n}`, column.unit] as const]),
          ...(column.kind === 'integer' ? [[`TNULL${n}`, MISSING] as const] : []),
          ...(column.ucd === null ? [] : [[`TUCD${n}`, column.ucd] as const]),
          [`TCOMM${n}`, column.description],
        ];
      });
      const primary = header([
        ['SIMPLE', true],
        ['BITPIX', 8],
        ['NAXIS', 0],
        ['EXTEND', true],
      ]);
      const table = header([
        ['XTENSION', 'BINTABLE'],
        ['BITPIX', 8],
        ['NAXIS', 2],
        ['NAXIS1', rowBytes],
        ['NAXIS2', rows],
        ['PCOUNT', 0],
        ['GCOUNT', 1],
        ['TFIELDS', columns.length],
        ...described,
        ['EXTNAME', name],
        ...about.map(
          ([key, value]) =>
            [
              key
                .toUpperCase()
                .replace(/[^A-Z0-9_-]/g, '')
                .slice(0, 8),
              value,
            ] as const,
        ),
      ]);
      return bytesOf(primary + table);
    },
    row: (cells) => {
      const bytes = new Uint8Array(rowBytes);
      const view = new DataView(bytes.buffer);
      let at = 0;
      columns.forEach((column, i) => {
        const size = sizes[i] ?? 0;
        put(view, at, column, cells[i] ?? null, size);
        at += size;
      });
      return bytes;
    },
    end: () => new Uint8Array((BLOCK - ((rows * rowBytes) % BLOCK)) % BLOCK),
  };
};
