/** `npm run validate -- miles`: raw labels of MILES stars against their literature. */
import { join } from 'node:path';
import type { StarRecord } from '../../src/results/record.ts';
import { ELEMENTS, labelTitle } from '../../src/domain/labels.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import { readCsvTable } from '../../cli/files/csvTable.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';
import { trendOf } from './differences.ts';
import { askedFor, fitFiles, isMeasured, REAL_STARS_HELP } from './realStars.ts';

const HELP = `npm run validate -- miles [options]: raw labels of MILES stars against MILES's own and those of the Hypatia catalogue

${REAL_STARS_HELP}`;

type Row = Readonly<Record<string, string>>;

/** A quantity of ours and of the literature. */
interface Compared {
  readonly title: string;
  readonly digits: number;
  /** Ours with its σ; null where it is not measured. */
  readonly ours: (report: StarRecord) => { readonly value: number; readonly sigma: number } | null;
  readonly column: string;
}

const number = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));

function label(name: string): Compared['ours'] {
  return ({ labels }) => {
    const found = labels[name];
    return found?.value == null || found.sigma === null || !isMeasured(found.flag) ? null : { value: found.value, sigma: found.sigma };
  };
}

function abundance(element: string): Compared['ours'] {
  return ({ labels, abundances }) => {
    const found = abundances[element];
    // [X/H] is measured where [X/Fe] is.
    return found?.xh == null || found.sigma === null || !isMeasured(labels[element]?.flag) ? null : { value: found.xh, sigma: found.sigma };
  };
}

const COMPARED: readonly Compared[] = [
  { title: 'T_eff (K), MILES', digits: 0, ours: label('teff'), column: 'teff_miles' },
  { title: 'log g, MILES', digits: 2, ours: label('logg'), column: 'logg_miles' },
  { title: '[Fe/H], MILES', digits: 3, ours: label('feh'), column: 'feh_miles' },
  { title: 'T_eff (K), Hypatia', digits: 0, ours: label('teff'), column: 'hypatia_teff' },
  { title: 'log g, Hypatia', digits: 2, ours: label('logg'), column: 'hypatia_logg' },
  { title: '[Fe/H], Hypatia', digits: 3, ours: label('feh'), column: 'Fe_H' },
  ...ELEMENTS.map((element) => ({ title: `[${element}/H], Hypatia`, digits: 3, ours: abundance(element), column: `${element}_H` })),
];

/** Trends of differences with the literature's T_eff, log g and [Fe/H], about a star of 5500 K, log g 4 and solar iron. */
const predictors = (row: Row): number[] => [
  (number(row['teff_miles']) - 5500) / 1000,
  number(row['logg_miles']) - 4,
  number(row['feh_miles'] === '' ? row['Fe_H'] : row['feh_miles']),
];
const TRENDS = ['per 1000 K', 'per dex in log g', 'per dex in [Fe/H]'];

interface Star {
  readonly row: Row;
  readonly report: StarRecord;
}

function tableRow({ title, digits, ours, column }: Compared, stars: readonly Star[]): string[] {
  const known = stars.filter(({ row }) => Number.isFinite(number(row[column])));
  const pairs = known.flatMap(({ row, report }) => {
    const value = ours(report);
    return value === null ? [] : [{ row, difference: value.value - number(row[column]), sigma: value.sigma }];
  });
  const differences = pairs.map(({ difference }) => difference);
  const usable = pairs.filter(({ row }) => predictors(row).every(Number.isFinite));
  const trend = trendOf(
    usable.map(({ row }) => predictors(row)),
    usable.map(({ difference }) => difference),
  );
  return [
    title,
    `${String(pairs.length)} of ${String(known.length)}`,
    fixed(median(differences), digits),
    fixed(robustSigma(differences), digits),
    fixed(median(pairs.map(({ sigma }) => sigma)), digits),
    ...TRENDS.map((_, k) => (trend === null ? '–' : `${fixed(trend.slopes[k] ?? NaN, digits)} ± ${fixed(trend.errors[k] ?? NaN, digits)}`)),
    trend === null ? '–' : fixed(trend.scatter, digits),
  ];
}

/** The miles validation. */
export async function validateMiles(args: readonly string[]): Promise<number> {
  const asked = askedFor(HELP, args);
  if (!asked.ok) return asked.code;
  const folder = join(sharedFolder(), 'spectra', 'miles');
  const rows = await readCsvTable(join(folder, 'labels.csv'));
  if (!rows.ok) return refuse(rows.failure, EXIT.failed);
  const listed = rows.value.slice(0, asked.value.first);
  const fitted = await fitFiles(
    listed.map((row) => join(folder, row['file'] ?? '')),
    asked.value,
  );
  if (!fitted.ok) return refuse(fitted.failure, EXIT.failed);
  const { reports, failures, model, info, interrupted } = fitted.value;
  const all = listed.flatMap((row, i): Star[] => {
    const report = reports[i];
    return report === undefined ? [] : [{ row, report }];
  });
  const inside = (row: Row): boolean =>
    (['teff', 'logg', 'feh'] as const).every((name) => {
      const range = info.labels.find((one) => one.name === name);
      const value = number(row[`${name}_miles`]);
      return range === undefined || !Number.isFinite(value) || (value >= range.min && value <= range.max);
    });
  const stars = all.filter(({ row }) => inside(row));
  const compared = COMPARED.filter(({ column }) => listed.some((row) => column in row));
  const text = [
    '# MILES stars against their literature',
    '',
    `Written by \`npm run validate -- miles\` with the model ${model} (${asked.value.method}): ours, raw and uncalibrated, minus the literature's, for ${String(stars.length)} of ${String(listed.length)} stars; ${String(all.length - stars.length)} lie outside the model's training range by their MILES labels, ${String(failures.length)} could not be fitted.`,
    'Labels: MILES (Cenarro et al. 2007, MNRAS 374, 664); [X/H] and the second parameters: the Hypatia catalogue (Hinkel et al. 2014, AJ 148, 54), means of many papers with zero points of their own.',
    'Stars: those whose spectrum measures the label, of those with a literature value. Trends are fitted together, robustly, in MILES T_eff, log g and [Fe/H]; σ about them is what a linear calibration would leave.',
    '',
    markdownTable(
      [`label (${labelTitle('teff')} in K)`, 'stars', 'median Δ', 'σ (MAD)', 'median fit σ', ...TRENDS, 'σ about trend'],
      compared.map((one) => tableRow(one, stars)),
    ),
    '',
  ].join('\n');
  process.stdout.write(text);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  if (asked.value.all && !interrupted) await writeDocument('miles.md', text);
  return interrupted ? EXIT.interrupted : EXIT.done;
}
