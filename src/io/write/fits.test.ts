import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { valueOf } from '../../testing/result.ts';
import { openFits } from '../fits/openFits.ts';
import { fitsTable } from './fits.ts';

const long = `it's ${'0123456789'.repeat(9)}'so'on`;
const file = fitsTable(
  'STARS',
  [
    { name: 'id', kind: 'text', values: ['a.fits', null, 'Å→b'] },
    { name: 'teff', kind: 'number', unit: 'K', values: [5772.125, null, -1e-300] },
    { name: 'good', kind: 'boolean', values: [true, false, null] },
    { name: 'pair', kind: 'vector', length: 2, values: [[1, 2], null, [NaN, -4]] },
  ],
  [
    ['CREATOR', long],
    ['N', 3, 'how many'],
  ],
);

const PYTHON = '/usr/bin/python3';
const hasAstropy = spawnSync(PYTHON, ['-c', 'import astropy'], { stdio: 'ignore' }).status === 0;
if (!hasAstropy) console.warn(`skipped: ${PYTHON} has no astropy to read the table with (Debian: apt-get install python3-astropy)`);

describe('a FITS table', () => {
  it('is read by our own reader, and is whole blocks', () => {
    const [primary, table] = valueOf(openFits(file)).hdus;
    expect(file.length % 2880).toBe(0);
    expect(primary?.kind).toBe('image');
    expect(table).toMatchObject({ name: 'STARS', kind: 'table' });
    expect(table?.header.number('NAXIS2')).toBe(3);
    expect(table?.header.text('TUNIT2')).toBe('K');
  });

  it.skipIf(!hasAstropy)('says the same to astropy, without a complaint', () => {
    const folder = mkdtempSync(join(tmpdir(), 'maury-fits-'));
    try {
      writeFileSync(join(folder, 't.fits'), file);
      const script = `
import json, sys, warnings
warnings.simplefilter('error')
from astropy.io import fits
with fits.open(sys.argv[1]) as hdus:
    hdus.verify('exception')
    table, header = hdus['STARS'].data, hdus['STARS'].header
    print(json.dumps({
        'id': [str(x) for x in table['id']], 'teff': [repr(float(x)) for x in table['teff']], 'unit': hdus['STARS'].columns['teff'].unit,
        'good': [bool(x) for x in table['good']], 'pair': [[repr(float(y)) for y in x] for x in table['pair']],
        'creator': header['CREATOR'], 'n': header['N']}))
`;
      const { stdout, stderr } = spawnSync(PYTHON, ['-c', script, join(folder, 't.fits')], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(JSON.parse(stdout)).toEqual({
        id: ['a.fits', '', '??b'],
        teff: ['5772.125', 'nan', '-1e-300'],
        unit: 'K',
        good: [true, false, false],
        pair: [
          ['1.0', '2.0'],
          ['nan', 'nan'],
          ['nan', '-4.0'],
        ],
        creator: long,
        n: 3,
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
