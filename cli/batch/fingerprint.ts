/** Names for the state of code, so that what other code computed is not taken for this code's. Comments and formatting do not count. */
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The folders whose code decides what a report of a fit says. */
export const FIT_CODE = [
  ...['src/domain', 'src/math', 'src/spectra', 'src/io', 'src/emulator', 'src/fit', 'src/calibration', 'src/compute', 'src/results'],
] as const;
/** The same for spectra that are made, not read, and whose fits are not calibrated. */
export const INJECTION_CODE = FIT_CODE.filter((folder) => folder !== 'src/io' && folder !== 'src/calibration');
/** What samplers add to it. */
export const SAMPLING_CODE = 'src/fit/mcmc';

/** A source file as a compiler sees it: without comments and types, laid out anew. */
export const codeOf = (source: string): string =>
  ts.transpileModule(source, {
    compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText;

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().optional() })),
});

/** Names and versions of the packages that run with Maury (not those that only test or build it), by the lock file. */
async function runtimePackages(): Promise<string> {
  const { packages } = lockSchema.parse(JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')));
  return Object.entries(packages)
    .flatMap(([name, { version, dev }]) => (name === '' || dev === true ? [] : [`${name}@${version ?? ''}`]))
    .sort()
    .join('\n');
}

/**
 * Sixteen hex digits by source files of the repository, alone (`….ts`) or all of a folder but its tests and `SAMPLING_CODE`, by texts, and by the
 * versions of the packages that the code runs with.
 */
export async function fingerprint(sources: readonly string[], ...texts: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(await runtimePackages());
  for (const text of texts) hash.update(text);
  for (const source of sources) {
    const path = join(ROOT, source);
    if (source.endsWith('.ts')) {
      hash.update(source).update(codeOf(await readFile(path, 'utf8')));
      continue;
    }
    const files = (await readdir(path, { recursive: true }))
      .filter((name) => name.endsWith('.ts') && !name.includes('.test.'))
      .filter((name) => source === SAMPLING_CODE || !`${source}/${name}`.startsWith(SAMPLING_CODE))
      .sort();
    for (const file of files) hash.update(file).update(codeOf(await readFile(join(path, file), 'utf8')));
  }
  return hash.digest('hex').slice(0, 16);
}
