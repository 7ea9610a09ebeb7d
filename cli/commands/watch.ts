/** `maury watch FOLDER --out DIR`: new files of a folder are fitted as they arrive. */
import { nodeAssets } from '../files/nodeAssets.ts';
import { SURVEY_HELP, SURVEY_OPTIONS, surveySettings } from '../survey/fitOptions.ts';
import { identifyRun } from '../survey/identity.ts';
import { runSurvey } from '../survey/runSurvey.ts';
import { ownership, WHOLE } from '../survey/shard.ts';
import { softwareText } from '../../src/domain/version.ts';
import { openSource } from '../survey/source.ts';
import { stopOnSignals } from '../survey/stopping.ts';
import { arrivals } from '../survey/watchFolder.ts';
import { EXIT, numberOption, openCommand, refuse } from './args.ts';

const HELP = `maury watch FOLDER --out DIR [options]: fits the spectra of a folder, and every new one as it arrives, until Ctrl-C

A file is taken once it has kept its size and time for --settle seconds, so that one being copied waits; a file that is written again is fitted again.
Results are those of maury batch: a restart goes on where it stood, and maury merge makes the catalogue at any time.

${SURVEY_HELP}  --settle S            seconds for which a file has to stay as it is (default 5)
`;

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** The watch command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, { args: [...args], allowPositionals: true, options: { ...SURVEY_OPTIONS, settle: { type: 'string' } } });
  if (!parsed.ok) return parsed.code;
  const { values, positionals } = parsed.value;
  const [text] = positionals;
  if (text === undefined || positionals.length > 1)
    return refuse({
      code: 'BAD_OPTION',
      message: `Give one folder; found ${String(positionals.length)}.`,
      hint: 'maury watch FOLDER --out DIR',
    });
  const settings = surveySettings(values);
  if (!settings.ok) return refuse(settings.failure);
  const settle = numberOption('settle', values.settle, 5, { min: 0.1, max: 3600 });
  if (!settle.ok) return refuse(settle.failure);
  const source = await openSource(text);
  if (!source.ok) return refuse(source.failure, EXIT.failed);
  if (source.value.kind === 'file' || source.value.kind === 'list')
    return refuse({
      code: 'BAD_OPTION',
      message: `${text} is a ${source.value.kind}.`,
      hint: 'Give a folder or a pattern, in which files arrive.',
    });
  const { folder, setup, processes } = settings.value;
  const run = await identifyRun(nodeAssets(), setup, softwareText(), WHOLE, text);
  if (!run.ok) return refuse(run.failure, EXIT.failed);
  for (const warning of run.warnings) say(warning);
  const stopping = stopOnSignals();
  say(`watching ${text}, ${run.value.model.id}, ${setup.options.method}, ${String(processes)} processes, into ${folder}`);
  const owns = ownership(WHOLE, 'file');
  const files = () => arrivals(() => source.value.files(), settle.value * 1000, stopping.signal, say);
  const done = await runSurvey({ folder, run: run.value, setup, processes, owns, say, signal: stopping.signal, endless: true }, files);
  stopping.release();
  if (!done.ok) return refuse(done.failure, EXIT.failed);
  say(`Stopped: ${done.value.text()}`);
  return stopping.came() === null ? EXIT.failed : EXIT.interrupted;
}
