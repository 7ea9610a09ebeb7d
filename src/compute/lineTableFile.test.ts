import { readFileSync } from 'node:fs';
import { gzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { valueOf } from '../testing/result.ts';
import { LINE_TABLE_PATH, lineTableText, parseLineTable } from './lineTableFile.ts';

const bytes = readFileSync(new URL(`../../public/${LINE_TABLE_PATH}`, import.meta.url));
const json: unknown = JSON.parse(bytes.toString('utf8'));
const table = valueOf(parseLineTable(json));

/** The widest line of a species near a wavelength (Å, vacuum) in a typical star: where it is, its width (mÅ) and share (%). */
function line(species: string, near: number, star: string) {
  const s = table.stars.findIndex(({ title }) => title === star);
  const [widest] = [...table.wavelength.keys()]
    .filter((i) => table.species[table.speciesOf[i] ?? -1] === species && Math.abs((table.wavelength[i] ?? 0) - near) < 0.1)
    .map((i) => ({ wavelength: table.wavelength[i], width: table.width[s]?.[i] ?? 0, share: table.share[s]?.[i] ?? 0 }))
    .sort((a, b) => b.width - a.width);
  return widest;
}

// Vacuum wavelengths: NIST Atomic Spectra Database.
it.each([
  ['Mg I', 5168.76, 25],
  ['Mg I', 5174.13, 50],
  ['Mg I', 5185.05, 70],
  ['Na I', 5891.58, 85],
  ['Na I', 5897.56, 85],
  ['Ca II', 3934.77, 85],
  ['Ca II', 3969.59, 80],
  ['Ca II', 8500.35, 85],
  ['Ca II', 8544.44, 85],
  ['Ca II', 8664.52, 85],
  ['Ba II', 4555.31, 30],
  ['H I', 6564.61, 70],
  ['H I', 4862.69, 50],
] as const)('the Sun has %s at %f Å, with at least %i %% of the depth', (species, wavelength, share) => {
  expect(line(species, wavelength, 'Sun-like dwarf')?.share).toBeGreaterThanOrEqual(share);
});

it('widths are those that the Sun is known for, and follow the stars', () => {
  // Moore, Minnaert & Houtgast (1966): Na D2 and D1 752 and 564 mÅ without the far wings; Hα 4.0 Å
  expect(line('Na I', 5891.58, 'Sun-like dwarf')?.width).toBeGreaterThan(650);
  expect(line('Na I', 5891.58, 'Sun-like dwarf')?.width).toBeLessThan(1100);
  const halpha = table.stars.map(({ title }) => line('H I', 6564.61, title)?.width ?? 0);
  expect(halpha[0]).toBeGreaterThan(2500);
  expect(halpha[0]).toBeLessThan(4500);
  // hotter is stronger; neutral sodium the other way round
  expect(line('H I', 6564.61, 'F dwarf')?.width).toBeGreaterThan(halpha[0] ?? NaN);
  expect(line('Na I', 5891.58, 'K dwarf')?.width).toBeGreaterThan(2 * (line('Na I', 5891.58, 'Sun-like dwarf')?.width ?? NaN));
  expect(line('Ba II', 4555.31, 'K giant')?.width).toBeGreaterThan(line('Ba II', 4555.31, 'Sun-like dwarf')?.width ?? NaN);
});

it('is small, ordered, says what it was made of, and outlives being written again', () => {
  expect(gzipSync(bytes).length).toBeLessThan(150_000);
  expect(table.wavelength.every((w, i) => i === 0 || w >= (table.wavelength[i - 1] ?? NaN))).toBe(true);
  expect(table.list.name).toBe('corrected');
  expect(Object.values(table.list.sha256).every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  expect(lineTableText(table)).toBe(bytes.toString('utf8'));
});

it('refuses by name what is no table', () => {
  const changed = (change: object): unknown => ({ ...(json as object), ...change });
  expect(parseLineTable({ format: 'other' })).toMatchObject({ ok: false, failure: { code: 'LINE_TABLE_INVALID' } });
  expect(parseLineTable(changed({ speciesOf: [0] }))).toMatchObject({ failure: { message: expect.stringMatching(/column/) as string } });
  expect(parseLineTable(changed({ sharePercent: [] }))).toMatchObject({ failure: { message: expect.stringMatching(/star/) as string } });
});
