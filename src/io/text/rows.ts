import Papa from 'papaparse';

/** A text table: what the comments say, the header's names where there is one, and the rows of numbers. */
export interface TextTable {
  /** Comment lines without their sign. */
  readonly comments: readonly string[];
  readonly header: readonly string[] | null;
  /** [rows][columns]; a field that is no number is NaN. */
  readonly rows: readonly Float64Array[];
  /** Lines that are neither comment, header nor numbers. */
  readonly skipped: number;
  /** The first line that is no comment, for messages. */
  readonly firstLine: string;
}

const COMMENT = /^\s*(#|%|\/\/|!)/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/;
const MISSING = /^(nan|null|none|n\/a|-|inf|\+inf|-inf|infinity)?$/i;

/** Splits a text into comments, header and numeric rows; the delimiter is the comma, semicolon or tab of its lines, or else white space. */
export function textTable(text: string): TextTable {
  const lines = text.split(/\r\n|\n|\r/);
  const cards = headerCards(lines);
  const rest = cards.length > 0 ? lines.slice(cards.length) : lines;
  const comments = [...cards, ...rest.filter((line) => COMMENT.test(line)).map((line) => line.replace(COMMENT, '').trim())];
  const body = rest.filter((line) => line.trim() !== '' && !COMMENT.test(line));
  const records = splitRecords(body);
  const first = records.findIndex((fields) => isNumeric(fields));
  if (first < 0) return { comments, header: null, rows: [], skipped: records.length, firstLine: body[0] ?? '' };
  const width = records[first]?.length ?? 0;
  const named = first > 0 ? records[first - 1] : undefined;
  const header = named?.length === width ? named : headerInComments(comments, width);
  const rows: Float64Array[] = [];
  let skipped = Math.max(0, first - (header !== null && named === header ? 1 : 0));
  for (const fields of records.slice(first)) {
    if (isNumeric(fields)) rows.push(Float64Array.from({ length: width }, (_, k) => toNumber(fields[k] ?? '')));
    else skipped++;
  }
  return { comments, header: header?.map((name) => name.trim()) ?? null, rows, skipped, firstLine: body[0] ?? '' };
}

/** The cards of a FITS header that IRAF wspectext writes before the numbers, up to END; none where the text does not begin with one. */
function headerCards(lines: readonly string[]): string[] {
  if (!/^[A-Z0-9_-]{1,8}\s*=/.test(lines[0] ?? '')) return [];
  const end = lines.slice(0, 5000).findIndex((line) => line.trim() === 'END');
  return end < 0 ? [] : lines.slice(0, end + 1).map((line) => line.trim());
}

function splitRecords(body: readonly string[]): string[][] {
  const probe = body.find((line) => /\d/.test(line.charAt(0)) || /^\s*[+-]?\.?\d/.test(line)) ?? body[0] ?? '';
  const delimiter = [',', ';', '\t'].find((sign) => probe.includes(sign));
  const blanks = probe.trim().split(/\s+/);
  // `3900,0000  1278,38568`: every word between blanks is a number with a decimal comma.
  const decimalCommas = blanks.length > 1 && blanks.every((word) => /^[+-]?\d+(,\d+)?([eE][+-]?\d+)?$/.test(word)) && probe.includes(',');
  if (delimiter === undefined || decimalCommas || (delimiter === ',' && /;|\t/.test(probe))) return splitDecimalCommas(body, probe);
  return Papa.parse<string[]>(body.join('\n'), { delimiter, skipEmptyLines: 'greedy' }).data.map((fields) =>
    fields.map((field) => field.trim()),
  );
}

/** White space (or a semicolon or tab beside decimal commas) between fields. */
function splitDecimalCommas(body: readonly string[], probe: string): string[][] {
  const separator = probe.includes(';') ? /\s*;\s*/ : probe.includes('\t') ? /\t/ : /\s+/;
  const decimal = (field: string): string => (/^[+-]?\d+,\d+([eE][+-]?\d+)?$/.test(field) ? field.replace(',', '.') : field);
  return body.map((line) => line.trim().split(separator).map(decimal));
}

/** Numbers in the first two fields, of which the first is not missing. */
const isNumeric = (fields: readonly string[]): boolean =>
  fields.length > 0 && NUMBER.test(fields[0] ?? '') && fields.slice(1, 2).every((f) => NUMBER.test(f) || MISSING.test(f));

const toNumber = (field: string): number => (NUMBER.test(field) ? Number(field.replace(/[dD]/, 'E')) : NaN);

/** The last comment that has as many words as the rows have columns, if its first word names a wavelength. */
function headerInComments(comments: readonly string[], width: number): string[] | null {
  for (const comment of comments.toReversed()) {
    for (const words of [comment.split(','), comment.split(/\s+/), comment.split('\t')]) {
      if (words.length === width && /^\W*(wave|wl|lam|λ|log_?lam)/i.test(words[0] ?? '')) return words;
    }
  }
  return null;
}
