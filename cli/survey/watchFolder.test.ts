import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openSource } from './source.ts';
import { arrivals } from './watchFolder.ts';

it('gives a file once it is whole, again when it changes, and ends when told', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maury-watch-'));
  const source = await openSource(folder);
  if (!source.ok) throw new Error(source.failure.message);
  writeFileSync(join(folder, 'first.fits'), 'x');
  const controller = new AbortController();
  const settle = 400;
  const stream = arrivals(
    () => source.value.files(),
    settle,
    controller.signal,
    () => undefined,
  );
  expect((await stream.next()).value).toMatchObject({ name: 'first.fits' });
  // Written in pieces, more often than it could settle.
  const path = join(folder, 'second.fits');
  writeFileSync(path, '');
  const second = stream.next();
  let last = 0;
  const writing = (async () => {
    for (let i = 0; i < 8; i++) {
      appendFileSync(path, 'y');
      last = Date.now();
      await sleep(settle / 4);
    }
  })();
  expect((await second).value).toMatchObject({ name: 'second.fits' });
  await writing;
  expect(Date.now() - last).toBeGreaterThan(0.9 * settle);
  appendFileSync(join(folder, 'first.fits'), 'z');
  expect((await stream.next()).value).toMatchObject({ name: 'first.fits' });
  const end = stream.next();
  controller.abort();
  expect((await end).done).toBe(true);
  rmSync(folder, { recursive: true });
});
