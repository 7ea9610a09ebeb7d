/**
 * What is to be done next, for several processes at once: a file that nobody has opened, or a stretch of the spectra of one that holds many,
 * so that a single large file keeps all processes busy.
 */
import type { SourceFile } from './source.ts';

export interface Job {
  readonly file: SourceFile;
  /** Spectra to fit, from and before; null where nobody has opened the file yet. */
  readonly range: readonly [from: number, before: number] | null;
}

/** Spectra of one file that a process takes at a time. */
const STRETCH = 16;

export class JobQueue {
  private readonly stretches: Job[] = [];
  private exhausted = false;
  /** Jobs out of which stretches may still come. */
  private opening = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly files: AsyncGenerator<SourceFile>) {}

  /** Null when nothing is left and nothing can come. Every job of a whole file must be followed by `opened`. */
  async next(): Promise<Job | null> {
    for (;;) {
      const stretch = this.stretches.shift();
      if (stretch !== undefined) return stretch;
      if (!this.exhausted) {
        this.opening++;
        const file = await this.files.next();
        if (file.done !== true) return { file: file.value, range: null };
        this.exhausted = true;
        this.settle();
        continue;
      }
      if (this.opening === 0) return null;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** A file turned out to hold `count` spectra: the first stretch is the caller's, the others anybody's. */
  opened(file: SourceFile, count: number): readonly [number, number] {
    for (let from = STRETCH; from < count; from += STRETCH) this.stretches.push({ file, range: [from, Math.min(from + STRETCH, count)] });
    this.settle();
    return [0, Math.min(STRETCH, count)];
  }

  /** A stretch that its process could not finish. */
  putBack(job: Job): void {
    this.stretches.push(job);
    this.wake();
  }

  private settle(): void {
    this.opening--;
    this.wake();
  }

  private wake(): void {
    for (const wake of this.waiting.splice(0)) wake();
  }
}
