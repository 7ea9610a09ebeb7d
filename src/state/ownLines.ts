/** A person's own list of lines: opened by drop or button, kept until the browser's session ends, removable. */
import { z } from 'zod';
import type { OwnLines } from '../domain/ownLines.ts';
import { parseOwnLines } from '../io/ownLines.ts';
import { selectedEntry } from './entries.ts';
import type { History } from './history.ts';
import { unopened, type NamedFile } from './reading.ts';
import { notify, tell, tellDone, type SessionStore } from './store.ts';

const KEY = 'maury:own-lines';
const TEXT = /\.(csv|tsv|txt|dat|lst|lis|list|lines)$/i;
/** Bytes beyond which a text is no list of lines. */
const LARGEST = 500_000;

const schema = z.object({
  name: z.string(),
  lines: z.array(z.object({ wavelength: z.number().positive(), name: z.string() })).max(5000),
});

/** What an earlier page of the browser's session left; null where there is nothing, or nothing that can be read. */
function recalled(): OwnLines | null {
  try {
    const parsed = schema.safeParse(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    // Storage that is switched off: the list lasts as long as the page.
    return null;
  }
}

function keep(lines: OwnLines | null): void {
  try {
    if (lines === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(lines));
  } catch {
    // As above.
  }
}

export function createOwnLines(store: SessionStore, history: History) {
  store.setState({ ownLines: recalled() });
  const set = (ownLines: OwnLines | null): void => {
    store.setState({ ownLines });
    keep(ownLines);
  };
  const read = (name: string, bytes: ArrayBuffer) => {
    const text = new TextDecoder().decode(bytes);
    return parseOwnLines(name, text, selectedEntry(store.getState())?.spectrum.medium ?? 'vacuum');
  };
  const take = (lines: OwnLines, warnings: readonly string[]): void => {
    set(lines);
    tell(store, [`${String(lines.lines.length)} lines of ${lines.name}`, ...warnings].join('; '));
  };

  return {
    /** Opens a file that is a list of lines; false where it is none, but perhaps a spectrum. */
    openIfLines: async (file: NamedFile): Promise<boolean> => {
      if (!TEXT.test(file.name)) return false;
      // What cannot be opened is told by the reader of spectra.
      const bytes = await file.arrayBuffer().catch(() => null);
      if (bytes === null || bytes.byteLength > LARGEST) return false;
      const lines = read(file.name, bytes);
      if (lines.ok) take(lines.value, lines.warnings);
      return lines.ok;
    },
    /** Opens a file that a person says is a list of lines, or says why it is none. */
    openOwnLines: async (file: NamedFile): Promise<void> => {
      const lines = await file.arrayBuffer().then(
        (bytes) => read(file.name, bytes),
        (reason: unknown) => unopened(file, reason),
      );
      if (lines.ok) take(lines.value, lines.warnings);
      else notify(store, file.name, lines.failure);
    },
    /** Takes the marks away; undo brings them back. */
    removeOwnLines: (): void => {
      const { ownLines } = store.getState();
      if (ownLines === null) return;
      set(null);
      const what = `removed the lines of ${ownLines.name}`;
      history.push({
        what,
        key: null,
        undo: () => {
          set(ownLines);
        },
      });
      tellDone(store, what);
    },
  };
}
