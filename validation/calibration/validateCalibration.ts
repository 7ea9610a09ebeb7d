/** `npm run validate -- calibration`: what calibrated labels are worth for stars that took no part. */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildCalibration } from '../../src/calibration/build.ts';
import { deriveLabels } from '../../src/calibration/derive.ts';
import { asBlue } from '../../src/calibration/reach.ts';
import { placeOf } from '../../src/calibration/rawLabels.ts';
import type { RawSpectrum } from '../../src/calibration/references.ts';
import { EXIT, numberOption, openCommand, refuse } from '../../cli/commands/args.ts';
import { openService } from '../../cli/batch/openService.ts';
import { fitReferences } from '../../cli/calibration/fitReferences.ts';
import { beforeAndAfter } from '../../cli/calibration/figures.ts';
import { referenceSpectra } from '../../cli/calibration/referenceSpectra.ts';
import { METHOD, sharedCalibration } from '../../cli/calibration/sharedCalibration.ts';
import { solarElements } from '../../cli/calibration/summary.ts';
import { lamostStars } from '../../cli/files/lamostStars.ts';
import { sharedFolder } from '../../cli/files/sharedFolder.ts';
import { writeSection } from '../kit/markdown.ts';
import { clusterTable, coverageTable, heldOutTable, kindTable, laspTable, reachTable, slopeTable } from './tables.ts';

const HELP = `npm run validate -- calibration [options]: calibrated labels of stars that took no part in their calibration

  --model ID        model bundle in public/models (default: the first of its index)
  --workers N       processes (default: one per core)
  --lamost N        only the first N stars of the survey; the document is then left as it is

Fits are those of "maury calibrate", and kept as there. Writes the tables of docs/calibration.md and its figure.
`;

const DOCS = join(import.meta.dirname, '../../docs');

export async function validateCalibration(args: readonly string[]): Promise<number> {
  const parsed = openCommand(HELP, {
    args: [...args],
    options: { model: { type: 'string' }, workers: { type: 'string' }, lamost: { type: 'string' } },
  });
  if (!parsed.ok) return parsed.code;
  const { values } = parsed.value;
  const workers = numberOption('workers', values.workers, availableParallelism(), { min: 1, max: 256, integer: true });
  if (!workers.ok) return refuse(workers.failure);
  const limit = numberOption('lamost', values.lamost, Number.MAX_SAFE_INTEGER, { min: 0, integer: true });
  if (!limit.ok) return refuse(limit.failure);
  const shared = sharedFolder();
  const service = await openService(values.model === undefined ? {} : { model: values.model });
  if (!service.ok) return refuse(service.failure, EXIT.failed);
  const { identity } = service.value;
  const listed = await referenceSpectra(shared, limit.value);
  if (!listed.ok) return refuse(listed.failure, EXIT.failed);
  const survey = await lamostStars(shared);
  if (!survey.ok) return refuse(survey.failure, EXIT.failed);
  const { fitted, interrupted } = await fitReferences(listed.value, service.value, workers.value);
  if (interrupted) return EXIT.interrupted;
  const input = await sharedCalibration(shared, fitted, {
    id: `${identity.id}-references`,
    title: '',
    model: identity,
    derived: { command: '', date: '', method: METHOD },
  });
  if (!input.ok) return refuse(input.failure, EXIT.failed);
  const built = buildCalibration(input.value, { say: (message) => process.stderr.write(`${message}\n`) });
  if (!built.ok) return refuse(built.failure, EXIT.failed);
  const { calibration, heldOut, derived } = built.value;

  const reachOf = (name: keyof typeof calibration.labels) => calibration.labels[name]?.reach ?? null;
  const spectra = input.value.spectra.map((spectrum): RawSpectrum => ({
    ...spectrum,
    raw: asBlue(spectrum.raw, placeOf(spectrum.raw.values), reachOf),
  }));
  const without = deriveLabels({ ...input.value, spectra, clusters: [] });
  const lasp = new Map(survey.value.map((star) => [star.name, star.lasp]));
  const inSurvey = input.value.spectra.flatMap((spectrum) => {
    const labels = lasp.get(spectrum.star);
    return labels === undefined ? [] : [{ spectrum, lasp: labels }];
  });
  const field = spectra.filter(({ id }) => input.value.field.includes(id));
  const members = spectra.filter(({ id }) => input.value.clusters.some((cluster) => cluster.spectra.includes(id)));

  const sections: readonly (readonly [name: string, markdown: string])[] = [
    [
      'held-out',
      `${String(new Set(heldOut.map(({ star }) => star)).size)} stars, model ${identity.id}.\n\n${heldOutTable(heldOut, { calibration })}`,
    ],
    ['kinds', kindTable(heldOut)],
    ['pipeline', laspTable(inSurvey, { calibration })],
    ['slopes', slopeTable(field, heldOut, derived)],
    ['cluster', clusterTable(members, derived, without)],
    [
      'coverage',
      `${coverageTable(input.value.spectra, { calibration })}\n\nBy the Sun alone: ${solarElements(calibration).join(', ') || 'none'}.`,
    ],
    ['reach', reachTable({ calibration })],
  ];
  for (const [name, markdown] of sections) process.stdout.write(`\n## ${name}\n\n${markdown}\n`);
  if (values.lamost !== undefined) return EXIT.done;
  for (const [name, markdown] of sections) {
    const written = await writeSection(join(DOCS, 'calibration.md'), name, markdown);
    if (!written.ok) return refuse(written.failure, EXIT.failed);
  }
  await mkdir(join(DOCS, 'calibration'), { recursive: true });
  await writeFile(join(DOCS, 'calibration', 'labels.svg'), beforeAndAfter(heldOut));
  return EXIT.done;
}
