import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commitOf } from '../../scripts/commit.mjs';
import { software, softwareText } from './version.ts';

test('the version is that of package.json, the commit that of the build', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  expect(software()).toEqual({ name: 'Maury', version: manifest.version, commit: commitOf() });
  expect(softwareText()).toMatch(new RegExp(`^Maury ${manifest.version}`));
});

test('outside a git repository there is no commit', () => {
  expect(commitOf('/')).toBeNull();
});

test('CITATION.cff names the same version', () => {
  const citation = readFileSync(new URL('../../CITATION.cff', import.meta.url), 'utf8');
  expect(/^version: (.*)$/m.exec(citation)?.[1]).toBe(software().version);
});
