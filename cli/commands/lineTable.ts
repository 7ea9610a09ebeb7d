/** `maury line-table`: which lines make the features of typical stars, for the page. */
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import { DEFAULT_LINES, LINE_LIST_NAMES, LINE_LISTS, OVERLAYS } from '../files/lineLists.ts';
import { publicFolder } from '../files/nodeAssets.ts';
import { defaultTables, hashTables, readTablesAndArrays } from '../files/tablesFolder.ts';
import { LINE_TABLE_PATH, lineTableText } from '../../src/compute/lineTableFile.ts';
import { software } from '../../src/domain/version.ts';
import { SHARE_RESOLVING_POWER, type Contribution } from '../../src/synthesis/contributions/contributions.ts';
import { selectLines } from '../../src/synthesis/contributions/selectLines.ts';
import { TYPICAL_STARS, typicalContributions } from '../../src/synthesis/contributions/typicalStars.ts';
import { ownersOf, physicalLines } from '../../src/synthesis/correction/lineGroups.ts';
import { DEFAULT_STEP_KMS } from '../../src/synthesis/native.ts';
import { computationGrid } from '../../src/synthesis/spectrum.ts';

const HELP = `maury line-table [options]: the lines that matter at R = ${String(SHARE_RESOLVING_POWER)} in typical stars: species, wavelength, equivalent width, share of the depth

  --out FILE      default: public/${LINE_TABLE_PATH}, which the page names lines by
  --lines LIST    corrected (default, as training sets), vald or merged
  --tables DIR    physics tables (default $MAURY_SHARED/physics)
  --step KMS      sampling of the computation (default ${String(DEFAULT_STEP_KMS)})

Stars: ${TYPICAL_STARS.map(({ title }) => title).join(', ')}. Takes about a minute.
`;

/** The line-table command. */
export function run(args: readonly string[]): Promise<number> {
  return Promise.resolve(write(args));
}

function write(args: readonly string[]): number {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: { out: { type: 'string' }, tables: { type: 'string' }, lines: { type: 'string' }, step: { type: 'string' } },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const step = numberOption('step', values.step, DEFAULT_STEP_KMS, { min: 0.3, max: 5 });
  if (!step.ok) return refuse(step.failure);
  const chosen = choiceOption('lines', values.lines, DEFAULT_LINES, LINE_LIST_NAMES);
  if (!chosen.ok) return refuse(chosen.failure);
  const folder = values.tables ?? defaultTables();
  const read = readTablesAndArrays(folder, chosen.value);
  if (!read.ok) return refuse(read.failure, EXIT.failed);
  const hashes = hashTables(folder, chosen.value);
  if (!hashes.ok) return refuse(hashes.failure, EXIT.failed);
  const { tables, arrays } = read.value;
  const lines = physicalLines(arrays);
  const owner = ownersOf(tables.lines, lines);
  const grid = computationGrid(step.value);
  const stars: Contribution[][] = [];
  for (const star of TYPICAL_STARS) {
    const found = typicalContributions(tables, star, grid, owner, lines.length);
    if (!found.ok) return refuse(found.failure, EXIT.failed);
    process.stderr.write(`${star.title}: ${String(found.value.length)} lines and bands\n`);
    stars.push(found.value);
  }
  const { file, citation } = LINE_LISTS[chosen.value];
  const overlay = OVERLAYS[chosen.value];
  const files = [file, ...(overlay === undefined ? [] : [basename(overlay)])];
  const columns = selectLines(stars);
  const out = values.out ?? join(publicFolder(), LINE_TABLE_PATH);
  const text = lineTableText({
    software: `${software().name} ${software().version}`,
    command: `maury line-table --lines ${chosen.value} --step ${String(step.value)}`,
    list: { name: chosen.value, citation, sha256: Object.fromEntries(files.map((name) => [name, hashes.value[name] ?? ''])) },
    resolvingPower: SHARE_RESOLVING_POWER,
    stars: TYPICAL_STARS,
    ...columns,
  });
  writeFileSync(out, text);
  process.stderr.write(`${String(columns.wavelength.length)} of them written to ${out}\n`);
  return EXIT.done;
}
