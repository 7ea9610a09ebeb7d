/** One process of `npm run validate -- ab-initio`: fits the stars it is given with the synthesis. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { openService } from '../../cli/batch/openService.ts';
import { LINE_LIST_NAMES, type LineListName } from '../../cli/files/lineLists.ts';
import { readSun } from '../../cli/files/sun.ts';
import { readTables } from '../../cli/files/tablesFolder.ts';
import { AbInitioService } from '../../src/compute/abInitioService.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import type { FitService } from '../../src/compute/service.ts';
import { failedRecord, recordOf, recordSchema, startOf, type FitRecord } from './record.ts';
import type { JudgedStar } from './stars.ts';

export const taskSchema = z.object({
  star: z.custom<JudgedStar>((value) => z.object({ id: z.string(), file: z.string() }).safeParse(value).success),
  lines: z.enum(LINE_LIST_NAMES),
  /** The fit of the star with another list, to start from. */
  start: z.nullable(recordSchema),
});
export type FitTask = z.infer<typeof taskSchema>;

const setupSchema = z.object({ tables: z.string(), model: z.string() });
const messageSchema = z.object({ index: z.number(), task: taskSchema });

let setup: z.infer<typeof setupSchema> | null = null;
let network: Promise<Result<FitService>> | null = null;
const services = new Map<LineListName, AbInitioService>();

async function serviceOf(lines: LineListName): Promise<Result<AbInitioService>> {
  const known = services.get(lines);
  if (known !== undefined) return success(known);
  if (setup === null || network === null) throw new Error('a star came before the set-up');
  const opened = await network;
  if (!opened.ok) return opened;
  const tables = readTables(setup.tables, lines);
  if (!tables.ok) return tables;
  const service = new AbInitioService(opened.value, tables.value, lines);
  services.set(lines, service);
  return success(service);
}

async function spectrumOf(star: JudgedStar, service: AbInitioService): Promise<Result<Spectrum>> {
  if (star.survey === 'Sun') return readSun(star.file);
  const read = await service.read(basename(star.file), new Uint8Array(await readFile(star.file)));
  if (!read.ok) return read;
  const [spectrum] = read.value;
  return spectrum === undefined ? failed('NO_SPECTRUM', `${star.file} holds no spectrum.`) : success(spectrum);
}

async function fit({ star, lines, start }: FitTask): Promise<FitRecord> {
  const service = await serviceOf(lines);
  if (!service.ok) return failedRecord(star.id, lines, `${service.failure.code}: ${service.failure.message}`);
  const spectrum = await spectrumOf(star, service.value);
  if (!spectrum.ok) return failedRecord(star.id, lines, `${spectrum.failure.code}: ${spectrum.failure.message}`);
  const options = { ...DEFAULT_FIT_OPTIONS, range: star.range };
  const began = process.cpuUsage();
  const result = await (start === null
    ? service.value.fit(spectrum.value, options)
    : service.value.fitFrom(spectrum.value, options, startOf(start)));
  if (!result.ok) return failedRecord(star.id, lines, `${result.failure.code}: ${result.failure.message}`);
  const { user, system } = process.cpuUsage(began);
  return recordOf(star.id, lines, spectrum.value, result.value, {
    ...service.value.spent,
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
  });
}

async function answer(task: FitTask): Promise<FitRecord> {
  try {
    return await fit(task);
  } catch (error) {
    return failedRecord(task.star.id, task.lines, `INTERNAL: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

// The parent handles Ctrl-C and ends its children.
process.on('SIGINT', () => undefined);
process.on('message', (message) => {
  if (setup === null) {
    setup = setupSchema.parse(message);
    network = openService({ model: setup.model });
    return;
  }
  const { index, task } = messageSchema.parse(message);
  void answer(task).then((result) => process.send?.({ index, result }));
});
