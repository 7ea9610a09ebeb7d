/**
 * VOTable 1.3 (IVOA), rows as TABLEDATA: for TOPCAT, Aladin and astropy, with units and UCDs. Units are the CDS's there: `[-]` is a dex. (1.4 has
 * VOUnits, which know none.)
 */
import { bytesOf, type Cell, type RowFormat, type TableColumn } from './column.ts';

const TYPES = {
  double: 'datatype="double"',
  integer: 'datatype="long"',
  boolean: 'datatype="boolean"',
  text: 'datatype="unicodeChar" arraysize="*"',
} as const;

/** Text of an element or attribute; characters that XML 1.0 cannot hold become `?`. */
const escape = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function field({ name, kind, unit, ucd, description }: TableColumn): string {
  const attributes = [
    `name="${escape(name)}"`,
    TYPES[kind],
    ...(unit === null ? [] : [`unit="${escape(unit === 'dex' ? '[-]' : unit)}"`]),
    ...(ucd === null ? [] : [`ucd="${escape(ucd)}"`]),
  ];
  // A whole number has no NaN: this one, which no column uses, stands for null.
  const missing = kind === 'integer' ? `<VALUES null="${String(MISSING)}"/>` : '';
  return `<FIELD ${attributes.join(' ')}><DESCRIPTION>${escape(description)}</DESCRIPTION>${missing}</FIELD>`;
}

const MISSING = -2147483648;

function cellText(cell: Cell, { kind }: TableColumn): string {
  if (cell === null) return kind === 'double' ? 'NaN' : kind === 'integer' ? String(MISSING) : '';
  if (typeof cell === 'boolean') return cell ? 'T' : 'F';
  return typeof cell === 'number' ? String(cell) : escape(cell);
}

export const votableRows: RowFormat = ({ name, columns, about }) => ({
  begin: () => {
    const facts = about.map(([key, value]) => `<INFO name="${escape(key)}" value="${escape(value)}"/>`);
    return bytesOf(
      `${[
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<VOTABLE version="1.3" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">',
        `<RESOURCE type="results" name="${escape(name)}">`,
        ...facts,
        `<TABLE name="${escape(name)}">`,
        ...columns.map(field),
        '<DATA><TABLEDATA>',
      ].join('\n')}\n`,
    );
  },
  row: (cells) => bytesOf(`<TR>${columns.map((column, i) => `<TD>${cellText(cells[i] ?? null, column)}</TD>`).join('')}</TR>\n`),
  end: () => bytesOf('</TABLEDATA></DATA>\n</TABLE>\n</RESOURCE>\n</VOTABLE>\n'),
});
