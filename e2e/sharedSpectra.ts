import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GivenFile } from './instrument.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A real spectrum from the shared folder (`MAURY_SHARED`, or `../shared` beside the repository); null where it is absent. Under CI it must be there. */
export function sharedSpectrum(path: string): GivenFile | null {
  const file = join(resolve(root, process.env.MAURY_SHARED ?? '../shared'), 'spectra', path);
  if (existsSync(file)) return { name: basename(file), bytes: readFileSync(file) };
  if (process.env.CI === 'true') throw new Error(`${path} is not in the shared folder: set MAURY_SHARED`);
  console.log(`skipped: no shared spectrum ${path} (set MAURY_SHARED, or put the folder at ../shared)`);
  return null;
}
