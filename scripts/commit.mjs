// The git commit of this checkout, for the page's build and the terminal. Imports nothing but Node.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Twelve hex digits of the commit, with `+changes` where tracked files differ from it; `MAURY_COMMIT` where that is set (a build from an archive can
 * name its commit so); null in a folder that is no git repository, or where there is no git.
 * @param {string} [root] the repository's folder
 * @returns {string | null}
 */
export function commitOf(root = join(import.meta.dirname, '..')) {
  const named = process.env.MAURY_COMMIT;
  if (named !== undefined && named !== '') return named;
  // A copy without .git that lies inside another repository must not take that one's commit.
  if (!existsSync(join(root, '.git'))) return null;
  const git = spawnSync('git', ['describe', '--always', '--abbrev=12', '--dirty=+changes', '--exclude=*'], { cwd: root, encoding: 'utf8' });
  return git.status === 0 ? git.stdout.trim() : null;
}
