/** One catalogue from the folders of one survey. Results of other software, model, calibration or options are refused; so are missing shares. */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { csvRows, ecsvRows } from '../../src/io/write/table/csv.ts';
import { fitsRows } from '../../src/io/write/table/fits.ts';
import type { RowFormat, TableHead } from '../../src/io/write/table/column.ts';
import { parquetRows } from '../../src/io/write/table/parquet.ts';
import { votableRows } from '../../src/io/write/table/votable.ts';
import { CATALOGUE, flagBitsText } from './catalogueColumns.ts';
import { writeFailure } from './lineStore.ts';
import { differences, linesPath, readRun, type Run } from './runFile.ts';
import { SortedLines } from './sortLines.ts';
import type { SurveyLine } from './line.ts';

const FORMATS: Readonly<Record<string, RowFormat>> = {
  '.fits': fitsRows,
  '.csv': csvRows,
  '.ecsv': ecsvRows,
  '.parquet': parquetRows,
  '.vot': votableRows,
};

/** The format by the name of a catalogue; failure `BAD_OPTION`. */
export function formatOf(path: string): Result<RowFormat> {
  const found = Object.entries(FORMATS).find(([ending]) => path.toLowerCase().endsWith(ending));
  return found === undefined
    ? failed('BAD_OPTION', `--out is "${path}".`, `Its name has to end in one of ${Object.keys(FORMATS).join(', ')}.`)
    : success(found[1]);
}

/** The run that all folders share. Failures `NO_RESULTS`, `RUN_DAMAGED`, `OTHER_OPTIONS`, `SHARD_MISSING` (unless `partial`). */
export function commonRun(folders: readonly string[], partial: boolean): Result<Run> {
  const runs: Run[] = [];
  for (const folder of folders) {
    const run = readRun(folder);
    if (!run.ok) return run;
    if (run.value === null || !existsSync(linesPath(folder)))
      return failed('NO_RESULTS', `${folder} holds no results of maury batch.`, 'Give folders that were an --out of it.');
    runs.push(run.value);
  }
  const [first] = runs;
  if (first === undefined) return failed('NO_RESULTS', 'No folder was given.', 'maury merge DIR... --out catalogue.fits');
  for (const [i, run] of runs.entries()) {
    const found = differences(first, run);
    if (found.length > 0)
      return failed(
        'OTHER_OPTIONS',
        `${folders[0] ?? ''} and ${folders[i] ?? ''} are of different runs: ${found.join('; ')}.`,
        'Merge results of one set of options.',
      );
    if (run.shard.count !== first.shard.count)
      return failed(
        'OTHER_OPTIONS',
        `${folders[0] ?? ''} and ${folders[i] ?? ''} are shares of ${String(first.shard.count)} and of ${String(run.shard.count)}.`,
        'Merge shares of one division.',
      );
  }
  const there = new Set(runs.map(({ shard }) => shard.index));
  const missing = Array.from({ length: first.shard.count }, (_, i) => i + 1).filter((index) => !there.has(index));
  if (missing.length > 0 && !partial)
    return failed(
      'SHARD_MISSING',
      `Shares ${missing.join(', ')} of ${String(first.shard.count)} are not among the folders.`,
      'Give their folders too, or --partial for a catalogue without them.',
    );
  return success(first);
}

const aboutRun = ({ software, model, calibration, backend, options }: Run): TableHead['about'] => [
  ['creator', software],
  ['model', model.id],
  ['modelsha', model.sha256],
  ['calib', calibration.id],
  ['calibsha', calibration.sha256 ?? 'none'],
  ['backend', backend],
  ['options', JSON.stringify(options)],
  ['flagbits', flagBitsText],
];

export interface Merged {
  readonly rows: number;
  readonly failed: number;
  readonly duplicates: number;
  readonly damaged: number;
}

/** A catalogue's rows in order, with what its head has to say; `make` gets both. The same results give the same rows, however they were shared out. `part`: lines sorted in memory at a time. */
export async function withCatalogue<T>(
  folders: readonly string[],
  run: Run,
  work: string,
  make: (head: TableHead, lines: SortedLines) => Promise<T>,
  part?: number,
): Promise<T> {
  const sorted = new SortedLines(folders.map(linesPath), work, part);
  try {
    const texts = CATALOGUE.filter(({ kind }) => kind === 'text');
    const length = (line: SurveyLine) => texts.map(({ cell }) => Buffer.byteLength(String(cell(line) ?? '')));
    await sorted.read(length);
    let rows = 0;
    const widest = texts.map(() => 0);
    for await (const place of sorted.places()) {
      rows++;
      place[6].forEach((width, i) => (widest[i] = Math.max(widest[i] ?? 0, width)));
    }
    const widths = CATALOGUE.map((column) => widest[texts.indexOf(column)] ?? 0);
    return await make({ name: 'MAURY', columns: CATALOGUE, about: aboutRun(run), rows, widths }, sorted);
  } finally {
    sorted.close();
  }
}

/** Writes the catalogue beside its place, and moves it there when it is whole. Failures `DISK_FULL`, `WRITE_FAILED`. */
export async function writeCatalogue(folders: readonly string[], run: Run, format: RowFormat, path: string): Promise<Result<Merged>> {
  const part = `${path}.part`;
  try {
    const merged = await withCatalogue(folders, run, `${path}.sorting`, async (head, sorted) => {
      const writer = format(head);
      const descriptor = openSync(part, 'w');
      let failures = 0;
      try {
        writeAll(descriptor, writer.begin());
        for await (const line of sorted.lines()) {
          if (!line.record.ok) failures++;
          writeAll(descriptor, writer.row(head.columns.map((_, i) => CATALOGUE[i]?.cell(line) ?? null)));
        }
        writeAll(descriptor, writer.end());
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      return { rows: head.rows, failed: failures, duplicates: sorted.duplicates, damaged: sorted.damaged };
    });
    renameSync(part, path);
    return success(merged);
  } catch (error) {
    rmSync(part, { force: true });
    return { ok: false, failure: writeFailure(path, error) };
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
}
