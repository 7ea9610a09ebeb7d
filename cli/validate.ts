/** `npm run validate -- lamost`: how far our labels are from those of the survey's pipeline, raw and calibrated. Resumes where it stopped. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calibrate } from '../src/calibration/apply.ts';
import { CORRECTED, type Calibration, type CorrectedLabel } from '../src/calibration/schema.ts';
import type { StarReport } from '../src/compute/starReport.ts';
import type { FitMethod, FitOptions } from '../src/domain/fit.ts';
import { PARAMETERS } from '../src/domain/labels.ts';
import { DEFAULT_FIT_OPTIONS } from '../src/fit/defaults.ts';
import { median, robustSigma } from '../src/math/statistics.ts';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import { processesFor } from './batch.ts';
import { cachedBatch } from './fitCache.ts';
import { DEFAULT_METHOD, METHODS } from './fitDefaults.ts';
import { lamostStars, type LamostStar } from './lamostStars.ts';
import { validateInference } from './inference/validateInference.ts';
import { openService } from './openService.ts';
import { validateDerivatives } from './physics/derivativeCheck.ts';
import { validatePhysics } from './physics/validatePhysics.ts';
import { cachePath, sharedFolder } from './sharedFolder.ts';

const HELP = `npm run validate -- lamost [options]: our labels against those of the LAMOST pipeline (LASP) for the shared DR10 stars

  --method lm|cmaes   optimiser (default ${DEFAULT_METHOD})
  --model ID          model bundle in public/models (default: the first of its index)
  --workers N         processes (default: one per core)
  --first N           only the first N stars

Fits are kept in .cache/ by code, weights and options, so that it resumes; a table of all stars is written there too.
`;

interface Compared {
  readonly star: LamostStar;
  readonly report: StarReport;
  readonly calibrated: Readonly<Record<CorrectedLabel, number | null>>;
}

/** Calibrated parameters of a kept fit, by the calibration of today. */
function recalibrated(report: StarReport, calibration: Calibration | null): Compared['calibrated'] {
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
      const cell = (value: number): string => (Number.isFinite(value) ? value.toFixed(digits) : '–').padStart(9);
      return `${title.padEnd(10)} ${kind.padEnd(11)} ${String(differences.length).padStart(4)} ${cell(median(differences.map(Math.abs)))} ${cell(median(differences))} ${cell(robustSigma(differences))}`;
    });
  });
  return [
    `${'label'.padEnd(10)} ${''.padEnd(11)} ${'n'.padStart(4)} ${'med |Δ|'.padStart(9)} ${'median Δ'.padStart(9)} ${'σ (MAD)'.padStart(9)}`,
    ...rows,
    '',
  ].join('\n');
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

async function main(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    allowPositionals: true,
    options: {
      method: { type: 'string' },
      model: { type: 'string' },
      workers: { type: 'string' },
      first: { type: 'string' },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values, positionals } = parsed.value;
  if (positionals.length !== 1 || positionals[0] !== 'lamost')
    return refuse({
      code: 'BAD_OPTION',
      message: `Validate what? Found "${positionals.join(' ')}".`,
      hint: 'npm run validate -- lamost, physics, or derivatives.',
    });
  const method = choiceOption<FitMethod>('method', values.method, DEFAULT_METHOD, METHODS);
  if (!method.ok) return refuse(method.failure);
  const workers = numberOption('workers', values.workers, 0, { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const first = numberOption('first', values.first, Number.MAX_SAFE_INTEGER, { min: 1, integer: true });
  if (!first.ok) return refuse(first.failure);
  const all = await lamostStars(sharedFolder());
  if (!all.ok) return refuse(all.failure, EXIT.failed);
  const stars = all.value.slice(0, first.value);
  const open = values.model === undefined ? {} : { model: values.model };
  const service = await openService(open);
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  for (const warning of service.warnings) process.stderr.write(`${warning}\n`);
  const { identity, calibration } = service.value;
  service.value.emulator.dispose();
  const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: method.value };
  const files = stars.map((star) => star.path);
  const batch = await cachedBatch(
    files,
    { open, options },
    identity.weights,
    processesFor(files.length, workers.value === 0 ? null : workers.value),
  );

  const compared: Compared[] = [];
  const failures: string[] = [];
  stars.forEach((star, i) => {
    for (const report of batch.reports[i] ?? []) {
      if (report.ok) compared.push({ star, report, calibrated: recalibrated(report, calibration) });
      else failures.push(`${star.name}: ${report.failure.code}: ${report.failure.message}`);
    }
  });
  process.stdout.write(
    `\n${String(compared.length)} of ${String(stars.length)} LAMOST DR10 stars fitted with ${identity.id} (${method.value}), ours − LASP\n\n${table(compared)}`,
  );
  process.stdout.write(
    `median χ²/ν ${median(compared.map(({ report }) => report.chi2Reduced ?? NaN)).toFixed(2)}; not converged: ${String(compared.filter(({ report }) => !report.converged).length)}; failed: ${String(failures.length)}\n`,
  );
  for (const failure of failures) process.stdout.write(`  ${failure}\n`);
  const fresh = stars.length - batch.reused;
  const seconds = compared.reduce((sum, { report }) => sum + report.seconds, 0) / Math.max(1, compared.length);
  const clock = fresh > 0 ? `, ${(batch.wallSeconds / fresh).toFixed(2)} s by the clock for the ${String(fresh)} fitted now` : '';
  process.stdout.write(`${seconds.toFixed(2)} s per star in its process${clock}\n`);
  if (calibration !== null)
    process.stdout.write('The calibration was derived from the same stars: its own cross-validated scatter is the honest one.\n');
  const path = cachePath('validate', `lamost-${identity.id}-${method.value}.csv`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, csv(compared));
  process.stderr.write(`all stars: ${path}\n`);
  return batch.interrupted ? EXIT.interrupted : failures.length > 0 ? EXIT.failed : EXIT.done;
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'physics') process.exitCode = await validatePhysics(rest);
else if (what === 'derivatives') process.exitCode = validateDerivatives(rest);
else if (what === 'inference') process.exitCode = await validateInference(rest);
else process.exitCode = await main(process.argv.slice(2));
