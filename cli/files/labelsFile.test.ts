import { expect, test } from 'vitest';
import { parseLabels, readLabelsFile } from './labelsFile.ts';

test('elements left out are left at zero by leaving them out', () => {
  const result = parseLabels(
    '[{"teff": 5770, "logg": 4.44, "vmic": 1.0, "feh": 0.0, "xfe": {"Mg": 0.1}}, {"teff": 4500, "logg": 2, "vmic": 1.5, "feh": -1}]',
  );
  expect(result).toMatchObject({
    ok: true,
    value: [
      { teff: 5770, xfe: { Mg: 0.1 } },
      { logg: 2, xfe: {} },
    ],
  });
});

test.each([
  [
    'a string for a number',
    '[{"teff": 5770, "logg": 4, "vmic": 1, "feh": 0}, {"teff": "hot", "logg": 4, "vmic": 1, "feh": 0}]',
    ['[1].teff', '"hot"'],
  ],
  ['a field left out', '[{"teff": 5770, "vmic": 1, "feh": 0}]', ['[0].logg', 'nothing']],
  ['an element that is no label', '[{"teff": 5770, "logg": 4, "vmic": 1, "feh": 0, "xfe": {"Tc": 0.1}}]', ['[0].xfe', 'Tc']],
  ['a misspelt field', '[{"teff": 5770, "logg": 4, "vmic": 1, "feh": 0, "Xfe": {"Mg": 0.1}}]', ['[0]', 'Xfe']],
  ['an object instead of an array', '{"teff": 5770}', ['the whole file', 'array']],
])('%s is named with its index, field and value', (_, text, words) => {
  const result = parseLabels(text);
  expect(result).toMatchObject({ ok: false, failure: { code: 'LABELS_INVALID' } });
  if (!result.ok) for (const word of words) expect(result.failure.message).toContain(word);
});

test('text that is not JSON, an empty array and a missing file each have their own name', async () => {
  expect(parseLabels('teff: 5770')).toMatchObject({ failure: { code: 'LABELS_NOT_JSON' } });
  expect(parseLabels('[]')).toMatchObject({ failure: { code: 'LABELS_EMPTY' } });
  expect(await readLabelsFile('/nonexistent/labels.json')).toMatchObject({ failure: { code: 'FILE_UNREADABLE' } });
});
