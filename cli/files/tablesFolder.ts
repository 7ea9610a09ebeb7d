/** The folder of physics tables: where it is, what is in it, and the hash of that. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { failed, success, type Result } from '../../src/domain/result.ts';
import type { NpyArray } from '../../src/io/npz.ts';
import { applyOverlay, parseOverlay } from '../../src/synthesis/correction/overlay.ts';
import { loadTables, type ChangeLines, type PhysicsTables } from '../../src/synthesis/tables/tables.ts';
import { sharedFolder } from './sharedFolder.ts';
import { LINE_LISTS, OVERLAYS, type LineListName } from './lineLists.ts';

/** Where the physics tables are unless --tables says otherwise: `$MAURY_SHARED/physics`, default `../shared/physics`. */
export const defaultTables = (): string => join(sharedFolder(), 'physics');

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What the overlay of a list does to its arrays; undefined for a list without one. */
function overlayOf(lines: LineListName): ChangeLines | undefined {
  const file = OVERLAYS[lines];
  if (file === undefined) return undefined;
  return (arrays, bytes) => {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      return failed(
        'OVERLAY_UNREADABLE',
        `The corrections of lines cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
        'Restore the file, which is part of the program, or use --lines vald.',
      );
    }
    const overlay = parseOverlay(text);
    return overlay.ok ? applyOverlay(arrays, sha256(bytes), overlay.value) : overlay;
  };
}

/**
 * Loads the physics tables of a folder, with one of its line lists. Failures: `TABLES_UNREADABLE`, naming the file; for `corrected` also
 * `OVERLAY_OTHER_LIST` when the folder holds another list than the corrections were made for, and `OVERLAY_UNREADABLE`.
 */
export const readTables = (folder: string, lines: LineListName): Result<PhysicsTables> =>
  loadTables((path) => readFileSync(join(folder, path)), LINE_LISTS[lines].file, overlayOf(lines));

/** The tables as of `readTables`, with the arrays that their line list was made from, corrections applied. Failures as there. */
export function readTablesAndArrays(
  folder: string,
  lines: LineListName,
): Result<{ readonly tables: PhysicsTables; readonly arrays: ReadonlyMap<string, NpyArray> }> {
  let arrays: ReadonlyMap<string, NpyArray> = new Map();
  const change = overlayOf(lines);
  const tables = loadTables(
    (path) => readFileSync(join(folder, path)),
    LINE_LISTS[lines].file,
    (listed, bytes) => {
      const changed = change === undefined ? success(listed) : change(listed, bytes);
      if (changed.ok) arrays = changed.value;
      return changed;
    },
  );
  return tables.ok ? success({ tables: tables.value, arrays }) : tables;
}

/** sha256 (hex) of each file that synthesis reads, by its path in the folder (an overlay by its name); the tables are checked on the way. Failure as `readTables`. */
export function hashTables(folder: string, lines: LineListName): Result<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  const read = (path: string): Uint8Array => {
    const bytes = readFileSync(join(folder, path));
    hashes[path] = sha256(bytes);
    return bytes;
  };
  const tables = loadTables(read, LINE_LISTS[lines].file, overlayOf(lines));
  if (!tables.ok) return tables;
  const overlay = OVERLAYS[lines];
  if (overlay !== undefined) hashes[basename(overlay)] = sha256(readFileSync(overlay));
  return success(hashes);
}
