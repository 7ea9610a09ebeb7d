import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assets } from '../../src/compute/assets.ts';
import { failed, success } from '../../src/domain/result.ts';

/** The site's own files: `MAURY_PUBLIC`, else `public/` of the repository. */
export const publicFolder = (): string => process.env['MAURY_PUBLIC'] ?? fileURLToPath(new URL('../../public/', import.meta.url));

/** Assets read from a folder laid out as the site (default: `publicFolder()`). */
export function nodeAssets(folder: string = publicFolder()): Assets {
  return {
    async read(path) {
      try {
        return success(new Uint8Array(await readFile(join(folder, path))));
      } catch (error) {
        return failed(
          'ASSET_MISSING',
          `${join(folder, path)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
          'Check that the repository is complete.',
        );
      }
    },
  };
}
