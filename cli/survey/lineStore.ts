/**
 * The results of a run: one line of JSON per spectrum, only ever appended. A line reaches the operating system as soon as it is there, so that a
 * process may be killed at any moment; the disk, in blocks, so that a machine may lose power. A line that was cut short is taken off at the next start.
 */
import { fdatasyncSync, ftruncateSync, fstatSync, openSync, closeSync, writeSync, existsSync } from 'node:fs';
import { failed, success, type Failure, type Result } from '../../src/domain/result.ts';
import { wholeLines } from './lineReader.ts';

/** Lines, and milliseconds, between two calls that bring the lines to the disk. */
const BLOCK_LINES = 32;
const BLOCK_MILLISECONDS = 5000;

/** What writes bytes; tests give one that fails. */
export type WriteBytes = (descriptor: number, bytes: Uint8Array, offset: number) => number;
const writeBytes: WriteBytes = (descriptor, bytes, offset) => writeSync(descriptor, bytes, offset);

/** A fault of the disk by name: `DISK_FULL` where there is no room or no quota, else `WRITE_FAILED`. */
export function writeFailure(path: string, error: unknown): Failure {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  return ['ENOSPC', 'EDQUOT'].includes(code)
    ? {
        code: 'DISK_FULL',
        message: `${path} cannot grow: ${message}.`,
        hint: 'Make room and give the same command again: it goes on from the last whole line.',
      }
    : {
        code: 'WRITE_FAILED',
        message: `${path} cannot be written: ${message}.`,
        hint: 'Check the folder and its permissions, then give the same command again.',
      };
}

export class LineStore {
  private unsynced = 0;
  private lastSync = performance.now();

  private constructor(
    readonly path: string,
    private readonly descriptor: number,
    private length: number,
    private readonly write: WriteBytes,
  ) {}

  /** Opens the file, or makes it, and hands every whole line that is there to `onLine`. What a killed process left of a line is removed. */
  static async open(path: string, onLine: (text: string) => void, write: WriteBytes = writeBytes): Promise<Result<LineStore>> {
    try {
      let end = 0;
      if (existsSync(path))
        for await (const line of wholeLines(path)) {
          end = line.end;
          onLine(line.text);
        }
      const descriptor = openSync(path, 'a');
      const torn = fstatSync(descriptor).size - end;
      if (torn > 0) ftruncateSync(descriptor, end);
      const warnings = torn > 0 ? [`${path}: ${String(torn)} bytes of a line that was cut short were removed.`] : [];
      return success(new LineStore(path, descriptor, end, write), warnings);
    } catch (error) {
      return { ok: false, failure: writeFailure(path, error) };
    }
  }

  /** Appends one value as a line. After a failure the file ends with the last whole line. */
  add(value: unknown): Result<null> {
    const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
    try {
      for (let done = 0; done < bytes.length;) {
        const written = this.write(this.descriptor, bytes, done);
        if (written <= 0) return failed('WRITE_FAILED', `${this.path} takes no more bytes.`, 'Check the disk.');
        done += written;
      }
      this.length += bytes.length;
      this.unsynced++;
      if (this.unsynced >= BLOCK_LINES || performance.now() - this.lastSync > BLOCK_MILLISECONDS) this.sync();
      return success(null);
    } catch (error) {
      this.cutBack();
      return { ok: false, failure: writeFailure(this.path, error) };
    }
  }

  private cutBack(): void {
    try {
      ftruncateSync(this.descriptor, this.length);
    } catch {
      // The next start removes what is left of the line.
    }
  }

  private sync(): void {
    fdatasyncSync(this.descriptor);
    this.unsynced = 0;
    this.lastSync = performance.now();
  }

  /** Brings the last lines to the disk. */
  close(): Result<null> {
    try {
      this.sync();
      closeSync(this.descriptor);
      return success(null);
    } catch (error) {
      return { ok: false, failure: writeFailure(this.path, error) };
    }
  }
}
