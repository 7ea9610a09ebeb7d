/**
 * Writes FITS binary tables (FITS Standard 4.0, sections 4, 7.3): one table after an empty primary HDU. Texts are ASCII, as the standard
 * demands: any other character becomes `?`.
 */
const BLOCK = 2880;

/** One column. Texts are as wide as the longest; numbers are float64, NaN for null; `T`, `F` or nothing for booleans; vectors are float64. */
export type FitsColumn = { readonly name: string; readonly unit?: string } & (
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] }
  | { readonly kind: 'number'; readonly values: readonly (number | null)[] }
  | { readonly kind: 'boolean'; readonly values: readonly (boolean | null)[] }
  | { readonly kind: 'vector'; readonly length: number; readonly values: readonly (ArrayLike<number> | null)[] }
);

/** A keyword (up to 8 letters) and its value. */
export type FitsCard = readonly [keyword: string, value: string | number | boolean, comment?: string];

const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** One keyword as 80-character cards: a text that is too long for one goes on in CONTINUE cards (section 4.2.1.2). */
function cards([keyword, value, comment]: FitsCard): string[] {
  const head = `${keyword.padEnd(8)}= `;
  const note = comment === undefined ? '' : ` / ${ascii(comment)}`;
  if (typeof value !== 'string') {
    const text = typeof value === 'boolean' ? (value ? 'T' : 'F') : String(value);
    return [`${head}${text.padStart(20)}${note}`.slice(0, 80)];
  }
  const quoted = ascii(value).replaceAll("'", "''");
  if (quoted.length <= 68) return [`${head}'${quoted.padEnd(8)}'${note}`.slice(0, 80)];
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

function header(list: readonly FitsCard[]): Uint8Array {
  const text = [...list.flatMap(cards), 'END'].map((line) => line.padEnd(80)).join('');
  return new TextEncoder().encode(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK));
}

/** Bytes of one column per row, its TFORM, and how a row is written. */
function layout(column: FitsColumn): {
  readonly width: number;
  readonly form: string;
  readonly put: (view: DataView, at: number, row: number) => void;
} {
  switch (column.kind) {
    case 'text': {
      const texts = column.values.map((value) => ascii(value ?? ''));
      const width = Math.max(1, ...texts.map(({ length }) => length));
      return {
        width,
        form: `${String(width)}A`,
        put: (view, at, row) => {
          // What is left of the width is 0, which ends a text (section 7.3.3.1).
          const text = texts[row] ?? '';
          for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
        },
      };
    }
    case 'number':
      return {
        width: 8,
        form: 'D',
        put: (view, at, row) => {
          view.setFloat64(at, column.values[row] ?? NaN);
        },
      };
    case 'boolean':
      return {
        width: 1,
        form: 'L',
        put: (view, at, row) => {
          const value = column.values[row] ?? null;
          view.setUint8(at, value === null ? 0 : (value ? 'T' : 'F').charCodeAt(0));
        },
      };
    case 'vector':
      return {
        width: 8 * column.length,
        form: `${String(column.length)}D`,
        put: (view, at, row) => {
          for (let i = 0; i < column.length; i++) view.setFloat64(at + 8 * i, column.values[row]?.[i] ?? NaN);
        },
      };
  }
}

/** A FITS file with one binary table named `name`; `about` goes into the table's header. Columns are equally long. */
export function fitsTable(name: string, columns: readonly FitsColumn[], about: readonly FitsCard[] = []): Uint8Array<ArrayBuffer> {
  const rows = columns[0]?.values.length ?? 0;
  const layouts = columns.map(layout);
  const width = layouts.reduce((sum, one) => sum + one.width, 0);
  const data = new Uint8Array(Math.ceil((rows * width) / BLOCK) * BLOCK);
  const view = new DataView(data.buffer);
  let at = 0;
  for (let row = 0; row < rows; row++)
    for (const one of layouts) {
      one.put(view, at, row);
      at += one.width;
    }
  const primary = header([
    ['SIMPLE', true],
    ['BITPIX', 8],
    ['NAXIS', 0],
    ['EXTEND', true],
  ]);
  const described = columns.flatMap((column, i): FitsCard[] => [
    [`TTYPE${String(i + 1)}`, column.name],
    [`TFORM${String(i + 1)}`, layouts[i]?.form ?? ''],
    ...(column.unit === undefined ? [] : [[`TUNIT${String(i + 1)}`, column.unit] as const]),
  ]);
  const table = header([
    ['XTENSION', 'BINTABLE'],
    ['BITPIX', 8],
    ['NAXIS', 2],
    ['NAXIS1', width],
    ['NAXIS2', rows],
    ['PCOUNT', 0],
    ['GCOUNT', 1],
    ['TFIELDS', columns.length],
    ...described,
    ['EXTNAME', name],
    ...about,
  ]);
  const file = new Uint8Array(primary.length + table.length + data.length);
  file.set(primary);
  file.set(table, primary.length);
  file.set(data, primary.length + table.length);
  return file;
}
