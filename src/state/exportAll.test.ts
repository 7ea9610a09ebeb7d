import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { drawsCsv, labelMatrix, matrixCsv } from '../results/matrices.ts';
import { ucdOf } from '../results/ucds.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import type { Entry } from './entries.ts';
import { exportFiles, zipped } from './exportAll.ts';
import { canExport, SPECTRUM_EXPORTS, thisRun } from './exports.ts';
import { IDLE } from './fitRun.ts';

const client = new FakeClient();
const spectrum = await client.star('a star.fits', false);
const outcome = await client.fit(spectrum, DEFAULT_FIT_OPTIONS, () => undefined).result;
if (!outcome.ok) throw new Error('the fake fit failed');
const star: Entry = { key: 'a star.fits', spectrum, warnings: [], run: { kind: 'done', ...outcome.value }, manual: null };
const failed: Entry = { ...star, key: 'a_star.fits', run: { kind: 'failed', failure: { code: 'NO_PIXELS', message: 'a < b & "c"' } } };
const run = thisRun();
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

describe('everything in one archive', () => {
  it('holds four tables of results and a folder a star, whose names do not collide', async () => {
    const files = unzipSync(await zipped(exportFiles([star, failed], run, 'calibrated')));
    expect(Object.keys(files).sort()).toEqual(
      [
        'README.txt',
        ...['csv', 'fits', 'json', 'vot'].map((suffix) => `results.${suffix}`),
        ...['correlation.csv', 'covariance.csv', 'spectrum.csv', 'spectrum.fits'].map((name) => `a_star.fits/${name}`),
        ...['spectrum.csv', 'spectrum.fits'].map((name) => `a_star.fits (2)/${name}`),
      ].sort(),
    );
    expect(text(files['README.txt'])).toContain(`Model ${outcome.value.result.model}, calibration toy`);
    expect(text(files['results.vot'])).toContain('name="teff" datatype="double" unit="K" ucd="phys.temperature.effective"');
    expect(text(files['results.vot'])).toContain('a &lt; b &amp; &quot;c&quot;');
    expect(text(files['a_star.fits/spectrum.fits'])).toContain('left_out_because');
  });
  it('says of every column of a label what it is', () => {
    expect(ucdOf('teff_sigma')).toBe('stat.error;phys.temperature.effective');
    expect(ucdOf('Mg_Fe_calibrated')).toBe('phys.abund');
    expect(ucdOf('Mg_Fe_flag')).toBe('meta.code.qual');
    expect(ucdOf('options')).toBeNull();
  });
});

describe('matrices and draws', () => {
  const two = { labels: [{ name: 'teff' as const }, { name: 'logg' as const }], covariance: Float64Array.of(100, 0.5, 0.5, 0.01) };
  it('correlates by the two errors', () => {
    expect(labelMatrix(two, 'correlation')).toEqual([
      [1, 0.5],
      [0.5, 1],
    ]);
    expect(matrixCsv(two, 'covariance', ['a star'])).toMatch(
      /^# a star\n# covariance.*\n# units: teff K, logg dex.*\nlabel,teff,logg\nteff,100,0.5\n/,
    );
  });
  it('leaves the correlation of a label that was held empty', () => {
    expect(matrixCsv({ ...two, covariance: Float64Array.of(100, 0, 0, 0) }, 'correlation', [])).toContain('\nteff,1,\nlogg,,\n');
  });
  it('writes a row a draw with its chain', () => {
    const one = { mean: 0, sigma: 1, quantiles: [0, 0, 0, 0, 0] as const, rhat: 1, essBulk: 9, essTail: 9, tau: 1, converged: true };
    const posterior = {
      sampler: 'turns' as const,
      labels: [{ name: 'teff' as const, ...one }],
      covariance: Float64Array.of(1),
      acceptance: 0.3,
      steps: 4,
      sample: { chains: 2, draws: [Float64Array.of(5000, 5001, 5002, 5003)] },
    };
    expect(drawsCsv({ posterior }, [])).toContain('chain,teff_K\n1,5000\n1,5001\n2,5002\n2,5003\n');
  });
  it('offers draws only where a posterior was sampled', () => {
    const offered = (entry: Entry | null) => SPECTRUM_EXPORTS.filter((one) => canExport(one, entry)).map(({ needs }) => needs);
    expect(offered(star)).toEqual(['spectrum', 'spectrum', 'fit', 'fit']);
    expect(offered({ ...star, run: IDLE })).toEqual(['spectrum', 'spectrum']);
    expect(offered(null)).toEqual([]);
  });
});
