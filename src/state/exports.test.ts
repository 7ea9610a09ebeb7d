import { describe, expect, it } from 'vitest';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { FakeClient } from '../testing/fakeClient.ts';
import type { Entry } from './entries.ts';
import { exportedRecords, thisRun } from './exports.ts';
import { IDLE } from './fitRun.ts';

const client = new FakeClient();
const fitted = async (key: string, simulated: boolean): Promise<Entry> => {
  const spectrum = await client.star(key, simulated);
  const outcome = await client.fit(spectrum, DEFAULT_FIT_OPTIONS, () => undefined).result;
  if (!outcome.ok) throw new Error('the fake fit failed');
  return { key, spectrum, warnings: ['a guess'], run: { kind: 'done', ...outcome.value }, manual: null };
};
const star = await fitted('a.fits', false);
const demo: Entry = { ...(await fitted('demo star', true)), demo: true };
const failed: Entry = { ...star, key: 'b.fits', run: { kind: 'failed', failure: { code: 'NO_PIXELS', message: 'none' } } };
const idle: Entry = { ...star, key: 'c.fits', run: IDLE };
const run = thisRun();

describe('what is exported', () => {
  it('is the fitted and the failed stars of the sample', () => {
    expect(exportedRecords([demo, star, failed, idle], run)).toMatchObject([
      { file: 'a.fits', ok: true, calibration: 'toy', warnings: ['a guess'] },
      { file: 'b.fits', ok: false, failure: { code: 'NO_PIXELS' } },
    ]);
  });
  it('is the demo star where there is no other', () => {
    expect(exportedRecords([demo, idle], run)).toMatchObject([{ file: 'demo star', simulated: true }]);
    expect(exportedRecords([idle], run)).toEqual([]);
  });
  it('says which program wrote it', () => {
    expect(run.software).toMatchObject({ name: 'Maury', version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string });
    expect(Date.parse(run.date)).not.toBeNaN();
  });
});
