import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { calibrate } from '../calibration/apply.ts';
import type { FitOptions } from '../domain/fit.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import { resultsCsv } from './csv.ts';
import { resultsFits } from './fits.ts';
import { failedRecord, resultsJson, starRecord, type FittedStar, type Run } from './record.ts';
import { readReplay, replayDifferences } from './replay.ts';
import { resultLine, resultText } from './text.ts';

const run: Run = { software: { name: 'Maury', version: '1.2.3', commit: '0123456789ab' }, date: '2026-01-02T03:04:05Z' };
const options: FitOptions = {
  ...DEFAULT_FIT_OPTIONS,
  method: 'lm',
  seed: 7,
  range: [4000, 8000],
  maskDiffuseBands: true,
  priors: { logg: { mean: 4.2, sigma: 0.02 }, vmic: { fixed: 1.2 } },
  maskedRegions: [{ from: 5000, to: 5010, why: 'a fault', frame: 'observed' }],
};
const reading = { medium: 'air', resolvingPower: 1850, errorColumn: 'err' } as const;
const client = new FakeClient();
const read = await client.star('a.fits', false);
const spectrum = {
  ...read,
  object: 'Star, "A"',
  meta: { obsid: 101, date: '2022-06-02' },
  source: { name: 'a.fits', sha256: 'f'.repeat(64), index: 0, reading },
};
const fitted = await client.fit(spectrum, options, () => undefined).result;
if (!fitted.ok) throw new Error('the fake fit failed');
const { result, calibrated } = fitted.value;
const names = result.labels.map(({ name }) => name);
const star: FittedStar = {
  file: 'stars/a.fits',
  spectrum,
  result: {
    ...result,
    chi2Reduced: NaN,
    warnings: ['a warning, with a comma'],
    labels: result.labels.map((label) => (label.name === 'Mg' ? { ...label, exposureSigma: 0.0123456789 } : label)),
    posterior: {
      sampler: 'turns',
      acceptance: 0.9,
      steps: 100,
      covariance: result.covariance,
      labels: result.labels.map(({ name, value, sigma }) => ({
        name,
        mean: value,
        sigma,
        quantiles: [value - 2 * sigma, value - sigma, value, value + sigma, value + 2 * sigma],
        rhat: 1.001,
        essBulk: 500,
        essTail: NaN,
        tau: 12,
        converged: true,
      })),
      sample: { chains: 1, draws: result.labels.map(({ value }) => Float64Array.of(value + 0.1, value - 0.1, value)) },
    },
  },
  calibrated,
  warnings: ['the reader had to guess'],
};
const record = starRecord(star, run);
const failure = failedRecord({ file: 'bad.fits', failure: { code: 'EMPTY_FILE', message: 'It is empty.', hint: 'Download it again.' } });
const without = starRecord({ ...star, calibrated: calibrate(star.result, null) }, run);

describe('a record', () => {
  it('has raw and calibrated labels, [X/H] and [X/Fe], with what each rests on', () => {
    const mg = record.labels['Mg'];
    expect(mg).toMatchObject({ exposureSigma: 0.01234568, flag: 'ok' });
    expect(record.labels['teff']).toMatchObject({ value: 5650, sigma: 40, calibrated: 5649.99, sigmaCalibrated: 48, flag: 'ok' });
    expect(record.abundances['Fe']).toMatchObject({ xh: -0.15, calibrated: -0.16 });
    const sum = (mg?.value ?? NaN) + (record.labels['feh']?.value ?? NaN);
    expect(record.abundances['Mg']?.xh).toBeCloseTo(sum, 6);
    expect(mg?.cramerRao).toBeGreaterThan(mg?.sigma ?? NaN);
    // The draws of the two move together.
    expect(record.abundances['Mg']?.quantiles?.[2]).toBeCloseTo(sum, 6);
    expect(record.abundances['Mg']?.quantiles?.[0]).toBeCloseTo(sum - 0.18, 6);
    expect(record.sampling?.['Mg']).toEqual({ rhat: 1.001, essBulk: 500, essTail: null, tau: 12 });
    expect(record.chi2Reduced).toBeNull();
    expect(record.warnings).toEqual(['the reader had to guess', 'a warning, with a comma']);
  });

  it('keeps the calibration it was given, whatever model is open', () => {
    expect(record).toMatchObject({ calibration: 'toy', provenance: { calibration: 'toy' } });
    expect(without).toMatchObject({ calibration: 'none', labels: { teff: { calibrated: null, flag: 'uncalibrated' } } });
  });

  it('has the covariance of all labels, whose diagonal is σ²', () => {
    expect(record.covariance.names).toEqual(names);
    result.labels.forEach(({ sigma }, i) => {
      expect(record.covariance.lower[i]).toHaveLength(i + 1);
      expect(record.covariance.lower[i]?.[i]).toBeCloseTo(sigma ** 2, 6);
    });
    expect(record.labels['teff']?.sigma).toBeCloseTo(Math.sqrt(record.covariance.lower[names.indexOf('teff')]?.at(-1) ?? NaN), 4);
  });

  it('has the correlations of all labels', () => {
    expect(record.correlations.names).toEqual(names);
    expect(record.correlations.lower.map(({ length }) => length)).toEqual(names.map((_, i) => i));
  });

  it('says what it takes to fit it again', () => {
    expect(record.provenance).toMatchObject({
      software: { version: '1.2.3', commit: '0123456789ab' },
      date: '2026-01-02T03:04:05Z',
      options,
      lsf: spectrum.lsf,
      source: { name: 'a.fits', sha256: 'f'.repeat(64), index: 0, obsid: 101, reading },
    });
    expect(record.provenance.model.weights).not.toBeNull();
  });
});

describe('results as CSV', () => {
  const csv = resultsCsv([record, failure, without], run);
  const { data } = Papa.parse<Record<string, string>>(csv, { header: true, comments: '#', skipEmptyLines: true });

  it('has units in the names, one row a star, and the failed ones', () => {
    expect(data).toHaveLength(3);
    expect(data[0]).toMatchObject({
      file: 'stars/a.fits',
      ok: 'true',
      object: 'Star, "A"',
      teff_K: '5650',
      teff_calibrated_K: '5649.99',
      teff_flag: 'ok',
      rv_sigma_kms: '1.2',
      Mg_Fe_exposure_sigma_dex: '0.01234568',
      obsid: '101',
      source_sha256: 'f'.repeat(64),
      meta_date: '2022-06-02',
      software: 'Maury 1.2.3 (0123456789ab)',
      chi2_reduced: '',
    });
    expect(data[1]).toMatchObject({ file: 'bad.fits', ok: 'false', failure: 'EMPTY_FILE: It is empty.', teff_K: '', model: '' });
    expect(data[2]).toMatchObject({ teff_calibrated_K: '', calibration: 'none' });
    expect(JSON.parse(data[0]?.['options'] ?? '')).toEqual(options);
  });

  it('has the values of the JSON, and no column twice', () => {
    expect(Number(data[0]?.['Mg_H_dex'])).toBe(record.abundances['Mg']?.xh);
    expect(Number(data[0]?.['Mg_Fe_q16_dex'])).toBe(record.labels['Mg']?.quantiles?.[1]);
    const header = csv.split('\n')[2]?.split(',') ?? [];
    expect(new Set(header).size).toBe(header.length);
    expect(csv.startsWith('# Maury 1.2.3 (0123456789ab)\n# date: 2026-01-02T03:04:05Z\n')).toBe(true);
  });
});

const PYTHON = '/usr/bin/python3';
const hasAstropy = spawnSync(PYTHON, ['-c', 'import astropy'], { stdio: 'ignore' }).status === 0;
if (!hasAstropy) console.warn(`skipped: ${PYTHON} has no astropy to read the results with (Debian: apt-get install python3-astropy)`);

it.skipIf(!hasAstropy)('results as FITS say the same to astropy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'maury-results-'));
  try {
    writeFileSync(join(folder, 'r.fits'), resultsFits([record, failure], run));
    const script = `
import json, sys, warnings
warnings.simplefilter('error')
from astropy.table import Table
from astropy.io import fits
t = Table.read(sys.argv[1], hdu='RESULTS')
h = fits.getheader(sys.argv[1], 'RESULTS')
k = h['LABELS'].split().index('Mg')
n = len(h['LABELS'].split())
print(json.dumps({'rows': len(t), 'file': list(t['file']), 'ok': [bool(x) for x in t['ok']], 'teff': float(t['teff'][0]), 'unit': str(t['teff'].unit),
  'rvunit': str(t['rv'].unit), 'nan': bool(t['teff'].mask[1] if hasattr(t['teff'], 'mask') else t['teff'][1] != t['teff'][1]), 'mg': float(t['Mg_H'][0]), 'one': float(t['correlation'][0][k * n + k]), 'variance': float(t['covariance'][0][k * n + k]),
  'options': json.loads(t['options'][0]), 'creator': h['CREATOR'], 'date': h['DATE']}))
`;
    const { stdout, stderr } = spawnSync(PYTHON, ['-c', script, join(folder, 'r.fits')], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      rows: 2,
      file: ['stars/a.fits', 'bad.fits'],
      ok: [true, false],
      teff: 5650,
      unit: 'K',
      rvunit: 'km / s',
      nan: true,
      mg: record.abundances['Mg']?.xh,
      one: 1,
      variance: record.covariance.lower[names.indexOf('Mg')]?.at(-1),
      options,
      creator: 'Maury 1.2.3 (0123456789ab)',
      date: '2026-01-02T03:04:05',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('results for the terminal', () => {
  it('print what the record holds', () => {
    const text = resultText(record);
    expect(text).toContain('T_eff (K)     5650 ± 40        calibrated 5650 ± 48');
    expect(text).toContain('[Fe/H] -0.16 ± 0.06');
    expect(text).toContain('! the reader had to guess');
    expect(resultText(failure)).toContain('EMPTY_FILE: It is empty.\n  Download it again.');
    expect(resultLine(record)).toBe('a.fits: 5650 K, 4.20, -0.15 in 0.1 s');
    expect(resultLine(failure)).toBe('bad.fits: EMPTY_FILE');
  });
});

describe('a replay', () => {
  it('reads what was written, as an array or as lines, and skips what was not fitted', () => {
    for (const text of [resultsJson([record, failure]), `${JSON.stringify(record)}\n${JSON.stringify(failure)}\n`]) {
      const read = readReplay(text);
      expect(read).toMatchObject({
        ok: true,
        value: [{ options, reading, record: { id: 'a.fits' } }],
        warnings: ['1 of 2 were not fitted: bad.fits'],
      });
      if (read.ok) expect(replayDifferences(record, read.value[0]?.record ?? record)).toEqual([]);
    }
  });

  it('names every digit that came out otherwise', () => {
    const labels = { ...record.labels, teff: { ...(record.labels['teff'] ?? NOTHING), value: 5651 } };
    expect(replayDifferences(record, { ...record, labels, seconds: 99 })).toEqual(['teff: 5650, now 5651']);
    expect(replayDifferences(record, without)).toContain('calibration: toy, now none');
  });

  it('refuses what it could not repeat', () => {
    const code = (text: string) => {
      const read = readReplay(text);
      return read.ok ? 'OK' : read.failure.code;
    };
    const changed = (change: object) => resultsJson([{ ...record, provenance: { ...record.provenance, ...change } }]);
    expect(code('no JSON')).toBe('REPLAY_NOT_JSON');
    expect(code('[]')).toBe('REPLAY_NOT_JSON');
    expect(code('[{"file": "a", "ok": true}]')).toBe('REPLAY_NOT_RESULTS');
    expect(code(changed({ options: null }))).toBe('REPLAY_NO_OPTIONS');
    expect(code(changed({ options: { ...options, telepathy: true } }))).toBe('REPLAY_NOT_RESULTS');
  });
});

const NOTHING = {
  value: null,
  sigma: null,
  calibrated: null,
  sigmaCalibrated: null,
  flag: 'ok',
  flags: [],
  priorFraction: null,
  exposureSigma: null,
  errors: null,
  note: null,
  cramerRao: null,
  quantiles: null,
} as const;
