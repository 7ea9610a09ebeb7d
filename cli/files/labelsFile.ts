import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ELEMENTS, type StellarLabels } from '../../src/domain/labels.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';

const EXAMPLE =
  'Write an array like [{"teff": 5770, "logg": 4.44, "vmic": 1.0, "feh": 0.0, "xfe": {"Mg": 0.1}}]; elements left out are at [X/Fe] = 0.';

const starSchema = z.strictObject({
  teff: z.number().positive(),
  logg: z.number(),
  vmic: z.number().nonnegative(),
  feh: z.number(),
  xfe: z.partialRecord(z.enum(ELEMENTS), z.number()).default({}),
});

/** `[3].xfe.Mg` from a zod path. */
const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? `[${String(part)}]` : `.${String(part)}`)).join('');

/** What stands at a path of parsed JSON, as a person would see it in the file. */
function quoteAt(json: unknown, path: readonly PropertyKey[]): string {
  let value: unknown = json;
  for (const part of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * Stellar labels from the text of a labels.json: K, log10 cm s⁻², km/s, dex; elements left out are at [X/Fe] = 0.
 * Failures: `LABELS_NOT_JSON`, `LABELS_EMPTY`, `LABELS_INVALID` (with the star's index, the field and what stands there).
 */
export function parseLabels(text: string, source = 'labels.json'): Result<StellarLabels[]> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return failed('LABELS_NOT_JSON', `${source} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, EXAMPLE);
  }
  const parsed = z.array(starSchema).safeParse(json);
  if (!parsed.success) {
    const told = parsed.error.issues
      .slice(0, 5)
      .map((issue) => `${pathText(issue.path) || 'the whole file'}: ${issue.message} (found ${quoteAt(json, issue.path)})`);
    const more = parsed.error.issues.length - told.length;
    return failed('LABELS_INVALID', `${source}: ${told.join('; ')}${more > 0 ? `; and ${String(more)} more` : ''}.`, EXAMPLE);
  }
  if (parsed.data.length === 0) return failed('LABELS_EMPTY', `${source} holds an empty array.`, EXAMPLE);
  return success(parsed.data);
}

/** Reads labels.json. Failures of `parseLabels`, and `FILE_UNREADABLE`. */
export async function readLabelsFile(path: string): Promise<Result<StellarLabels[]>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return failed(
      'FILE_UNREADABLE',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Check the path given to --labels.',
    );
  }
  return parseLabels(text, path);
}
