/** `maury fit FILE…`: spectra to labels. stdout holds the results and nothing else; everything said on the way goes to stderr. */
import { resultsJson } from '../../src/results/record.ts';
import { resultLine, resultText } from '../../src/results/text.ts';
import { processesFor, runBatch, type Batch } from '../batch/batch.ts';
import { writeOut } from '../files/writeOut.ts';
import { EXIT } from './args.ts';
import { fitRequest } from './fitRequest.ts';
import { runReplay } from './replay.ts';

/** The fit command. */
export async function run(args: readonly string[]): Promise<number> {
  const request = fitRequest(args);
  if (!request.ok) return request.code;
  const { files, setup, json, workers, replay } = request.value;
  if (replay !== null) return runReplay(replay, files, workers, json);
  const processes = processesFor(files.length, workers);
  process.stderr.write(`${String(files.length)} files, ${setup.options.method}, ${String(processes)} processes\n`);
  const batch = await runBatch(files, setup, processes, (reports, done) => {
    for (const report of reports) process.stderr.write(`[${String(done)}/${String(files.length)}] ${resultLine(report)}\n`);
  });
  const reports = batch.reports.flatMap((one) => one ?? []);
  await writeOut(json ? resultsJson(reports) : reports.map(resultText).join('\n'));
  process.stderr.write(summary(batch, processes));
  if (batch.interrupted) return EXIT.interrupted;
  return reports.some((report) => report.ok) ? EXIT.done : EXIT.failed;
}

function summary(batch: Batch, processes: number): string {
  const files = batch.reports.filter((one) => one !== undefined);
  const fitted = files.flat().filter((report) => report.ok);
  const seconds = fitted.reduce((sum, report) => sum + report.seconds, 0) / Math.max(1, fitted.length);
  const wall = batch.wallSeconds / Math.max(1, fitted.length);
  const stopped = batch.interrupted ? `; interrupted with ${String(batch.reports.length - files.length)} files to go` : '';
  return `${String(fitted.length)} of ${String(batch.reports.length)} files fitted in ${batch.wallSeconds.toFixed(1)} s: ${seconds.toFixed(2)} s per star in its process, ${wall.toFixed(2)} s per star by the clock (${String(processes)} processes)${stopped}\n`;
}
