/** The terminal's door: `npm run --silent maury -- <command> …`. Each command is a file of its own, loaded when it is asked for. */
import { z } from 'zod';
import { commitOf } from '../scripts/commit.mjs';
import { softwareText } from '../src/domain/version.ts';
import { EXIT, refuse, type Command } from './commands/args.ts';

const COMMANDS: Readonly<Record<string, { readonly file: string; readonly summary: string }>> = {
  fit: { file: './commands/fit.ts', summary: 'fit spectra for T_eff, log g, v_mic and 30 abundances' },
  batch: { file: './commands/batch.ts', summary: 'fit a survey, or a share of it, into a folder that a second call goes on with' },
  merge: { file: './commands/merge.ts', summary: 'one catalogue from the folders of batch: FITS, CSV, ECSV, Parquet or VOTable' },
  watch: { file: './commands/watch.ts', summary: 'fit the spectra of a folder as they arrive' },
  'survey-report': { file: './commands/surveyReport.ts', summary: 'diagrams and outliers of a survey on one page' },
  emulate: { file: './commands/emulate.ts', summary: 'spectra of given labels from the emulator' },
  synthesize: { file: './commands/synthesize.ts', summary: 'spectra of given labels from the physics, with derivatives' },
  trainingset: { file: './commands/trainingset.ts', summary: 'a set of spectra with derivatives to train an emulator on' },
  coverage: { file: './commands/coverage.ts', summary: 'what a training set covers: a table, a picture, a JSON' },
  lines: { file: './commands/lines.ts', summary: 'correct the oscillator strengths of a line list by spectra of stars' },
  'line-table': { file: './commands/lineTable.ts', summary: 'write the table of lines that tells which absorb where in typical stars' },
  calibrate: { file: './commands/calibrate.ts', summary: 'derive a calibration from reference stars and the Sun' },
  demo: { file: './commands/demo.ts', summary: 'write the simulated star that the page opens with' },
};

const moduleSchema = z.object({ run: z.custom<Command['run']>((value) => typeof value === 'function') });

function help(): string {
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(13)} ${summary}`);
  return `maury: stellar labels from low-resolution spectra\n\nUsage: npm run --silent maury -- <command> [options]\n\n${lines.join('\n')}\n\n<command> --help lists its options, --version says which Maury this is.\n`;
}

async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(help());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${softwareText()}\n`);
    return EXIT.done;
  }
  const command = COMMANDS[name];
  if (command === undefined)
    return refuse({
      code: 'UNKNOWN_COMMAND',
      message: `There is no command "${name}".`,
      hint: `Commands: ${Object.keys(COMMANDS).join(', ')}.`,
    });
  const loaded: unknown = await import(new URL(command.file, import.meta.url).href);
  return moduleSchema.parse(loaded).run(args);
}

// Read by src/domain/version.ts, here and in child processes.
process.env['MAURY_COMMIT'] = commitOf() ?? '';
process.exitCode = await main(process.argv.slice(2));
