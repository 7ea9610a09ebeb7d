/**
 * Lines of many folders in one order, by file and number in it, with a memory that does not grow with their number: the places of the lines are
 * sorted in parts that are put on the disk, and the parts are merged as they are read. Of several lines of one spectrum the last counts.
 */
import { closeSync, mkdirSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wholeLines } from './lineReader.ts';
import { parseLine, type SurveyLine } from './line.ts';
import { z } from 'zod';

/** Lines of which the places are sorted in memory at a time. */
const PART = 50_000;

const placeSchema = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number(), z.number(), z.array(z.number())]);
/** File, number in it, order of coming, which folder, where the line begins and how long it is, and what `measure` said of it. */
type Place = z.infer<typeof placeSchema>;

function compare(a: Place, b: Place): number {
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  return a[1] - b[1] || a[2] - b[2];
}

export class SortedLines {
  private readonly parts: string[] = [];
  /** Lines that could not be understood, and entries that stood twice in a list. */
  damaged = 0;
  duplicates = 0;
  private buffer: Place[] = [];
  private sequence = 0;

  /** `work` is a folder for the parts; it is made here and removed by `close`. */
  constructor(
    private readonly paths: readonly string[],
    private readonly work: string,
    private readonly part: number = PART,
  ) {
    mkdirSync(work, { recursive: true });
  }

  /** Reads all lines once. `measure` says a few numbers of each, which `places` gives back. */
  async read(measure: (line: SurveyLine) => readonly number[]): Promise<void> {
    for (const [folder, path] of this.paths.entries()) {
      let from = 0;
      for await (const { text, end } of wholeLines(path)) {
        const line = parseLine(text);
        if (line === null) this.damaged++;
        else if (line.index < 0) this.duplicates++;
        else {
          this.buffer.push([line.file, line.index, this.sequence++, folder, from, end - from, [...measure(line)]]);
          if (this.buffer.length >= this.part) this.putPart();
        }
        from = end;
      }
    }
    this.putPart();
  }

  private putPart(): void {
    if (this.buffer.length === 0) return;
    const path = join(this.work, `part-${String(this.parts.length)}`);
    this.buffer.sort(compare);
    writeFileSync(path, this.buffer.map((place) => `${JSON.stringify(place)}\n`).join(''));
    this.parts.push(path);
    this.buffer = [];
  }

  /** The place of every spectrum's last line, in order. */
  async *places(): AsyncGenerator<Place> {
    const readers = this.parts.map((path) => readPlaces(path));
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    let held: Place | null = null;
    for (;;) {
      let least = -1;
      let best: Place | null = null;
      for (const [i, head] of heads.entries())
        if (head.done !== true && (best === null || compare(head.value, best) < 0)) {
          best = head.value;
          least = i;
        }
      if (held !== null && (best === null || best[0] !== held[0] || best[1] !== held[1])) yield held;
      if (best === null) return;
      held = best;
      const reader = readers[least];
      if (reader !== undefined) heads[least] = await reader.next();
    }
  }

  /** The lines themselves, in order. */
  async *lines(): AsyncGenerator<SurveyLine> {
    const descriptors = this.paths.map((path) => openSync(path, 'r'));
    try {
      for await (const [, , , folder, from, length] of this.places()) {
        const bytes = Buffer.alloc(length);
        const descriptor = descriptors[folder];
        if (descriptor === undefined) continue;
        readSync(descriptor, bytes, 0, length, from);
        const line = parseLine(bytes.toString('utf8'));
        if (line !== null) yield line;
      }
    } finally {
      for (const descriptor of descriptors) closeSync(descriptor);
    }
  }

  close(): void {
    rmSync(this.work, { recursive: true, force: true });
  }
}

async function* readPlaces(path: string): AsyncGenerator<Place> {
  for await (const { text } of wholeLines(path)) yield placeSchema.parse(JSON.parse(text));
}
