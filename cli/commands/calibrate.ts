/** `maury calibrate`: a calibration of one model from LAMOST stars with pipeline labels and from the Sun. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { buildCalibration } from '../../src/calibration/build.ts';
import type { ReferenceStar } from '../../src/calibration/derive.ts';
import { calibrationSchema, CORRECTED, type Calibration, type CorrectedLabel } from '../../src/calibration/schema.ts';
import type { FitMethod, FitOptions } from '../../src/domain/fit.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { choiceOption, EXIT, numberOption, openCommand, refuse } from './args.ts';
import { processesFor } from '../batch/batch.ts';
import { DEFAULT_METHOD, METHOD_IDS } from '../../src/fit/methods.ts';
import { cachedBatch } from '../batch/fitCache.ts';
import { reportSchema } from '../batch/fitFile.ts';
import type { ResultRecord } from '../../src/results/record.ts';
import { lamostStars, type LamostStar } from '../files/lamostStars.ts';
import { publicFolder } from '../files/nodeAssets.ts';
import { openService } from '../batch/openService.ts';
import { sharedFolder } from '../files/sharedFolder.ts';
import { readSun } from '../files/sun.ts';

const HELP = `maury calibrate [options]: derive a calibration of one model from LAMOST stars with pipeline labels and from the Sun

  --results FILE    JSON of "maury fit … --json" over the LAMOST stars, to reuse; without it they are fitted (and kept in .cache/)
  --shared DIR      folder of shared data (default: $MAURY_SHARED, else ../shared)
  --out FILE        default: public/calibrations/<model>-lamost-dr10.json; the folder's index.json is brought up to date
  --model ID        model bundle in public/models (default: the first of its index)
  --method lm|cmaes --workers N
`;

const LAMOST = 'LAMOST DR10 low-resolution survey, LASP labels';
const SOURCES = {
  lamost: 'Cui et al. 2012, RAA 12, 1197; Zhao et al. 2012, RAA 12, 723; LASP: Wu et al. 2011, RAA 11, 924; Luo et al. 2015, RAA 15, 1095',
  sun: 'TSIS-1 Hybrid Solar Reference Spectrum: Coddington et al. 2021, Geophys. Res. Lett. 48, e2020GL091709; Coddington et al. 2023, Earth Space Sci. 10, e2022EA002637',
} as const;

/** Flags of a label that a reference star may have: its value was measured. */
const MEASURED = new Set(['ok', 'uncalibrated']);

/** The star in our labels and LASP's, where all three of ours are finite and `label` was measured. */
function referenceStar(star: LamostStar, report: ResultRecord | undefined, label: CorrectedLabel): ReferenceStar[] {
  if (report?.ok !== true || !report.converged || !MEASURED.has(report.labels[label]?.flag ?? 'missing')) return [];
  const pick = (field: 'value' | 'sigma'): Record<CorrectedLabel, number> => {
    const of = (name: CorrectedLabel): number => report.labels[name]?.[field] ?? NaN;
    return { teff: of('teff'), logg: of('logg'), feh: of('feh') };
  };
  const raw = pick('value');
  return CORRECTED.every((name) => Number.isFinite(raw[name])) ? [{ raw, sigma: pick('sigma'), reference: star.lasp }] : [];
}

/** Reports of an earlier `fit --json`, by file name. Failures `RESULTS_UNREADABLE`, `RESULTS_OTHER_MODEL`. */
async function readResults(path: string, model: string): Promise<Result<ReadonlyMap<string, ResultRecord>>> {
  const hint = 'Give the output of: npm run --silent maury -- fit …/lamost-dr10/*.fits.gz --json';
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    return failed('RESULTS_UNREADABLE', `${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`, hint);
  }
  const parsed = z.array(reportSchema).safeParse(json);
  if (!parsed.success) return failed('RESULTS_UNREADABLE', `${path} is not an array of reports.`, hint);
  const other = parsed.data.find((report) => report.ok && report.model !== model);
  if (other?.ok === true)
    return failed(
      'RESULTS_OTHER_MODEL',
      `${path} was fitted with model ${other.model}, not ${model}.`,
      `Add --model ${other.model}, or fit again.`,
    );
  return success(new Map(parsed.data.map((report) => [basename(report.file), report])));
}

/** Lists every calibration of a folder in its index.json, for the page to find the one of a model. */
async function writeIndex(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json') && name !== 'index.json').sort();
  const entries = await Promise.all(
    files.map(async (file) => {
      const { id, title, model } = calibrationSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
      return { id, title, file, model: model.id };
    }),
  );
  await writeFile(join(folder, 'index.json'), `${JSON.stringify(entries, null, 2)}\n`);
}

function summary(calibration: Calibration): string {
  const unit = { teff: 'K', logg: 'dex', feh: 'dex' };
  const digits = { teff: 0, logg: 3, feh: 3 };
  const lines = CORRECTED.flatMap((name) => {
    const correction = calibration.labels[name];
    if (correction === undefined) return [];
    const trends = correction.terms.map(
      (term) =>
        ` ${term.coefficient >= 0 ? '+' : '−'} ${Math.abs(term.coefficient).toFixed(digits[name])} · (${term.label} − ${term.pivot.toFixed(digits[term.label])})/${String(term.scale)}`,
    );
    return [
      `${name}: raw − reference = ${correction.offset.toFixed(digits[name])}${trends.join('')} ${unit[name]}; scatter ${correction.scatterTotal.toFixed(digits[name])} (${correction.scatter.toFixed(digits[name])} beyond the fit's σ), ${String(correction.stars)} stars`,
    ];
  });
  const zero = Object.entries(calibration.abundances.zeroPoints).map(
    ([element, point]) => `${element} ${point.zeroPoint.toFixed(3)} ± ${point.sigma.toFixed(3)}`,
  );
  return [
    ...lines,
    `calibrated [Fe/H] of the Sun: ${calibration.abundances.sunFeh?.toFixed(3) ?? '–'}`,
    `zero points of ${String(zero.length)} elements: ${zero.join(', ')}`,
    '',
  ].join('\n');
}

/** The calibrate command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: {
      results: { type: 'string' },
      shared: { type: 'string' },
      out: { type: 'string' },
      model: { type: 'string' },
      method: { type: 'string' },
      workers: { type: 'string' },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const method = choiceOption<FitMethod>('method', values.method, DEFAULT_METHOD, METHOD_IDS);
  if (!method.ok) return refuse(method.failure);
  const workers = numberOption('workers', values.workers, 0, { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const shared = values.shared === undefined ? sharedFolder() : resolve(values.shared);
  const stars = await lamostStars(shared);
  if (!stars.ok) return refuse(stars.failure, EXIT.failed);
  const sun = await readSun(shared);
  if (!sun.ok) return refuse(sun.failure, EXIT.failed);
  const open = values.model === undefined ? {} : { model: values.model };
  const service = await openService(open);
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const { identity } = service.value;
  const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, method: method.value };

  const sunFit = await service.value.fit(sun.value, options);
  if (!sunFit.ok) return refuse(sunFit.failure, EXIT.failed);
  let reports: ReadonlyMap<string, ResultRecord>;
  if (values.results === undefined) {
    const files = stars.value.map((star) => star.path);
    const batch = await cachedBatch(
      files,
      { open, options },
      identity.weights,
      processesFor(files.length, workers.value === 0 ? null : workers.value),
    );
    if (batch.interrupted) return EXIT.interrupted;
    reports = new Map(batch.reports.flatMap((one) => (one ?? []).map((report) => [basename(report.file), report])));
  } else {
    const results = await readResults(values.results, identity.id);
    if (!results.ok) return refuse(results.failure, EXIT.failed);
    reports = results.value;
  }

  const starsFor = (label: CorrectedLabel): ReferenceStar[] =>
    stars.value.flatMap((star) => referenceStar(star, reports.get(star.name), label));
  const id = `${identity.id}-lamost-dr10`;
  const built = buildCalibration({
    id,
    title: 'LAMOST DR10 pipeline labels, zero points from the Sun',
    model: identity,
    derived: {
      command: `npm run --silent maury -- calibrate --model ${identity.id} --method ${method.value}`,
      date: new Date().toISOString().slice(0, 10),
      method:
        'Robust regression of (our raw label − LASP) with bisquare weights; constant or linear trends in the mean of both labels by ten-fold cross-validation (the simplest within two standard errors of the best). Abundance zero points: the solar spectrum at R = 1800 through the same fit, [X/H] = 0.',
    },
    sources: [
      { name: LAMOST, use: 'T_eff, log g, [Fe/H]', stars: stars.value.length, citation: SOURCES.lamost },
      { name: 'The Sun, degraded to R = 1800', use: 'zero points of [X/H]', stars: 1, citation: SOURCES.sun },
    ],
    stars: { teff: starsFor('teff'), logg: starsFor('logg'), feh: starsFor('feh') },
    sun: sunFit.value,
  });
  if (!built.ok) return refuse(built.failure, EXIT.failed);
  const out = resolve(values.out ?? join(publicFolder(), 'calibrations', `${id}.json`));
  await mkdir(dirname(out), { recursive: true });
  await writeFile(
    out,
    `${JSON.stringify(built.value, (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value), 1)}\n`,
  );
  await writeIndex(dirname(out));
  process.stdout.write(summary(built.value));
  process.stderr.write(`written to ${out}\n`);
  return EXIT.done;
}
