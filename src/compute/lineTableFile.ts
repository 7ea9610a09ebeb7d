/** `models/lines.json`, the table of lines of typical stars (`domain/lineTable.ts`), as a file. Wavelengths are in hundredths of an Å, each after the first as what it adds to the one before. */
import { z } from 'zod';
import type { LineTable } from '../domain/lineTable.ts';
import { failed, success, type Result } from '../domain/result.ts';
import { readJson, type Assets } from './assets.ts';

/** Where the site keeps it. */
export const LINE_TABLE_PATH = 'models/lines.json';

const STEPS_PER_ANGSTROM = 100;

const schema = z.object({
  format: z.literal('maury-line-table'),
  formatVersion: z.literal(1),
  software: z.string(),
  command: z.string(),
  list: z.object({ name: z.string(), citation: z.string(), sha256: z.record(z.string(), z.string()) }),
  medium: z.literal('vacuum'),
  frame: z.literal('rest'),
  resolvingPower: z.number().positive(),
  stars: z
    .array(z.object({ title: z.string().min(1), teff: z.number(), logg: z.number(), vmic: z.number(), feh: z.number(), alpha: z.number() }))
    .min(1),
  species: z.array(z.string().min(1)).min(1).max(255),
  wavelengthSteps: z.array(z.int().nonnegative()).min(1),
  speciesOf: z.array(z.int().nonnegative()),
  sharePercent: z.array(z.array(z.int().min(0).max(100))),
  widthMilliangstrom: z.array(z.array(z.number().nonnegative())),
});

/** The file's text. */
export function lineTableText({ wavelength, speciesOf, share, width, ...head }: LineTable): string {
  const { software, command, list, resolvingPower, stars, species } = head;
  let last = 0;
  const file: z.input<typeof schema> = {
    ...{ format: 'maury-line-table', formatVersion: 1, software, command, list, medium: 'vacuum', frame: 'rest', resolvingPower },
    ...{ stars: [...stars], species: [...species] },
    wavelengthSteps: Array.from(wavelength, (value) => {
      const at = Math.round(STEPS_PER_ANGSTROM * value);
      const step = at - last;
      last = at;
      return step;
    }),
    speciesOf: [...speciesOf],
    sharePercent: share.map((column) => [...column]),
    widthMilliangstrom: width.map((column) => [...column]),
  };
  return `${JSON.stringify(file)}\n`;
}

/** Failure `LINE_TABLE_INVALID` names what is wrong. */
export function parseLineTable(json: unknown): Result<LineTable> {
  const bad = (what: string): Result<never> =>
    failed('LINE_TABLE_INVALID', `The table of lines is not one: ${what}.`, 'Write it again with `maury line-table`.');
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return bad(issue === undefined ? 'it does not follow the format' : `${issue.path.join('.')}: ${issue.message}`);
  }
  const { software, command, list, resolvingPower, stars, species, wavelengthSteps, speciesOf, sharePercent, widthMilliangstrom } =
    parsed.data;
  const count = wavelengthSteps.length;
  const columns = [speciesOf, ...sharePercent, ...widthMilliangstrom];
  if (!columns.every(({ length }) => length === count)) return bad(`a column does not have the ${String(count)} lines of the others`);
  if (sharePercent.length !== stars.length || widthMilliangstrom.length !== stars.length) return bad('a star has no column');
  if (speciesOf.some((s) => s >= species.length)) return bad('a line has no species');
  let at = 0;
  return success({
    ...{ software, command, list, resolvingPower, stars, species },
    wavelength: Float64Array.from(wavelengthSteps, (step) => (at += step) / STEPS_PER_ANGSTROM),
    speciesOf: Uint8Array.from(speciesOf),
    share: sharePercent.map((column) => Uint8Array.from(column)),
    width: widthMilliangstrom.map((column) => Float64Array.from(column)),
  });
}

/** The site's table. Failures: those of `readJson` and `parseLineTable`. */
export async function loadLineTable(assets: Assets): Promise<Result<LineTable>> {
  const json = await readJson(assets, LINE_TABLE_PATH);
  return json.ok ? parseLineTable(json.value) : json;
}
