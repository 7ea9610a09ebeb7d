/** `npm run validate -- repeats`: do visits of one star differ by what their errors say? */
import { join } from 'node:path';
import type { RecordedLabel } from '../../src/results/record.ts';
import { labelTitle, labelUnit } from '../../src/domain/labels.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import { readCsvTable } from '../../cli/files/csvTable.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';
import { askedFor, fitFiles, isMeasured, REAL_STARS_HELP } from './realStars.ts';
import { independentDifferences, type Difference, type Measurement } from './differences.ts';

const HELP = `npm run validate -- repeats [options]: differences between LAMOST visits of one star over their errors

${REAL_STARS_HELP}`;

/** Labels whose errors must hold, and between what the robust width of their differences must lie. */
const HELD: readonly string[] = ['teff', 'logg', 'feh', 'Mg', 'Ca', 'Ti', 'Ni', 'Cr', 'rv'];
const WIDTH = [0.8, 1.2] as const;
/** Fewer differences say nothing of a width. */
const FEWEST = 5;

/** Differences of a label between visits, with the σ of what visits do not share, and with the whole σ. */
interface Repeated {
  readonly name: string;
  readonly exposure: readonly Difference[];
  readonly whole: readonly Difference[];
}

const widthOf = (differences: readonly Difference[]): number =>
  robustSigma(
    differences.map(({ value, sigma }) => value / sigma),
    0,
  );

function row({ name, exposure, whole }: Repeated): string[] {
  const n = exposure.length;
  const digits = name === 'teff' ? 0 : name === 'rv' ? 1 : 3;
  const title = name === 'rv' ? 'velocity (km/s)' : `${labelTitle(name)}${labelUnit(name) === 'dex' ? '' : ` (${labelUnit(name)})`}`;
  const width = widthOf(exposure);
  const plain = Math.sqrt(exposure.reduce((sum, { value, sigma }) => sum + (value / sigma) ** 2, 0) / n);
  const verdict = !HELD.includes(name) ? '' : width >= WIDTH[0] && width <= WIDTH[1] ? 'hit' : 'miss';
  return [
    title,
    String(n),
    fixed(median(exposure.map(({ value }) => Math.abs(value))), digits),
    fixed(median(exposure.map(({ sigma }) => sigma)), digits),
    fixed(median(whole.map(({ sigma }) => sigma)), digits),
    `${fixed(width, 2)} ± ${fixed((1.1664 * width) / Math.sqrt(n), 2)}`,
    fixed(plain, 2),
    fixed(widthOf(whole), 2),
    verdict,
  ];
}

/** The repeats validation. */
export async function validateRepeats(args: readonly string[]): Promise<number> {
  const asked = askedFor(HELP, args);
  if (!asked.ok) return asked.code;
  const folder = join(sharedFolder(), 'spectra', 'lamost-repeats');
  const rows = await readCsvTable(join(folder, 'groups.csv'));
  if (!rows.ok) return refuse(rows.failure, EXIT.failed);
  const visits = rows.value
    .flatMap(({ file, group }) => (file === undefined || group === undefined ? [] : [{ path: join(folder, file), group }]))
    .sort((a, b) => Number(a.group) - Number(b.group))
    .slice(0, asked.value.first);
  const fitted = await fitFiles(
    visits.map(({ path }) => path),
    asked.value,
  );
  if (!fitted.ok) return refuse(fitted.failure, EXIT.failed);
  const { reports, failures, model, info, interrupted } = fitted.value;
  const groups = [...new Set(visits.map(({ group }) => group))];
  const differences = (name: string, sigmaOf: (label: RecordedLabel) => number | null): Difference[] =>
    groups.flatMap((group) =>
      independentDifferences(
        visits.flatMap((visit, i): Measurement[] => {
          const label = visit.group === group ? reports[i]?.labels[name] : undefined;
          const sigma = label === undefined ? null : sigmaOf(label);
          return label?.value == null || sigma === null || !isMeasured(label.flag) ? [] : [{ value: label.value, sigma }];
        }),
      ),
    );
  const labels = info.labels.map(({ name }): Repeated => ({
    name,
    exposure: differences(name, ({ exposureSigma }) => exposureSigma),
    whole: differences(name, ({ sigma }) => sigma),
  }));
  const velocities = groups.flatMap((group) =>
    independentDifferences(
      visits.flatMap((visit, i): Measurement[] => {
        const rv = visit.group === group ? reports[i]?.rv : undefined;
        return rv?.value == null || rv.sigma === null ? [] : [{ value: rv.value, sigma: rv.sigma }];
      }),
    ),
  );
  const shown = labels.filter(({ exposure }) => exposure.length >= FEWEST);
  const missing = HELD.filter((name) => name !== 'rv' && !shown.some((label) => label.name === name));
  const text = [
    '# Repeated observations',
    '',
    `Written by \`npm run validate -- repeats\` with the model ${model} (${asked.value.method}): ${String(visits.length)} visits of ${String(groups.length)} stars of LAMOST; ${String(failures.length)} could not be fitted.`,
    'Each visit of a star minus the weighted mean of those before it, over the error of that difference, where all of them measure the label (raw, not prior-dominated).',
    'The error is that of the exposure: photon noise, and velocity and line width along the spectrum anew. The error of the model, which two visits of one star share, is no part of it; the last width but one has it in.',
    `Target for ${HELD.filter((name) => name !== 'rv')
      .map((name) => labelTitle(name))
      .join(
        ', ',
      )} and the velocity (in the frame of the spectrum, its σ with what the survey’s wavelength scale varies by): robust width (1.4826 × median |Δ/σ|) of ${WIDTH.join('–')}.`,
    '',
    markdownTable(
      ['label', 'differences', 'median |Δ|', 'median σ', 'with the model’s', 'width', 'plain width', 'width by whole σ', 'target'],
      [...shown, { name: 'rv', exposure: velocities, whole: velocities }].map(row),
    ),
    '',
    ...(missing.length === 0 ? [] : [`Measured too seldom for a width: ${missing.map((name) => labelTitle(name)).join(', ')}.`, '']),
  ].join('\n');
  process.stdout.write(text);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  if (asked.value.all && !interrupted) await writeDocument('repeats.md', text);
  return interrupted ? EXIT.interrupted : EXIT.done;
}
