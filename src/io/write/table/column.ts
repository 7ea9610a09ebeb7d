/**
 * Tables that are written row by row, so that their length does not matter. A writer gives the bytes to append: `begin`, then `row` for each
 * row, then `end`. What a format has to know before its first row stands in `TableHead`.
 */
export type Cell = string | number | boolean | null;

export interface TableColumn {
  readonly name: string;
  readonly kind: 'double' | 'integer' | 'boolean' | 'text';
  /** As the IVOA's VOUnits write it: `K`, `km/s`; null for what has none. A dex is a unit here. */
  readonly unit: string | null;
  /** Unified Content Descriptor, IVOA UCD1+ 1.5. */
  readonly ucd: string | null;
  readonly description: string;
}

export interface TableHead {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  /** Facts about the whole table, in order. */
  readonly about: readonly (readonly [key: string, value: string])[];
  readonly rows: number;
  /** Widest text of each column, in UTF-8 bytes. */
  readonly widths: readonly number[];
}

export interface RowWriter {
  begin(): Uint8Array;
  row(cells: readonly Cell[]): Uint8Array;
  end(): Uint8Array;
}

/** Makes a writer; begun anew for each table. */
export type RowFormat = (head: TableHead) => RowWriter;

const encoder = new TextEncoder();
export const bytesOf = (text: string): Uint8Array => encoder.encode(text);
export const NOTHING = new Uint8Array(0);
