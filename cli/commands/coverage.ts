/** `maury coverage`: what training sets cover. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, openCommand, refuse } from './args.ts';
import { coveragePicture } from '../trainingset/coverage/picture.ts';
import { readSets } from '../trainingset/coverage/sets.ts';
import { columnsOf, survey, type Coverage } from '../trainingset/coverage/survey.ts';
import { labelTitle, labelUnit } from '../../src/domain/labels.ts';

const HELP = `maury coverage DIR [DIR ...] [options]: what training sets cover

  DIR          a folder of maury trainingset, finished or not; several are counted together
  --out DIR    folder for coverage.json and coverage.svg (default: the first DIR)

Prints stars, failures and seconds per set, and the distribution of each label.
`;

function table(coverage: Coverage): string {
  const sets = coverage.sets.map((set) => {
    const left = Object.entries(set.leftOut).map(([code, n]) => `${String(n)} ${code}`);
    const cost = set.cpuSecondsPerStar;
    return [
      `${set.folder}: seed ${String(set.seed)}, version ${set.version}, lines ${set.lineList ?? '?'}, ${String(set.stepKms)} km/s`,
      `  ${String(set.stars)} stars ${set.derivatives ? 'with' : 'without'} derivatives; left out: ${left.length === 0 ? 'none' : left.join(', ')}`,
      cost === null
        ? '  no seconds'
        : `  CPU seconds per star: median ${(cost.quantiles[2] ?? NaN).toFixed(2)}, mean ${cost.mean.toFixed(2)}, most ${cost.max.toFixed(2)}; ${set.cpuHours.toFixed(2)} h in all; at most ${String(set.peakMb ?? '?')} MB`,
    ].join('\n');
  });
  const cell = (value: number | undefined, name: string): string => (value ?? NaN).toFixed(name === 'teff' ? 0 : 2).padStart(8);
  const rows = Object.entries(coverage.labels).map(([name, { range, spread }]) => {
    const numbers = spread === null ? [] : [spread.min, ...spread.quantiles, spread.max, spread.mean, spread.sd];
    return `${`${labelTitle(name)} (${labelUnit(name)})`.padEnd(15)} ${[...range, ...numbers].map((value) => cell(value, name)).join('')}`;
  });
  const head = ['from', 'to', 'min', '5 %', '16 %', '50 %', '84 %', '95 %', 'max', 'mean', 'sd'].map((word) => word.padStart(8)).join('');
  const total = `${String(coverage.stars)} stars, ${String(coverage.withDerivatives)} with derivatives; ${String(coverage.repeated)} appear twice`;
  return `${[...sets, total, `${'label'.padEnd(15)} ${head}`, ...rows].join('\n')}\n`;
}

/** The coverage command. */
export function run(args: readonly string[]): Promise<number> {
  return Promise.resolve(cover(args));
}

function cover(args: readonly string[]): number {
  const parsed = openCommand(HELP, {
    args: [...args],
    allowPositionals: true,
    options: { out: { type: 'string' } },
  });
  if (!parsed.ok) return parsed.code;
  const { values, positionals } = parsed.value;
  const [first] = positionals;
  if (first === undefined) return refuse({ code: 'NO_FILES', message: 'No folder was given.', hint: 'maury coverage DIR [DIR ...]' });
  const sets = readSets(positionals);
  if (!sets.ok) return refuse(sets.failure, EXIT.failed);
  const coverage = survey(sets.value);
  if (coverage.stars === 0)
    return refuse(
      { code: 'NO_STARS', message: `There is no star in ${positionals.join(', ')} yet.`, hint: 'Run maury trainingset first.' },
      EXIT.failed,
    );
  const out = values.out ?? first;
  try {
    writeFileSync(join(out, 'coverage.json'), `${JSON.stringify(coverage, null, 1)}\n`);
    writeFileSync(join(out, 'coverage.svg'), coveragePicture(coverage, columnsOf(sets.value)));
  } catch (error) {
    return refuse({ code: 'NOT_WRITABLE', message: `${out}: ${String(error)}`, hint: 'Give a folder with --out.' }, EXIT.failed);
  }
  process.stdout.write(table(coverage));
  return EXIT.done;
}
