/** Files as they arrive: each is given once it has stayed as it is for a while, and again when it has changed. */
import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceFile } from './source.ts';

interface Sight {
  readonly size: number;
  readonly time: number;
  /** When it was first seen so, ms. */
  readonly since: number;
  readonly given: boolean;
}

/** Looks again and again until `signal` is aborted. A folder that goes away for a while, as network disks do, is said once and waited for. */
export async function* arrivals(
  files: () => AsyncGenerator<SourceFile>,
  settleMilliseconds: number,
  signal: AbortSignal,
  say: (text: string) => void,
): AsyncGenerator<SourceFile> {
  const seen = new Map<string, Sight>();
  let away = false;
  while (!signal.aborted) {
    const due: SourceFile[] = [];
    try {
      for await (const file of files()) {
        const { size, mtimeMs: time } = await stat(file.path).catch(() => ({ size: -1, mtimeMs: 0 }));
        if (size < 0) continue;
        const before = seen.get(file.name);
        const now = Date.now();
        if (before?.size !== size || before.time !== time) seen.set(file.name, { size, time, since: now, given: false });
        else if (!before.given && size > 0 && now - before.since >= settleMilliseconds) {
          seen.set(file.name, { ...before, given: true });
          due.push(file);
        }
      }
      away = false;
    } catch (error) {
      if (!away) say(`The folder cannot be read (${error instanceof Error ? error.message : String(error)}); waiting for it.`);
      away = true;
    }
    yield* due;
    await sleep(Math.max(50, settleMilliseconds / 2), undefined, { signal }).catch(() => undefined);
  }
}
