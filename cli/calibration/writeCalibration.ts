/** Calibration files and the index by which the page finds them. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { calibrationSchema, type Calibration } from '../../src/calibration/schema.ts';

const DIGITS = 6;

/** Lists every calibration of a folder in its index.json, for the page to find those of a model. Files of another format are left out. */
async function writeIndex(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== 'index.json').sort();
  const entries = await Promise.all(
    files.map(async (file) => {
      const parsed = calibrationSchema.safeParse(JSON.parse(await readFile(join(folder, file), 'utf8')));
      if (!parsed.success) return [];
      const { id, title, model } = parsed.data;
      return [{ id, title, file, model: model.id }];
    }),
  );
  await writeFile(join(folder, 'index.json'), `${JSON.stringify(entries.flat(), null, 2)}\n`);
}

/** Writes a calibration with numbers of six digits, and the index of its folder where that is the site's. */
export async function writeCalibration(path: string, calibration: Calibration, indexed: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(DIGITS)) : value);
  // One line a label: a table of terms is read by machines, a difference between versions by people.
  const { labels, ...head } = calibration;
  const lines = Object.entries(labels).map(([name, label]) => `  ${JSON.stringify(name)}: ${JSON.stringify(label, rounded)}`);
  await writeFile(path, `${JSON.stringify(head, rounded, 1).slice(0, -2)},\n "labels": {\n${lines.join(',\n')}\n }\n}\n`);
  if (indexed) await writeIndex(dirname(path));
}
