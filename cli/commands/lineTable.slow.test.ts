/** The table of lines that ships is what the synthesis gives: a stretch of one star, computed again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTablesAndArrays } from '../files/tablesFolder.ts';
import { publicFolder } from '../files/nodeAssets.ts';
import { LINE_TABLE_PATH, parseLineTable } from '../../src/compute/lineTableFile.ts';
import { valueOf } from '../../src/testing/result.ts';
import { describeWithShared } from '../../src/testing/shared.ts';
import { ownersOf, physicalLines } from '../../src/synthesis/correction/lineGroups.ts';
import { DEFAULT_STEP_KMS, nativeGridWithin } from '../../src/synthesis/native.ts';
import { computationGrid } from '../../src/synthesis/spectrum.ts';
import { typicalContributions } from '../../src/synthesis/contributions/typicalStars.ts';

describeWithShared('the table of lines', (shared) => {
  it('has the widths and shares of the Sun’s lines at Mg b', { timeout: 120_000 }, () => {
    const table = valueOf(parseLineTable(JSON.parse(readFileSync(join(publicFolder(), LINE_TABLE_PATH), 'utf8'))));
    const { tables, arrays } = valueOf(readTablesAndArrays(join(shared, 'physics'), 'corrected'));
    const lines = physicalLines(arrays);
    // wings reach 30 Å
    const grid = computationGrid(DEFAULT_STEP_KMS, nativeGridWithin([5125, 5225]));
    const [sun] = table.stars;
    if (sun === undefined) throw new Error('the table has no star');
    const found = valueOf(typicalContributions(tables, sun, grid, ownersOf(tables.lines, lines), lines.length));
    let compared = 0;
    table.wavelength.forEach((wavelength, i) => {
      const width = table.width[0]?.[i] ?? 0;
      const name = table.species[table.speciesOf[i] ?? 0];
      // the centre of a band is a mean over the stars
      if (wavelength < 5160 || wavelength > 5190 || width < 5 || !/ I/.test(name ?? '')) return;
      const again = found.find((one) => one.species === name && Math.abs(one.wavelength - wavelength) < 0.006);
      expect(again, `${name ?? ''} ${String(wavelength)}`).toBeDefined();
      expect(Math.abs((again?.width ?? NaN) / width - 1), `${name ?? ''} ${String(wavelength)}`).toBeLessThan(0.06);
      expect(Math.abs(100 * (again?.share ?? NaN) - (table.share[0]?.[i] ?? NaN))).toBeLessThan(1.5);
      compared++;
    });
    expect(compared).toBeGreaterThan(15);
  });
});
