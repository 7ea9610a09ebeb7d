import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { describeWithShared } from '../../src/testing/shared.ts';
import { startMaury } from '../testing/maury.ts';
import { chunksOf, readReport, starFailure, tasksLeft, writeChunk, writeFailures } from '../trainingset/chunks.ts';
import { describeSet, setName, type SetSettings } from '../trainingset/settings.ts';
import { drawLabels } from '../../src/synthesis/draw.ts';

vi.setConfig({ testTimeout: 120_000 });
const folder = mkdtempSync(join(tmpdir(), 'maury-set-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('chunks of a training set', () => {
  test('what is left is whatever no chunk covers, however the chunks were cut', () => {
    expect(tasksLeft([], 5, 2)).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
      { from: 4, to: 5 },
    ]);
    expect(tasksLeft([{ from: 0, to: 3 }], 9, 4)).toEqual([
      { from: 3, to: 7 },
      { from: 7, to: 9 },
    ]);
    const holed = [
      { from: 2, to: 4 },
      { from: 6, to: 12 },
    ];
    expect(tasksLeft(holed, 8, 4)).toEqual([
      { from: 0, to: 2 },
      { from: 4, to: 6 },
    ]);
  });

  test('failures of all runs are listed once, with their labels', () => {
    const set = mkdtempSync(join(folder, 'failures-'));
    const failure = (index: number, code: string) => starFailure(index, drawLabels(9, index), code, `number ${String(index)}`);
    writeChunk(set, { from: 0, to: 2 }, new Uint8Array(1), { stars: [{ index: 0, seconds: 1 }], failures: [failure(1, 'A')], peakMb: 1 });
    expect(writeFailures(set, [failure(5, 'PROCESS_ENDED')]).map(({ index }) => index)).toEqual([1, 5]);
    // Made in a later run: no longer left out.
    writeChunk(set, { from: 4, to: 6 }, new Uint8Array(1), { stars: [], failures: [failure(4, 'B')], peakMb: 1 });
    writeFailures(set, []);
    const lines = readFileSync(join(set, 'failures.txt'), 'utf8').trim().split('\n');
    expect(lines.slice(1).map((line) => line.split('\t').slice(0, 3))).toEqual([
      ['1', 'A', 'number 1'],
      ['4', 'B', 'number 4'],
    ]);
    expect(lines[1]).toContain(`teff=${String(Number(drawLabels(9, 1).teff.toFixed(3)))}`);
    expect(chunksOf(set).map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [4, 6],
    ]);
  });
});

describe('the folder of a training set', () => {
  const settings: SetSettings = { seed: 1, derivatives: true, stepKms: 1.5, lines: 'vald', tables: { a: '1', b: '2' } };
  test.each<[string, Partial<SetSettings>]>([
    ['seed', { seed: 2 }],
    ['derivatives', { derivatives: false }],
    ['sampling', { stepKms: 2 }],
    ['a table', { tables: { a: '1', b: '3' } }],
    ['another table', { tables: { a: '1', c: '2' } }],
  ])('changes with %s', (_, change) => {
    expect(setName({ ...settings, ...change })).not.toBe(setName(settings));
  });
  test('is 12 hex digits, and does not hang on the order of the tables', () => {
    expect(setName(settings)).toMatch(/^[0-9a-f]{12}$/);
    expect(setName({ ...settings, tables: { b: '2', a: '1' } })).toBe(setName(settings));
  });
  test('says what to cite', () => {
    expect(describeSet(settings)['lines']).toContain('Ryabchikova');
    expect(describeSet({ ...settings, lines: 'merged' })['lines']).not.toContain('VALD');
  });
});

describe('maury trainingset', () => {
  test.each([
    [['--set', 'flux', '--seed', '4'], '--seed'],
    [['--set', 'train', '--no-derivatives'], '--no-derivatives'],
    [['--set', 'everything'], 'heldout'],
    [['--lines', 'kurucz'], 'vald'],
  ])('%j is refused', async (args, quoted) => {
    const { code, stderr } = await startMaury(['trainingset', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain('BAD_OPTION');
    expect(stderr).toContain(quoted);
  });
});

describeWithShared('maury trainingset with the physics tables', () => {
  /** Star 1 of this seed is outside the grid of atmospheres ([alpha/Fe]). */
  const SEED_WITH_BAD_STAR = '175';
  const set = join(folder, 'set');
  const start = (more: readonly string[], watch?: Parameters<typeof startMaury>[2]) =>
    startMaury(
      ['trainingset', '--out', set, '--seed', SEED_WITH_BAD_STAR, '--no-derivatives', '--step', '5', '--workers', '1', ...more],
      {},
      watch,
    );

  test('an interrupted run is resumed and extended, past a star that cannot be made', async () => {
    let interrupted = false;
    const first = await start(['--count', '40', '--chunk', '2'], (child, stderr) => {
      if (interrupted || !/\d MB/.test(stderr)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    expect(first.code, first.stderr).toBe(130);
    expect(first.stdout.trim()).toBe(set);
    const kept = chunksOf(set);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(20);
    expect(first.stderr).toContain('left out: star 1: LABEL_OUT_OF_GRID');
    const before = kept.map(({ path }) => readFileSync(path));

    const last = kept.at(-1)?.to ?? 0;
    const again = await start(['--count', String(last + 1), '--chunk', '3']);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain(`1 of ${String(last + 1)} stars to make`);
    kept.forEach(({ path }, i) => {
      expect(readFileSync(path).equals(before[i] ?? Buffer.alloc(0))).toBe(true);
    });
    const reports = chunksOf(set).map(({ path }) => readReport(path));
    expect(reports.flatMap((report) => report?.stars.map((star) => star.index) ?? [])).toEqual(
      Array.from({ length: last + 1 }, (_, i) => i).filter((i) => i !== 1),
    );
    expect(readFileSync(join(set, 'failures.txt'), 'utf8').split('\n')[1]).toMatch(/^1\tLABEL_OUT_OF_GRID\t.*alpha.*teff=/);

    const nothing = await start(['--count', String(last + 1)]);
    expect(nothing.code).toBe(0);
    expect(nothing.stderr).toContain(`0 of ${String(last + 1)} stars`);
  });

  test('a set of other settings is refused', async () => {
    const other = mkdtempSync(join(folder, 'other-'));
    writeFileSync(join(other, 'dataset.json'), '{}\n');
    const { code, stderr } = await startMaury(['trainingset', '--out', other, '--count', '1']);
    expect(code).toBe(1);
    expect(stderr).toContain('OTHER_DATASET');
    expect(readFileSync(join(other, 'dataset.json'), 'utf8')).toBe('{}\n');
  });

  test('without its tables it does not start', async () => {
    const other = join(folder, 'nowhere');
    const { code, stderr } = await startMaury(['trainingset', '--tables', join(folder, 'missing'), '--out', other]);
    expect(code).toBe(1);
    expect(stderr).toContain('TABLES_UNREADABLE');
    expect(existsSync(other)).toBe(false);
  });
});
