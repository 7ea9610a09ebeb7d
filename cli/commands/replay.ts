/**
 * `maury fit --replay results.json [FILE…]`: fits the stars of a results file again with the options, the model and the seed they were fitted
 * with, and says of each whether every digit is the same.
 */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { processesFor, runBatch } from '../batch/batch.ts';
import { failedReport } from '../batch/fitFile.ts';
import type { FitSetup } from '../batch/fitSetup.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { sha256 } from '../../src/math/sha256.ts';
import { EXIT, refuse } from './args.ts';
import { writeOut } from '../files/writeOut.ts';
import { resultLine, resultText } from '../../src/results/text.ts';
import { resultsJson, type ResultRecord } from '../../src/results/record.ts';
import { readReplay, replayDifferences, type Replay } from '../../src/results/replay.ts';

/** What came of one star. */
interface Replayed {
  readonly record: ResultRecord;
  /** What is not as it was; null where the star could not be fitted. */
  readonly differences: readonly string[] | null;
}

const bytesOf = async (path: string): Promise<Uint8Array | null> => readFile(path).catch(() => null);

/** Finds the files of a replay: among those given, by content and else by name; without any, where the results say, or beside them. */
async function locate(results: string, given: readonly string[]) {
  const hashes = await Promise.all(
    given.map(async (path) => {
      const bytes = await bytesOf(path);
      return { path, hash: bytes === null ? null : await sha256(bytes) };
    }),
  );
  return async ({ record }: Replay): Promise<Result<string>> => {
    const { name, sha256: wanted } = record.provenance.source;
    const among = hashes.find(({ hash }) => hash !== null && hash === wanted) ?? hashes.find(({ path }) => basename(path) === name);
    const places =
      given.length > 0 ? (among === undefined ? [] : [among.path]) : [record.file, resolve(dirname(results), record.file), name];
    for (const path of places) {
      const bytes = await bytesOf(path);
      if (bytes === null) continue;
      const hash = await sha256(bytes);
      if (wanted === null || hash === wanted) return success(path);
      return failed(
        'REPLAY_FILE_CHANGED',
        `${path} is not the file that was fitted: its SHA-256 is ${String(hash)}, not ${wanted}.`,
        'Give the file as it was.',
      );
    }
    return failed(
      'REPLAY_FILE_MISSING',
      `There is no file ${name} for ${record.file}.`,
      'Give it after the results: maury fit --replay results.json FILE...',
    );
  };
}

/** How a star was fitted, as the set-up of a batch; the terminal has no WebGPU, and takes its best backend instead. */
const setupOf = ({ record, options, reading }: Replay): FitSetup => {
  const { backend } = record.provenance;
  return {
    open: { model: record.provenance.model.id, ...(backend === 'wasm' || backend === 'reference' ? { backend } : {}) },
    options,
    reading,
  };
};

/** Fits the stars of the results file at `path` again, in its order. Failures: `REPLAY_UNREADABLE` and those of `readReplay`. */
async function replay(
  path: string,
  given: readonly string[],
  workers: number | null,
  onStar: (star: Replayed) => void,
): Promise<Result<readonly Replayed[]>> {
  const bytes = await bytesOf(path);
  if (bytes === null) return failed('REPLAY_UNREADABLE', `${path} cannot be read.`, 'Check the path and its permissions.');
  const read = readReplay(new TextDecoder().decode(bytes));
  if (!read.ok) return read;
  const find = await locate(path, given);
  const stars = await Promise.all(read.value.map(async (star) => ({ star, file: await find(star), setup: setupOf(star) })));
  const done = new Map<Replay, Replayed>();
  const finish = (star: Replay, record: ResultRecord): void => {
    const replayed = { record, differences: record.ok ? replayDifferences(star.record, record) : null };
    done.set(star, replayed);
    onStar(replayed);
  };
  for (const { star, file } of stars) if (!file.ok) finish(star, failedReport(star.record.file, file.failure));
  // Stars that were fitted alike go through one batch.
  const located = stars.filter(({ file }) => file.ok);
  for (const alike of new Set(located.map(({ setup }) => JSON.stringify(setup)))) {
    const group = located.filter(({ setup }) => JSON.stringify(setup) === alike);
    const setup = group[0]?.setup;
    if (setup === undefined) continue;
    const files = [...new Set(group.flatMap(({ file }) => (file.ok ? [file.value] : [])))];
    const batch = await runBatch(files, setup, processesFor(files.length, workers), () => undefined);
    for (const { star, file } of group) {
      const reports = file.ok ? (batch.reports[files.indexOf(file.value)] ?? []) : [];
      const { index } = star.record.provenance.source;
      const own = reports.find((report) => !report.ok || report.provenance.source.index === index);
      finish(
        star,
        own ??
          failedReport(star.record.file, {
            code: 'REPLAY_NOT_FITTED',
            message: `Spectrum ${String(index + 1)} of the file was not fitted.`,
          }),
      );
    }
  }
  return success(
    read.value.flatMap((star) => done.get(star) ?? []),
    read.warnings,
  );
}

/** The command: records on stdout, a verdict of each star on stderr. Exit code 0 where every star is as it was. */
export async function runReplay(path: string, files: readonly string[], workers: number | null, asJson: boolean): Promise<number> {
  const replayed = await replay(path, files, workers, ({ record, differences }) => {
    const verdict =
      differences === null
        ? 'not fitted'
        : differences.length === 0
          ? 'the same to every digit'
          : `${String(differences.length)} values differ: ${differences.slice(0, 3).join('; ')}`;
    process.stderr.write(`${resultLine(record)}: ${verdict}\n`);
  });
  if (!replayed.ok) return refuse(replayed.failure);
  const records = replayed.value.map(({ record }) => record);
  await writeOut(asJson ? resultsJson(records) : records.map(resultText).join('\n'));
  const same = replayed.value.filter(({ differences }) => differences?.length === 0).length;
  for (const warning of replayed.warnings) process.stderr.write(`${warning}\n`);
  process.stderr.write(`${String(same)} of ${String(replayed.value.length)} stars are the same to every digit\n`);
  return same === replayed.value.length ? EXIT.done : EXIT.failed;
}
