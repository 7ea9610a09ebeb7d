/** Bytes of a file of a survey. */
import { readFile } from 'node:fs/promises';
import { failed, success, type Result } from '../../src/domain/result.ts';

/** Failures `FILE_MISSING` and `FILE_UNREADABLE`, which the next run tries again. */
export async function load(path: string): Promise<Result<Uint8Array<ArrayBuffer>>> {
  try {
    return success(new Uint8Array(await readFile(path)));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing
      ? failed('FILE_MISSING', `There is no ${path}.`, 'Check the list; the next run tries it again.')
      : failed(
          'FILE_UNREADABLE',
          `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
          'Check its permissions; the next run tries it again.',
        );
  }
}
