/** Visits of one star: a table that names for each file the star it is of. Each star is then one entry of the source, with its files as members. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, normalize, resolve } from 'node:path';
import Papa from 'papaparse';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { whereListed, type Source, type SourceFile } from './source.ts';

const FILE_COLUMN = /^(file|path|filename)$/i;
const shown = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));

/**
 * A CSV table with a heading, a column `file` (or `path`, `filename`) and the column `by`; files with the same value there are visits of one star.
 * A file without a value is a star by itself. Names of stars are `by=value`. Failures: `SOURCE_MISSING`, `SOURCE_UNREADABLE`, `NO_GROUP_COLUMN`,
 * `BAD_GROUPS` (a file in two groups).
 */
export function openGroups(text: string, by: string): Result<Source> {
  const path = resolve(text.replace(/^@/, ''));
  if (!existsSync(path)) return failed('SOURCE_MISSING', `There is no ${text}.`, `Give a CSV table with the columns "file" and "${by}".`);
  let rows: Papa.ParseResult<Record<string, string>>;
  try {
    const table = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    rows = Papa.parse(table, {
      header: true,
      skipEmptyLines: 'greedy',
      comments: '#',
      transformHeader: (name) => name.trim().replace(/^"|"$/g, ''),
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed(
      'SOURCE_UNREADABLE',
      `${text} cannot be read: ${message}.`,
      'Visits are grouped by a table, not by a folder: give a CSV file.',
    );
  }
  const columns = rows.meta.fields ?? [];
  const fileColumn = columns.find((name) => FILE_COLUMN.test(name));
  if (fileColumn === undefined || !columns.includes(by))
    return failed(
      'NO_GROUP_COLUMN',
      `${text} has no column ${fileColumn === undefined ? '"file"' : `"${by}"`}; its columns are ${shown(columns)}.`,
      `The first line has to name the columns "file" and "${by}", separated by commas.`,
    );
  const groups = new Map<string, SourceFile[]>();
  const groupOf = new Map<string, string>();
  for (const row of rows.data) {
    const file = (row[fileColumn] ?? '').trim();
    if (file === '') continue;
    const name = normalize(file);
    const value = (row[by] ?? '').trim();
    const group = value === '' ? name : `${by}=${value}`;
    const before = groupOf.get(name);
    if (before === group) continue;
    if (before !== undefined)
      return failed('BAD_GROUPS', `${name} stands in two groups, ${before} and ${group}.`, 'A spectrum is of one star: correct the table.');
    groupOf.set(name, group);
    groups.set(group, [...(groups.get(group) ?? []), { name, path: whereListed(dirname(path), file) }]);
  }
  return success({
    kind: 'groups',
    async *files() {
      for (const [name, members] of groups) yield await Promise.resolve({ name, path, members });
    },
  });
}
