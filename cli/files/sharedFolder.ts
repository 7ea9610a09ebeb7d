/** Where data lie beside the repository, and where long work is kept. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of shared data: `MAURY_SHARED`, else `../shared` beside the repository. */
export const sharedFolder = (): string => resolve(ROOT, process.env['MAURY_SHARED'] ?? '../shared');

/** A path in the cache of long work (training sets, fits): `MAURY_CACHE`, else `.cache` in the repository, which git ignores. */
export const cachePath = (...parts: readonly string[]): string => resolve(ROOT, process.env['MAURY_CACHE'] ?? '.cache', ...parts);
