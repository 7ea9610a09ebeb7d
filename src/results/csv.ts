/** Results as CSV. */
import Papa from 'papaparse';
import { softwareText } from '../domain/version.ts';
import { resultColumns, type ResultColumn } from './columns.ts';
import type { ResultRecord, Run } from './record.ts';

const header = ({ name, unit }: ResultColumn): string => (unit === null ? name : `${name}_${unit.replace('/', '')}`);

/** All stars as CSV, one row each, with units in the column names; what is not known is empty. Two `#` lines above say what wrote it, and when. */
export function resultsCsv(records: readonly ResultRecord[], run: Run): string {
  const columns = resultColumns(records);
  const data = records.map((_, i) => columns.map(({ cells }) => cells[i] ?? ''));
  const table = Papa.unparse({ fields: columns.map(header), data }, { newline: '\n' });
  return `# ${softwareText(run.software)}\n# date: ${run.date}\n${table}\n`;
}
