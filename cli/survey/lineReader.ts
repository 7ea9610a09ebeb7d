/** Reads lines of a long file with a memory that does not grow with it, and knows where each whole line ends. */
import { open } from 'node:fs/promises';

/** One whole line, without its line feed. */
export interface WholeLine {
  readonly text: string;
  /** Byte after its line feed. */
  readonly end: number;
}

const CHUNK = 1 << 18;

/** All whole lines of a file; what follows the last line feed is a line that was cut short and is not given. Throws what the disk throws. */
export async function* wholeLines(path: string): AsyncGenerator<WholeLine> {
  const file = await open(path, 'r');
  try {
    let rest: Buffer = Buffer.alloc(0);
    let at = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const { bytesRead } = await file.read(chunk, 0, CHUNK, null);
      if (bytesRead === 0) return;
      let data = rest.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      for (let feed = data.indexOf(10); feed >= 0; feed = data.indexOf(10)) {
        at += feed + 1;
        yield { text: data.toString('utf8', 0, feed), end: at };
        data = data.subarray(feed + 1);
      }
      rest = data;
    }
  } finally {
    await file.close();
  }
}
