/** Merging results into a catalogue, on lines made up here; the files are read back by other readers than the writers. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openFits } from '../../src/io/fits/openFits.ts';
import { CATALOGUE } from './catalogueColumns.ts';
import { commonRun, formatOf, withCatalogue, writeCatalogue } from './mergeRuns.ts';
import { runRecord, type Run } from './runFile.ts';

// A busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maury-merge-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const runOf = (index: number, count: number, options: Record<string, unknown> = { method: 'lm', note: 'long '.repeat(40) }): Run =>
  runRecord({
    software: 'Maury 0.0.0',
    model: { id: 'm', sha256: 'abc' },
    calibration: { id: 'none', sha256: null },
    backend: 'best',
    options,
    shard: { index, count },
    source: 'here',
  });
const value = (raw: number, flag = 'ok') => ({
  sigma: 0.125,
  calibrated: null,
  sigmaCalibrated: null,
  flag,
  priorFraction: 0.5,
  exposureSigma: 0.1,
  value: raw,
  xh: raw,
});
const star = (file: string, teff: number, object: string | null = null) => ({
  file,
  index: 0,
  of: 1,
  sha256: 'f00',
  pipelineVelocity: -12.5,
  record: {
    file,
    ok: true,
    id: file,
    object,
    survey: 'TEST',
    simulated: false,
    snr: 33.25,
    resolvingPower: 1800,
    rv: { value: 10.5, sigma: 1 },
    chi2Reduced: null,
    pixelsUsed: 3000,
    converged: true,
    method: 'lm',
    seconds: 1,
    evaluations: 20,
    labels: { teff: value(teff), feh: value(-0.5, 'prior-dominated'), Mg: value(0.25) },
    abundances: { Mg: value(-0.25) },
    warnings: [],
    alerts: [],
    meta: { obsid: 12, ra_deg: 10.5 },
  },
});
const failure = (file: string, code: string, index = 0) => ({
  file,
  index,
  of: 1,
  sha256: null,
  pipelineVelocity: null,
  record: { file, ok: false, failure: { code, message: 'no' } },
});
function put(name: string, run: Run, lines: readonly object[], end = ''): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'run.json'), JSON.stringify(run));
  writeFileSync(join(path, 'results.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join('') + end);
  return path;
}
async function merge(folders: readonly string[], name: string) {
  const out = join(folder, name);
  const run = commonRun(folders, false);
  const format = formatOf(out);
  if (!run.ok || !format.ok) throw new Error('not to be merged');
  const merged = await writeCatalogue(folders, run.value, format.value, out);
  if (!merged.ok) throw new Error(merged.failure.message);
  return { out, merged: merged.value };
}

describe('a catalogue', () => {
  const odd = 'B "<&\', ä 星\nnew line';
  let whole: string;
  let shares: readonly string[];
  beforeAll(() => {
    const a = star('a.fits', 5000.125);
    const b = star('b.fits', 6000, odd);
    const c = failure('c.fits', 'NO_OVERLAP');
    whole = put('whole', runOf(1, 1), [b, failure('b.fits', 'DUPLICATE_ENTRY', -1), c, a]);
    // Another order, a star that first failed for want of its file, a torn line at the end, and one that is damaged.
    shares = [
      put('one', runOf(1, 2), [failure('a.fits', 'FILE_MISSING'), a, c], '{"file":"d.fi'),
      put('two', runOf(2, 2), [b], 'damaged\n'),
    ];
  });

  it('is the same to the byte, however the survey was shared out; rows are in order, the last result of a spectrum counts', async () => {
    for (const ending of ['fits', 'csv', 'ecsv', 'parquet', 'vot']) {
      const one = await merge([whole], `whole.${ending}`);
      const two = await merge([...shares].reverse(), `shares.${ending}`);
      expect(readFileSync(two.out).equals(readFileSync(one.out)), ending).toBe(true);
      expect(one.merged).toEqual({ rows: 3, failed: 1, duplicates: 1, damaged: 0 });
      expect(two.merged).toEqual({ rows: 3, failed: 1, duplicates: 0, damaged: 1 });
    }
  });

  it('as CSV', async () => {
    const { out } = await merge([whole], 'read.csv');
    const { data } = Papa.parse<Record<string, string>>(readFileSync(out, 'utf8'), { header: true, comments: '#', skipEmptyLines: true });
    expect(data.map(({ file }) => file)).toEqual(['a.fits', 'b.fits', 'c.fits']);
    expect(data[0]).toMatchObject({
      teff_K: '5000.125',
      teff_calibrated_K: '',
      teff_flags: '0',
      feh_flags: '16',
      Mg_H_dex: '-0.25',
      quality: '0',
      chi2_reduced: '',
      obsid: '12',
      ra_deg: '10.5',
    });
    expect(data[1]).toMatchObject({ object: odd });
    expect(data[2]).toMatchObject({ quality: '3', failure: 'NO_OVERLAP', teff_K: '' });
  });

  it('as Parquet, read by hyparquet', async () => {
    const { out } = await merge([whole], 'read.parquet');
    const file = await asyncBufferFromFile(out);
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      file: 'a.fits',
      teff: 5000.125,
      teff_calibrated: null,
      feh_flags: 16,
      converged: true,
      chi2_reduced: null,
      pixels_used: 3000,
    });
    expect(rows[1]).toMatchObject({ object: odd });
    expect(rows[2]).toMatchObject({ quality: 3, failure: 'NO_OVERLAP', teff: null, converged: null });
    const { key_value_metadata: facts } = await parquetMetadataAsync(file);
    expect(facts?.find(({ key }) => key === 'model')?.value).toBe('m');
    const described: unknown = JSON.parse(facts?.find(({ key }) => key === 'columns')?.value ?? '');
    expect(described).toMatchObject({ teff: { unit: 'K', ucd: 'phys.temperature.effective' } });
  });

  it('as FITS, read by our own reader', async () => {
    const { out } = await merge([whole], 'read.fits');
    const file = openFits(readFileSync(out));
    if (!file.ok) throw new Error(file.failure.message);
    expect(file.value.hdus).toHaveLength(2);
    expect(file.value.hdus[1]?.name).toBe('MAURY');
  });

  const python = '/usr/bin/python3';
  const astropy = (() => {
    try {
      execFileSync(python, ['-c', 'import astropy'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  if (!astropy) console.warn('skipped: catalogues in astropy (Debian package python3-astropy)');
  it.skipIf(!astropy)('FITS, ECSV and VOTable are the same table to astropy, with units, UCDs and nulls', async () => {
    for (const ending of ['fits', 'ecsv', 'vot']) await merge([whole], `astropy.${ending}`);
    const script = `
import sys, json, warnings, numpy as np
warnings.simplefilter('error')
from astropy.table import Table
from astropy.io import fits
base = sys.argv[1]
out = {}
for ending, form in (('fits', 'fits'), ('ecsv', 'ascii.ecsv'), ('vot', 'votable')):
    with warnings.catch_warnings():
        # A dex is no unit to the parser of FITS, and a column may be all masked.
        warnings.simplefilter('ignore')
        t = Table.read(base + ending, format=form)
    text = lambda v: '' if v is np.ma.masked else (v.decode() if isinstance(v, bytes) else str(v)).strip()
    number = lambda v: None if v is np.ma.masked or not np.isfinite(v) else float(v)
    out[ending] = dict(rows=len(t), columns=len(t.colnames), names=t.colnames, unit=str(t['teff'].unit), file=[text(v) for v in t['file']],
      object=[text(v) for v in t['object']], teff=[number(v) for v in t['teff']], flags=[number(v) for v in t['feh_flags']], failure=[text(v) for v in t['failure']],
      calibrated=[number(v) for v in t['teff_calibrated']])
h = fits.open(base + 'fits', memmap=False)
h.verify('exception')
i = t.colnames.index('teff') + 1
out['header'] = dict(ucd=h[1].header['TUCD%d' % i], model=h[1].header['MODEL'], options=h[1].header['OPTIONS'])
from astropy.io.votable import parse, validate
out['ucd'] = parse(base + 'vot', verify='exception').get_first_table().get_field_by_id_or_name('teff').ucd
h.close()
print(json.dumps(out))
`;
    const out = JSON.parse(execFileSync(python, ['-c', script, join(folder, 'astropy.')], { encoding: 'utf8' })) as Record<string, unknown>;
    for (const ending of ['fits', 'ecsv', 'vot'])
      expect(out[ending], ending).toMatchObject({
        rows: 3,
        names: CATALOGUE.map(({ name }) => name),
        unit: 'K',
        file: ['a.fits', 'b.fits', 'c.fits'],
        object: ['', ending === 'fits' ? odd.replace(/[^ -~]/g, '?') : odd, ''],
        teff: [5000.125, 6000, null],
        flags: [16, 16, null],
        failure: ['', '', 'NO_OVERLAP'],
        calibrated: [null, null, null],
      });
    expect(out['header']).toEqual({ ucd: 'phys.temperature.effective', model: 'm', options: JSON.stringify(runOf(1, 1).options) });
    expect(out['ucd']).toBe('phys.temperature.effective');
  });
});

describe('what does not belong together', () => {
  it('other options, other divisions, missing shares and folders without results are refused by name', () => {
    const lm = put('lm', runOf(1, 2), []);
    const cmaes = put('cmaes', runOf(2, 2, { method: 'cmaes' }), []);
    const third = put('third', runOf(2, 3), []);
    expect(commonRun([lm, cmaes], false)).toMatchObject({
      ok: false,
      failure: { code: 'OTHER_OPTIONS', message: expect.stringContaining('method: "lm" and "cmaes"') as string },
    });
    expect(commonRun([lm, third], false)).toMatchObject({ ok: false, failure: { code: 'OTHER_OPTIONS' } });
    expect(commonRun([lm], false)).toMatchObject({
      ok: false,
      failure: { code: 'SHARD_MISSING', message: expect.stringContaining('Shares 2 of 2') as string },
    });
    expect(commonRun([lm], true).ok).toBe(true);
    expect(commonRun([folder], false)).toMatchObject({ ok: false, failure: { code: 'NO_RESULTS' } });
  });
  it('a catalogue that cannot be written leaves the one that is there', async () => {
    const lm = put('lm2', runOf(1, 1), [star('a.fits', 5000)]);
    const out = join(folder, 'is-a-folder.csv');
    mkdirSync(join(out, 'inside'), { recursive: true });
    const run = commonRun([lm], false);
    const format = formatOf(out);
    if (!run.ok || !format.ok) throw new Error('not to be merged');
    expect(await writeCatalogue([lm], run.value, format.value, out)).toMatchObject({ ok: false, failure: { code: 'WRITE_FAILED' } });
    expect(statSync(join(out, 'inside')).isDirectory()).toBe(true);
  });
});

it('20 000 lines are merged in order with the places of 2000 in memory', async () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `${String((i * 7919) % 20_000).padStart(5, '0')}.fits`);
  const path = put(
    'many',
    runOf(1, 1),
    names.map((name) => failure(name, 'NO_OVERLAP')),
  );
  const run = commonRun([path], false);
  if (!run.ok) throw new Error(run.failure.message);
  const merged = await withCatalogue(
    [path],
    run.value,
    join(folder, 'work'),
    async (head, sorted) => {
      const files: string[] = [];
      for await (const { file } of sorted.lines()) files.push(file);
      return { rows: head.rows, files };
    },
    2000,
  );
  expect(merged.rows).toBe(20_000);
  expect(merged.files).toEqual([...names].sort());
});
