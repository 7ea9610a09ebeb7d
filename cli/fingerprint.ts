/** Names for the state of code, so that what was computed by other code is not taken for this one's. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders whose code decides what a fit gives. */
export const FIT_CODE = ['src/domain', 'src/math', 'src/spectra', 'src/io', 'src/emulator', 'src/fit'] as const;

/** Sixteen hex digits by the source files (tests left out) of folders of the repository, and by texts. */
export async function fingerprint(folders: readonly string[], ...texts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  for (const folder of folders) {
    const path = fileURLToPath(new URL(`../${folder}/`, import.meta.url));
    const files = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.ts') && !name.includes('.test.')).sort();
    for (const file of files) hash.update(file).update(await readFile(join(path, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
