import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../src/domain/result.ts';
import { loadTables, type PhysicsTables } from '../src/synthesis/tables.ts';

/** Where the physics tables are unless --tables says otherwise: `$MAURY_SHARED/physics`, default `../shared/physics`. */
export const defaultTables = (): string => join(process.env.MAURY_SHARED ?? '../shared', 'physics');

/** Loads the physics tables of a folder. Failure: `TABLES_UNREADABLE`, naming the file. */
export const readTables = (folder: string): Result<PhysicsTables> => loadTables((path) => readFileSync(join(folder, path)));
