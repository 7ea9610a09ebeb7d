/** The files of a survey: lines, locks, shares, sources, runs. No model is loaded. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { KeySet } from './keySet.ts';
import { LineStore } from './lineStore.ts';
import { lockFolder } from './lock.ts';
import { claimRun, differences, runRecord } from './runFile.ts';
import { ownership, parseShard } from './shard.ts';
import { openSource, patternRegExp } from './source.ts';

// A busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'maury-survey-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a store of lines', () => {
  const linesOf = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1);

  it('drops a line that was cut short, at every byte of it, and goes on', async () => {
    const path = join(folder, 'torn.ndjson');
    const whole = '{"a":1}\n';
    const next = '{"b":"é, of two bytes"}\n';
    for (let cut = 0; cut < Buffer.byteLength(next); cut++) {
      writeFileSync(path, whole);
      appendFileSync(path, Buffer.from(next).subarray(0, cut));
      const seen: string[] = [];
      const store = await LineStore.open(path, (text) => seen.push(text));
      if (!store.ok) throw new Error(store.failure.message);
      expect(store.warnings).toHaveLength(cut === 0 ? 0 : 1);
      expect(seen).toEqual(['{"a":1}']);
      expect(store.value.add({ c: 2 }).ok).toBe(true);
      expect(store.value.close().ok).toBe(true);
      expect(linesOf(path)).toEqual(['{"a":1}', '{"c":2}']);
    }
  });

  it('a disk that is full in the middle of a line is a named failure, and the file ends with a whole line', async () => {
    const path = join(folder, 'full.ndjson');
    let room = 40;
    const store = await LineStore.open(
      path,
      () => undefined,
      (descriptor, bytes, offset) => {
        if (room === 0) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        const taken = writeSync(descriptor, bytes, offset, Math.min(room, bytes.length - offset));
        room -= taken;
        return taken;
      },
    );
    if (!store.ok) throw new Error(store.failure.message);
    expect(store.value.add({ first: 'x'.repeat(10) }).ok).toBe(true);
    expect(store.value.add({ second: 'y'.repeat(20) })).toMatchObject({ ok: false, failure: { code: 'DISK_FULL' } });
    expect(readFileSync(path, 'utf8')).toBe('{"first":"xxxxxxxxxx"}\n');
    // Room again: the next line is whole.
    room = 1000;
    expect(store.value.add({ third: 1 }).ok).toBe(true);
    store.value.close();
    expect(linesOf(path)).toEqual(['{"first":"xxxxxxxxxx"}', '{"third":1}']);
  });
});

describe('the lock of a folder', () => {
  it('is one run’s, and free after it', () => {
    const place = join(folder, 'locked');
    mkdirSync(place);
    const first = lockFolder(place);
    if (!first.ok) throw new Error(first.failure.message);
    expect(lockFolder(place)).toMatchObject({ ok: false, failure: { code: 'FOLDER_IN_USE' } });
    first.value();
    const second = lockFolder(place);
    expect(second.ok).toBe(true);
    if (second.ok) second.value();
    expect(existsSync(join(place, 'lock'))).toBe(false);
  });

  it('of a dead process is taken over; of a live one on another machine it is not', () => {
    const place = join(folder, 'stale');
    mkdirSync(place);
    const { pid } = spawnSync('true');
    const held = (holder: object) => {
      writeFileSync(join(place, 'lock'), JSON.stringify({ born: '1', task: '', ...holder }));
    };
    held({ pid, host: hostname() });
    const taken = lockFolder(place);
    expect(taken.ok).toBe(true);
    if (taken.ok) taken.value();
    // The number of a process that lives, but was started at another time.
    held({ pid: process.pid, host: hostname() });
    const again = lockFolder(place);
    expect(again.ok).toBe(true);
    if (again.ok) again.value();
    held({ pid: 1, host: 'elsewhere' });
    expect(lockFolder(place)).toMatchObject({
      ok: false,
      failure: { code: 'FOLDER_IN_USE', message: expect.stringContaining('elsewhere') as string },
    });
  });
});

it('a key set remembers exactly what was put in, beyond its first size', () => {
  const set = new KeySet();
  for (let i = 0; i < 5000; i++) expect(set.add('file', String(i))).toBe(true);
  expect(set.add('file', '17')).toBe(false);
  expect(set.count).toBe(5000);
  for (let i = 0; i < 5000; i++) expect(set.has('file', String(i))).toBe(true);
  expect(set.has('file', '5000')).toBe(false);
});

describe('shares', () => {
  it('cover every spectrum once, whatever the order', () => {
    for (const by of ['file', 'spectrum'] as const) {
      const shares = Array.from({ length: 5 }, (_, i) => ownership({ index: i + 1, count: 5 }, by));
      const counts = [0, 0, 0, 0, 0];
      for (let n = 0; n < 1000; n++) {
        const owners = shares.flatMap((share, i) =>
          (by === 'file' ? share.file(`s${String(n)}.fits`) : share.spectrum('s.fits', n)) ? [i] : [],
        );
        expect(owners).toHaveLength(1);
        counts[owners[0] ?? 0] = (counts[owners[0] ?? 0] ?? 0) + 1;
      }
      // Five standard deviations of a binomial.
      for (const count of counts) expect(Math.abs(count - 200)).toBeLessThan(5 * Math.sqrt(1000 * 0.2 * 0.8));
    }
  });
  it.each(['0/3', '4/3', '1', 'a/b', '-1/2', '1/0'])('%s is refused', (text) => {
    expect(parseShard(text)).toMatchObject({ ok: false, failure: { code: 'BAD_OPTION' } });
  });
});

describe('sources', () => {
  const namesOf = async (text: string) => {
    const source = await openSource(text);
    if (!source.ok) throw new Error(source.failure.code);
    const files = [];
    for await (const file of source.value.files()) files.push(file);
    return { kind: source.value.kind, names: files.map(({ name }) => name).sort(), files };
  };
  beforeAll(() => {
    for (const path of [
      'plates/a/1.fits.gz',
      'plates/a/2.fits',
      'plates/b/3.fits.gz',
      'plates/README.md',
      'plates/labels.csv',
      'plates/.hidden.fits',
    ])
      mkdirSync(join(folder, path, '..'), { recursive: true });
    for (const path of [
      'plates/a/1.fits.gz',
      'plates/a/2.fits',
      'plates/b/3.fits.gz',
      'plates/README.md',
      'plates/labels.csv',
      'plates/.hidden.fits',
    ])
      writeFileSync(join(folder, path), 'x');
  });

  it('a folder gives the spectra below it, by names that do not say where it lies', async () => {
    expect(await namesOf(join(folder, 'plates'))).toMatchObject({ kind: 'folder', names: ['a/1.fits.gz', 'a/2.fits', 'b/3.fits.gz'] });
  });
  it('a pattern', async () => {
    expect(await namesOf(join(folder, 'plates/*/*.gz'))).toMatchObject({ kind: 'pattern', names: ['a/1.fits.gz', 'b/3.fits.gz'] });
    expect(await namesOf(join(folder, 'plates/**/[12]*'))).toMatchObject({ names: ['a/1.fits.gz', 'a/2.fits'] });
    expect(patternRegExp('x.{fits,csv}').test('x.csv')).toBe(true);
    expect(patternRegExp('x.{fits,csv}').test('xxcsv')).toBe(false);
  });
  it('lists: with comments and no last line feed, and as a table with a column "file"', async () => {
    writeFileSync(join(folder, 'plates/list'), '# plates\na/1.fits.gz\r\n\n  a/../a/2.fits');
    const list = await namesOf(join(folder, 'plates/list'));
    expect(list).toMatchObject({ kind: 'list', names: ['a/1.fits.gz', 'a/2.fits'] });
    expect(list.files[0]?.path).toBe(join(folder, 'plates/a/1.fits.gz'));
    writeFileSync(join(folder, 'plates/visits.csv'), 'star,file\nx,a/1.fits.gz\ny,b/3.fits.gz\n');
    expect(await namesOf(join(folder, 'plates/visits.csv'))).toMatchObject({ kind: 'list', names: ['a/1.fits.gz', 'b/3.fits.gz'] });
  });
  it('a text spectrum is a file, not a list', async () => {
    writeFileSync(join(folder, 'star.csv'), 'wavelength,flux\n4000,1\n');
    writeFileSync(join(folder, 'star.txt'), '4000.5 1.0\n4001.5 1.0\n');
    for (const name of ['star.csv', 'star.txt']) expect(await namesOf(join(folder, name))).toMatchObject({ kind: 'file', names: [name] });
  });
  it('what is not there is said by name', async () => {
    expect(await openSource(join(folder, 'nonesuch'))).toMatchObject({ ok: false, failure: { code: 'SOURCE_MISSING' } });
    expect(await openSource(join(folder, 'nonesuch/*.fits'))).toMatchObject({ ok: false, failure: { code: 'SOURCE_MISSING' } });
  });
});

describe('what a folder was made with', () => {
  const run = runRecord({
    software: 'Maury 0.0.0',
    model: { id: 'm', sha256: '1' },
    calibration: { id: 'none', sha256: null },
    backend: 'best',
    options: { method: 'lm', seed: 1 },
    shard: { index: 1, count: 2 },
    source: 'here',
  });
  it('the same run is let in again, another is told what differs', () => {
    const place = join(folder, 'claimed');
    mkdirSync(place);
    expect(claimRun(place, run).ok).toBe(true);
    expect(claimRun(place, { ...run, source: 'elsewhere' }).ok).toBe(true);
    const other = { ...run, options: { method: 'cmaes', seed: 1 } };
    expect(claimRun(place, other)).toMatchObject({
      ok: false,
      failure: { code: 'OTHER_OPTIONS', message: expect.stringContaining('method: "lm" and "cmaes"') as string },
    });
    expect(claimRun(place, { ...run, shard: { index: 2, count: 2 } })).toMatchObject({ ok: false, failure: { code: 'OTHER_OPTIONS' } });
    expect(differences(run, { ...run, model: { id: 'm', sha256: '2' } })).toHaveLength(1);
    writeFileSync(join(place, 'run.json'), '{"format":');
    expect(claimRun(place, run)).toMatchObject({ ok: false, failure: { code: 'RUN_DAMAGED' } });
  });
});
