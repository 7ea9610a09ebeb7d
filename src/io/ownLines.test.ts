import { expect, it } from 'vitest';
import { parseOwnLines } from './ownLines.ts';
import { valueOf } from '../testing/result.ts';

const read = (text: string, medium: 'air' | 'vacuum' = 'vacuum') => parseOwnLines('lines.csv', text, medium);

it.each([
  ['commas and a header', 'name,wavelength_vac\nMg I,5185.05\nNa I,5891.58\n'],
  ['tabs, the other way round', 'wavelength_vac\tname\n5185.05\tMg I\n5891.58\tNa I\n'],
  ['semicolons, without a header', '5891.58;Na I\r\n5185.05;Mg I\r\n'],
  ['blanks, names of two words', '# my lines\n5185.05 Mg I\n5891.58 Na I\n'],
  ['blanks, names first', 'Mg I  5185.05\nNa I  5891.58\n'],
  ['more columns, of which names are one', 'species,wave,ep,loggf\nMg I,5185.05,2.717,-0.18\nNa I,5891.58,0,0.108\n'],
])('reads a list with %s', (_, text) => {
  expect(valueOf(read(text))).toEqual({
    name: 'lines.csv',
    lines: [
      { wavelength: 5185.05, name: 'Mg I' },
      { wavelength: 5891.58, name: 'Na I' },
    ],
  });
});

it('takes the medium of the header, else that of the spectrum, and says so', () => {
  const byHeader = read('wavelength_air,name\n5183.604,Mg I\n', 'vacuum');
  expect(valueOf(byHeader).lines[0]?.wavelength).toBeCloseTo(5185.048, 2);
  expect(byHeader).toMatchObject({ warnings: [] });
  const bySpectrum = read('5183.604,Mg I\n', 'air');
  expect(valueOf(bySpectrum).lines[0]?.wavelength).toBeCloseTo(5185.048, 2);
  expect(bySpectrum).toMatchObject({ warnings: [expect.stringMatching(/in air/)] });
  expect(valueOf(read('wavelength_vac,name\n5185.05,Mg I\n', 'air')).lines[0]?.wavelength).toBe(5185.05);
});

it('leaves out rows without a name, and counts them', () => {
  const list = read('wavelength_vac,name\n5185.05,Mg I\n5200,\n5891.58,Na I\n5895,Na I\n5896,Na I\n5897,Na I\n');
  expect(valueOf(list).lines).toHaveLength(5);
  expect(list).toMatchObject({ warnings: [expect.stringMatching(/^1 rows/)] });
});

it.each([
  ['two columns of numbers', '5000 1.0\n5001 0.9\n5002 1.1\n', 'LINE_LIST_NO_NAMES'],
  ['a spectrum with a header', 'wavelength,flux\n5000,1\n5001,0.9\n', 'LINE_LIST_IS_SPECTRUM'],
  [
    'a spectrum with a column of flags',
    Array.from({ length: 200 }, (_, i) => `${String(5000 + i)},1.0,ok`).join('\n'),
    'LINE_LIST_IS_SPECTRUM',
  ],
  ['words', 'once upon a time\nthere was a star\n', 'LINE_LIST_NO_WAVELENGTHS'],
  ['nothing', '', 'LINE_LIST_NO_WAVELENGTHS'],
  ['wavelengths in µm', '0.518505,Mg I\n0.589158,Na I\n', 'LINE_LIST_NO_WAVELENGTHS'],
  ['too many lines', Array.from({ length: 5001 }, (_, i) => `${String(4000 + i)},line ${String(i)}`).join('\n'), 'LINE_LIST_TOO_LONG'],
])('refuses by name %s', (_, text, code) => {
  expect(read(text)).toMatchObject({ ok: false, failure: { code } });
});
