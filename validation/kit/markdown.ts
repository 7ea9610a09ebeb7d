/** Documents that people write and commands fill in. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, success, type Result } from '../../src/domain/result.ts';

/**
 * Puts `markdown` between `<!-- name -->` and `<!-- /name -->` of a document. Failures `DOCUMENT_UNREADABLE`, and `NO_MARKERS` where the
 * document has no such place.
 */
export async function writeSection(path: string, name: string, markdown: string): Promise<Result<string>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return failed(
      'DOCUMENT_UNREADABLE',
      `${path}: ${error instanceof Error ? error.message : String(error)}.`,
      'Restore it, or give --out.',
    );
  }
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(open);
  const to = text.indexOf(close);
  if (from < 0 || to < from)
    return failed('NO_MARKERS', `${path} has no ${open} … ${close}.`, 'Put the two comments where the table is to go.');
  await writeFile(path, `${text.slice(0, from + open.length)}\n\n${markdown.trim()}\n\n${text.slice(to)}`);
  return success(path);
}

/** Writes a report into docs/inference/. */
export async function writeDocument(name: string, markdown: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../docs/inference');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), markdown);
}
