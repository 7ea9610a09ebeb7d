/** Where the spectra of a survey come from: a folder with all below it, a list of files, a pattern, or one file. Names come one by one. */
import { existsSync, statSync } from 'node:fs';
import { open, opendir, stat } from 'node:fs/promises';
import { basename, dirname, join, normalize, relative, resolve, sep } from 'node:path';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { wholeLines } from './lineReader.ts';

/** One file: `name` is its path below the source, the same on every machine; `path` is where it lies here. */
export interface SourceFile {
  readonly name: string;
  readonly path: string;
  /** The files of an entry that is a star with several visits; `name` is then the star's. */
  readonly members?: readonly SourceFile[];
}

export interface Source {
  readonly kind: 'folder' | 'list' | 'pattern' | 'file' | 'groups';
  /** Starts again at each call. */
  files(): AsyncGenerator<SourceFile>;
}

const SPECTRUM = /\.(fits?|fit|csv|tsv|txt|dat|asc|ascii|ecsv|vot|xml|npz|npy|zip)(\.(gz|fz))?$|\.(gz|fz)$/i;
/** What lies beside spectra and is none. */
const BESIDE = /^(\.|readme|labels\.csv$|groups\.csv$|md5sum|sha256sum|checksums)/i;

async function* below(folder: string, base: string, wanted: (name: string) => boolean): AsyncGenerator<SourceFile> {
  const folders: string[] = [];
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    const kind = entry.isSymbolicLink() && existsSync(path) ? statSync(path) : entry;
    if (kind.isDirectory()) folders.push(path);
    else if (kind.isFile()) {
      const name = relative(base, path).split(sep).join('/');
      if (wanted(name)) yield { name, path };
    }
  }
  for (const one of folders.sort()) yield* below(one, base, wanted);
}

/** A shell pattern as a regular expression over paths: `*` and `?` within a name, `**` across folders, `[abc]`, `{a,b}`. */
export function patternRegExp(pattern: string): RegExp {
  const text = pattern.replace(/\*\*\/|\*\*|\*|\?|\[!?[^\]]+\]|\{[^}]*\}|[.+^$()|\\\]{}[]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('[') && token.length > 2) return token.replace(/^\[!/, '[^');
    if (token.startsWith('{') && token.length > 1)
      return `(?:${token
        .slice(1, -1)
        .split(',')
        .map((one) => one.replace(/[.+^$()|\\[\]*?]/g, '\\$&'))
        .join('|')})`;
    return `\\${token}`;
  });
  return new RegExp(`^${text}$`);
}

/** Whether a text file lists files: its first entry is `file`, `path` or `name`, or looks like the name of a spectrum. */
async function listColumn(path: string): Promise<number | null> {
  const file = await open(path, 'r');
  try {
    const head = Buffer.alloc(8192);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    const data = head.subarray(0, bytesRead);
    if (data.includes(0) || (data[0] === 0x1f && data[1] === 0x8b)) return null;
    const first = data
      .toString('utf8')
      .split(/\r?\n/)
      .find((line) => line.trim() !== '' && !line.startsWith('#'));
    const cells = first?.split(',').map((cell) => cell.trim().replace(/^"|"$/g, '')) ?? [];
    const named = cells.findIndex((cell) => /^(file|path|filename)$/i.test(cell));
    if (named >= 0) return named;
    return SPECTRUM.test(cells[0] ?? '') && !/^[\d.eE+-]+$/.test(cells[0] ?? '') ? 0 : null;
  } finally {
    await file.close();
  }
}

/** Entries of a list count from its folder; failing that, from where the command is given. */
export function whereListed(folder: string, entry: string): string {
  const beside = resolve(folder, entry);
  return existsSync(beside) || !existsSync(resolve(entry)) ? beside : resolve(entry);
}

async function* listed(path: string, column: number): AsyncGenerator<SourceFile> {
  let first = true;
  const folder = dirname(path);
  const { size } = await stat(path);
  let end = 0;
  const give = function* (text: string): Generator<SourceFile> {
    const line = text.replace(/^\uFEFF/, '').trim();
    if (line === '' || line.startsWith('#')) return;
    const cell = (line.split(',')[column] ?? '').trim().replace(/^"|"$/g, '');
    const heading = first && /^(file|path|filename)$/i.test(cell);
    first = false;
    if (cell !== '' && !heading) yield { name: normalize(cell), path: whereListed(folder, cell) };
  };
  for await (const line of wholeLines(path)) {
    end = line.end;
    yield* give(line.text);
  }
  // A list that a person typed may end without a line feed.
  if (end < size) {
    const file = await open(path, 'r');
    const tail = Buffer.alloc(size - end);
    await file.read(tail, 0, tail.length, end);
    await file.close();
    yield* give(tail.toString('utf8'));
  }
}

/** Looks at a source; failures `SOURCE_MISSING`, `SOURCE_UNREADABLE`. */
export async function openSource(text: string): Promise<Result<Source>> {
  const path = resolve(text.replace(/^@/, ''));
  try {
    if (!existsSync(path)) {
      if (!/[*?[{]/.test(text))
        return failed(
          'SOURCE_MISSING',
          `There is no ${text}.`,
          'Give a folder, a list of files, a pattern in quotes such as "plates/*/*.fits.gz", or a file.',
        );
      const parts = path.split('/');
      const fixed = parts
        .slice(
          0,
          parts.findIndex((part) => /[*?[{]/.test(part)),
        )
        .join('/');
      const expression = patternRegExp(relative(fixed, path));
      if (!existsSync(fixed)) return failed('SOURCE_MISSING', `There is no ${fixed}, which ${text} starts with.`, 'Check the pattern.');
      return success({ kind: 'pattern', files: () => below(fixed, fixed, (name) => expression.test(name)) });
    }
    if (statSync(path).isDirectory()) {
      await (await opendir(path)).close();
      return success({ kind: 'folder', files: () => below(path, path, (name) => SPECTRUM.test(name) && !BESIDE.test(basename(name))) });
    }
    const column = await listColumn(path);
    if (column !== null) return success({ kind: 'list', files: () => listed(path, column) });
    if (text.startsWith('@')) return success({ kind: 'list', files: () => listed(path, 0) });
    return success({
      kind: 'file',
      async *files() {
        yield await Promise.resolve({ name: basename(path), path });
      },
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return failed('SOURCE_UNREADABLE', `${text} cannot be read: ${message}.`, 'Check the path and its permissions.');
  }
}
