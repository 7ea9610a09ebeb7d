/** `maury calibrate`: a calibration of one model from stars whose labels are known. */
import { dirname, join, resolve } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { buildCalibration, type CalibrationInput } from '../../src/calibration/build.ts';
import type { FitService } from '../../src/compute/service.ts';
import { success, type Result } from '../../src/domain/result.ts';
import { availableParallelism } from 'node:os';
import { fitReferences } from '../calibration/fitReferences.ts';
import { ownCalibration } from '../calibration/ownCalibration.ts';
import { referenceSpectra } from '../calibration/referenceSpectra.ts';
import { calibrationReport } from '../calibration/report.ts';
import { METHOD, sharedCalibration } from '../calibration/sharedCalibration.ts';
import { solarElements, SUMMARY_HEAD, summaryRows } from '../calibration/summary.ts';
import { writeCalibration } from '../calibration/writeCalibration.ts';
import { markdownTable } from '../files/markdownTable.ts';
import { publicFolder } from '../files/nodeAssets.ts';
import { openService } from '../batch/openService.ts';
import { sharedFolder } from '../files/sharedFolder.ts';
import { EXIT, numberOption, openCommand, refuse } from './args.ts';

const HELP = `maury calibrate [options]: a calibration of one model, and a report on it

From the shared data (library stars with literature abundances, the Sun, a cluster, dwarfs of the field), which are fitted first and kept:

  --shared DIR      folder of shared data (default: $MAURY_SHARED, else ../shared)
  --lamost N        only the first N stars of the survey
  --workers N       processes (default: one per core)

Or from stars of your own:

  --references FILE CSV of star, source, label, value, sigma (label: teff, logg, Fe_H, Mg_H …; K and dex)
  --results FILE    your results of those stars: JSON or CSV of "maury fit" or of the page
  --clusters FILE   CSV of cluster, star: members share their [X/H]
  --pairs FILE      CSV of pair, star: two lines a pair
  --zero-point FILE a spectrum of the Sun, or of sunlight: [X/H] = 0

  --out FILE        default: public/calibrations/<model>-references.json, where the folder's index.json is brought up to date;
                    with --references: calibration.json
  --report FILE     HTML (default: beside the calibration, for one of your own; .cache/ otherwise)
  --model ID        model bundle in public/models (default: the first of its index)
`;

/** The shared data's input. Null: it was interrupted. */
async function fromShared(
  service: Pick<FitService, 'identity' | 'key'>,
  options: { readonly shared: string; readonly lamost: number; readonly workers: number },
): Promise<Result<CalibrationInput | null>> {
  const spectra = await referenceSpectra(options.shared, options.lamost);
  if (!spectra.ok) return spectra;
  const { fitted, interrupted } = await fitReferences(spectra.value, service, options.workers);
  if (interrupted) return success(null);
  for (const { record } of fitted)
    if (!record.ok) process.stderr.write(`left out: ${record.file}: ${record.failure.code}: ${record.failure.message}\n`);
  return sharedCalibration(options.shared, fitted, {
    id: `${service.identity.id}-references`,
    title: 'Library stars with literature abundances, the Sun, a cluster, the field',
    model: service.identity,
    derived: {
      command: `npm run --silent maury -- calibrate --model ${service.identity.id}`,
      date: new Date().toISOString().slice(0, 10),
      method: METHOD,
    },
  });
}

/** The calibrate command. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: {
      shared: { type: 'string' },
      lamost: { type: 'string' },
      workers: { type: 'string' },
      references: { type: 'string' },
      results: { type: 'string' },
      clusters: { type: 'string' },
      pairs: { type: 'string' },
      'zero-point': { type: 'string' },
      out: { type: 'string' },
      report: { type: 'string' },
      model: { type: 'string' },
    },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const workers = numberOption('workers', values.workers, availableParallelism(), { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const lamost = numberOption('lamost', values.lamost, Number.MAX_SAFE_INTEGER, { min: 0, integer: true });
  if (!lamost.ok) return refuse(lamost.failure);
  if (values.references !== undefined && values.results === undefined)
    return refuse({
      code: 'BAD_OPTION',
      message: '--references is given without --results.',
      hint: 'Fit the stars first: npm run --silent maury -- fit FILE… --json > results.json, then add --results results.json.',
    });
  const service = await openService({ ...(values.model === undefined ? {} : { model: values.model }) });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const own = values.references !== undefined && values.results !== undefined;
  const input = own
    ? await ownCalibration(service.value, {
        references: values.references ?? '',
        results: values.results ?? '',
        clusters: values.clusters,
        pairs: values.pairs,
        zeroPoint: values['zero-point'],
      })
    : await fromShared(service.value, {
        shared: values.shared === undefined ? sharedFolder() : resolve(values.shared),
        lamost: lamost.value,
        workers: workers.value,
      });
  if (!input.ok) return refuse(input.failure, EXIT.failed);
  if (input.value === null) return EXIT.interrupted;
  for (const warning of input.warnings) process.stderr.write(`${warning}\n`);

  const built = buildCalibration(input.value, { say: (message) => process.stderr.write(`${message}\n`) });
  if (!built.ok) return refuse(built.failure, EXIT.failed);
  const { calibration } = built.value;
  const out = resolve(values.out ?? (own ? 'calibration.json' : join(publicFolder(), 'calibrations', `${calibration.id}.json`)));
  await writeCalibration(out, calibration, dirname(out) === join(publicFolder(), 'calibrations'));
  const report = resolve(values.report ?? (own ? out.replace(/(\.json)?$/, '.html') : join('.cache', `${calibration.id}.html`)));
  await mkdir(dirname(report), { recursive: true });
  await writeFile(report, calibrationReport(built.value));
  process.stdout.write(`${markdownTable(SUMMARY_HEAD, summaryRows(calibration))}\n`);
  process.stdout.write(`by the Sun alone: ${solarElements(calibration).join(', ') || 'none'}\n`);
  process.stderr.write(`written to ${out}\nreport: ${report}\n`);
  return EXIT.done;
}
