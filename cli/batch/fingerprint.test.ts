import { expect, test } from 'vitest';
import { codeOf, fingerprint, FIT_CODE } from './fingerprint.ts';

test('comments, layout and types do not change the code', () => {
  const bare = codeOf('export const half = (x: number): number => x / 2;');
  expect(codeOf('/** Half of it. */\nexport const half = (x: number) =>\n  x / 2; // so')).toBe(bare);
  expect(codeOf('export const half = (x: number): number => x / 3;')).not.toBe(bare);
  expect(codeOf("export const s = '// no comment';")).toContain('// no comment');
});

test('the name is the same for the same code, another for other sources and other texts', { timeout: 30_000 }, async () => {
  const code = ['src/domain', 'src/fit/weights.ts'];
  const name = await fingerprint(code, 'seed 1');
  expect(name).toMatch(/^[0-9a-f]{16}$/);
  expect(await fingerprint(code, 'seed 1')).toBe(name);
  expect(await fingerprint(code, 'seed 2')).not.toBe(name);
  expect(await fingerprint(['src/domain'], 'seed 1')).not.toBe(name);
});

test('a fit depends on calibration and engine, too', () => {
  expect(FIT_CODE).toEqual(expect.arrayContaining(['src/compute', 'src/calibration']));
});
