/** The real command line over a few stars, on a model with random weights: killed, gone on with, shared out, merged. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { simulateSpectrum } from '../../src/spectra/simulate.ts';
import { createTinyBundle, createTinyEmulator } from '../../src/testing/tinyBundle.ts';
import { writeSite } from '../../src/testing/writeSite.ts';
import { writeSpectraCsv } from '../files/spectraCsv.ts';
import { startMaury, type Outcome } from '../testing/maury.ts';

const SEED = 3;
const STARS = 4;
// Each test starts real processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });
let site: string;
let folder: string;
let list: string;
const maury = (...args: readonly string[]): Promise<Outcome> => startMaury(args, { MAURY_PUBLIC: site });
const linesOf = (out: string) =>
  readFileSync(join(out, 'results.ndjson'), 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { file: string; index: number; record: { ok: boolean; failure?: { code: string } } });

beforeAll(async () => {
  site = writeSite(createTinyBundle(SEED));
  folder = mkdtempSync(join(tmpdir(), 'maury-batch-'));
  mkdirSync(join(folder, 'stars'));
  const emulator = createTinyEmulator(SEED);
  const labels = Float64Array.from(emulator.info.labels, (label) => label.centre + 0.3 * label.halfRange);
  const [flux] = await emulator.predict([labels]);
  if (flux === undefined) throw new Error('no spectrum');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  const star = simulateSpectrum({ flux, ...emulator.info }, { id: 'star', lsf, snr: 80, rv: 20, seed: 1 });
  const first = join(folder, 'stars', 'star0.csv');
  writeSpectraCsv(first, star.wavelength, [
    { name: 'flux', values: star.flux },
    { name: 'error', values: star.ivar.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0)) },
  ]);
  for (let i = 1; i < STARS; i++) copyFileSync(first, join(folder, 'stars', `star${String(i)}.csv`));
  list = join(folder, 'list.txt');
  const names = Array.from({ length: STARS }, (_, i) => `stars/star${String(i)}.csv`);
  writeFileSync(list, [...names, 'stars/missing.csv', names[0]].join('\n'));
});
afterAll(() => {
  rmSync(site, { recursive: true });
  rmSync(folder, { recursive: true });
});

test('killed at work it goes on where it stood; meanwhile nobody else may write; shares merge to the same catalogue', async () => {
  const out = join(folder, 'whole');
  let second: Promise<Outcome> | undefined;
  const first = await startMaury(['batch', list, '--out', out, '--workers', '1'], { MAURY_PUBLIC: site }, (child, stderr) => {
    if (!/\d+ fitted/.test(stderr) || second !== undefined) return;
    // Stopped, it still holds its folder.
    child.kill('SIGSTOP');
    second = maury('batch', list, '--out', out).finally(() => child.kill('SIGKILL'));
  });
  expect(first.code).toBe(null);
  expect(await second).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('FOLDER_IN_USE') as string });
  const done = linesOf(out).filter(({ record }) => record.ok).length;
  expect(done).toBeGreaterThan(0);

  const third = await maury('batch', list, '--out', out, '--workers', '1');
  expect(third.code, third.stderr).toBe(0);
  expect(third.stderr).toContain(`${String(done)} were there`);
  const lines = linesOf(out);
  expect(
    lines
      .filter(({ record }) => record.ok)
      .map(({ file }) => file)
      .sort(),
  ).toEqual(Array.from({ length: STARS }, (_, i) => `stars/star${String(i)}.csv`));
  expect(lines.filter(({ record }) => record.failure?.code === 'DUPLICATE_ENTRY')).toHaveLength(1);
  expect(lines.some(({ file, record }) => file === 'stars/missing.csv' && record.failure?.code === 'FILE_MISSING')).toBe(true);

  expect(await maury('batch', list, '--out', out, '--seed', '2')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('seed: 1 and 2') as string,
  });

  const shares = [join(folder, 'one'), join(folder, 'two')];
  for (const [i, share] of shares.entries())
    expect((await maury('batch', list, '--out', share, '--shard', `${String(i + 1)}/2`, '--workers', '1')).stderr).toContain('Done');
  expect(await maury('merge', shares[0] ?? '', '--out', join(folder, 'half.csv'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('SHARD_MISSING') as string,
  });
  expect((await maury('merge', out, '--out', join(folder, 'whole.csv'))).code).toBe(0);
  expect((await maury('merge', ...shares, '--out', join(folder, 'shares.csv'))).code).toBe(0);
  const whole = readFileSync(join(folder, 'whole.csv'), 'utf8');
  expect(
    whole
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#')),
  ).toHaveLength(1 + STARS + 1);
  expect(readFileSync(join(folder, 'shares.csv'), 'utf8')).toBe(whole);
});

test('a model that is not there ends the run, without a line', async () => {
  const out = join(folder, 'nonesuch');
  expect(await maury('batch', list, '--out', out, '--model', 'nonesuch')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('MODEL_UNKNOWN') as string,
  });
});

test('visits of one star are fitted as one; a second run keeps it; a visit that is none is left out and said', async () => {
  const table = join(folder, 'visits.csv');
  writeFileSync(join(folder, 'stars', 'broken.csv'), 'no spectrum\n');
  const rows = ['stars/star0.csv,A', 'stars/star1.csv,A', 'stars/broken.csv,A', 'stars/star2.csv,B', 'stars/missing.csv,C'];
  writeFileSync(table, ['file,star', ...rows].join('\n'));
  const out = join(folder, 'joint');
  const run = await maury('batch', table, '--group', 'star', '--out', out, '--workers', '1');
  expect(run.code, run.stderr).toBe(0);
  const lines = new Map(linesOf(out).map((line) => [line.file, line.record as typeof line.record & Record<string, unknown>]));
  expect([...lines.keys()].sort()).toEqual(['star=A', 'star=B', 'star=C']);
  expect(lines.get('star=C')).toMatchObject({ ok: false, failure: { code: 'FILE_MISSING' } });
  const joint = lines.get('star=A');
  expect(joint).toMatchObject({ ok: true, visits: [{ file: 'stars/star0.csv' }, { file: 'stars/star1.csv' }] });
  expect(String(joint?.['warnings'])).toContain('stars/broken.csv was left out');
  // The two visits are one spectrum twice: they do not differ from the star, and their noise counts half.
  const sigma = (record: unknown) => (record as { labels: { teff: { sigma: number; exposureSigma: number } } }).labels.teff;
  expect(sigma(joint).exposureSigma / sigma(lines.get('star=B')).exposureSigma).toBeCloseTo(Math.SQRT1_2, 1);
  const again = await maury('batch', table, '--group', 'star', '--out', out, '--workers', '1');
  expect(again.code, again.stderr).toBe(0);
  expect(again.stderr).toMatch(/2 were there/);
  const catalogue = join(folder, 'joint.csv');
  const merged = await maury('merge', out, '--out', catalogue);
  expect(merged.code, merged.stderr).toBe(0);
  const text = readFileSync(catalogue, 'utf8');
  expect(text).toContain('visits');
});
