/** `npm run validate -- lamost`: how far our labels are from those of the survey's pipeline, raw and calibrated. Resumes where it stopped. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calibrate } from '../../src/calibration/apply.ts';
import { CORRECTED, type CorrectedLabel } from '../../src/calibration/names.ts';
import type { Calibration } from '../../src/calibration/schema.ts';
import type { StarRecord } from '../../src/results/record.ts';
import { PARAMETERS } from '../../src/domain/labels.ts';
import { median, robustSigma } from '../../src/math/statistics.ts';
import { EXIT, refuse } from '../../cli/commands/args.ts';
import { lamostStars, type LamostStar } from '../../cli/files/lamostStars.ts';
import { fixed, markdownTable } from '../../cli/files/markdownTable.ts';
import { writeDocument } from '../kit/markdown.ts';
import { cachePath, sharedFolder } from '../../cli/files/sharedFolder.ts';
import { askedFor, fitFiles, REAL_STARS_HELP } from './realStars.ts';

const HELP = `npm run validate -- lamost [options]: our labels against those of the LAMOST pipeline (LASP) for the shared DR10 stars

${REAL_STARS_HELP}A table of all stars is written there, too.
`;

interface Compared {
  readonly star: LamostStar;
  readonly report: StarRecord;
  readonly calibrated: Readonly<Record<CorrectedLabel, number | null>>;
}

/** Calibrated parameters of a kept fit, by the calibration of today. */
function recalibrated(report: StarRecord, calibration: Calibration | null): Compared['calibrated'] {
  const labels = PARAMETERS.map((name) => ({
    name,
    value: report.labels[name]?.value ?? NaN,
    sigma: report.labels[name]?.sigma ?? NaN,
    priorFraction: 0,
    flags: [],
  }));
  const { parameters } = calibrate({ model: report.model, labels, covariance: new Float64Array(labels.length ** 2) }, calibration);
  return {
    teff: parameters['teff']?.calibrated ?? null,
    logg: parameters['logg']?.calibrated ?? null,
    feh: parameters['feh']?.calibrated ?? null,
  };
}

const TITLES: Readonly<Record<CorrectedLabel, readonly [string, number]>> = {
  teff: ['T_eff (K)', 0],
  logg: ['log g', 3],
  feh: ['[Fe/H]', 3],
};

function table(compared: readonly Compared[]): string {
  const rows = CORRECTED.flatMap((name) => {
    const [title, digits] = TITLES[name];
    return (['raw', 'calibrated'] as const).map((kind) => {
      const differences = compared.flatMap(({ star, report, calibrated }) => {
        const value = kind === 'raw' ? report.labels[name]?.value : calibrated[name];
        return value == null ? [] : [value - star.lasp[name]];
      });
      const numbers = [median(differences.map(Math.abs)), median(differences), robustSigma(differences)];
      return [`${title}, ${kind}`, String(differences.length), ...numbers.map((value) => fixed(value, digits))];
    });
  });
  return markdownTable(['label', 'stars', 'median |Δ|', 'median Δ', 'σ (MAD)'], rows);
}

function csv(compared: readonly Compared[]): string {
  const header = [
    'file',
    'snrg',
    ...CORRECTED.flatMap((name) => [`lasp_${name}`, name, `sigma_${name}`, `calibrated_${name}`, `flag_${name}`]),
    'rv',
    'chi2_reduced',
    'resolving_power',
    'seconds',
  ];
  const rows = compared.map(({ star, report, calibrated }) =>
    [
      star.name,
      star.snrg,
      ...CORRECTED.flatMap((name) => {
        const label = report.labels[name];
        return [star.lasp[name], label?.value ?? '', label?.sigma ?? '', calibrated[name] ?? '', label?.flag ?? ''];
      }),
      report.rv.value ?? '',
      report.chi2Reduced ?? '',
      report.resolvingPower ?? '',
      report.seconds,
    ].join(','),
  );
  return `${[header.join(','), ...rows].join('\n')}\n`;
}

/** The lamost validation. */
export async function validateLamost(args: readonly string[]): Promise<number> {
  const asked = askedFor(HELP, args);
  if (!asked.ok) return asked.code;
  const listed = await lamostStars(sharedFolder());
  if (!listed.ok) return refuse(listed.failure, EXIT.failed);
  const stars = listed.value.slice(0, asked.value.first);
  const fitted = await fitFiles(
    stars.map((star) => star.path),
    asked.value,
  );
  if (!fitted.ok) return refuse(fitted.failure, EXIT.failed);
  const { reports, failures, model, calibration, fresh, wallSeconds, interrupted } = fitted.value;
  const { method } = asked.value;
  const compared = stars.flatMap((star, i): Compared[] => {
    const report = reports[i];
    return report === undefined ? [] : [{ star, report, calibrated: recalibrated(report, calibration) }];
  });
  const notConverged = compared.filter(({ report }) => !report.converged).length;
  const seconds = compared.reduce((sum, { report }) => sum + report.seconds, 0) / Math.max(1, compared.length);
  const text = [
    '# LAMOST stars against the pipeline',
    '',
    `Written by \`npm run validate -- lamost\` with the model ${model} (${method}): ours − LASP, ${String(compared.length)} of ${String(stars.length)} stars of LAMOST DR10.`,
    `Median χ²/ν ${median(compared.map(({ report }) => report.chi2Reduced ?? NaN)).toFixed(2)}; not converged: ${String(notConverged)}; failed: ${String(failures.length)}.`,
    ...(calibration === null ? [] : [`Calibrated by ${calibration.id}, in which the pipeline's labels have no part.`]),
    '',
    table(compared),
    '',
  ].join('\n');
  process.stdout.write(text);
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  const clock = fresh > 0 ? `, ${(wallSeconds / fresh).toFixed(2)} s by the clock for the ${String(fresh)} fitted now` : '';
  process.stderr.write(`${seconds.toFixed(2)} s per star in its process${clock}\n`);
  const path = cachePath('validate', `lamost-${model}-${method}.csv`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, csv(compared));
  process.stderr.write(`all stars: ${path}\n`);
  if (asked.value.all && !interrupted) await writeDocument('lamost.md', text);
  return interrupted ? EXIT.interrupted : failures.length > 0 ? EXIT.failed : EXIT.done;
}
