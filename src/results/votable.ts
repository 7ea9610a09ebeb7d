/** Results as a VOTable, for TOPCAT and Aladin: one row a star. */
import { softwareText } from '../domain/version.ts';
import type { TableColumn } from '../io/write/table/column.ts';
import { votableRows } from '../io/write/table/votable.ts';
import { resultColumns, type ResultColumn } from './columns.ts';
import type { ResultRecord, Run } from './record.ts';
import { ucdOf } from './ucds.ts';

/** A column by what it holds; where kinds are mixed, as text. */
function tableColumn({ name, unit, cells }: ResultColumn): TableColumn {
  const filled = cells.filter((cell) => cell !== null);
  const all = (type: string): boolean => filled.length > 0 && filled.every((cell) => typeof cell === type);
  return {
    name,
    unit,
    ucd: ucdOf(name),
    description: name.replaceAll('_', ' '),
    kind: all('number') ? 'double' : all('boolean') ? 'boolean' : 'text',
  };
}

/** All stars as a VOTable, one row each: the columns of the CSV, with units and UCDs. */
export function resultsVotable(records: readonly ResultRecord[], run: Run): string {
  const results = resultColumns(records);
  const columns = results.map(tableColumn);
  const about = [['software', softwareText(run.software)] as const, ['date', run.date] as const];
  const writer = votableRows({ name: 'RESULTS', columns, about, rows: records.length, widths: [] });
  const rows = records.map((_, i) =>
    writer.row(
      results.map(({ cells }, k) => {
        const cell = cells[i] ?? null;
        return columns[k]?.kind === 'text' && cell !== null ? String(cell) : cell;
      }),
    ),
  );
  const decoder = new TextDecoder();
  return [writer.begin(), ...rows, writer.end()].map((bytes) => decoder.decode(bytes)).join('');
}
