/**
 * One run at a time in an output folder. The lock is a file that names its process, touched every half minute. It is stale, and taken over,
 * when that process is gone (on this machine), is an earlier life of this Slurm task, or has not touched it for five minutes (on any other).
 */
import { closeSync, existsSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { writeFailure } from './lineStore.ts';

const TOUCH_MILLISECONDS = 30_000;
const SILENT_MILLISECONDS = 300_000;

const holderSchema = z.object({ pid: z.number(), born: z.string(), host: z.string(), task: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** When a process of this machine was started, in the kernel's clock ticks: a number that comes again does not come with it. Empty where there is no /proc. */
function bornAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function alive({ pid, born }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = bornAt(pid);
  return born === '' || now === '' || now === born;
}

/** This process under Slurm: job and task, the same after a requeue; empty elsewhere. */
function slurmTask(): string {
  const { SLURM_ARRAY_JOB_ID, SLURM_ARRAY_TASK_ID, SLURM_JOB_ID } = process.env;
  if (SLURM_ARRAY_JOB_ID !== undefined) return `${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID ?? ''}`;
  return SLURM_JOB_ID ?? '';
}

function readHolder(path: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** How long nobody has touched a file, by the clock of the disk it is on. */
function silence(path: string, probe: string): number {
  writeFileSync(probe, '');
  const now = statSync(probe).mtimeMs;
  rmSync(probe, { force: true });
  return now - statSync(path).mtimeMs;
}

function isStale(path: string, holder: Holder | null, self: Holder, probe: string): boolean {
  if (holder !== null && holder.host === self.host) return !alive(holder);
  if (holder !== null && self.task !== '' && holder.task === self.task) return true;
  return silence(path, probe) > SILENT_MILLISECONDS;
}

/** Takes the lock of a folder; the value gives it back. Failure `FOLDER_IN_USE` names who has it. */
export function lockFolder(folder: string): Result<() => void> {
  const path = join(folder, 'lock');
  const own = join(folder, `lock.${hostname()}.${String(process.pid)}`);
  const self: Holder = { pid: process.pid, born: bornAt(process.pid), host: hostname(), task: slurmTask() };
  try {
    writeFileSync(own, JSON.stringify(self));
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        // A link is made whole or not at all, on network disks too.
        linkSync(own, path);
        rmSync(own, { force: true });
        return success(keep(path, self));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      const holder = readHolder(path);
      if (existsSync(path) && !isStale(path, holder, self, `${own}.probe`)) {
        rmSync(own, { force: true });
        return failed(
          'FOLDER_IN_USE',
          `${folder} is being written by ${holder === null ? 'another run' : `process ${String(holder.pid)} on ${holder.host}`}.`,
          `Wait for it, or give another --out. If that run is dead, remove ${path}.`,
        );
      }
      takeAway(path, holder, `${own}.stale`);
    }
    rmSync(own, { force: true });
    return failed('FOLDER_IN_USE', `${folder} is being taken by several runs at once.`, 'Give the command again.');
  } catch (error) {
    return { ok: false, failure: writeFailure(path, error) };
  }
}

/** Removes a stale lock, unless another run has meanwhile put its own there. */
function takeAway(path: string, stale: Holder | null, aside: string): void {
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = readHolder(aside);
  if (JSON.stringify(taken) !== JSON.stringify(stale)) {
    try {
      linkSync(aside, path);
    } catch {
      // Somebody holds it: the next attempt finds them.
    }
  }
  rmSync(aside, { force: true });
}

function keep(path: string, self: Holder): () => void {
  const timer = setInterval(() => {
    try {
      closeSync(openSync(path, 'r+'));
      utimesSync(path, new Date(), new Date());
    } catch {
      // The disk is away: the lock will look stale, and that is so.
    }
  }, TOUCH_MILLISECONDS);
  timer.unref();
  return () => {
    clearInterval(timer);
    const holder = readHolder(path);
    if (holder?.pid === self.pid && holder.host === self.host) rmSync(path, { force: true });
  };
}
