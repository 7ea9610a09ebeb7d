import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FORMATS, formatsTable } from './formats.ts';
import { READERS } from './readSpectra.ts';

it('every reader is described, and only readers that exist', () => {
  expect(FORMATS.flatMap(({ readers }) => readers).toSorted()).toEqual(READERS.map(({ name }) => name).toSorted());
});

it('docs/formats.md holds the table', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/formats.md', import.meta.url)), 'utf8');
  const squeeze = (text: string): string =>
    text
      .replace(/ +/g, ' ')
      .replace(/-{3,}/g, '---')
      .replace(/\| ?---/g, '|---')
      .replace(/--- ?\|/g, '---|');
  expect(squeeze(page)).toContain(squeeze(formatsTable()));
});
