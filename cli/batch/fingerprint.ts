/** Names for the state of code, so that what was computed by other code is not taken for this one's. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders whose code decides what an optimiser finds. */
export const FIT_CODE = ['src/domain', 'src/math', 'src/spectra', 'src/io', 'src/emulator', 'src/fit'] as const;
/** The same for spectra that are made, not read. */
export const INJECTION_CODE = FIT_CODE.filter((folder) => folder !== 'src/io');
/** What samplers add to it. */
export const SAMPLING_CODE = 'src/fit/mcmc';

/** Sixteen hex digits by source files of the repository, alone (`….ts`) or all of a folder but its tests and `SAMPLING_CODE`, and by texts. */
export async function fingerprint(sources: readonly string[], ...texts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  for (const source of sources) {
    const path = fileURLToPath(new URL(`../../${source}`, import.meta.url));
    if (source.endsWith('.ts')) {
      hash.update(source).update(await readFile(path));
      continue;
    }
    const files = (await readdir(path, { recursive: true }))
      .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
      .filter((name) => source === SAMPLING_CODE || !`${source}/${name}`.startsWith(SAMPLING_CODE))
      .sort();
    for (const file of files) hash.update(file).update(await readFile(join(path, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
