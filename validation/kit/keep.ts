/** Results of a long validation, one line of JSON each, added as they come: what is there is not computed again. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';

export class LineStore<T> {
  constructor(
    readonly path: string,
    private readonly schema: z.ZodType<T>,
  ) {
    mkdirSync(dirname(path), { recursive: true });
    // A line that was cut short must not swallow the next.
    if (existsSync(path) && !readFileSync(path, 'utf8').endsWith('\n')) appendFileSync(path, '\n');
  }

  /** All whole lines; one that was cut short when a run was ended is left out. */
  read(): T[] {
    if (!existsSync(this.path)) return [];
    return readFileSync(this.path, 'utf8')
      .split('\n')
      .flatMap((line) => {
        try {
          const parsed = this.schema.safeParse(JSON.parse(line));
          return parsed.success ? [parsed.data] : [];
        } catch {
          return [];
        }
      });
  }

  add(value: T): void {
    appendFileSync(this.path, `${JSON.stringify(value)}\n`);
  }
}
