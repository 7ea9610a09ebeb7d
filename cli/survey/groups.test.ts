/** Tables that say which files are visits of one star. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGroups } from './groups.ts';
import type { SourceFile } from './source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maury-groups-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const table = (text: string): string => {
  const path = join(folder, 'visits.csv');
  writeFileSync(path, text);
  return path;
};
async function starsOf(text: string, by: string): Promise<SourceFile[]> {
  const source = openGroups(table(text), by);
  if (!source.ok) throw new Error(source.failure.message);
  const stars: SourceFile[] = [];
  for await (const star of source.value.files()) stars.push(star);
  return stars;
}
const codeOf = (path: string, by: string): string => {
  const source = openGroups(path, by);
  return source.ok ? 'ok' : source.failure.code;
};

it('files with the same value are visits of one star, wherever they stand in the table', async () => {
  const stars = await starsOf('night,file,gaia\n1,a.fits,12\n1,b.fits,7\n2,sub/c.fits,12\n', 'gaia');
  expect(stars.map(({ name, members }) => [name, members?.map((file) => file.name)])).toEqual([
    ['gaia=12', ['a.fits', 'sub/c.fits']],
    ['gaia=7', ['b.fits']],
  ]);
  expect(stars[0]?.members?.[1]?.path).toBe(join(folder, 'sub/c.fits'));
});

it('a file without a value is a star by itself; a line that comes twice counts once; quotes, comments and a mark at the start are read', async () => {
  const stars = await starsOf('\uFEFF# made by hand\n"file", "star"\na.fits,\nb.fits,"x, y"\nb.fits,"x, y"\n\n', 'star');
  expect(stars.map(({ name, members }) => [name, members?.length])).toEqual([
    ['a.fits', 1],
    ['star=x, y', 1],
  ]);
});

it('refuses by name what is no such table', () => {
  expect(codeOf(join(folder, 'none.csv'), 'gaia')).toBe('SOURCE_MISSING');
  expect(codeOf(folder, 'gaia')).toBe('SOURCE_UNREADABLE');
  expect(codeOf(table('file,star\na.fits,1\n'), 'gaia')).toBe('NO_GROUP_COLUMN');
  expect(codeOf(table('a.fits\nb.fits\n'), 'gaia')).toBe('NO_GROUP_COLUMN');
  expect(codeOf(table('file,gaia\na.fits,1\na.fits,2\n'), 'gaia')).toBe('BAD_GROUPS');
});
