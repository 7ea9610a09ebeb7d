/** The service worker of a built site: `sw.js` from `serviceWorkerSource.js` with the site's files and their hashes filled in. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = new URL('./serviceWorkerSource.js', import.meta.url);

/**
 * Path → first 16 digits of the SHA-256 of its content, for every file of a built site.
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function siteFiles(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path !== 'sw.js')
    .sort();
  return Object.fromEntries(
    files.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex')
        .slice(0, 16),
    ]),
  );
}

/**
 * Writes `sw.js` into a built site.
 * @param {string} folder
 */
export function writeServiceWorker(folder) {
  writeFileSync(join(folder, 'sw.js'), readFileSync(SOURCE, 'utf8').replace("'THE FILES'", JSON.stringify(siteFiles(folder))));
}
