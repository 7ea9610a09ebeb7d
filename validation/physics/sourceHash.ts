/** A name for the present state of the synthesis. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

let known: string | undefined;
/** Hash of the source that decides what a spectrum looks like. */
export function sourceHash(): string {
  if (known !== undefined) return known;
  const hash = createHash('sha256');
  for (const folder of ['src/synthesis', 'src/math']) {
    const root = join(import.meta.dirname, '../..', folder);
    for (const file of readdirSync(root, { encoding: 'utf8', recursive: true }).sort())
      if (file.endsWith('.ts') && !file.includes('.test.')) hash.update(file).update(readFileSync(join(root, file)));
  }
  return (known = hash.digest('hex').slice(0, 12));
}
