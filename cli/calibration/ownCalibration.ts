/** A calibration from stars of a person's own: their table of labels beside our results. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { CalibrationInput } from '../../src/calibration/build.ts';
import {
  checkContradictions,
  checkUnits,
  readReferences,
  REFERENCE_COLUMNS,
  type ReferenceRow,
} from '../../src/calibration/checkReferences.ts';
import { isElement } from '../../src/domain/labels.ts';
import { rawLabelsOf } from '../../src/calibration/rawLabels.ts';
import type { RawSpectrum, ReferenceLabel, SharedBirth } from '../../src/calibration/references.ts';
import type { FitService } from '../../src/compute/service.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { readCsvTable } from '../files/csvTable.ts';
import { ownResults, type OwnResult } from './ownResults.ts';
import { METHOD } from './sharedCalibration.ts';
import { solarReferences, SUN } from './sharedReferences.ts';
import { starName } from './starName.ts';

interface OwnFiles {
  readonly references: string;
  readonly results: string;
  readonly clusters?: string | undefined;
  readonly pairs?: string | undefined;
  readonly zeroPoint?: string | undefined;
}

/** Failures `REFERENCES_COLUMNS`, and those of reading the table and of its rows. */
async function tableOf(path: string, columns: readonly string[]): Promise<Result<readonly Readonly<Record<string, string>>[]>> {
  const rows = await readCsvTable(path);
  if (!rows.ok) return rows;
  const found = Object.keys(rows.value[0] ?? {});
  const missing = columns.filter((column) => !found.includes(column));
  if (missing.length === 0) return rows;
  return failed(
    'REFERENCES_COLUMNS',
    `${path} has no column ${missing.join(', ')}; found: ${found.join(', ') || 'none'}.`,
    `Its header is ${columns.join(',')}.`,
  );
}

/** Groups of a table with the columns `of` and star. */
async function births(
  path: string | undefined,
  of: 'cluster' | 'pair',
  named: ReadonlyMap<string, string>,
): Promise<Result<SharedBirth[]>> {
  if (path === undefined) return success([]);
  const rows = await tableOf(path, [of, 'star']);
  if (!rows.ok) return rows;
  const groups = new Map<string, string[]>();
  for (const row of rows.value) {
    const spectrum = named.get(starName(row['star'] ?? ''));
    const group = row[of] ?? '';
    if (spectrum !== undefined) groups.set(group, [...(groups.get(group) ?? []), spectrum]);
  }
  return success([...groups].map(([id, spectra]) => ({ id, spectra })));
}

/** The Sun of a file, fitted. */
async function zeroPoint(service: FitService, path: string): Promise<Result<RawSpectrum>> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(path));
  } catch (error) {
    return failed(
      'FILE_UNREADABLE',
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      'Check the path.',
    );
  }
  const read = await service.read(basename(path), bytes);
  if (!read.ok) return read;
  const [spectrum] = read.value;
  if (spectrum === undefined) return failed('NO_SPECTRUM', `${path} holds no spectrum.`, 'Give a spectrum of sunlight.');
  const fit = await service.fit(spectrum, DEFAULT_FIT_OPTIONS);
  return fit.ok ? success({ id: SUN, star: SUN, raw: rawLabelsOf(fit.value) }) : fit;
}

/** The source with most rows: its scale is the calibration's. */
function scaleOf(references: readonly ReferenceLabel[]): string {
  const counts = new Map<string, number>();
  for (const { source } of references) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

/** The input of a calibration from files. Failures: those of the files, and `REFERENCES_MATCH_NOTHING`. */
export async function ownCalibration(service: FitService, files: OwnFiles): Promise<Result<CalibrationInput>> {
  const { identity, emulator } = service;
  const rows = await tableOf(files.references, REFERENCE_COLUMNS);
  if (!rows.ok) return rows;
  const names: readonly string[] = emulator.info.labels.map(({ name }) => name);
  const read = readReferences(rows.value as unknown as readonly ReferenceRow[], (label) => names.includes(label));
  if (!read.ok) return read;
  const references = read.value.map((one) => ({ ...one, star: starName(one.star) }));
  for (const check of [checkUnits(references), checkContradictions(references)]) if (!check.ok) return check;
  const results = await ownResults(files.results, identity);
  if (!results.ok) return results;

  const wanted = new Set(references.map(({ star }) => star));
  const spectra = results.value.map((one): RawSpectrum => ({ id: one.id, star: matched(one, wanted), raw: one.raw }));
  const known = new Set(spectra.map(({ star }) => star));
  const lost = [...wanted].filter((star) => !known.has(star));
  if (known.size > 0 && lost.length === wanted.size)
    return failed(
      'REFERENCES_MATCH_NOTHING',
      `No star of ${files.references} is in ${files.results}: the table names ${lost.slice(0, 3).join(', ')}, the results ${spectra
        .slice(0, 3)
        .map(({ id }) => id)
        .join(', ')}.`,
      'A star is named by its file, the object in its header, or its id.',
    );
  const named = new Map(results.value.flatMap(({ id, names: all }) => all.map((name) => [name, id] as const)));
  const clusters = await births(files.clusters, 'cluster', named);
  if (!clusters.ok) return clusters;
  const pairs = await births(files.pairs, 'pair', named);
  if (!pairs.ok) return pairs;
  const sun = files.zeroPoint === undefined ? null : await zeroPoint(service, files.zeroPoint);
  if (sun?.ok === false) return sun;
  const scale = scaleOf(references);
  const date = new Date().toISOString().slice(0, 10);
  const given = Object.entries({ clusters: files.clusters, pairs: files.pairs, 'zero-point': files.zeroPoint });
  const options = given.flatMap(([name, path]) => (path === undefined ? [] : [`--${name} ${basename(path)}`]));
  return success(
    {
      spectra: sun === null ? spectra : [...spectra, sun.value],
      references: [
        ...references,
        ...(sun === null ? [] : solarReferences().filter(({ label }) => !isElement(label) || names.includes(label))),
      ],
      scale,
      exact: [SUN],
      clusters: clusters.value,
      pairs: pairs.value,
      field: [],
      identity: {
        id: `${identity.id}-${basename(files.references).replace(/\.\w+$/, '')}`,
        title: `Reference labels of ${basename(files.references)}`,
        model: identity,
        derived: {
          command:
            `npm run --silent maury -- calibrate --references ${basename(files.references)} --results ${basename(files.results)} ${options.join(' ')}`.trim(),
          date,
          method: METHOD,
        },
      },
      citations: [...new Set(references.map(({ source }) => source)), SUN].map((name) => ({
        name,
        use: name === SUN ? '[X/H] = 0' : 'reference labels',
        citation: name,
      })),
      twoRanges: [],
      sun: sun === null ? null : sun.value.raw,
    },
    lost.length === 0
      ? []
      : [
          `${String(lost.length)} of ${String(wanted.size)} stars of the table are not in the results: ${lost.slice(0, 5).join(', ')}${lost.length > 5 ? ' …' : ''}`,
        ],
  );
}

/** The name by which the table calls a result, else its own. */
const matched = ({ id, names }: OwnResult, wanted: ReadonlySet<string>): string => names.find((name) => wanted.has(name)) ?? id;
