/** Reads a catalogue of `maury merge`, CSV or ECSV, row by row. */
import { createReadStream } from 'node:fs';
import Papa from 'papaparse';
import { failed, success, type Result } from '../../../src/domain/result.ts';
import { CATALOGUE } from '../catalogueColumns.ts';
import { addRow, type Survey } from './stars.ts';

/** Facts of the head, as CSV (`# key: value`) and ECSV (`# - {"key": "value"}`) write them. */
function factOf(line: string): readonly [string, string] | null {
  const ecsv = /^# - \{"([^"]+)": ("(?:[^"\\]|\\.)*")\}$/.exec(line);
  if (ecsv?.[1] !== undefined && ecsv[2] !== undefined) return [ecsv[1], String(JSON.parse(ecsv[2]))];
  const csv = /^# (\w+): (.*)$/.exec(line);
  return csv?.[1] !== undefined && csv[2] !== undefined ? [csv[1], csv[2]] : null;
}

/** Fills `survey`, and gives the facts of the head. Failures `FILE_UNREADABLE`, `NOT_A_CATALOGUE`. */
export function readCatalogue(path: string, survey: Survey): Promise<Result<readonly (readonly [string, string])[]>> {
  return new Promise((resolve) => {
    const about: (readonly [string, string])[] = [];
    const share = { threshold: 1 };
    let columns: ReadonlyMap<string, number> | null = null;
    const stream = createReadStream(path, 'utf8');
    const unreadable = (error: Error): void => {
      resolve(failed('FILE_UNREADABLE', `${path} cannot be read: ${error.message}.`, 'Check the path.'));
    };
    stream.on('error', unreadable);
    Papa.parse<string[]>(stream, {
      skipEmptyLines: true,
      step: ({ data }) => {
        if (data[0]?.startsWith('#') === true) {
          const fact = factOf(data.join(','));
          if (fact !== null) about.push(fact);
          return;
        }
        if (columns === null) {
          const found = new Map(data.map((name, i) => [name, i]));
          columns = new Map(
            CATALOGUE.flatMap(({ name, unit }) => {
              const at = found.get(name) ?? (unit === null ? undefined : found.get(`${name}_${unit.replace('/', '')}`));
              return at === undefined ? [] : [[name, at] as const];
            }),
          );
          return;
        }
        const known = columns;
        addRow(survey, (name) => data[known.get(name) ?? -1] ?? null, share);
      },
      complete: () => {
        resolve(
          columns?.has('teff') === true && columns.has('quality')
            ? success(about)
            : failed('NOT_A_CATALOGUE', `${path} has no columns teff and quality.`, 'Give a catalogue that maury merge wrote.'),
        );
      },
      error: unreadable,
    });
  });
}
