/** CSV with `#` lines above, and ECSV (Astropy's Enhanced CSV 1.0, APE 6), which says units, types and descriptions in a YAML head. */
import Papa from 'papaparse';
import { bytesOf, NOTHING, type Cell, type RowFormat, type TableColumn } from './column.ts';

const cellText = (cell: Cell): string | number => (cell === null ? '' : typeof cell === 'boolean' ? (cell ? 'True' : 'False') : cell);
const line = (cells: readonly (string | number)[]): string => `${Papa.unparse([cells], { newline: '\n' })}\n`;
const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');

/** Name with its unit, as a spreadsheet's reader needs it: `teff_K`. */
const heading = ({ name, unit }: TableColumn): string => (unit === null ? name : `${name}_${unit.replace('/', '')}`);

export const csvRows: RowFormat = ({ columns, about }) => ({
  begin: () => bytesOf(`${about.map(([key, value]) => `# ${key}: ${oneLine(value)}\n`).join('')}${line(columns.map(heading))}`),
  row: (cells) => bytesOf(line(cells.map(cellText))),
  end: () => NOTHING,
});

const TYPES = { double: 'float64', integer: 'int64', boolean: 'bool', text: 'string' } as const;
// YAML reads JSON's strings.
const quoted = (text: string): string => JSON.stringify(oneLine(text));

export const ecsvRows: RowFormat = ({ columns, about }) => ({
  begin: () => {
    const described = columns.map(({ name, kind, unit, ucd, description }) => {
      const meta = ucd === null ? '' : `, meta: {ucd: ${quoted(ucd)}}`;
      return `# - {name: ${quoted(name)}${unit === null ? '' : `, unit: ${quoted(unit)}`}, datatype: ${TYPES[kind]}, description: ${quoted(description)}${meta}}`;
    });
    const facts = about.map(([key, value]) => `# - {${quoted(key)}: ${quoted(value)}}`);
    const head = [
      '# %ECSV 1.0',
      '# ---',
      "# delimiter: ','",
      '# datatype:',
      ...described,
      '# meta: !!omap',
      ...facts,
      '# schema: astropy-2.0',
    ];
    return bytesOf(`${head.join('\n')}\n${line(columns.map(({ name }) => name))}`);
  },
  row: (cells) => bytesOf(line(cells.map(cellText))),
  end: () => NOTHING,
});
