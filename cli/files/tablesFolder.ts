import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { success, type Result } from '../../src/domain/result.ts';
import { loadTables, type PhysicsTables } from '../../src/synthesis/tables/tables.ts';
import { LINE_LISTS, type LineListName } from './lineLists.ts';

/** Where the physics tables are unless --tables says otherwise: `$MAURY_SHARED/physics`, default `../shared/physics`. */
export const defaultTables = (): string => join(process.env.MAURY_SHARED ?? '../shared', 'physics');

/** Loads the physics tables of a folder, with one of its line lists. Failure: `TABLES_UNREADABLE`, naming the file. */
export const readTables = (folder: string, lines: LineListName): Result<PhysicsTables> =>
  loadTables((path) => readFileSync(join(folder, path)), LINE_LISTS[lines].file);

/** sha256 (hex) of each file that synthesis reads, by its path in the folder; the tables are checked on the way. Failure as `readTables`. */
export function hashTables(folder: string, lines: LineListName): Result<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  const tables = loadTables((path) => {
    const bytes = readFileSync(join(folder, path));
    hashes[path] = createHash('sha256').update(bytes).digest('hex');
    return bytes;
  }, LINE_LISTS[lines].file);
  return tables.ok ? success(hashes) : tables;
}
