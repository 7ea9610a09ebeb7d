/** Files of a zip archive, with limits on what it may unpack to. */
import { unzipSync } from 'fflate';
import { failed, success, type Result } from '../../domain/result.ts';

/** The most that all files together may unpack to, bytes, and the most files. */
const MAX_BYTES = 2 ** 27;
const MAX_FILES = 2000;
/** Unpacked size over packed: spectra reach 20, bombs a thousand. */
const MAX_RATIO = 150;

export const looksZipped = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Folders, empty files and what a Macintosh adds are left out. Sizes are checked before anything is unpacked. Failures: ZIP_TOO_LARGE, ZIP_DAMAGED. */
export function unzip(bytes: Uint8Array): Result<readonly ZipEntry[]> {
  let total = 0;
  let files = 0;
  let tooLarge = '';
  try {
    const unpacked = unzipSync(bytes, {
      filter: ({ name, originalSize, size }) => {
        if (name.endsWith('/') || /(^|\/)(__MACOSX|\.)/.test(name) || tooLarge !== '') return false;
        total += originalSize;
        files++;
        if (total > MAX_BYTES) tooLarge = `unpacks to more than ${MAX_BYTES} bytes`;
        else if (files > MAX_FILES) tooLarge = `holds more than ${MAX_FILES} files`;
        else if (originalSize > 2 ** 20 && originalSize > MAX_RATIO * Math.max(1, size))
          tooLarge = `holds a file (${name.slice(0, 60)}) that unpacks to more than ${MAX_RATIO} times its size`;
        return tooLarge === '' && originalSize > 0;
      },
    });
    if (tooLarge !== '')
      return failed(
        'ZIP_TOO_LARGE',
        `The zip archive ${tooLarge}.`,
        'Spectra are never that large; unpack it and open the files you need.',
      );
    return success(Object.entries(unpacked).map(([name, content]) => ({ name, bytes: content })));
  } catch (error) {
    return failed(
      'ZIP_DAMAGED',
      `The zip archive (${bytes.length} bytes) cannot be unpacked: ${error instanceof Error ? error.message : String(error)}.`,
      'The file is incomplete or damaged; download or copy it again.',
    );
  }
}
