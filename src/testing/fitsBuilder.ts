/** A keyword and its value as the header is to hold it; a raw card is a text of up to 80 characters. */
export type Card = readonly [string, string | number | boolean] | string;

const BLOCK = 2880;

/** One HDU as bytes: the cards (END is added) and the data, each padded to whole blocks. */
export function hdu(cards: readonly Card[], data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = [...cards.map(card), 'END'].map((line) => line.padEnd(80)).join('');
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK));
  return concat([header, data, new Uint8Array((BLOCK - (data.length % BLOCK)) % BLOCK)]);
}

/** An image HDU; `shape` is NAXIS1, NAXIS2 … */
export function imageHdu(shape: readonly number[], data: Float64Array, cards: readonly Card[] = [], primary = true): Uint8Array {
  const first: Card = primary ? ['SIMPLE', true] : ['XTENSION', 'IMAGE'];
  const axes = shape.map((n, i): Card => [`NAXIS${i + 1}`, n]);
  return hdu([first, ['BITPIX', -64], ['NAXIS', shape.length], ...axes, ...cards], bigEndian(data));
}

/** A binary table HDU; columns are name and TFORM, `rows` the bytes of the rows, `heap` what follows them. */
export function tableHdu(
  columns: readonly (readonly [string, string])[],
  rows: number,
  data: Uint8Array,
  cards: readonly Card[] = [],
  heap: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const described = columns.flatMap(([name, form], i): Card[] => [
    [`TTYPE${i + 1}`, name],
    [`TFORM${i + 1}`, form],
  ]);
  const axes: Card[] = [
    ['NAXIS', 2],
    ['NAXIS1', data.length / rows],
    ['NAXIS2', rows],
    ['PCOUNT', heap.length],
    ['GCOUNT', 1],
    ['TFIELDS', columns.length],
  ];
  return hdu([['XTENSION', 'BINTABLE'], ['BITPIX', 8], ...axes, ...described, ...cards], concat([data, heap]));
}

export const emptyPrimary = (): Uint8Array =>
  hdu([
    ['SIMPLE', true],
    ['BITPIX', 8],
    ['NAXIS', 0],
  ]);

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Float64 numbers, big endian. */
export function bigEndian(values: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    view.setFloat64(8 * i, value);
  });
  return new Uint8Array(view.buffer);
}

function card(entry: Card): string {
  if (typeof entry === 'string') return entry;
  const [keyword, value] = entry;
  const text =
    typeof value === 'string'
      ? `'${value.replaceAll("'", "''").padEnd(8)}'`
      : typeof value === 'boolean'
        ? value
          ? 'T'
          : 'F'
        : String(value);
  return `${keyword.padEnd(8)}= ${typeof value === 'string' ? text : text.padStart(20)}`;
}
