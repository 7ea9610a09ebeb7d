import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { describe, it } from 'vitest';

const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The folder of shared data: `MAURY_SHARED`, or `../shared` beside the repository (relative paths count from its root); null where absent. */
export function sharedDir(): string | null {
  const folder = resolve(repositoryRoot, process.env['MAURY_SHARED'] ?? '../shared');
  return existsSync(folder) ? folder : null;
}

/** A `describe` whose tests need the shared data: skipped, and said so, where the folder is absent; a failure there when `CI=true`. */
export function describeWithShared(name: string, tests: (folder: string) => void): void {
  const folder = sharedDir();
  if (folder !== null) {
    describe(name, () => {
      tests(folder);
    });
    return;
  }
  const reason = `${name}: no shared data (set MAURY_SHARED, or put the folder at ../shared)`;
  if (process.env['CI'] === 'true') {
    it(name, () => {
      throw new Error(reason);
    });
    return;
  }
  console.warn(`skipped: ${reason}`);
  describe.skip(reason, () => {
    it('needs the shared data');
  });
}
