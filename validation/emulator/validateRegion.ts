/** `npm run validate -- region`: the emulator against the synthesis at random labels of the region that its manifest states. */
import { LINE_LIST_NAMES, type LineListName } from '../../cli/files/lineLists.ts';
import { defaultTables, readTables } from '../../cli/files/tablesFolder.ts';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { openService } from '../../cli/batch/openService.ts';
import { labelVector, type StellarLabels } from '../../src/domain/labels.ts';
import { outsideRange } from '../../src/domain/labelRange.ts';
import { brokenConditions } from '../../src/domain/region.ts';
import { trainingDistance } from '../../src/domain/trainingStars.ts';
import { convolveLnGrid } from '../../src/spectra/lsf.ts';
import { drawLabels } from '../../src/synthesis/draw.ts';
import { createSynthesizer } from '../../src/synthesis/synthesize.ts';

const SURVEY_R = 1800;
/** The line list of the training set. */
const TRAINED_ON: LineListName = 'corrected';
/** Stars of another seed than any training or held-out set. */
const SEED = 9;
/** Largest mean absolute error of one star's flux at the survey's resolving power. */
const GOAL = 0.003;

const HELP = `npm run validate -- region [options]: the emulator against the synthesis at random labels of its region

  --count N    label sets (default 200)
  --model ID   model bundle in public/models (default: the first of its index)
  --tables DIR physics tables (default $MAURY_SHARED/physics)
  --lines LIST line list of the synthesis: ${LINE_LIST_NAMES.join(', ')} (default ${TRAINED_ON})

Label sets are drawn as training stars are, from another seed. Prints the mean absolute error of normalised flux at R = ${String(SURVEY_R)}: median and worst
star, and the labels of the worst three. Ends with an error where the worst exceeds ${String(100 * GOAL)} %.
`;

interface Miss {
  readonly star: StellarLabels;
  readonly mae: number;
  readonly distance: number | null;
}

const percent = (value: number): string => `${(100 * value).toFixed(3)} %`;

function described({ star, mae, distance }: Miss): string {
  const far = distance === null ? '' : `, ${distance.toFixed(2)} from the training stars`;
  const { C = 0, O = 0 } = star.xfe;
  return `  ${percent(mae)}: ${star.teff.toFixed(0)} K, log g ${star.logg.toFixed(2)}, v_mic ${star.vmic.toFixed(2)}, [Fe/H] ${star.feh.toFixed(2)}, [C/O] ${(C - O).toFixed(2)}${far}`;
}

/** Exit code: 0 when the worst star is within the goal. */
export async function validateRegion(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: { count: { type: 'string' }, model: { type: 'string' }, tables: { type: 'string' }, lines: { type: 'string' } },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const count = numberOption('count', values.count, 200, { min: 1, max: 100_000, integer: true });
  if (!count.ok) return refuse(count.failure);
  const lines = choiceOption<LineListName>('lines', values.lines, TRAINED_ON, LINE_LIST_NAMES);
  if (!lines.ok) return refuse(lines.failure);
  const opened = await openService(values.model === undefined ? {} : { model: values.model });
  if (!opened.ok) return refuse(opened.failure, EXIT.failed);
  const tables = readTables(values.tables ?? defaultTables(), lines.value);
  if (!tables.ok) return refuse(tables.failure, EXIT.failed);
  const { emulator } = opened.value;
  const { info } = emulator;
  const names = info.labels.map(({ name }) => name);
  const synthesize = createSynthesizer(tables.value, { derivatives: false });
  const misses: Miss[] = [];
  for (let k = 0; misses.length < count.value; k++) {
    const star = drawLabels(SEED, k);
    const labels = labelVector(star, names);
    if (outsideRange(info, labels).length > 0 || brokenConditions(info, labels).length > 0) continue;
    const truth = synthesize(star);
    if (!truth.ok) return refuse(truth.failure, EXIT.failed);
    const [flux = new Float32Array()] = await emulator.predict([labels]);
    const error = convolveLnGrid(
      truth.value.flux.map((value, i) => (flux[i] ?? NaN) - value),
      info.grid.lnStep,
      info.resolvingPower,
      SURVEY_R,
    );
    const mae = error.reduce((sum, value) => sum + Math.abs(value), 0) / error.length;
    misses.push({ star, mae, distance: trainingDistance(info, labels) });
    process.stderr.write(`[${String(misses.length)}/${String(count.value)}] ${percent(mae)}\n`);
  }
  misses.sort((a, b) => b.mae - a.mae);
  const [worst] = misses;
  const median = misses[Math.floor(misses.length / 2)];
  const within = worst !== undefined && worst.mae <= GOAL;
  process.stdout.write(
    `${info.id} against the synthesis (${lines.value}) at ${String(misses.length)} label sets of its region, R = ${String(SURVEY_R)}: median star ${percent(median?.mae ?? NaN)}, worst ${percent(worst?.mae ?? NaN)} (goal ≤ ${percent(GOAL)}: ${within ? 'met' : 'missed'})\n${misses.slice(0, 3).map(described).join('\n')}\n`,
  );
  return within ? EXIT.done : EXIT.failed;
}
