import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSpectraCsv } from './spectraCsv.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'maury-csv-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('what is written reads back as float32 and to 1e-5 Å, over more rows than one write', () => {
  const wavelength = Float64Array.from({ length: 1100 }, (_, i) => 3700 * 10 ** (1e-4 * i));
  const flux = Float32Array.from(wavelength, (_, i) => 0.5 + 0.4 * Math.sin(i));
  const derivative = Float64Array.from(wavelength, (_, i) => 1e-7 * Math.cos(i));
  const path = join(folder, 'a.csv');
  expect(
    writeSpectraCsv(path, wavelength, [
      { name: 'flux_0', values: flux },
      { name: 'd_teff_0', values: derivative },
    ]).ok,
  ).toBe(true);
  const [header, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
  expect(header).toBe('wavelength,flux_0,d_teff_0');
  expect(rows).toHaveLength(1100);
  rows.forEach((row, i) => {
    const [w, f, d] = row.split(',').map(Number);
    expect(Math.abs((w ?? NaN) - (wavelength[i] ?? NaN))).toBeLessThan(1e-5);
    expect(Math.fround(f ?? NaN)).toBe(flux[i]);
    expect(Math.abs((d ?? NaN) - (derivative[i] ?? NaN))).toBeLessThan(1e-14);
  });
});

test('a path that cannot be written is a named failure', () => {
  const result = writeSpectraCsv(join(folder, 'missing', 'a.csv'), [1], [{ name: 'flux_0', values: [1] }]);
  expect(result).toMatchObject({ ok: false, failure: { code: 'FILE_UNWRITABLE' } });
});
