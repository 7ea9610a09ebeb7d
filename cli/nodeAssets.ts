import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assets } from '../src/compute/assets.ts';
import { failed, success } from '../src/domain/result.ts';

/** The site's own files, in the repository. */
export const PUBLIC_FOLDER = fileURLToPath(new URL('../public/', import.meta.url));

/** Assets read from a folder laid out as the site (default: the repository's `public/`). */
export function nodeAssets(folder: string = PUBLIC_FOLDER): Assets {
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
