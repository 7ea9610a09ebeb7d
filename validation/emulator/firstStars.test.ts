import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { writeChunk } from '../../cli/trainingset/chunks.ts';
import { firstStars } from './firstStars.ts';
import { pythonTorch, runTraining } from './pythonTorch.ts';

const folder = mkdtempSync(join(tmpdir(), 'maury-first-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the first stars of a set that is there', () => {
  test('are the chunks that hold them, and no others from before', async () => {
    const set = mkdtempSync(join(folder, 'set-'));
    const view = join(folder, 'view');
    writeFileSync(join(set, 'dataset.json'), '{}');
    for (const from of [0, 4, 8]) writeChunk(set, { from, to: from + 4 }, new Uint8Array(1), { stars: [], failures: [], peakMb: 1 });
    expect(await firstStars('train', set, 9, view)).toEqual({ ok: true, value: view, warnings: [] });
    expect(readdirSync(view).filter((name) => name.endsWith('.npz'))).toHaveLength(3);
    await firstStars('train', set, 5, view);
    expect(readdirSync(view)).toEqual(['chunk-000000-000003.npz', 'chunk-000004-000007.npz', 'dataset.json']);
    expect(realpathSync(join(view, 'dataset.json'))).toBe(realpathSync(join(set, 'dataset.json')));
  });
});

describe('a Python that cannot train', () => {
  test('is named, with what to install', () => {
    vi.stubEnv('MAURY_PYTHON', join(folder, 'no-python'));
    const found = pythonTorch();
    expect(found).toMatchObject({ ok: false, failure: { code: 'PYTHON_WITHOUT_TORCH' } });
    if (!found.ok) expect(`${found.failure.message} ${found.failure.hint ?? ''}`).toMatch(/no-python.*python3-torch/);
  });

  test('a script that fails is a failure that names it', async () => {
    vi.stubEnv('MAURY_PYTHON', process.execPath);
    const script = join(folder, 'fails.mjs');
    writeFileSync(script, 'process.exit(Number(process.argv[2]));');
    expect(await runTraining(script, ['3'])).toMatchObject({ ok: false, failure: { code: 'TRAINING_FAILED' } });
    expect(await runTraining(script, ['0'])).toMatchObject({ ok: true });
  });
});
