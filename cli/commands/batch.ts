/** `maury batch SOURCE --out DIR`: a survey, or a share of it, into a folder of results that a second call goes on with. */
import { nodeAssets } from '../files/nodeAssets.ts';
import { SURVEY_HELP, SURVEY_OPTIONS, surveySettings } from '../survey/fitOptions.ts';
import { identifyRun } from '../survey/identity.ts';
import { runSurvey } from '../survey/runSurvey.ts';
import { ownership, parseShard } from '../survey/shard.ts';
import { openGroups } from '../survey/groups.ts';
import { openSource } from '../survey/source.ts';
import { stopOnSignals } from '../survey/stopping.ts';
import { softwareText } from '../../src/domain/version.ts';
import { EXIT, openCommand, refuse } from './args.ts';

const HELP = `maury batch SOURCE --out DIR [options]: labels of many spectra

SOURCE is a folder (with all below it), a list of files (one a line, or a CSV with a column "file"), a pattern in quotes, or a file of many spectra.
Results are appended as they come. The process may be killed at any moment: the same command goes on where it stood, and fits again only what
changed. Failures are results, too. \`maury merge DIR... --out catalogue.fits\` makes a catalogue of one or more such folders.

${SURVEY_HELP}  --group COLUMN        SOURCE is a CSV table with the columns "file" and COLUMN: files with the same value there are visits of one star and
                        are fitted together, one set of labels with a velocity, widths and a continuum of each visit's own. A row per star; the line
                        in results.ndjson says how the labels of single visits scatter about it
  --shard I/N           a fixed share of the source, for N processes on any machines, each with a folder of its own

Exit code: 0 when all was done, 1 when it could not go on (a failure says why) or nothing could be fitted, 2 if the options were not understood,
130 after Ctrl-C or SIGTERM.
`;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** The batch command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    allowPositionals: true,
    options: { ...SURVEY_OPTIONS, group: { type: 'string' }, shard: { type: 'string' } },
  });
  if (!parsed.ok) return parsed.code;
  const { values, positionals } = parsed.value;
  const [text] = positionals;
  if (text === undefined || positionals.length > 1)
    return refuse({
      code: 'BAD_OPTION',
      message: `Give one source; found ${String(positionals.length)}.`,
      hint: 'maury batch FOLDER --out DIR. A pattern has to stand in quotes.',
    });
  const settings = surveySettings(values);
  if (!settings.ok) return refuse(settings.failure);
  const shard = parseShard(values.shard);
  if (!shard.ok) return refuse(shard.failure);
  const source = values.group === undefined ? await openSource(text) : openGroups(text, values.group);
  if (!source.ok) return refuse(source.failure, EXIT.failed);
  const { folder, setup, processes } = settings.value;
  const run = await identifyRun(nodeAssets(), setup, softwareText(), shard.value, text, values.group);
  if (!run.ok) return refuse(run.failure, EXIT.failed);
  for (const warning of run.warnings) say(warning);
  const stopping = stopOnSignals();
  say(
    `${text} (${source.value.kind}), share ${String(shard.value.index)}/${String(shard.value.count)}, ${run.value.model.id}, ${setup.options.method}, ${String(processes)} processes, into ${folder}`,
  );
  const owns = ownership(shard.value, source.value.kind === 'file' ? 'spectrum' : 'file');
  const done = await runSurvey({ folder, run: run.value, setup, processes, owns, say, signal: stopping.signal }, () =>
    source.value.files(),
  );
  stopping.release();
  if (!done.ok) return refuse(done.failure, EXIT.failed);
  const { fitted, kept, failed } = done.value;
  say(`${stopping.signal.aborted ? 'Interrupted' : 'Done'}: ${done.value.text()}; ${done.value.seconds.toFixed(1)} s`);
  if (stopping.signal.aborted) return EXIT.interrupted;
  if (fitted + kept + failed === 0 && shard.value.count === 1)
    return refuse({ code: 'SOURCE_EMPTY', message: `${text} holds no spectrum.`, hint: 'Check the folder or the pattern.' }, EXIT.failed);
  return fitted + kept > 0 || failed === 0 ? EXIT.done : EXIT.failed;
}
