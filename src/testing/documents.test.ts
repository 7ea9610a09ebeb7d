/** The files and commands that CONTRIBUTING.md and the folder READMEs name are there. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/deploying.md', 'cli/README.md', 'validation/README.md'];

test.each(documents)('%s names files that exist', (document) => {
  const named = [...read(document).matchAll(/`((?:src|cli|validation|training|public|docs|e2e|scripts|workers)\/[\w./-]*)`/g)].map(
    ([, path]) => path ?? '',
  );
  expect(named.filter((path) => !/NAME|nameFigure|NamePanel/.test(path) && !existsSync(root + path))).toEqual([]);
});

test.each(documents)('%s names scripts of package.json', (document) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
  const named = [...read(document).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name ?? '');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
