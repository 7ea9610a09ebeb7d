/** Apache Parquet by hyparquet-writer: columns are packed in groups of rows, and a group is in memory at a time. */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { SchemaElement } from 'hyparquet';
import { NOTHING, type Cell, type RowFormat, type TableColumn } from './column.ts';

const GROUP_ROWS = 2000;

function element({ name, kind }: TableColumn): SchemaElement {
  const head = { name, repetition_type: 'OPTIONAL' } as const;
  if (kind === 'double') return { ...head, type: 'DOUBLE' };
  if (kind === 'integer') return { ...head, type: 'INT32' };
  if (kind === 'boolean') return { ...head, type: 'BOOLEAN' };
  return { ...head, type: 'BYTE_ARRAY', converted_type: 'UTF8' };
}

/** Facts of the table and, under `columns`, unit, UCD and description of each column are in the file's key-value metadata. */
export const parquetRows: RowFormat = ({ columns, about }) => {
  const bytes = new ByteWriter();
  const described = Object.fromEntries(columns.map(({ name, unit, ucd, description }) => [name, { unit, ucd, description }]));
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(element)],
    kvMetadata: [...about.map(([key, value]) => ({ key, value })), { key: 'columns', value: JSON.stringify(described) }],
    createdBy: 'hyparquet-writer',
  });
  let group: (readonly Cell[])[] = [];
  /** What is written by now, which the file takes; offsets go on counting. */
  const take = (): Uint8Array => {
    const out = bytes.getBytes().slice();
    bytes.index = 0;
    return out;
  };
  const pack = (): void => {
    if (group.length === 0) return;
    const rows = group;
    group = [];
    void writer.write({
      columnData: columns.map(({ name }, i) => ({ name, data: rows.map((cells) => cells[i] ?? null) })),
      rowGroupSize: rows.length,
    });
  };
  return {
    begin: () => NOTHING,
    row: (cells) => {
      group.push(cells);
      if (group.length < GROUP_ROWS) return NOTHING;
      pack();
      return take();
    },
    end: () => {
      pack();
      void writer.finish();
      return take();
    },
  };
};
